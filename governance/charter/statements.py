"""A TOML text as its statements: which lines each takes, and which keys it gives a value. Pure.

`tomllib` says what a text means but not where. TOML being a language of lines, a statement ends where
its brackets are closed, and `tomllib` reads it by itself. What readers of TOML 1.0 and 1.1 do not all
take alike is refused on the way: no text of a charter needs an escape or a line end.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str, ...]


class Statement(NamedTuple):
    """A header `[table]`, or a key with its value.

    `first` and `last` are lines from 0; `table` is the header that it stands under (its own path for a
    header); `values` are the dotted keys that it gives, with what they hold, empty for a header.
    """

    first: int
    last: int
    table: Path
    is_header: bool
    values: Mapping[Path, object]


class NotPlainError(ValueError):
    """Something that not all readers take alike; `line` counts from 0."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line + 1}")


def statements(lines: list[str]) -> Iterator[Statement]:
    """The statements of a text that `tomllib` reads, by its lines. Raises `NotPlainError`."""
    table: Path = ()
    number = 0
    while number < len(lines):
        if not _code(lines[number], number).strip():
            number += 1
            continue
        last = _last(lines, number)
        read = tomllib.loads("\n".join(lines[number : last + 1]))
        is_header = lines[number].lstrip().startswith("[")
        values = {} if is_header else {table + path: value for path, value in leaves(read)}
        table = _header(read) if is_header else table
        yield Statement(number, last, table, is_header, values)
        number = last + 1


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no table, by its path; an empty table stands for itself."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, value


_PARTS = re.compile(r"""#.*|"{3}|'{3}|"[^"]*"|'[^']*'|[^#"']+|["']""")
_OPEN, _CLOSED = re.compile(r"[\[{]"), re.compile(r"[\]}]")


def _code(line: str, number: int) -> str:
    """A line without its comment and without what stands in quotes."""
    code = ""
    for part in _PARTS.findall(line):
        if part.startswith("#"):
            break
        if part[0] not in "\"'":
            code += part
        elif (len(part) in (1, 3) and len(set(part)) == 1) or "\\" in part:
            raise NotPlainError(number)  # an escape, or a text over several lines
        else:
            code += '""'
    return code


def _last(lines: list[str], first: int) -> int:
    """The line on which the statement that begins here ends."""
    depth, code = 0, ""
    for number in range(first, len(lines)):
        line = _code(lines[number], number)
        code += line
        depth += len(_OPEN.findall(line)) - len(_CLOSED.findall(line))
        if _ends_loosely(code, depth):
            raise NotPlainError(number)
        if depth <= 0:
            return number
    return len(lines) - 1


def _ends_loosely(code: str, depth: int) -> bool:
    """Whether a table in braces is open at the end of a line, or has a comma before its end."""
    return bool(re.search(r",\s*\}", code)) or (depth > 0 and code.count("{") > code.count("}"))


def _header(read: Mapping[str, Any]) -> Path:
    path: list[str] = []
    while read:
        ((name, inner),) = read.items()
        path.append(name)
        read = inner[0] if isinstance(inner, list) else inner
    return tuple(path)
