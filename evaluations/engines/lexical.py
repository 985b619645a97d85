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
from evaluations.engines.fitted import Fitted, fit, texts_to_learn
from evaluations.engines.training import labelled_texts
from evaluations.keys import ModelManifest
from evaluations.verdicts import Answer, Failed
from policies.model import Case, Policy

NAME = "lexical"
VERSION = "2"
MOST_CHARACTERS = 100_000
_BATCH = 4_096
_LEAST = 3
_LOOKED_AT = 1_000


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
        texts = texts_to_learn(
            NAME,
            task.policy,
            "Give each label a section headed by its code, with criteria and quoted examples, "
            "or use lexical-cv, which learns from the labelled cases.",
        )
        counter = NgramCounter([piece.text for piece in texts])
        counted = counter.count([piece.text for piece in texts])
        codes = [piece.code for piece in texts]
        return LexicalSession(counter, fit(task.policy, codes, lambda classes: Classifier(counted, classes)))


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
    """A fitted policy. Implements `Session`."""

    def __init__(self, counter: NgramCounter, fitted: Fitted) -> None:
        self._counter = counter
        self._fitted = fitted

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
        known = counted.words.getnnz(axis=1) > 0
        verdicts = self._fitted.verdicts(counted, len(cases))
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
