"""Texts to be classified, read from a file: JSON lines, a table with a header, or one text a line.

Every text is read before the first is classified, and a line that cannot be read stops it there: nobody
should find out afterwards that a row was passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from policies.importers.rows import read_sheet
from policies.limits import MIB
from registry.services.errors import InputRefusedError
from registry.services.folders import read_plain_file

MAX_FILE_BYTES = 64 * MIB
MAX_TEXTS = 100_000
MAX_TEXT_BYTES = 1 * MIB

_BOM = "\ufeff"
_MOST_ID = 200
_CONTENT = ("content", "text")


class Text(NamedTuple):
    """One text. `id` is the file's own or the line it begins on; `context` says where it stood."""

    id: str
    content: str
    context: str | None = None


def read_texts(path: Path) -> tuple[Text, ...]:
    """Every text of a file, in its order. What it is follows from its ending.

    Raises `InputRefusedError` with the line for what cannot be read, and for a file without a text.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise InputRefusedError(
            str(path),
            "its ending does not say what it is.",
            f"Name it {', '.join(sorted(_READERS))}; `-` reads one text from standard input.",
        )
    raw = read_plain_file(path, MAX_FILE_BYTES)
    try:
        text = raw.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputRefusedError(f"{path}:{line}", "this is not UTF-8.", "Save it as UTF-8.") from None
    texts = []
    for line, item in read(path, text):
        _check(path, line, item)
        texts.append(item)
        if len(texts) > MAX_TEXTS:
            raise InputRefusedError(str(path), f"it has more than {MAX_TEXTS:,} texts.", "Split it.")
    if not texts:
        raise InputRefusedError(str(path), "there is no text in it.", "Give one text a line at least.")
    return tuple(texts)


def check_text(place: str, content: str) -> None:
    """Raises `InputRefusedError` for a text that is empty or longer than one piece of content is."""
    if not content.strip():
        raise InputRefusedError(place, "it is empty.", "Give the content to judge.")
    if len(content.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise InputRefusedError(place, "it is over 1 MiB.", "Give one piece of content.")


def _check(path: Path, line: int, text: Text) -> None:
    check_text(f"{path}:{line}", text.content)
    if not 0 < len(text.id) <= _MOST_ID:
        raise InputRefusedError(
            f"{path}:{line}",
            f"its id does not have 1 to {_MOST_ID} characters.",
            "Shorten it or leave it out.",
        )


def _json_lines(path: Path, text: str) -> Iterator[tuple[int, Text]]:
    # Not splitlines(): a text may hold line ends that JSON allows within a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise InputRefusedError(
                f"{path}:{number}", "this is not a JSON object.", 'Write {"id": "...", "content": "..."}.'
            )
        yield number, _of_object(path, number, value)


def _of_object(path: Path, line: int, value: Mapping[str, object]) -> Text:
    content, given, context = value.get("content"), value.get("id", line), value.get("context")
    if not isinstance(content, str):
        raise InputRefusedError(
            f"{path}:{line}", "it has no text as `content`.", "Add it, or remove the line."
        )
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise InputRefusedError(f"{path}:{line}", "its `id` is no text.", "Quote it, or leave it out.")
    if context is not None and not isinstance(context, str):
        raise InputRefusedError(f"{path}:{line}", "its `context` is no text.", "Quote it, or leave it out.")
    return Text(str(given), content, context)


def _table(path: Path, text: str) -> Iterator[tuple[int, Text]]:
    sheet = read_sheet(path.name, text, "\t" if path.suffix.lower() == ".tsv" else None)
    if sheet.problems:
        problem = sheet.problems[0]
        raise InputRefusedError(
            f"{path}:{problem.line}", f"the table cannot be read here: {problem.reason}.", "Correct the line."
        )
    rows = [row for row in sheet.rows if not row.blank]
    if not rows:
        return
    names = [name.strip().lower() for name in rows[0].cells]
    at = next((names.index(name) for name in _CONTENT if name in names), None)
    if at is None:
        raise InputRefusedError(
            f"{path}:{rows[0].line}", "the table has no column `content`.", "Give its columns a header."
        )
    ids, contexts = (names.index(name) if name in names else None for name in ("id", "context"))
    for row in rows[1:]:
        if len(row.cells) <= at:
            raise InputRefusedError(
                f"{path}:{row.line}", "the row ends before its content.", "Correct or remove it."
            )
        yield (
            row.line,
            Text(_cell(row.cells, ids) or str(row.line), row.cells[at], _cell(row.cells, contexts)),
        )


def _cell(cells: tuple[str, ...], at: int | None) -> str | None:
    return None if at is None or at >= len(cells) else cells[at].strip() or None


def _lines(_path: Path, text: str) -> Iterator[tuple[int, Text]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, Text(str(number), line.removesuffix("\r"))


_READERS: Mapping[str, Callable[[Path, str], Iterator[tuple[int, Text]]]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _table,
    ".tsv": _table,
    ".txt": _lines,
}
