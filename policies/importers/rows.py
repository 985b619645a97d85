"""Delimited text to records with line numbers, broken quotes included. Pure.

The standard `csv` reader does the splitting, in strict mode so that a broken quote is an error and
not a case of ten thousand lines. What it cannot split is reported, and reading resumes at the next
line that can begin a record.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from policies.importers.model import RowProblem, excerpt_of
from policies.importers.source import is_damaged

MAX_LINES = 1_000_000
_SAMPLE_LINES = 200
DELIMITERS = ("\t", ";", ",")
# csv's own limit on a cell, in characters. A module global, therefore named here and left alone.
MAX_CELL = 131_072


class Row(NamedTuple):
    """One record. `line` is the 1-based physical line on which it begins."""

    line: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything but white space."""
        joined = "".join(self.cells)
        return not joined or joined.isspace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All records of a file. `separator_line` is set when line 1 is Excel's `sep=` hint."""

    file: str
    delimiter: str
    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]
    separator_line: str | None = None

    @property
    def count(self) -> int:
        """Records of all kinds, broken ones included."""
        return len(self.rows) + sum(problem.rows for problem in self.problems) + bool(self.separator_line)


def read_sheet(file: str, text: str, delimiter: str | None = None) -> Sheet:
    """Splits `text` into records; the delimiter is found when not given. Never raises."""
    source = io.StringIO(text, newline="")
    lines = list(islice(source, MAX_LINES))
    beyond = sum(1 for _ in source)
    first = 0
    separator_line = None
    if lines and (hint := separator_hint(lines[0])):
        delimiter, separator_line, first = hint, lines[0].strip(), 1
    if delimiter is None:
        delimiter = find_delimiter(lines[:_SAMPLE_LINES])
    scan = _Scan(file, lines, delimiter)
    scan.run(first)
    problems = scan.problems
    if beyond:
        reason = f"not read: the file has more than {MAX_LINES} lines; split it"
        problems.append(RowProblem(file=file, line=MAX_LINES + 1, reason=reason, rows=beyond))
    return Sheet(
        file=file,
        delimiter=delimiter,
        rows=tuple(scan.rows),
        problems=tuple(problems),
        separator_line=separator_line,
    )


def find_delimiter(lines: list[str]) -> str:
    """The delimiter that gives the most records of one width; a comma when none splits anything."""
    best = (0.0, ",")
    for delimiter in DELIMITERS:
        share = regularity(lines, delimiter)
        # A tie goes to the rarer character: prose holds commas, so commas can be regular by chance.
        if share > best[0]:
            best = (share, delimiter)
    return best[1]


def regularity(lines: list[str], delimiter: str) -> float:
    """The share of records that have the most common width above one; 0 when nothing is split."""
    scan = _Scan("", lines[:_SAMPLE_LINES], delimiter)
    scan.run(0)
    widths = Counter(len(row.cells) for row in scan.rows if not row.blank)
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0
    return max(wide)[0] / (sum(widths.values()) + len(scan.problems))


def unclean(text: str) -> str | None:
    """Why no case can be made of `text`: NUL characters or bytes that are no text; None when clean."""
    if "\x00" in text:
        return "holds NUL characters; remove them"
    if not text.isascii() and is_damaged(text):
        return "holds bytes that are not valid text; save the file as UTF-8"
    return None


def separator_hint(line: str) -> str | None:
    """The delimiter that an Excel `sep=;` first line names."""
    text = line.strip("\r\n").strip('"').lower()
    if len(text) == 5 and text.startswith("sep=") and text[4] in ",;\t|":
        return text[4]
    return None


class _Scan:
    """The state of one pass over the lines of a file."""

    def __init__(self, file: str, lines: list[str], delimiter: str) -> None:
        self.file = file
        self.lines = lines
        self.delimiter = delimiter
        self.rows: list[Row] = []
        self.problems: list[RowProblem] = []
        # Resuming after a broken quote re-reads lines; the budget keeps hostile files linear.
        self.budget = 4 * len(lines) + 10_000

    def run(self, start: int) -> None:
        position = start
        while position < len(self.lines):
            position = self._read_from(position)

    def _read_from(self, base: int) -> int:
        """Reads records from line index `base`; gives the index at which to resume."""
        lines = self.lines
        feed: Iterator[str] = (lines[index] for index in range(base, len(lines)))
        reader = csv.reader(feed, delimiter=self.delimiter, strict=True)
        begun = base
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return len(lines)
            except csv.Error as error:
                return self._broken(begun, base + reader.line_num, str(error))
            if self._clean(begun, cells):
                self.rows.append(Row(begun + 1, tuple(cells)))
            begun = base + reader.line_num

    def _clean(self, begun: int, cells: list[str]) -> bool:
        joined = "".join(cells)
        reason = unclean(joined)
        if reason is None:
            return True
        self.problems.append(
            RowProblem(file=self.file, line=begun + 1, reason=reason, excerpt=excerpt_of(joined))
        )
        return False

    def _broken(self, begun: int, reached: int, error: str) -> int:
        """Reports the record that begins at index `begun`; gives the index after it."""
        self.budget -= reached - begun
        if self.budget < 0:
            rest = len(self.lines) - begun
            reason = "not read: too many broken quotation marks to tell where rows begin"
            self.problems.append(RowProblem(file=self.file, line=begun + 1, reason=reason, rows=rest))
            return len(self.lines)
        # A cell that is too long may end far behind the point at which the reader gave up.
        end = self._balanced_end(begun, len(self.lines) if "field larger" in error else reached)
        self.budget -= end - begun
        if "field larger" in error:
            reason = f"a cell is longer than {MAX_CELL} characters; shorten or remove it"
        elif "unexpected end" in error:
            reason = "a quotation mark is opened and never closed; close or double it"
        else:
            reason = 'text follows a closing quotation mark; double the quotation marks inside a cell ("")'
        if end > begun + 1:
            reason += f" (lines {begun + 1} to {end})"
        self.problems.append(
            RowProblem(file=self.file, line=begun + 1, reason=reason, excerpt=excerpt_of(self.lines[begun]))
        )
        return end

    def _balanced_end(self, begun: int, reached: int) -> int:
        """The index after the broken record: where its quotation marks first come out even.

        A record whose quotes never do within what the reader went through is its first line alone.
        """
        quotes = 0
        for index in range(begun, min(reached, len(self.lines))):
            quotes += self.lines[index].count('"')
            if quotes % 2 == 0:
                return index + 1
        return begun + 1
