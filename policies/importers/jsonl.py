"""JSON lines: one object a line, with a label, with flags, or already in the commons' own format. Pure."""

from __future__ import annotations

import io
import json
from itertools import islice

from policies.case_fields import CaseProblem, case_of
from policies.findings import Severity
from policies.importers.columns import find_columns
from policies.importers.model import FileRole, RowProblem, SkipReason, Topic, excerpt_of
from policies.importers.reading import CaseDraft, FileReading, Reader
from policies.importers.rows import MAX_LINES, unclean
from policies.importers.source import Source
from policies.importers.table_rows import Cell
from policies.importers.tables import TableAccount, flag_like
from policies.limits import LIMITS, MIB

_SAMPLE = 20
_MOST_KEYS = 200


def _recognises(source: Source) -> float:
    if not source.text.lstrip().startswith(("{", "[")):
        return 0.0
    lines = [line for line in islice(io.StringIO(source.text), 10 * _SAMPLE) if line.strip()][:_SAMPLE]
    opened = sum(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines)
    return 0.95 if lines and opened * 2 > len(lines) else 0.0


def _read(source: Source) -> FileReading:
    objects: list[tuple[int, dict[str, object]]] = []
    blanks: list[int] = []
    broken: list[RowProblem] = []
    rows = 0
    stream = io.StringIO(source.text)
    for line, text in enumerate(islice(stream, MAX_LINES), start=1):
        rows += 1
        if not text.strip():
            blanks.append(line)
            continue
        value = _object_of(text)
        if isinstance(value, str):
            broken.append(RowProblem(file=source.file, line=line, reason=value, excerpt=excerpt_of(text)))
        else:
            objects.append((line, value))
    beyond = sum(1 for _ in stream)
    if beyond:
        reason = f"not read: the file has more than {MAX_LINES} lines; split it"
        broken.append(RowProblem(file=source.file, line=MAX_LINES + 1, reason=reason, rows=beyond))
    read = _read_own if _is_own(objects) else _read_foreign
    return read(source, objects, blanks, broken, rows + beyond)


def _object_of(text: str) -> dict[str, object] | str:
    """The line's object, or why it is none."""
    if len(text) > LIMITS.case_bytes:
        return f"the line is longer than {LIMITS.case_bytes // MIB} MiB"
    if wrong := unclean(text):
        return wrong
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        return "the JSON is nested too deep"
    except ValueError as error:
        message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return f"not a JSON object: {message}"
    if not isinstance(value, dict):
        return "not a JSON object"
    if _too_deep(text, value):
        return f"the JSON is nested more than {LIMITS.case_depth} deep"
    # Escapes are the way in for characters that the line itself does not hold.
    return (_wrong_inside(value) or value) if "\\u" in text else value


def _wrong_inside(value: object) -> str | None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and (wrong := unclean(item)):
            return wrong
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
    return None


def _too_deep(text: str, value: object) -> bool:
    if text.count("[") + text.count("{") <= LIMITS.case_depth:
        return False
    level = [value]
    for _ in range(LIMITS.case_depth):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
        ]
    return bool(level)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice in one object, so it has two meanings")
    return result


def _is_own(objects: list[tuple[int, dict[str, object]]]) -> bool:
    """Whether most lines are cases in the commons' own format."""
    own = sum(
        isinstance(value.get("id"), str)
        and isinstance(value.get("content"), str)
        and (isinstance(value.get("label"), str) or isinstance(value.get("labels"), dict))
        for _, value in objects
    )
    return own * 2 > len(objects)


def _read_own(
    source: Source,
    objects: list[tuple[int, dict[str, object]]],
    blanks: list[int],
    broken: list[RowProblem],
    rows: int,
) -> FileReading:
    header = ("id", "content", "label")
    account = TableAccount(source, header, find_columns(header))
    for line in blanks:
        account.skip(line, SkipReason.BLANK, "")
    for line, value in objects:
        found: list[CaseProblem] = []
        case = case_of(value, line, found)
        reasons = [problem.message for problem in found if problem.severity is Severity.ERROR]
        if case is None or (case.label is None and case.labels is None):
            reason = " ".join(reasons) or "the row has no label"
            account.refuse(line, reason, (str(value.get("content", "")),))
            continue
        account.drafts.append(
            CaseDraft(
                file=source.file, line=line, content=case.content, key=case.id, gold=case.label,
                flags=case.labels, own=case,
            )
        )  # fmt: skip
    return account.reading("cases of the commons", rows, broken)


def _read_foreign(
    source: Source,
    objects: list[tuple[int, dict[str, object]]],
    blanks: list[int],
    broken: list[RowProblem],
    rows: int,
) -> FileReading:
    listed = any(isinstance(value.get("labels"), list) for _, value in objects)
    flat = [(line, _flatten(value)) for line, value in objects]
    names = tuple(dict.fromkeys(name for _, value in flat for name in value))
    table = [(line, [_cell(value.get(name)) for name in names]) for line, value in flat]
    columns = find_columns(names, flag_like(len(names), [cells for _, cells in table]))
    if not columns.usable or len(names) > _MOST_KEYS:
        shown = ", ".join(names[:20]) or "none"
        reason = (
            f"no key holds a text with its label (keys: {excerpt_of(shown)}); name them content and label"
        )
        problem = RowProblem(file=source.file, line=0, reason=reason, rows=max(rows, 1))
        return FileReading(
            file=source.file, role=FileRole.UNREAD, reader="JSON lines", rows=rows, problems=(problem,)
        )
    account = TableAccount(source, names, columns)
    for line in blanks:
        account.skip(line, SkipReason.BLANK, "")
    for line, cells in table:
        account.case(line, cells)
    if listed:
        message = "labels were given as lists; a flag that a list leaves out is kept as unknown."
        account.notice(Topic.LABELS, 0, message, "Write 0 for each flag that was looked at and not set.")
    return account.reading("JSON lines", rows, broken)


def _flatten(value: dict[str, object]) -> dict[str, object]:
    """An object with one key a flag, where its flags stand in a map or list under `labels`."""
    labels = value.get("labels")
    if isinstance(labels, dict):
        flags = {str(name): flag for name, flag in labels.items()}
    elif isinstance(labels, list):
        flags = {name: 1 for name in labels if isinstance(name, str)}
    else:
        return value
    return {**{key: item for key, item in value.items() if key != "labels"}, **flags}


def _cell(value: object) -> Cell:
    """A JSON value as a cell: null is blank, true is `true`, a list of texts stays a list."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return json.dumps(value, ensure_ascii=False)


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)
JSON_LINES = Reader(name="JSON lines", recognises=_recognises, read=_read)
