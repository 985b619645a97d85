"""A TOML text as its statements: which lines each takes, and which keys it gives a value. Pure.

`tomllib` says what a text means but not where; TOML being a language of lines, a statement is the
shortest run of lines that `tomllib` reads by itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str, ...]

MAX_LINES = 100
"""Lines that one value may take; looking for the end of a longer one would cost its square."""


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


class TooLongError(ValueError):
    """A value over more lines than `MAX_LINES`; `line` counts from 0."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line + 1}")


def statements(lines: list[str]) -> Iterator[Statement]:
    """The statements of a text that `tomllib` reads, by its lines. Raises `TooLongError`."""
    table: Path = ()
    number = 0
    while number < len(lines):
        text = lines[number].strip()
        if not text or text.startswith("#"):
            number += 1
            continue
        is_header = text.startswith("[")
        last, read = _whole(lines, number)
        values = {} if is_header else {table + path: value for path, value in leaves(read)}
        table = _header(read) if is_header else table
        yield Statement(number, last, table, is_header, values)
        number = last + 1


def is_plain(text: str) -> bool:
    """Whether a statement keeps to what every reader of TOML 1.0 and 1.1 takes alike.

    Texts of a charter need no escapes and no line breaks, and a table in braces neither line breaks nor
    a comma at its end.
    """
    parts = [part for part in _PARTS.findall(text) if not part.startswith("#")]
    texts = [part for part in parts if part[0] in "\"'"]
    if any(part in _OVER_LINES or "\\" in part for part in texts):
        return False
    return not _LOOSE_BRACES.search("".join(part for part in parts if part[0] not in "\"'"))


_OVER_LINES = ('"""', "'''")
_PARTS = re.compile(r"""#[^\n]*|"{3}|'{3}|"[^"\n]*"|'[^'\n]*'|[^#"']+""")
_LOOSE_BRACES = re.compile(r",\s*\}|\{[^}]*\n")


def _whole(lines: list[str], first: int) -> tuple[int, dict[str, Any]]:
    """The last line of the statement that begins here, and what it says."""
    for last in range(first, min(len(lines), first + MAX_LINES)):
        try:
            return last, tomllib.loads("\n".join(lines[first : last + 1]))
        except tomllib.TOMLDecodeError:
            continue
    raise TooLongError(first)


def _header(read: Mapping[str, Any]) -> Path:
    path: list[str] = []
    while read:
        ((name, inner),) = read.items()
        path.append(name)
        read = inner[0] if isinstance(inner, list) else inner
    return tuple(path)


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no table, by its path; an empty table stands for itself."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, value
