"""Pairs the answers of two runs, and refuses when they were not asked the same. Pure.

A difference between two runs on different cases says nothing about the policies. So the sets of items
must be equal (same input, same gold label); what is not in both is listed, and only left out when the
caller says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evaluations.erasure import ERASED_INPUT
from evaluations.errors import EvaluationError
from evaluations.outcomes import Outcome, Outcomes
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
    """Two runs that were not asked the same. `unequal` are the cases, `shared` how many both have, `told` is
    that in words."""

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
        self.told = (
            f"The runs were not asked the same: {counted or 'no case in common'}; {shared} cases are the "
            "same in both."
        )
        super().__init__(
            f"{self.told} Run both versions on one suite, or compare on the shared cases only "
            f"(--shared-only).{named}"
        )


class Both(NamedTuple):
    """What came out of one case in the old and in the new run, an outcome for each time it was asked."""

    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]


class Pair(NamedTuple):
    """One counted case under both runs: its first row in each, and what came out."""

    old: Row
    new: Row
    both: Both


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """What is compared, by case id, and what is not. Known failures (todo) are in neither.

    `repeats` is how often the old run asked each case, and the new one. `counted` are the pairs by what came
    out: a hundred thousand come out in a few dozen ways.
    """

    pairs: tuple[Pair, ...]
    unequal: Unequal
    repeats: tuple[int, int]
    counted: Mapping[Both, int]


def pair_rows(
    old: Iterable[Row],
    new: Iterable[Row],
    old_codes: Sequence[str],
    new_codes: Sequence[str],
    *,
    shared_only: bool = False,
) -> Pairing:
    """Pairs the answers to each case. Raises `UnequalItemsError` unless `shared_only`."""
    was_asked, is_asked = tuple(old), tuple(new)
    before, after = _first(was_asked), _first(is_asked)
    same, edited, relabelled = [], [], []
    # Rows stand by case, so there is next to nothing to sort.
    for case in sorted(case for case in before if case in after):
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
    ways = _Ways(old_codes, new_codes)
    repeats = (_most_repeats(was_asked), _most_repeats(is_asked))
    if repeats == (1, 1):
        pairs = [Pair(before[case], after[case], ways.of(before[case], after[case])) for case in same]
    else:
        was_told, is_told = _by_case(was_asked), _by_case(is_asked)
        pairs = [
            Pair(before[case], after[case], ways.of_several(was_told[case], is_told[case])) for case in same
        ]
    counted = Counter(id(pair.both) for pair in pairs)
    return Pairing(
        pairs=tuple(pairs),
        unequal=unequal,
        repeats=repeats,
        counted={both: counted[id(both)] for both in ways.known},
    )


class _Ways:
    """What came out of cases, each way held once in `known`."""

    def __init__(self, old_codes: Sequence[str], new_codes: Sequence[str]) -> None:
        self._old, self._new = Outcomes(old_codes), Outcomes(new_codes)
        self.known: dict[Both, Both] = {}
        self._alike: dict[tuple[int, int], Both] = {}

    def of(self, before: Row, after: Row) -> Both:
        """What came out of a case that was asked once in each run."""
        was, is_ = self._old.of(before), self._new.of(after)
        # `Outcomes` keeps both, so no identity comes again.
        key = (id(was), id(is_))
        both = self._alike.get(key)
        if both is None:
            both = Both((was,), (is_,))
            both = self._alike[key] = self.known.setdefault(both, both)
        return both

    def of_several(self, before: Sequence[Row], after: Sequence[Row]) -> Both:
        """The same of one that was asked several times in either."""
        both = Both(tuple(map(self._old.of, before)), tuple(map(self._new.of, after)))
        return self.known.setdefault(both, both)


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
    """The first answer to each counted case."""
    return {row.item.id: row for row in rows if row.repeat == 1 and not row.item.todo}


def _most_repeats(rows: Iterable[Row]) -> int:
    return max(row.repeat for row in rows)


def _by_case(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """All answers to each case, by repeat."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.repeat):
        found.setdefault(row.item.id, []).append(row)
    return found
