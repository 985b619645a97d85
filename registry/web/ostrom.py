"""Elinor Ostrom's eight principles as they stand in one commons: what enforces each, how often it was used.

Counts come from the log, through the index; what enforces a principle follows from the charter in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from governance.commons import Commons
from registry.web.principles import EVERY, PRINCIPLES, Principle


class Use(NamedTuple):
    """Something that was done, and how often."""

    what: str
    times: int


class Row(NamedTuple):
    """A principle in one commons. `enforced` is empty while nothing enforces it."""

    principle: Principle
    enforced: Sequence[str]
    uses: Sequence[Use]

    @property
    def never(self) -> bool:
        """Whether it was never exercised here."""
        return all(use.times == 0 for use in self.uses)


def ostrom_rows(state: Commons, counts: Mapping[str, int]) -> list[Row]:
    """The eight principles, three of them in halves; `counts` has the events of each type."""
    return [Row(one, one.enforced(state), [_use(counts, *use) for use in one.uses]) for one in PRINCIPLES]


def _use(counts: Mapping[str, int], one: str, many: str, types: Sequence[str]) -> Use:
    times = sum(counts.values()) if types == EVERY else sum(counts.get(type_, 0) for type_ in types)
    return Use(one if times == 1 else many, times)
