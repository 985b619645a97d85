"""A policy as somebody edited it in fields and tables: the files that come of it. Reads and writes nothing.

What was not changed stays byte for byte: the front matter's comments, the lines of other cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from policies.canonical import sha256_hex
from policies.cases import CASES_FILE, render_case
from policies.codec import parse_policy, with_front_matter
from policies.folder import POLICY_FILE, PolicyFolder
from policies.importers.rows import read_sheet
from policies.model import Case, Label, Labelling, Policy
from registry.services.errors import InputRefusedError

TABLE = "the table"
_NOT = {"", "0", "no", "false"}
_ID_DIGITS = 10


class LabelRow(NamedTuple):
    """A label as it stands in the form; one without a code and a title is left out."""

    code: str
    title: str
    violates: bool
    severity: str
    handling: str


class CaseRow(NamedTuple):
    """A case to add: its label (several flags parted by commas), what is judged, and why."""

    label: str
    content: str
    note: str


class Suggested(NamedTuple):
    """Everything that the form holds. `table` is tab-separated; `drop` are ids of cases to take out."""

    body: str
    title: str
    summary: str
    status: str
    language: str
    labels: tuple[LabelRow, ...]
    rows: tuple[CaseRow, ...] = ()
    table: str = ""
    drop: tuple[str, ...] = ()


def suggested_of(folder: PolicyFolder) -> Suggested:
    """What the form holds before anybody changed anything."""
    meta = folder.document.policy.meta
    return Suggested(
        body=_lines(folder.document.policy.body),
        title=meta.title,
        summary=meta.summary,
        status=meta.status.value,
        language=meta.language,
        labels=tuple(map(_label_row, meta.labels)),
    )


def suggested_files(folder: PolicyFolder, said: Suggested) -> dict[str, bytes]:
    """The whole folder as it is suggested.

    Raises `InputRefusedError` with the place for a table or a row that cannot be read, and
    `MalformedPolicyError` for front matter that could not be read back.
    """
    files = dict(folder.files)
    files[POLICY_FILE] = _policy(folder, said)
    policy = parse_policy(files[POLICY_FILE]).policy
    given = [_case_of(policy, f"case {place}", row) for place, row in _filled(said.rows)]
    given += _table_cases(policy, folder.cases, said.table)
    cases = _cases(folder, given, said.drop)
    if cases or CASES_FILE in files:
        files[CASES_FILE] = cases
    return files


def table_of(cases: Iterable[Case]) -> str:
    """Cases as a table to copy into a spreadsheet, and to paste back."""
    rows = ["\t".join(_COLUMNS)]
    rows += ["\t".join(map(_cell, _fields(case))) for case in cases]
    return "\n".join(rows)


_COLUMNS = ("id", "label", "content", "context", "note", "pair", "slices", "sensitive")


def _policy(folder: PolicyFolder, said: Suggested) -> bytes:
    document, meta = folder.document, folder.document.policy.meta
    wanted: Mapping[str, tuple[object, object]] = {
        "title": (meta.title, said.title.strip()),
        "summary": (meta.summary, said.summary.strip()),
        "status": (meta.status.value, said.status),
        "language": (meta.language, said.language.strip()),
    }
    updates = {key: new or None for key, (old, new) in wanted.items() if old != new}
    labels = tuple(row for row in said.labels if row.code.strip() or row.title.strip())
    if labels != tuple(map(_label_row, meta.labels)):
        updates["labels"] = [_label_entry(place, row) for place, row in enumerate(labels, 1)]
    raw = with_front_matter(document, updates).raw if updates else document.raw
    body = document.policy.body
    if _lines(said.body) == _lines(body):
        return raw
    text = _lines(said.body).rstrip("\n") + "\n"
    if "\r\n" in body:
        text = text.replace("\n", "\r\n")
    return raw[: len(raw) - len(body.encode())] + text.encode()


def _label_row(label: Label) -> LabelRow:
    severity = "" if label.severity is None else str(label.severity)
    return LabelRow(label.code, label.title, label.violates, severity, label.handling or "")


def _label_entry(place: int, row: LabelRow) -> dict[str, object]:
    entry: dict[str, object] = {
        "code": row.code.strip(),
        "title": row.title.strip(),
        "violates": row.violates,
    }
    if row.severity.strip():
        if not (row.severity.strip().isascii() and row.severity.strip().isdigit()):
            raise InputRefusedError(
                f"label {place}", "its severity is no number.", "Give a whole number such as 2, or none."
            )
        entry["severity"] = int(row.severity.strip()[:9])
    if row.handling:
        entry["handling"] = row.handling
    return entry


def _filled(rows: Sequence[CaseRow]) -> list[tuple[int, CaseRow]]:
    return [(place, row) for place, row in enumerate(rows, 1) if row.content.strip() or row.label.strip()]


def _case_of(policy: Policy, place: str, row: CaseRow) -> Case:
    if not row.content.strip():
        raise InputRefusedError(place, "there is nothing to judge in it.", "Write its content, or clear it.")
    single, several = _judged(policy, place, row.label)
    return Case(
        id=_fresh_id(row.content),
        content=row.content.strip(),
        label=single,
        labels=several,
        note=row.note.strip() or None,
    )


def _judged(policy: Policy, place: str, said: str) -> tuple[str | None, Mapping[str, bool | None] | None]:
    """The label, or the flags, that a cell names."""
    codes = policy.meta.codes
    named = [code.strip() for code in said.split(",") if code.strip()]
    several = policy.meta.labelling is Labelling.MULTI
    unknown = next((code for code in named if code not in codes), None)
    if unknown is not None or (not several and len(named) != 1):
        what = f"{unknown} is no label of this policy." if unknown else "it has no label, or several."
        raise InputRefusedError(place, what, f"Its labels are {', '.join(codes)}.")
    if several:
        return None, {code: code in named for code in codes}
    return named[0], None


def _table_cases(policy: Policy, known: tuple[Case, ...], table: str) -> list[Case]:
    """The cases of a pasted table; a row with the id of a known case stands for that one."""
    if not table.strip():
        return []
    sheet = read_sheet(TABLE, _lines(table).strip("\n"), "\t")
    if sheet.problems:
        problem = sheet.problems[0]
        raise InputRefusedError(
            f"{TABLE}, line {problem.line}", f"it cannot be read: {problem.reason}.", "Paste it again."
        )
    rows = [row for row in sheet.rows if not row.blank]
    names = [cell.strip().lower() for cell in rows[0].cells]
    if {"content", "label"} <= set(names):
        rows = rows[1:]
    elif len(names) >= 2:
        # Without a header: what is judged, its label, and perhaps a note.
        names = ["content", "label", "note"]
    else:
        raise InputRefusedError(
            f"{TABLE}, line {rows[0].line}",
            "it has one column.",
            "Copy the columns content and label, with their header.",
        )
    if stray := set(names) - {*_COLUMNS, ""}:
        raise InputRefusedError(
            TABLE, f"it has a column {min(stray)!r}.", f"Known are {', '.join(_COLUMNS)}."
        )
    before = {case.id: case for case in known}
    return [
        _table_case(policy, before, f"{TABLE}, line {row.line}", dict(zip(names, row.cells, strict=False)))
        for row in rows
    ]


def _table_case(policy: Policy, before: Mapping[str, Case], place: str, cells: Mapping[str, str]) -> Case:
    row = CaseRow(cells.get("label", ""), cells.get("content", ""), cells.get("note", ""))
    case = _case_of(policy, place, row)
    known = before.get(cells.get("id", "").strip())
    base = case if known is None else replace(known, content=case.content, label=case.label)
    if known is not None and policy.meta.labelling is Labelling.MULTI:
        base = replace(base, labels=case.labels)
    stated = {name: cells[name].strip() for name in _COLUMNS if name in cells}
    return replace(
        base,
        id=stated.get("id") or base.id,
        context=(stated["context"] or None) if "context" in stated else base.context,
        note=(stated["note"] or None) if "note" in stated else base.note,
        pair=(stated["pair"] or None) if "pair" in stated else base.pair,
        slices=_split(stated["slices"]) if "slices" in stated else base.slices,
        sensitive=stated["sensitive"].lower() not in _NOT if "sensitive" in stated else base.sensitive,
    )


def _cases(folder: PolicyFolder, given: Sequence[Case], drop: Sequence[str]) -> bytes:
    """The file with what is given in the place of cases of the same ids, or behind, and some taken out."""
    by_id: dict[str, Case] = {}
    for case in given:
        if by_id.setdefault(case.id, case) != case:
            raise InputRefusedError(TABLE, f"two rows have the id {case.id}.", "Give each its own, or none.")
    lines = folder.files.get(CASES_FILE, b"").split(b"\n")
    known = {case.id: case for case in folder.cases}
    for case_id in drop:
        if case_id not in known:
            raise InputRefusedError("cases to take out", f"there is no case {case_id}.", "Check the id.")
    gone = {known[case_id].line - 1 for case_id in drop}
    instead = {
        known[case_id].line - 1: render_case(case).encode()
        for case_id, case in by_id.items()
        if case_id in known and case != known[case_id]
    }
    kept = [instead.get(at, line) for at, line in enumerate(lines) if at not in gone]
    added = [render_case(case).encode() for case_id, case in by_id.items() if case_id not in known]
    if kept and not kept[-1]:
        kept.pop()
    return b"\n".join([*kept, *added, b""]) if kept or added else b""


def _fields(case: Case) -> tuple[str, ...]:
    flags = case.labels or {}
    label = case.label if case.label is not None else ",".join(code for code, flag in flags.items() if flag)
    return (
        case.id,
        label,
        case.content,
        case.context or "",
        case.note or "",
        case.pair or "",
        ",".join(case.slices),
        "yes" if case.sensitive else "",
    )


def _cell(text: str) -> str:
    """A cell as spreadsheets write it: quoted where it holds a tab, a line end or a quote."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(sign in text for sign in '\t\n\r"') else text


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def _fresh_id(content: str) -> str:
    """Follows from what is judged, so that sending the same twice gives the same."""
    return f"s-{sha256_hex(content.strip().encode())[:_ID_DIGITS]}"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
