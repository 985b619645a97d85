"""The policies of a commons in pages, from the index: the last page costs what the first does."""

from __future__ import annotations

from typing import NamedTuple

from registry.index.entries import PolicyEntry
from registry.web.paging import read_cursor, write_cursor
from registry.web.refusals import UnknownCommonsError
from registry.web.visit import Visits


class Listed(NamedTuple):
    """One page, how many policies there are in all, and the cursor of the page after."""

    entries: tuple[PolicyEntry, ...]
    total: int
    next: str | None


def policies_page(visits: Visits, commons: str, cursor: str | None, size: int) -> Listed:
    """By slug. The cursor is a slug, so policies that come and go do no harm. Opens no commons.

    Raises `UnknownCommonsError`, `BadCursorError`.
    """
    if commons not in visits.catalogue:
        raise UnknownCommonsError(commons)
    index = visits.index
    of = f"policies {commons}"
    after = read_cursor(cursor, of) if cursor is not None else None
    found = index.listed(commons, after=after, limit=size + 1)
    entries = found[:size]
    following = write_cursor(of, entries[-1].slug) if len(found) > size else None
    return Listed(entries, index.count(commons), following)
