"""Which words of a line changed: two lines told as one, with what went and what came. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from policies.alignment import align

MAX_CELLS = 4_000_000
"""Words times words of two lines; longer ones are told as replaced."""

# Scripts written without spaces are compared character by character; everything else word by word. Marks
# that combine with a letter stay with it, so a word is what is neither space nor punctuation.
_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_STOPS = "!-/:-@\\[-`{-~\u00a1\u00ab\u00bb\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3011"
_TOKEN = re.compile(rf"[{_NO_SPACES}]|[^\s{_STOPS}{_NO_SPACES}]+|\s+|[{_STOPS}]")


class Mark(StrEnum):
    """Whether words stand in both lines, or in one."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """Words of one line, or of both."""

    mark: Mark
    text: str


class _Stretch(NamedTuple):
    """Words that stand in both (`old` equals `new`), or that were replaced."""

    same: bool
    old: str
    new: str


def words_of(line: str) -> list[str]:
    """The line in words, spaces and punctuation marks; joined they are the line again."""
    return _TOKEN.findall(line)


def mark_words(old: str, new: str) -> tuple[Piece, ...]:
    """The two lines as one. Same and removed pieces joined give `old`, same and added ones `new`."""
    before, after = words_of(old), words_of(new)
    aligned = align(before, after, MAX_CELLS)
    stretches = [
        _Stretch(
            run.same,
            "".join(before[run.old_start : run.old_end]),
            "".join(after[run.new_start : run.new_end]),
        )
        for run in aligned.runs
    ]
    return tuple(_pieces(_readable(stretches)))


def _readable(stretches: Sequence[_Stretch]) -> Iterable[_Stretch]:
    """Words that agree by chance between two larger changes are told as changed with them.

    A reader follows one longer change more easily than a word kept here and there. The measure is that
    of the semantic clean-up in Google's diff-match-patch: not longer than the change on either side.
    """
    result: list[_Stretch] = []
    for stretch in stretches:
        result.append(stretch)
        while len(result) >= 3 and not result[-1].same and _is_chance(*result[-3:]):
            joined = result[-3:]
            result[-3:] = [
                _Stretch(False, "".join(part.old for part in joined), "".join(part.new for part in joined))
            ]
    return result


def _is_chance(before: _Stretch, kept: _Stretch, after: _Stretch) -> bool:
    if before.same or not kept.same:
        return False
    return len(kept.old) <= min(max(len(side.old), len(side.new)) for side in (before, after))


def _pieces(stretches: Iterable[_Stretch]) -> Iterable[Piece]:
    for stretch in stretches:
        if stretch.same:
            yield Piece(Mark.SAME, stretch.old)
            continue
        if stretch.old:
            yield Piece(Mark.REMOVED, stretch.old)
        if stretch.new:
            yield Piece(Mark.ADDED, stretch.new)
