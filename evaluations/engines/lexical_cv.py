"""`lexical-cv`: words against words, learned from the labelled cases. Loads scikit-learn, inside functions.

The traditional classifier as it is usually trained: each case is answered by a classifier fitted on the
other folds. It says how far words alone carry on this suite, with labels to learn from that a policy
does not have on its first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluations.engines.base import EngineInfo, EngineSettings, Needs, Promises, Task
from evaluations.engines.classifier import Classifier, config, versions
from evaluations.engines.features import Counted, NgramCounter
from evaluations.engines.fitted import NOT_RAISED, RAISED
from evaluations.engines.lexical import MOST_CHARACTERS, text_of
from evaluations.errors import EngineError
from evaluations.folds import Member, deal
from evaluations.keys import ModelManifest
from evaluations.suites import Suite, SuiteItem, is_labelled
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict, Verdict
from policies.lint.words import Words, words_of
from policies.model import Case, Labelling

NAME = "lexical-cv"
VERSION = "1"
FOLDS = 5
_LONGEST_BLANK = 3
_LONGEST_FRAMED = 60


class LexicalCvEngine:
    """Cross-validates over a suite. Implements `Engine`."""

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        return EngineInfo(
            name=NAME,
            version=VERSION,
            title="Word-matching classifier, cross-validated",
            summary=(
                "Traditional classifier: trained on this suite's labelled cases, each answered by a "
                "classifier that has not seen it. It does not read the policy."
            ),
            needs=Needs(suite=True),
            promises=Promises(deterministic=True, may_gate=False, reads_policy=False),
        )

    @property
    def settings(self) -> EngineSettings:
        """The engine is its own model."""
        return EngineSettings(
            model=ModelManifest(id=NAME, revision=VERSION), config={**config(), "folds": FOLDS}
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """Installed versions by distribution name."""
        return versions()

    def load(self, task: Task) -> LexicalCvSession:
        """Raises `EngineError` without a suite, or when its labelled cases make fewer than two folds."""
        if task.suite is None:
            raise EngineError(NAME, "learns from labelled cases and was given none.", "Run it on a suite.")
        return LexicalCvSession(task.suite)


class LexicalCvSession:
    """Answers only the cases of its suite, from folds that they are not in. Implements `Session`."""

    def __init__(self, suite: Suite) -> None:
        labelled = [
            (case, item)
            for case, item in zip(suite.cases, suite.items, strict=True)
            if is_labelled(item) and len(text_of(case)) <= MOST_CHARACTERS
        ]
        self._suite = suite
        self._cases = [case for case, _ in labelled]
        self._items = [item for _, item in labelled]
        fold_of = deal([_member(case, item) for case, item in labelled], FOLDS)
        self._folds = [fold_of[item.id] for item in self._items]
        if len(set(self._folds)) < 2:
            raise EngineError(
                NAME, "has fewer than two groups of labelled cases to part into folds.", "Label more cases."
            )

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """Answers in the order given; the first one waits for all folds. Raises `EngineError`."""
        known = {item.id for item in self._suite.items}
        foreign = [case.id for case in cases if case.id not in known]
        if foreign:
            raise EngineError(
                NAME, f"case {foreign[0]} is not one of its suite.", "Use `lexical` for single texts."
            )
        verdicts = self._verdicts()
        for case in cases:
            yield Answer(case_id=case.id, verdict=verdicts.get(case.id, Failed(error="too-long")))

    def _verdicts(self) -> dict[str, Verdict]:
        # Counting looks at no label, so it is done once for all folds; weights are fitted per fold.
        texts = [text_of(case) for case in self._cases]
        try:
            counted = NgramCounter(texts).count(texts)
        except ValueError:
            return {case.id: Failed(error="no-words") for case in self._cases}
        if self._suite.labelling is Labelling.SINGLE:
            # Every case here has a label, so there is a known one outside each fold.
            codes = self._out_of_fold(counted, [str(item.gold) for item in self._items])
            return {
                item.id: LabelVerdict(code=str(code)) for item, code in zip(self._items, codes, strict=True)
            }
        columns = {code: self._out_of_fold(counted, self._flag(code)) for code in self._suite.codes}
        return {
            item.id: FlagsVerdict(
                flags={
                    code: column[row] == RAISED for code, column in columns.items() if column[row] is not None
                }
            )
            for row, item in enumerate(self._items)
        }

    def _flag(self, code: str) -> list[str | None]:
        """A flag of every case; None where it is unlabelled, so that it teaches nothing."""
        result: list[str | None] = []
        for item in self._items:
            flag = item.gold.get(code) if isinstance(item.gold, Mapping) else None
            result.append(None if flag is None else RAISED if flag else NOT_RAISED)
        return result

    def _out_of_fold(self, counted: Counted, classes: Sequence[str | None]) -> list[str | None]:
        """For every case the class that the other folds' known cases give it; None if they have none."""
        result: list[str | None] = [None] * len(classes)
        for fold in sorted(set(self._folds)):
            held_out = [row for row, its in enumerate(self._folds) if its == fold]
            others = [
                (row, name)
                for row, (its, name) in enumerate(zip(self._folds, classes, strict=True))
                if its != fold and name is not None
            ]
            if not others:
                continue
            classifier = Classifier(_rows(counted, [row for row, _ in others]), [name for _, name in others])
            for row, name in zip(held_out, classifier.classify(_rows(counted, held_out)), strict=True):
                result[row] = name
        return result


def _rows(counted: Counted, rows: Sequence[int]) -> Counted:
    return Counted(counted.words[rows], counted.characters[rows])


def _member(case: Case, item: SuiteItem) -> Member:
    text = text_of(case)
    words = words_of(text)
    ties = [f"content {' '.join(words) or text}", *_frames(words)]
    if case.pair is not None:
        ties.append(f"pair {case.pair}")
    gold = item.gold
    stratum = (
        gold
        if isinstance(gold, str)
        else ",".join(sorted(code for code, flag in (gold or {}).items() if flag))
    )
    return Member(id=case.id, stratum=stratum, ties=tuple(ties))


def _frames(words: Words) -> Iterator[str]:
    """A short text with one run of its words left blank, in every way.

    Cases made from a template ("I hate ...") share such a frame, and a classifier that has seen one of
    them knows the rest: on HateCheck it scores 0.98 with them apart and 0.79 with them together. Parting
    by the data set's own template ids, which few suites have, gives 0.80. How long a blank may be
    was chosen on that data set, by how near the parts come to its template ids.
    """
    if len(words) > _LONGEST_FRAMED:
        return
    for length in range(1, _LONGEST_BLANK + 1):
        if 3 * length <= len(words):
            for start in range(len(words) - length + 1):
                yield f"frame {' '.join((*words[:start], '_', *words[start + length :]))}"
