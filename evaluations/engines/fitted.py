"""Classifiers fitted on a policy's own texts, and their verdicts: what learning engines share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from evaluations.engines.training import LabelledText, labelled_texts
from evaluations.errors import TooLittleTextError
from evaluations.verdicts import FlagsVerdict, LabelVerdict
from policies.model import Labelling, Policy

RAISED, NOT_RAISED = "1", "0"


class Fits(Protocol):
    """A fitted classifier: the class of each row of whatever features it was fitted on."""

    def classify(self, features: Any, /) -> list[str]:
        """The class of each row."""
        ...


class Fitted:
    """A policy that was learned: one classifier for its labels, or one for each of its flags.

    A label that has no text in the policy is never given.
    """

    def __init__(self, labels: Fits | None, flags: Mapping[str, Fits]) -> None:
        self._labels = labels
        self._flags = flags

    def verdicts(self, features: Any, rows: int) -> list[LabelVerdict | FlagsVerdict]:
        """The verdict on each of the `rows` texts that the features are of."""
        if self._labels is not None:
            return [LabelVerdict(code=code) for code in self._labels.classify(features)]
        columns = {code: classifier.classify(features) for code, classifier in self._flags.items()}
        return [
            FlagsVerdict(flags={code: column[row] == RAISED for code, column in columns.items()})
            for row in range(rows)
        ]


def texts_to_learn(engine: str, policy: Policy, remedy: str) -> tuple[LabelledText, ...]:
    """The policy's labelled texts. Raises `TooLittleTextError` when fewer than two labels have any."""
    texts = labelled_texts(policy)
    with_text = {piece.code for piece in texts if any(c.isalnum() for c in piece.text)}
    if len(with_text) < 2:
        raise TooLittleTextError(
            engine, [code for code in policy.meta.codes if code not in with_text], remedy
        )
    return texts


def fit(policy: Policy, codes: Sequence[str], make: Callable[[Sequence[str]], Fits]) -> Fitted:
    """Learns the policy; `codes[i]` is the label of text `i`, and `make` fits those texts to their classes.

    Flags are learned one against the rest: a flag's own text raises it, the text of all others does not.
    """
    if policy.meta.labelling is Labelling.SINGLE:
        return Fitted(make(codes), {})
    return Fitted(
        None,
        {
            flag: make([RAISED if code == flag else NOT_RAISED for code in codes])
            for flag in policy.meta.codes
        },
    )
