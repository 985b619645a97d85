"""The rows of a run as pages ask for them: chosen by how they came out, read a few at a time. Pure.

What a choice looks at is interned: a hundred thousand rows come out in a few dozen ways, so a filter is
decided once for each way and then picked from an array.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from evaluations.errors import MalformedRecordError
from evaluations.outcomes import Outcome, Outcomes, Unread, is_right, violation_of
from evaluations.records import REASONING_FILE, Words
from evaluations.row_lines import each_row, read_lines
from evaluations.rows import Row
from evaluations.run_record import SuiteRef
from evaluations.suites import is_labelled
from registry.web.packed import PackedLines

_REMEDY = "Store the files as `record_files` wrote them."
_WAY_WEIGHT = 400
_WORDS = msgspec.json.Decoder(Words)


class Show(StrEnum):
    """Which answers to show."""

    ALL = "all"
    WRONG = "wrong"
    MISSED = "missed"
    FLAGGED = "wrongly-flagged"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a visitor wants to see; None is any. `label` is the true one, `verdict` what was said."""

    show: Show = Show.ALL
    label: str | None = None
    verdict: str | None = None
    slice: str | None = None

    def takes(self, way: Way) -> bool:
        """Whether rows that came out this way are wanted."""
        return (
            self.show in way.shows
            and (self.label is None or self.label in way.gold)
            and (self.verdict is None or self.verdict in way.said)
            and (self.slice is None or self.slice in way.slices)
        )


class Way(NamedTuple):
    """One way in which a row can come out: labels or raised flags that are true, and those that were said."""

    gold: frozenset[str]
    said: frozenset[str]
    slices: tuple[str, ...]
    right: bool
    shows: frozenset[Show]


class Answered(NamedTuple):
    """A row, whether it is right, and what the model wrote about it where that still exists."""

    row: Row
    right: bool
    words: Words | None


class RunRows:
    """All rows of one run."""

    def __init__(
        self, ways: Sequence[Way], way_of: NDArray[np.uint32], rows: PackedLines, words: _PackedWords
    ) -> None:
        self._ways = ways
        self._way_of = way_of
        self._rows = rows
        self._words = words

    @classmethod
    def read(cls, suite: SuiteRef, predictions: bytes, reasoning: bytes | None) -> RunRows:
        """From a run's files. Raises `MalformedRecordError` naming the line."""
        places: dict[tuple[object, ...], int] = {}
        ways: list[Way] = []
        way_of: list[int] = []
        row_at: dict[tuple[str, int], int] = {}
        outcomes = Outcomes([label.code for label in suite.labels])
        for number, row in enumerate(each_row(_lines(predictions))):
            if reasoning:
                row_at[row.item.id, row.repeat] = number
            outcome = outcomes.of(row) if is_labelled(row.item) else None
            known = (outcome, row.item.slices)
            if known not in places:
                places[known] = len(ways)
                ways.append(_way(outcome, row.item.slices, suite))
            way_of.append(places[known])
        rows = PackedLines.of(_lines(predictions))
        words = _PackedWords.read(reasoning or b"", row_at, len(rows))
        return cls(tuple(ways), np.array(way_of, np.uint32), rows, words)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def weight(self) -> int:
        """Bytes that they take, roughly."""
        return self._rows.weight + self._words.weight + self._way_of.nbytes + _WAY_WEIGHT * len(self._ways)

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices that rows are in, by name."""
        return tuple(sorted({name for way in self._ways for name in way.slices}))

    def count(self, show: Show) -> int:
        """How many there are to show."""
        return len(self.chosen(Choice(show=show)))

    def chosen(self, choice: Choice) -> Sequence[int]:
        """The numbers of the rows that fit, in the order stored."""
        if choice == Choice():
            return range(len(self))
        wanted = np.array([choice.takes(way) for way in self._ways], dtype=bool)
        return cast("Sequence[int]", np.flatnonzero(wanted[self._way_of])) if len(self) else ()

    def answered(self, numbers: Sequence[int]) -> list[Answered]:
        """The rows of these numbers, with the words about them."""
        chosen = [int(number) for number in numbers]
        rows = read_lines(self._rows.lines(chosen))
        words = self._words.of(chosen)
        return [
            Answered(row, self._ways[self._way_of[number]].right, words.get(number))
            for number, row in zip(chosen, rows, strict=True)
        ]


class _PackedWords:
    """What a model wrote, by the number of the row that it belongs to."""

    def __init__(self, line_of: NDArray[np.int32], lines: PackedLines) -> None:
        self._line_of = line_of
        self._lines = lines

    @classmethod
    def read(cls, raw: bytes, row_at: Mapping[tuple[str, int], int], rows: int) -> _PackedWords:
        line_of = np.full(rows if raw else 0, -1, np.int32)

        for number, line in enumerate(_lines(raw)):
            if number:  # The first line is the salt.
                said = _words(line, number + 1)
                row = row_at.get((said.case, said.repeat))
                if row is not None:
                    line_of[row] = number
        return cls(line_of, PackedLines.of(_lines(raw)))

    @property
    def weight(self) -> int:
        return self._lines.weight + self._line_of.nbytes

    def of(self, rows: Sequence[int]) -> dict[int, Words]:
        if not len(self._line_of):
            return {}
        places = [(row, int(self._line_of[row])) for row in rows if self._line_of[row] >= 0]
        lines = self._lines.lines(line for _, line in places)
        return {row: _words(raw, line + 1) for (row, line), raw in zip(places, lines, strict=True)}


def _way(outcome: Outcome | None, slices: tuple[str, ...], suite: SuiteRef) -> Way:
    if outcome is None:
        return Way(frozenset(), frozenset(), slices, right=False, shows=frozenset((Show.ALL,)))
    right = is_right(outcome)
    seen = violation_of(outcome, suite.labels)
    holds = {
        Show.ALL: True,
        Show.WRONG: right is not True,
        Show.MISSED: seen.gold is True and seen.said is not True,
        Show.FLAGGED: seen.gold is False and seen.said is True,
        Show.UNREAD: isinstance(right, Unread),
    }
    codes = tuple(label.code for label in suite.labels)
    return Way(
        gold=_true(outcome.gold, codes),
        said=frozenset() if isinstance(outcome.said, Unread) else _true(outcome.said, codes),
        slices=slices,
        right=right is True,
        shows=frozenset(show for show, it_does in holds.items() if it_does),
    )


def _true(given: str | tuple[bool | None, ...], codes: Sequence[str]) -> frozenset[str]:
    if isinstance(given, str):
        return frozenset((given,))
    return frozenset(code for code, flag in zip(codes, given, strict=True) if flag)


def _lines(raw: bytes) -> Iterator[bytes]:
    return (line.rstrip(b"\n") for line in io.BytesIO(raw))


def _words(line: bytes, number: int) -> Words:
    try:
        return _WORDS.decode(line)
    except (msgspec.MsgspecError, UnicodeError):
        pass  # A server may have sent half a character, which msgspec's own reader refuses.
    try:
        return msgspec.convert(json.loads(line), Words, strict=True)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise MalformedRecordError(REASONING_FILE, number, f"{error}.", _REMEDY) from error
