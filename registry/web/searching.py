"""What a visitor searches for: read from an address, and written into one. Touches nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from policies.canonical import sha256_hex
from policies.model import Status
from registry.index.entries import Found, Query
from registry.web.paging import read_cursor, write_cursor
from registry.web.refusals import BadQueryError

FILTERS = ("status", "language", "label", "licence", "commons", "tested")
"""What results can be narrowed by, in the order in which pages show it."""

PATH = "/search"

_STATES = {"true": True, "false": False}

# Control characters, and marks that turn the direction of text: no word holds one, and in a title or a
# sentence of ours they would garble what stands around them.
_NEVER_IN_WORDS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Words, and the chosen value of each filter that has one (`FILTERS`)."""

    words: str
    chosen: Mapping[str, str]

    @property
    def page(self) -> str:
        """The address of the page that shows its results."""
        stated = ([("q", self.words)] if self.words else []) + list(self.chosen.items())
        return f"{PATH}?{urlencode(stated)}" if stated else PATH

    def narrowed(self, name: str, value: str) -> Search:
        """The same with this filter set."""
        chosen = {**self.chosen, name: value}
        return Search(words=self.words, chosen={key: chosen[key] for key in FILTERS if key in chosen})

    def without(self, name: str) -> Search:
        """The same without this filter."""
        return Search(
            words=self.words, chosen={key: value for key, value in self.chosen.items() if key != name}
        )

    def query(self, cursor: str | None, limit: int) -> Query:
        """What the index is asked. Raises `BadCursorError`."""
        chosen = self.chosen
        tested = chosen.get("tested")
        return Query(
            words=self.words,
            commons=chosen.get("commons"),
            status=chosen.get("status"),
            language=chosen.get("language"),
            label=chosen.get("label"),
            licence=chosen.get("licence"),
            tested=None if tested is None else _STATES[tested],
            after=read_cursor(cursor, self._list) if cursor else None,
            limit=limit,
        )

    def following(self, found: Found) -> str | None:
        """The cursor of the page after `found`."""
        return write_cursor(self._list, found.next) if found.next is not None else None

    @property
    def _list(self) -> str:
        """Names the list that a cursor belongs to, in few bytes."""
        return "search " + sha256_hex(self.page.encode())[:16]


def read_search(words: str | None, filters: Mapping[str, str | None]) -> Search:
    """What was asked for; a filter that is empty, as a form sends it, is none.

    Raises `BadQueryError` for a value of `status` or `tested` that there cannot be.
    """
    stated = {name: plain_words(filters.get(name) or "") for name in FILTERS}
    chosen = {name: value for name, value in stated.items() if value}
    _check("status", chosen, tuple(status.value for status in Status))
    _check("tested", chosen, tuple(_STATES))
    return Search(words=plain_words(words or ""), chosen=chosen)


def plain_words(text: str) -> str:
    """A visitor's text with single spaces, and none of the characters that only disturb."""
    return " ".join(_NEVER_IN_WORDS.sub(" ", text).split())


def _check(name: str, chosen: Mapping[str, str], known: tuple[str, ...]) -> None:
    if chosen.get(name, known[0]) not in known:
        said = f"{', '.join(known[:-1])} or {known[-1]}"
        raise BadQueryError(f"`{name}` cannot be {chosen[name][:60]!r}.", f"It is {said}, or left out.")
