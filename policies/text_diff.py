"""What changed between two texts, line by line, with the changed words marked. Pure.

The cost is bounded whatever stands in the texts (`alignment.py`): what is too large to be compared line
by line, or too different to be compared word by word, is told as replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from policies.alignment import Run, align
from policies.prompt import plain_text
from policies.word_marks import Mark, Piece, mark_words, words_of

CONTEXT = 2
"""Unchanged lines that are shown around a change."""

_ALIKE = 0.5
"""The least share of words in common for two lines to be one that was changed."""

_MAX_PAIRED_CELLS = 4_000
_MAX_PAIRED_LINES = 10_000

_MOST_REPLACED = 5_000
"""Lines given of each side of a stretch that was too large to align."""


class LineKind(StrEnum):
    """What became of a line; a changed one stands for the old and the new one together."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


class Line(NamedTuple):
    """One line of the comparison; `old` and `new` are its numbers from 1, None where it does not stand."""

    kind: LineKind
    old: int | None
    new: int | None
    pieces: tuple[Piece, ...]


class Stretch(NamedTuple):
    """Lines that are read together: a change with its surroundings, or what is `unchanged` between two.

    `under` is the heading that its first line stands under, without its marks; empty before the first.
    """

    unchanged: bool
    under: str
    lines: tuple[Line, ...]


class _Bag(NamedTuple):
    """The words of a line with how often each stands in it, and how many characters they have."""

    words: Counter[str]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDiff:
    """Every line of both texts in order.

    Where the texts were too large to align, `exact` is False and `left_out` changed lines are counted only.
    """

    lines: tuple[Line, ...]
    exact: bool
    left_out: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether both texts are the same."""
        return all(line.kind is LineKind.SAME for line in self.lines)

    @property
    def changed(self) -> int:
        """How many lines are not the same."""
        return self.left_out + sum(line.kind is not LineKind.SAME for line in self.lines)


def diff_texts(old: str, new: str) -> TextDiff:
    """The difference. Byte-order mark, line ends and blank edges do not count."""
    before, after = _lines_of(old), _lines_of(new)
    aligned = align(before, after)
    lines: list[Line] = []
    left_out = 0
    for run in aligned.runs:
        if not run.same and not aligned.whole:
            left_out += max(run.old_end - run.old_start - _MOST_REPLACED, 0)
            left_out += max(run.new_end - run.new_start - _MOST_REPLACED, 0)
            lines += _replaced(_shortened(run), before, after)
        elif run.same:
            numbers = zip(range(run.old_start, run.old_end), range(run.new_start, run.new_end), strict=True)
            lines += [_same(one, other, before[one]) for one, other in numbers]
        else:
            lines += _replaced(run, before, after)
    return TextDiff(lines=tuple(lines), exact=aligned.whole, left_out=left_out)


def stretches_of(diff: TextDiff, context: int = CONTEXT) -> tuple[Stretch, ...]:
    """The lines in stretches: changes with `context` lines around them, and what lies between."""
    shown = _near_changes([line.kind is not LineKind.SAME for line in diff.lines], context)
    heading = ""
    result: list[Stretch] = []
    for is_shown, group in groupby(zip(shown, diff.lines, strict=True), key=lambda item: item[0]):
        lines = tuple(line for _, line in group)
        first = _heading_of(lines[0])
        result.append(Stretch(not is_shown, first or heading, lines))
        heading = next((said for line in reversed(lines) if (said := _heading_of(line))), heading)
    return tuple(result)


def _lines_of(text: str) -> list[str]:
    plain = plain_text(text)
    return plain.split("\n") if plain else []


def _shortened(run: Run) -> Run:
    old_end = min(run.old_end, run.old_start + _MOST_REPLACED)
    return Run(False, run.old_start, old_end, run.new_start, min(run.new_end, run.new_start + _MOST_REPLACED))


def _replaced(run: Run, before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Lines that went and came; those that are alike are told as one that changed."""
    old, new = before[run.old_start : run.old_end], after[run.new_start : run.new_end]
    one = other = 0
    for old_at, new_at in (*_pairs(old, new), (len(old), len(new))):
        yield from (_removed(run.old_start + place, old[place]) for place in range(one, old_at))
        yield from (_added(run.new_start + place, new[place]) for place in range(other, new_at))
        if old_at < len(old):
            pieces = mark_words(old[old_at], new[new_at])
            yield Line(LineKind.CHANGED, run.old_start + old_at + 1, run.new_start + new_at + 1, pieces)
        one, other = old_at + 1, new_at + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of lines that are alike, in order in both: the choice with the most in common."""
    if not old or not new:
        return []
    large = len(old) * len(new) > _MAX_PAIRED_CELLS
    if large and (len(old) != len(new) or len(old) > _MAX_PAIRED_LINES):
        return []
    bags = [_bag(line) for line in old], [_bag(line) for line in new]
    if large:
        found = zip(*bags, strict=True)
        return [(place, place) for place, (one, other) in enumerate(found) if _alike(one, other) >= _ALIKE]
    # best[i][j] is what old[i:] and new[j:] have in common at most.
    alike = [[_alike(one, other) for other in bags[1]] for one in bags[0]]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if alike[i][j] >= _ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _bag(line: str) -> _Bag:
    words = Counter(word for word in words_of(line) if not word.isspace())
    return _Bag(words, sum(len(word) * count for word, count in words.items()))


def _alike(one: _Bag, other: _Bag) -> float:
    """The share of characters that stand in words of both lines, 0 to 1."""
    total = one.size + other.size
    if 2 * min(one.size, other.size) < _ALIKE * total or not total:
        return 0.0
    few, many = sorted((one.words, other.words), key=len)
    common = sum(len(word) * min(count, many[word]) for word, count in few.items() if word in many)
    return 2 * common / total


def _near_changes(changed: Sequence[bool], context: int) -> list[bool]:
    """Whether each line is a change or at most `context` lines from one; a gap of one line is no gap."""
    near = list(changed)
    for place, is_change in enumerate(changed):
        if is_change:
            near[max(place - context, 0) : place + context + 1] = [True] * (
                min(place + context + 1, len(near)) - max(place - context, 0)
            )
    if any(near):
        edged = [True, *near, True]
        near = [here or (edged[place] and edged[place + 2]) for place, here in enumerate(near)]
    return near


def _heading_of(line: Line) -> str:
    if line.kind is LineKind.REMOVED:
        return ""
    text = "".join(piece.text for piece in line.pieces if piece.mark is not Mark.REMOVED)
    return text.strip("# ") if text.startswith("#") else ""


def _same(old: int, new: int, text: str) -> Line:
    return Line(LineKind.SAME, old + 1, new + 1, (Piece(Mark.SAME, text),))


def _removed(place: int, text: str) -> Line:
    return Line(LineKind.REMOVED, place + 1, None, (Piece(Mark.REMOVED, text),))


def _added(place: int, text: str) -> Line:
    return Line(LineKind.ADDED, None, place + 1, (Piece(Mark.ADDED, text),))
