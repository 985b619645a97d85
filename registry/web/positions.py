"""Where a reader of an event stream stands, as the `id:` of each event says it. Touches nothing.

In the stream of one commons an id is the event's number. In the stream of all, events of different commons
have no order that every server would agree on: there an id says where the reader stands in each of them
(`starter=12,starter/teens=3`), so any process over the same logs can go on from it. A commons that is not
in it is new to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from registry.web.refusals import BadQueryError

MOST_BYTES = 4_096
"""A longer id is left out: a browser sends it back in one header field."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_PAIR = re.compile(r"(~?[a-z0-9][a-z0-9/-]*)=([0-9]{1,9})")


class Position:
    """The last event that a reader has of each commons; `wide` in the stream of all commons."""

    __slots__ = ("at", "wide")

    def __init__(self, at: Mapping[str, int], *, wide: bool) -> None:
        self.at = dict(at)
        self.wide = wide

    @property
    def id(self) -> str | None:
        """What an event's `id:` says; None where it would be too long to come back."""
        if not self.wide:
            return str(next(iter(self.at.values())))
        said = ",".join(f"{name}={seq}" for name, seq in sorted(self.at.items()))
        return said if len(said) <= MOST_BYTES else None


def read_number(text: str) -> int:
    """The id of a stream of one commons. Raises `BadQueryError`."""
    if not _NUMBER.fullmatch(text):
        raise _bad()
    return int(text)


def read_numbers(text: str) -> dict[str, int]:
    """The id of the stream of all commons; `0` is before everything. Raises `BadQueryError`."""
    if text == "0":
        return {}
    if len(text) > MOST_BYTES:
        raise _bad()
    found = [_PAIR.fullmatch(pair) for pair in text.split(",")]
    if not all(found):
        raise _bad()
    return {pair[1]: int(pair[2]) for pair in found if pair}


def _bad() -> BadQueryError:
    return BadQueryError(
        "This is no event id of this stream.", "Send back the last `id` that it gave, or none to start now."
    )
