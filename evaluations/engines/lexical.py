"""`lexical`: words against words, learned from the policy's own text. Loads scikit-learn, inside functions.

The traditional classifier that a model which reads policies must beat. It is fitted on the examples and
criteria under each label and knows nothing else; it informs and never gates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from evaluations.engines.base import EngineInfo, EngineSettings, Needs, Promises, Task
from evaluations.engines.classifier import Classifier, config, versions
from evaluations.engines.features import NgramCounter
from evaluations.engines.training import LabelledText, labelled_texts
from evaluations.errors import TooLittleTextError
from evaluations.keys import ModelManifest
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict
from policies.model import Case, Labelling, Policy

NAME = "lexical"
VERSION = "2"
MOST_CHARACTERS = 100_000
_BATCH = 4_096
_LEAST = 3
_LOOKED_AT = 1_000
_RAISED, _NOT_RAISED = "1", "0"


class LexicalEngine:
    """Fits one classifier per policy, or one per flag. Implements `Engine`."""

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        return EngineInfo(
            name=NAME,
            version=VERSION,
            title="Word-matching baseline",
            summary=(
                "Word-matching baseline: a small classifier trained on this policy's words. "
                "It cannot follow rules and predicts nothing about the model."
            ),
            needs=Needs(),
            promises=Promises(deterministic=True, may_gate=False, reads_policy=True),
        )

    @property
    def settings(self) -> EngineSettings:
        """The engine is its own model."""
        return EngineSettings(model=ModelManifest(id=NAME, revision=VERSION), config=config())

    @property
    def versions(self) -> Mapping[str, str]:
        """Installed versions by distribution name."""
        return versions()

    def load(self, task: Task) -> LexicalSession:
        """Fits on the policy. Raises `TooLittleTextError` when fewer than two labels have text."""
        texts = labelled_texts(task.policy)
        with_text = {piece.code for piece in texts if any(c.isalnum() for c in piece.text)}
        if len(with_text) < 2:
            raise TooLittleTextError(
                NAME,
                [code for code in task.policy.meta.codes if code not in with_text],
                "Give each label a section headed by its code, with criteria and quoted examples, "
                "or use lexical-cv, which learns from the labelled cases.",
            )
        counter = NgramCounter([piece.text for piece in texts])
        if task.policy.meta.labelling is Labelling.SINGLE:
            return LexicalSession(counter, _label_classifier(counter, texts), {})
        return LexicalSession(counter, None, _flag_classifiers(counter, texts, task.policy.meta.codes))


class FitSize(NamedTuple):
    """What fitting a policy takes: `work` in characters times labels, and about how many `bytes` stay."""

    work: int
    bytes: int


def fit_size(policy: Policy) -> FitSize:
    """How large a policy is to fit, told without fitting it.

    Measured on one core: 1,000,000 of `work` take from 0.4 s (few labels) to 1 s (many), and a fit of
    few labels keeps 100 bytes a character.
    """
    characters = sum(len(piece.text) for piece in labelled_texts(policy))
    labels = max(2, len(policy.meta.codes))
    return FitSize(characters * labels, characters * (100 + 24 * labels))


class LexicalSession:
    """A fitted policy. A label that has no text in the policy is never given. Implements `Session`."""

    def __init__(
        self, counter: NgramCounter, labels: Classifier | None, flags: Mapping[str, Classifier]
    ) -> None:
        self._counter = counter
        self._labels = labels
        self._flags = flags

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """Answers in the order given. A text beyond `MOST_CHARACTERS` is `Failed`, never cut; so is one of
        which there is too little to go by."""
        left = iter(cases)
        while batch := list(islice(left, _BATCH)):
            yield from self._classify(batch)

    def _classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        texts = [text_of(case) for case in cases]
        fitting = [text if len(text) <= MOST_CHARACTERS else "" for text in texts]
        counted = self._counter.count(fitting)
        if self._labels is not None:
            verdicts: list[LabelVerdict | FlagsVerdict] = [
                LabelVerdict(code=code) for code in self._labels.classify(counted)
            ]
        else:
            columns = {code: classifier.classify(counted) for code, classifier in self._flags.items()}
            verdicts = [
                FlagsVerdict(flags={code: column[row] == _RAISED for code, column in columns.items()})
                for row in range(len(cases))
            ]
        known = counted.words.getnnz(axis=1) > 0
        for row, (case, text, verdict) in enumerate(zip(cases, texts, verdicts, strict=True)):
            failure = "too-long" if len(text) > MOST_CHARACTERS else None
            if failure is None and _says_nothing(text, known=bool(known[row])):
                failure = "too-short"
            yield Answer(case_id=case.id, verdict=Failed(error=failure) if failure else verdict)


def _says_nothing(text: str, *, known: bool) -> bool:
    """Whether a text is a letter or two, or a few signs that the policy does not hold: of such a text a
    classifier says what it says of everything."""
    if sum(c.isalnum() for c in text[:_LOOKED_AT]) >= _LEAST:
        return False
    return not known or sum(not c.isspace() for c in text[:_LOOKED_AT]) < _LEAST


def text_of(case: Case) -> str:
    """What the lexical engines read of a case: its context, if any, and its content."""
    return case.content if case.context is None else f"{case.context}\n{case.content}"


def _label_classifier(counter: NgramCounter, texts: Sequence[LabelledText]) -> Classifier:
    return Classifier(counter.count([piece.text for piece in texts]), [piece.code for piece in texts])


def _flag_classifiers(
    counter: NgramCounter, texts: Sequence[LabelledText], codes: Sequence[str]
) -> dict[str, Classifier]:
    """One against the rest: a flag's own text raises it, the text of all others does not."""
    counted = counter.count([piece.text for piece in texts])
    return {
        code: Classifier(counted, [_RAISED if piece.code == code else _NOT_RAISED for piece in texts])
        for code in codes
    }
