"""Case tables without a header and without sections: a text and a label in each row. Pure.

Read only when what the columns hold leaves one way to read them: one column of label words (codes,
0 and 1, VALID and INVALID) and one of texts.
"""

from __future__ import annotations

from collections.abc import Sequence

from policies.importers.columns import Columns
from policies.importers.model import SkipReason, Topic
from policies.importers.reading import FileReading, Reader
from policies.importers.rows import Row, read_sheet
from policies.importers.source import Source
from policies.importers.tables import TableAccount, head_sheet, score_of
from policies.importers.vocabulary import is_code, polarity

_ENOUGH = 0.9


def _columns(rows: Sequence[Row]) -> Columns | None:
    """The columns, or None when more than one reading is possible."""
    stated = [row for row in rows if not row.blank]
    if not stated:
        return None
    width = max(len(row.cells) for row in stated)
    labels, numbers, lengths = [], [], {}
    for position in range(width):
        cells = [row.cells[position].strip() for row in stated if position < len(row.cells)]
        cells = [cell for cell in cells if cell]
        if len(cells) < _ENOUGH * len(stated):
            continue
        if sum(is_code(cell) or polarity(cell) is not None for cell in cells) >= _ENOUGH * len(stated):
            labels.append(position)
        elif all(cell.isdecimal() for cell in cells) and len(set(cells)) == len(cells):
            numbers.append(position)
        else:
            lengths[position] = sum(map(len, cells))
    if len(labels) != 1 or not lengths or len(numbers) > 1:
        return None
    content = max(lengths, key=lambda position: (lengths[position], -position))
    return Columns(
        content=content,
        label=labels[0],
        id=numbers[0] if numbers else None,
        ignored=tuple(position for position in lengths if position != content),
    )


def _recognises(source: Source) -> float:
    return 0.6 if _columns(head_sheet(source).rows) else 0.0


def _read(source: Source) -> FileReading:
    sheet = read_sheet(source.file, source.text)
    columns = _columns(sheet.rows) or _columns(head_sheet(source).rows)
    assert columns is not None, "only a source that was recognised is read"
    width = max(len(row.cells) for row in sheet.rows)
    account = TableAccount(source, tuple(f"column {n + 1}" for n in range(width)), columns)
    if sheet.separator_line is not None:
        account.skip(1, SkipReason.HEADER, sheet.separator_line)
    for row in sheet.rows:
        if row.blank:
            account.skip(row.line, SkipReason.BLANK, "")
        elif (score := score_of(row, source.file)) is not None:
            account.score(row, score)
        else:
            account.case(row.line, row.cells)
    content, label = (columns.content or 0) + 1, (columns.label or 0) + 1
    account.notice(
        Topic.STRUCTURE,
        0,
        f"no header: column {content} was taken for the text and column {label} for the gold label.",
        "Add a header row (id, content, label) if that is wrong.",
    )
    return account.reading("table without a header", sheet.count, sheet.problems)


HEADERLESS = Reader(name="table without a header", recognises=_recognises, read=_read)
