"""An outcome: what is true of a case beside what was said of it. Pure.

Scoring counts outcomes, not rows: a hundred thousand rows fall into a few dozen of them, and every
figure follows from those counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

from evaluations.rows import Row
from evaluations.suites import Gold, SuiteLabel
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, Verdict
from policies.model import Labelling

Flags: TypeAlias = tuple[bool | None, ...]
"""Flags in the order of the label schema; None is unlabelled in a gold label, unanswered in a verdict."""


class Unread(Enum):
    """There is no verdict to score."""

    UNPARSED = "unparsed"
    FAILED = "failed"


class Outcome(NamedTuple):
    """Gold label or flags, and what was said: likewise, or that nothing could be read."""

    gold: str | Flags
    said: str | Flags | Unread


class Seen(NamedTuple):
    """One label (or the binary view) of an outcome: true, false or unknown; said, denied or unread."""

    gold: bool | None
    said: bool | Unread


def is_answer(verdict: Verdict, codes: Collection[str], labelling: Labelling) -> bool:
    """Whether a verdict is one that a suite of these labels can be answered with."""
    match verdict:
        case LabelVerdict(code=code):
            return labelling is Labelling.SINGLE and code in codes
        case FlagsVerdict(flags=flags):
            return labelling is Labelling.MULTI and set(codes).issuperset(flags)
        case _:
            return True


def outcome_of(row: Row, codes: Sequence[str]) -> Outcome:
    """The outcome of a labelled row."""
    return _outcome(row.item.gold, row.verdict, codes)


def _outcome(gold: Gold, verdict: Verdict, codes: Sequence[str]) -> Outcome:
    assert gold is not None, "a case without a gold label cannot be scored"
    told = _told(gold, codes)
    match verdict:
        case LabelVerdict(code=code):
            return Outcome(told, code)
        case FlagsVerdict(flags=flags):
            return Outcome(told, tuple(flags.get(code) for code in codes))
        case Unparsed():
            return Outcome(told, Unread.UNPARSED)
        case Failed():
            return Outcome(told, Unread.FAILED)


class Outcomes:
    """Outcomes of many rows, worked out once for each gold label and verdict that they share."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = codes
        # By identity, which needs no hash of a mapping; kept beside it, so that no identity comes again.
        self._known: dict[tuple[int, int], tuple[Gold, Verdict, Outcome]] = {}

    def of(self, row: Row) -> Outcome:
        """The outcome of a labelled row; equal ones are mostly one object."""
        return self.under(row.item.gold, row.verdict)

    def under(self, gold: Gold, verdict: Verdict) -> Outcome:
        """The outcome of a verdict under a gold label, which need not be that of its own row."""
        key = (id(gold), id(verdict))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (gold, verdict, _outcome(gold, verdict, self._codes))
        return known[2]


def is_right(outcome: Outcome) -> bool | Unread:
    """Whether the label, or every known flag, is the gold one.

    Flags that were not answered leave the case unparsed, unless an answered one is wrong already.
    """
    gold, said = outcome
    if isinstance(said, Unread):
        return said
    if isinstance(gold, str) or isinstance(said, str):
        return gold == said
    known = [(truth, answer) for truth, answer in zip(gold, said, strict=True) if truth is not None]
    if any(answer is not None and answer != truth for truth, answer in known):
        return False
    return Unread.UNPARSED if any(answer is None for _, answer in known) else True


def label_of(outcome: Outcome, position: int, code: str) -> Seen:
    """The outcome for one label of the schema, against all others together."""
    gold, said = outcome
    truth = gold == code if isinstance(gold, str) else gold[position]
    if isinstance(said, Unread):
        return Seen(truth, said)
    if isinstance(said, str):
        return Seen(truth, said == code)
    answer = said[position]
    return Seen(truth, Unread.UNPARSED if answer is None else answer)


def violation_of(outcome: Outcome, labels: Sequence[SuiteLabel]) -> Seen:
    """The binary view: does the content violate the policy?

    Of flags, one raised that violates is enough. Truth is unknown when none is raised and one is
    unlabelled; the verdict is unparsed when none is raised and one with a known truth is unanswered.
    """
    gold, said = outcome
    violating = {label.code for label in labels if label.violates}
    positions = [position for position, label in enumerate(labels) if label.violates]
    truth: bool | None
    if isinstance(gold, str):
        truth = gold in violating
    else:
        truths = [gold[position] for position in positions]
        truth = True if True in truths else None if None in truths else False
    if isinstance(said, Unread):
        return Seen(truth, said)
    if isinstance(said, str):
        return Seen(truth, said in violating)
    if any(said[position] for position in positions):
        return Seen(truth, True)
    open_ = any(
        said[position] is None and (isinstance(gold, str) or gold[position] is not None)
        for position in positions
    )
    return Seen(truth, Unread.UNPARSED if open_ else False)


def violation_said(verdict: Verdict, labels: Sequence[SuiteLabel]) -> bool | None:
    """Whether a verdict flags the content; None where it cannot be read, or leaves that open."""
    violating = {label.code for label in labels if label.violates}
    match verdict:
        case LabelVerdict(code=code):
            return code in violating
        case FlagsVerdict(flags=flags):
            said = [flags.get(code) for code in violating]
            return True if True in said else None if None in said else False
        case _:
            return None


def gold_violates(gold: Gold, labels: Sequence[SuiteLabel]) -> bool | None:
    """Whether content with this gold label violates; None when that is not known."""
    if gold is None:
        return None
    told = _told(gold, tuple(label.code for label in labels))
    return violation_of(Outcome(told, Unread.UNPARSED), labels).gold


def _told(gold: str | Mapping[str, bool | None], codes: Sequence[str]) -> str | Flags:
    return tuple(gold.get(code) for code in codes) if isinstance(gold, Mapping) else gold
