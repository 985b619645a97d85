"""Lines of a file as an editor counts them: others in their place, and where they went. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from policies.alignment import align


class Span(NamedTuple):
    """The lines `first` to `last`, counted from 1."""

    first: int
    last: int


def lines_of(text: str) -> tuple[str, ...]:
    """The lines without their ends; a line end at the very end begins no line."""
    return tuple(line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")) if text else ()


def with_lines(text: str, span: Span, words: str) -> str:
    """The text with `words` where these lines stand, in its own line ends; without words they are gone.

    Raises `ValueError` for lines that are not there.
    """
    parts = text.split("\n")
    if not 1 <= span.first <= span.last <= len(lines_of(text)):
        raise ValueError(f"there are no lines {span.first} to {span.last}")
    end = "\r" if parts[span.first - 1].endswith("\r") else ""
    instead = [line + end for line in lines_of(words.replace("\r\n", "\n").replace("\r", "\n"))]
    if span.last == len(parts) and instead and not parts[-1].endswith("\r"):
        # The last line of a file that does not end in a line end keeps having none.
        instead[-1] = instead[-1].removesuffix("\r")
    return "\n".join([*parts[: span.first - 1], *instead, *parts[span.last :]])


def followed(old: Sequence[str], new: Sequence[str], span: Span) -> Span | None:
    """Where these lines of `old` stand in `new`; None where one of them is not what it was."""
    if old == new:
        return span
    for run in align(old, new).runs:
        if run.same and run.old_start < span.first and span.last <= run.old_end:
            moved = run.new_start - run.old_start
            return Span(span.first + moved, span.last + moved)
    return None
