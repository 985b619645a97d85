"""Case tables without a header whose gold labels stand in section rows. Pure.

SP2,,,                          a section: its code is the gold label of the rows below
1,"Check out our shop",,SP2     a case; another column may hold a model's own answer
Accuracy,0.9                    a score that came along, kept as reported
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from policies.importers.columns import Columns, engine_of
from policies.importers.model import SkipReason, Topic
from policies.importers.reading import AnswerDraft, CaseDraft, FileReading, Reader
from policies.importers.rows import Row, read_sheet
from policies.importers.source import Source
from policies.importers.tables import TableAccount, head_sheet, score_of
from policies.importers.vocabulary import CODE, is_code, is_flag_word, polarity

_SECTION = re.compile(rf"(?P<code>{CODE})(?:\s*[-–—:(].*)?\s*")


class _Shape(NamedTuple):
    content: int
    ordinal: int | None
    answers: tuple[int, ...]
    ignored: tuple[int, ...]


def _section_of(row: Row) -> str | None:
    """The gold label that a section row sets, None for any other row."""
    stated = [cell.strip() for cell in row.cells if cell.strip()]
    if len(stated) != 1:
        return None
    match = _SECTION.fullmatch(stated[0])
    if match:
        return match["code"]
    word = stated[0]
    return word if polarity(word) is not None and not is_flag_word(word) else None


def _recognises(source: Source) -> float:
    rows = head_sheet(source).rows
    sections = [index for index, row in enumerate(rows) if len(row.cells) > 1 and _section_of(row)]
    if not sections:
        return 0.0
    items = [row for row in rows[sections[0] + 1 :] if sum(bool(cell.strip()) for cell in row.cells) > 1]
    return 0.85 if items else 0.0


def _is_label(text: str) -> bool:
    return is_code(text) or (polarity(text) is not None and not text.isdigit())


def _shape(items: Sequence[Row]) -> _Shape | None:
    """The columns, told by what they hold: the longest texts are the content, codes are answers."""
    width = max(len(row.cells) for row in items)
    lengths: Counter[int] = Counter()
    columns: dict[int, list[str]] = {position: [] for position in range(width)}
    for row in items:
        for position, cell in enumerate(row.cells):
            if text := cell.strip():
                columns[position].append(text)
                lengths[position] += len(text)
    stated = {position: cells for position, cells in columns.items() if cells}
    ordinal = next((p for p, cells in stated.items() if all(cell.isdecimal() for cell in cells)), None)
    answers = tuple(
        p for p, cells in stated.items() if p != ordinal and sum(map(_is_label, cells)) * 10 >= len(cells) * 9
    )
    texts = [p for p in stated if p != ordinal and p not in answers]
    if not texts:
        return None
    content = max(texts, key=lambda position: (lengths[position], -position))
    return _Shape(content, ordinal, answers, tuple(p for p in texts if p != content))


def _read(source: Source) -> FileReading:
    sheet = read_sheet(source.file, source.text)
    rows = sheet.rows
    first = next((i for i, row in enumerate(rows) if len(row.cells) > 1 and _section_of(row)), len(rows))
    items = [
        row
        for row in rows[first + 1 :]
        if not row.blank and not _section_of(row) and score_of(row, source.file) is None
    ]
    shape = _shape(items) if items else None
    width = max((len(row.cells) for row in rows), default=0)
    engines = _engines(rows[:first], shape.answers if shape else ())
    account = TableAccount(source, ("",) * width, Columns(content=shape.content if shape else 0))
    if sheet.separator_line is not None:
        account.skip(1, SkipReason.HEADER, sheet.separator_line)
    section: str | None = None
    for index, row in enumerate(rows):
        if row.blank:
            account.skip(row.line, SkipReason.BLANK, "")
        elif (found := _section_of(row)) is not None and index >= first:
            section = found
            account.skip(row.line, SkipReason.SECTION, found)
        elif (score := score_of(row, source.file)) is not None:
            account.score(row, score)
        elif index < first:
            named = any(position < len(row.cells) and row.cells[position].strip() for position in engines)
            reason = SkipReason.HEADER if named else SkipReason.DISCLAIMER
            account.skip(row.line, reason, " ".join(row.cells))
        elif shape is None or section is None:
            account.refuse(row.line, "the row has no text", row.cells)
        else:
            _add_case(account, row, section, shape, engines)
    _tell(account, shape, engines)
    return account.reading("gold labels in section rows", sheet.count, sheet.problems)


def _engines(above: Sequence[Row], answers: Sequence[int]) -> dict[int, str]:
    """Which engine each answer column belongs to, read off the rows above the first section."""
    engines: dict[int, str] = {}
    for position in answers:
        named = [row.cells[position].strip() for row in above if position < len(row.cells)]
        engines[position] = next((engine_of(name) for name in named if name), "unnamed")
    return engines


def _add_case(account: TableAccount, row: Row, section: str, shape: _Shape, engines: dict[int, str]) -> None:
    cells = row.cells
    content = _at(cells, shape.content)
    if not content.strip():
        account.refuse(row.line, "the row has no text", cells)
        return
    ordinal = _at(cells, shape.ordinal).strip()
    account.drafts.append(
        CaseDraft(
            file=account.source.file,
            line=row.line,
            content=content,
            # Ordinals begin again in each section, so the section is part of the source's own id.
            key=f"{section}-{ordinal}" if ordinal else None,
            gold=section,
            answers=tuple(
                AnswerDraft(engine=engine, label=label)
                for position, engine in engines.items()
                if (label := _at(cells, position).strip())
            ),
        )
    )


def _at(cells: Sequence[str], position: int | None) -> str:
    """The cell at a position, blank where the row is too short."""
    return cells[position] if position is not None and position < len(cells) else ""


def _tell(account: TableAccount, shape: _Shape | None, engines: dict[int, str]) -> None:
    if shape is None:
        return
    said = [f"no header: column {shape.content + 1} was taken for the text, section rows for the gold label"]
    said += [f"column {p + 1} for the answers of {engine}" for p, engine in engines.items()]
    account.notice(Topic.STRUCTURE, 0, ", ".join(said) + ".")
    if shape.ignored:
        places = ", ".join(str(position + 1) for position in shape.ignored)
        account.notice(
            Topic.COLUMNS, 0, f"columns without a meaning that could be told were left out: {places}."
        )


SECTIONED = Reader(name="gold labels in section rows", recognises=_recognises, read=_read)
