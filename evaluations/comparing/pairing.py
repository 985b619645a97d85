"""Pairs the answers of two runs, and refuses when they were not asked the same. Pure.

A difference between two runs on different cases says nothing about the policies. So the sets of items
must be equal (same input, same gold label); what is not in both is listed, and only left out when the
caller says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evaluations.erasure import ERASED_INPUT
from evaluations.errors import EvaluationError
from evaluations.outcomes import Outcome, outcome_of
from evaluations.rows import Row
from evaluations.suites import Gold

_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Unequal:
    """Case ids that keep two runs from being compared as they are, each in order.

    `added` stand in the new run only, `removed` in the old one only, `edited` in both with another
    input (or one that was erased), `relabelled` in both with another gold label.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    relabelled: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many cases these are."""
        return len(self.added) + len(self.removed) + len(self.edited) + len(self.relabelled)


class UnequalItemsError(EvaluationError):
    """Two runs that were not asked the same. `unequal` are the cases, `shared` how many both have."""

    def __init__(self, unequal: Unequal, shared: int) -> None:
        self.unequal = unequal
        self.shared = shared
        self.added, self.removed = unequal.added, unequal.removed
        self.edited, self.relabelled = unequal.edited, unequal.relabelled
        lists = {
            "added": self.added,
            "removed": self.removed,
            "edited": self.edited,
            "relabelled": self.relabelled,
        }
        counted = ", ".join(f"{len(ids)} {word}" for word, ids in lists.items() if ids)
        named = "".join(f"\n  {word}: {_shown(ids)}" for word, ids in lists.items() if ids)
        super().__init__(
            f"The runs were not asked the same: {counted or 'no case in common'}; {shared} cases are the "
            "same in both. Run both versions on one suite, or compare on the shared cases only "
            f"(--shared-only).{named}"
        )


class Pair(NamedTuple):
    """One counted case under both runs: the facts, both rows, and both outcomes."""

    old: Row
    new: Row
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """What is compared, by case id, and what is not. Known failures (todo) are in neither."""

    pairs: tuple[Pair, ...]
    unequal: Unequal


def pair_rows(
    old: Iterable[Row],
    new: Iterable[Row],
    old_codes: Sequence[str],
    new_codes: Sequence[str],
    *,
    shared_only: bool = False,
) -> Pairing:
    """Pairs the first answers to each case. Raises `UnequalItemsError` unless `shared_only`.

    Only the first of several repeats counts, so that `n` is cases.
    """
    before, after = _first(old), _first(new)
    same, edited, relabelled = [], [], []
    for case in sorted(before.keys() & after.keys()):
        was, is_ = before[case].item, after[case].item
        if was.input != is_.input or was.input == ERASED_INPUT:
            edited.append(case)
        elif not same_gold(was.gold, is_.gold):
            relabelled.append(case)
        else:
            same.append(case)
    unequal = Unequal(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        edited=tuple(edited),
        relabelled=tuple(relabelled),
    )
    if not same or (unequal.count and not shared_only):
        raise UnequalItemsError(unequal, len(same))
    pairs = (
        Pair(
            before[case],
            after[case],
            outcome_of(before[case], old_codes),
            outcome_of(after[case], new_codes),
        )
        for case in same
    )
    return Pairing(pairs=tuple(pairs), unequal=unequal)


def same_gold(was: Gold, is_: Gold) -> bool:
    """Whether two gold labels say the same; an unlabelled flag says nothing, nor does one not declared."""
    if isinstance(was, Mapping) and isinstance(is_, Mapping):
        return known_flags(was) == known_flags(is_)
    return was == is_


def known_flags(gold: Mapping[str, bool | None]) -> dict[str, bool]:
    """The flags of a gold label that are labelled."""
    return {code: flag for code, flag in gold.items() if flag is not None}


def _shown(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"


def _first(rows: Iterable[Row]) -> Mapping[str, Row]:
    return {row.item.id: row for row in rows if row.repeat == 1 and not row.item.todo}
