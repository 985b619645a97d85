"""Case tables with a header: CSV, semicolon and tab files, disclaimer rows above the header. Pure."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from policies.importers.columns import Columns, could_be_header, find_columns
from policies.importers.model import (
    FileRole,
    Notice,
    ReportedScore,
    RowProblem,
    SkippedRows,
    SkipReason,
    Topic,
    excerpt_of,
)
from policies.importers.reading import CaseDraft, FileReading, Reader
from policies.importers.rows import DELIMITERS, Row, Sheet, read_sheet, regularity, separator_hint
from policies.importers.source import Source
from policies.importers.table_rows import Cell, RowReader
from policies.importers.vocabulary import is_flag_word, is_metric, is_number
from policies.model import Subject

_HEADER_WITHIN = 30
_LONGEST_HEADER = 80
_HEAD_CHARACTERS = 65_536
_HEAD_LINES = 200
# A column with more different values than this is not a label: it is text, or an id.
MOST_LABELS = 100


class _Layout(NamedTuple):
    delimiter: str
    header: int
    columns: Columns


def head_lines(source: Source) -> list[str]:
    """The first lines of a source, enough to tell its structure by."""
    return list(islice(io.StringIO(source.text[:_HEAD_CHARACTERS], newline=""), _HEAD_LINES))


def head_sheet(source: Source, delimiter: str | None = None) -> Sheet:
    """The first records of a source."""
    return read_sheet(source.file, "".join(head_lines(source)), delimiter)


def _layout(source: Source) -> _Layout | None:
    """The delimiter and header row under which the source is a usable table, None when there are none."""
    lines = head_lines(source)
    hint = separator_hint(lines[0]) if lines else None
    best: tuple[float, _Layout] | None = None
    for delimiter in (hint,) if hint else DELIMITERS:
        sheet = head_sheet(source, delimiter)
        found = _find_header(sheet.rows)
        if found is None:
            continue
        share = regularity(lines, delimiter)
        if best is None or share > best[0]:
            best = (share, _Layout(delimiter, *found))
    return None if best is None else best[1]


def _find_header(rows: Sequence[Row]) -> tuple[int, Columns] | None:
    """The index of the header row, and its columns."""
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        names = [cell.strip() for cell in row.cells]
        if len(names) < 2 or any(len(name) > _LONGEST_HEADER for name in names):
            continue
        if not could_be_header(names):
            continue
        below = [below.cells for below in rows[index + 1 :] if not below.blank]
        columns = find_columns(names, flag_like(len(names), below))
        if columns.usable:
            return index, columns
    return None


def flag_like(width: int, rows: Sequence[Sequence[Cell]]) -> frozenset[int]:
    """The positions whose stated values are yes-or-no words, nine in ten of them at the least.

    Not all: a stray `maybe` is to be reported as a bad row, not to hide its column.
    """
    found = set()
    for position in range(width):
        stated = flags = 0
        for cells in rows:
            cell = cells[position] if position < len(cells) else ""
            if cell and not (isinstance(cell, str) and cell.isspace()):
                stated += 1
                flags += isinstance(cell, str) and is_flag_word(cell)
                if stated - flags > 20 and stated - flags > flags:
                    break
        if flags * 10 >= stated * 9 and flags:
            found.add(position)
    return frozenset(found)


def _recognises(source: Source) -> float:
    return 0.9 if _layout(source) else 0.0


def _read(source: Source) -> FileReading:
    layout = _layout(source)
    assert layout is not None, "only a source that was recognised is read"
    sheet = read_sheet(source.file, source.text, layout.delimiter)
    header = sheet.rows[layout.header]
    # The whole file decides which columns are flags: the head of a file may hold zeros only by chance.
    below = [row.cells for row in sheet.rows[layout.header + 1 :] if not row.blank]
    columns = find_columns(header.cells, flag_like(len(header.cells), below))
    if not columns.usable:
        columns = layout.columns
    account = TableAccount(source, tuple(header.cells), columns)
    if sheet.separator_line is not None:
        account.skip(1, SkipReason.HEADER, sheet.separator_line)
    for index, row in enumerate(sheet.rows):
        if row.blank:
            account.skip(row.line, SkipReason.BLANK, "")
        elif index < layout.header:
            account.skip(row.line, SkipReason.DISCLAIMER, " ".join(row.cells))
        elif index == layout.header:
            account.skip(row.line, SkipReason.HEADER, ", ".join(row.cells))
        elif (score := score_of(row, source.file)) is not None:
            account.score(row, score)
        else:
            account.case(row.line, row.cells)
    return account.reading("table with a header", sheet.count, sheet.problems)


def score_of(row: Row, file: str) -> ReportedScore | None:
    """The score that a row of two cells reports, None for any other row."""
    if len(row.cells) < 2 or not is_number(row.cells[-1] or "0"):
        return None
    stated = [cell.strip() for cell in row.cells if cell.strip()]
    if len(stated) == 2 and is_metric(stated[0]) and is_number(stated[1]):
        return ReportedScore(metric=stated[0], value=stated[1], source=f"{file}:{row.line}")
    return None


class TableAccount:
    """Collects what becomes of each row of one table with known columns."""

    def __init__(self, source: Source, header: tuple[str, ...], columns: Columns) -> None:
        self.source = source
        self.header = header
        self.columns = columns
        self.reader = RowReader(file=source.file, header=header, columns=columns)
        self.drafts: list[CaseDraft] = []
        self.skipped: list[SkippedRows] = []
        self.problems: list[RowProblem] = []
        self.notices: list[Notice] = list(source.notices)
        self.scores: list[ReportedScore] = []

    def skip(self, line: int, reason: SkipReason, text: str) -> None:
        """Counts a row without a case. Consecutive blank rows are kept as one entry."""
        last = self.skipped[-1] if self.skipped else None
        if last and reason is SkipReason.BLANK and last.reason is reason and last.line + last.rows == line:
            rows = last.rows + 1
            self.skipped[-1] = SkippedRows(file=last.file, line=last.line, reason=reason, rows=rows)
            return
        self.skipped.append(
            SkippedRows(file=self.source.file, line=line, reason=reason, excerpt=excerpt_of(text))
        )

    def score(self, row: Row, score: ReportedScore) -> None:
        """Counts a row that reports a score."""
        self.scores.append(score)
        self.skip(row.line, SkipReason.SCORE, f"{score.metric} {score.value}")

    def case(self, line: int, cells: Sequence[Cell]) -> None:
        """Reads one row as cases."""
        read = self.reader.read(line, cells)
        if read.reason:
            self.refuse(line, read.reason, cells)
            return
        self.drafts.extend(read.drafts)
        if read.halves:
            message = f"half of the row has no case: {read.halves}."
            self.notice(Topic.LABELS, line, message, "Complete the row and import again.")

    def refuse(self, line: int, reason: str, cells: Sequence[Cell]) -> None:
        """Counts a row that cannot be read."""
        shown = " | ".join(cell if isinstance(cell, str) else ", ".join(cell) for cell in cells if cell)
        self.problems.append(
            RowProblem(file=self.source.file, line=line, reason=reason, excerpt=excerpt_of(shown))
        )

    def notice(self, topic: Topic, line: int, message: str, remedy: str = "") -> None:
        """Adds something to tell about the file."""
        self.notices.append(
            Notice(topic=topic, file=self.source.file, line=line, message=message, remedy=remedy)
        )

    def reading(self, reader: str, rows: int, broken: Sequence[RowProblem]) -> FileReading:
        """The whole account, checked for a label column that holds no labels."""
        self._tell_columns()
        values = Counter(draft.gold for draft in self.drafts if draft.gold is not None)
        if len(values) > MOST_LABELS:
            position = self.columns.label if self.columns.label is not None else self.columns.response_label
            name = "" if position is None else self.header[position].strip()
            reason = f"the column {name!r} holds {len(values)} different values: that is no label"
            lines = sorted({draft.line for draft in self.drafts})
            self.problems.append(
                RowProblem(file=self.source.file, line=lines[0], reason=reason, rows=len(lines))
            )
            self.drafts = []
        annotated = self.columns.content is None and self.columns.response is None
        label = self.columns.label
        return FileReading(
            file=self.source.file,
            role=FileRole.ANNOTATIONS if annotated else FileRole.CASES,
            reader=reader,
            rows=rows,
            drafts=tuple(self.drafts),
            skipped=tuple(self.skipped),
            problems=tuple(sorted([*broken, *self.problems], key=lambda problem: problem.line)),
            notices=tuple(self.notices),
            scores=tuple(self.scores),
            label_column="" if label is None else self.header[label],
        )

    def _tell_columns(self) -> None:
        """Says which column was taken for what, and which ones were left out."""
        columns, header = self.columns, self.header
        if columns.ignored:
            names = ", ".join(repr(header[position].strip()) for position in columns.ignored)
            self.notice(Topic.COLUMNS, 0, f"columns that no case has a field for were left out: {names}.")
        if columns.flags:
            names = ", ".join(header[position].strip() for position in columns.flags)
            self.notice(Topic.COLUMNS, 0, f"flags, each 0, 1 or unknown: {names}.")
        if any(draft.subject is Subject.CONVERSATION for draft in self.drafts):
            message = (
                "one label stands for a prompt and its response; the two were joined as one conversation."
            )
            remedy = "Name the label's column after the half it judges (prompt_label, response_label)."
            self.notice(Topic.COLUMNS, 0, message, remedy)


TABLES = Reader(name="table with a header", recognises=_recognises, read=_read)
