"""Flips: cases that two runs answered differently, though both were asked the same. Pure.

A flip counts only where the input digests are equal: what changed is then the policy, not the case. Two
runs can be compared when nothing but the policy and its cases differs between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from evaluations.erasure import ERASED_INPUT
from evaluations.outcomes import Outcomes, is_right
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.suites import Gold, SuiteItem, is_labelled
from evaluations.verdicts import Verdict


class FlipKind(StrEnum):
    """What a flip did, judged by the label that the case has in the newer run."""

    FIXED = "fixed"
    BROKEN = "broken"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One case answered differently. `repeat` counts from 1; `todo` cases are known failures."""

    case: str
    repeat: int
    gold: Gold
    old: Verdict
    new: Verdict
    kind: FlipKind
    todo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """The flips by case id, and what they are out of, in answers.

    `compared` answers stand in both runs to the same input; `other_input` in both, to another input or
    one that was erased; `only_old` and `only_new` in one of them.
    """

    flips: tuple[Flip, ...]
    compared: int
    other_input: int
    only_old: int
    only_new: int

    def of(self, kind: FlipKind) -> tuple[Flip, ...]:
        """The flips of one kind."""
        return tuple(flip for flip in self.flips if flip.kind is kind)

    @property
    def not_comparable(self) -> int:
        """Answers of either run that have no counterpart to the same input."""
        return self.other_input + self.only_old + self.only_new


def comparable(old: RunRecord, new: RunRecord) -> bool:
    """Whether only the policy and its cases differ: same engine, model, template and settings."""
    return _conditions(old) == _conditions(new)


def flips_between(old: Iterable[Row], new: Iterable[Row], codes: Sequence[str]) -> Flips:
    """The flips from one run's rows to another's. `codes` are the labels of the newer run's suite."""
    before = {(row.item.id, row.repeat): row for row in old}
    after = {(row.item.id, row.repeat): row for row in new}
    shared = [key for key in sorted(after) if key in before]
    same = [key for key in shared if _same_input(before[key], after[key])]
    outcomes = Outcomes(codes)
    flips = [
        _flip(before[key], after[key], outcomes) for key in same if before[key].verdict != after[key].verdict
    ]
    return Flips(
        flips=tuple(flips),
        compared=len(same),
        other_input=len(shared) - len(same),
        only_old=len(before) - len(shared),
        only_new=len(after) - len(shared),
    )


def _conditions(record: RunRecord) -> object:
    return replace(record.parts, policy="", suite=""), record.suite.split


def _same_input(old: Row, new: Row) -> bool:
    return old.item.input == new.item.input != ERASED_INPUT


def _flip(old: Row, new: Row, outcomes: Outcomes) -> Flip:
    was, is_ = (_right(new.item, row.verdict, outcomes) for row in (old, new))
    kind = FlipKind.CHANGED if was == is_ else FlipKind.FIXED if is_ else FlipKind.BROKEN
    return Flip(
        case=new.item.id,
        repeat=new.repeat,
        gold=new.item.gold,
        old=old.verdict,
        new=new.verdict,
        kind=kind,
        todo=new.item.todo,
    )


def _right(item: SuiteItem, verdict: Verdict, outcomes: Outcomes) -> bool:
    """An answer that could not be read is not right; a case without a label has no right answer."""
    return is_labelled(item) and is_right(outcomes.under(item.gold, verdict)) is True
