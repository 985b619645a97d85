"""Where a new key goes in a charter's file: beside its siblings, or in a table of its own. Pure."""

from __future__ import annotations

import re

from governance.charter.schema import GROUPS, KEYS
from governance.charter.statements import Path, Statement, statements
from governance.charter.values import Plain
from governance.charter.written import WIDTH, written, written_within

_KEY_RANKS = {key: number for number, key in enumerate(KEYS)}
_LAST_CLASS = max(number for key, number in _KEY_RANKS.items() if key.startswith("class."))


def rank(key: str) -> tuple[int, str]:
    """The order in which keys are written; groups come behind the classes, unknown ones last."""
    group = _LAST_CLASS if key.partition(".")[0] == GROUPS else len(KEYS)
    return _KEY_RANKS.get(key, group), key


def insert(lines: list[str], path: Path, value: Plain) -> None:
    """Puts a key that is not there into the lines of a file that reads well."""
    found = list(statements(lines))
    if path[0] == GROUPS and not any(item.is_header and item.table == path[:-1] for item in found):
        short: Plain = {path[2]: value}  # type: ignore[dict-item]
        if len(written(short)) <= WIDTH:
            path, value = path[:2], short
    own = next((item for item in found if item.is_header and item.table == path[:-1]), None)
    siblings = [item for item in found if _gives_a_sibling(item, path[:-1])]
    if own is not None:
        number, indent = _in_table(lines, found, own, path[-1])
        lines[number:number] = _entry(path[-1], value, indent)
    elif siblings:
        last = siblings[-1]
        name = ".".join(path[len(last.table) :])
        lines[last.last + 1 : last.last + 1] = _entry(name, value, _indent(lines[last.first]))
    else:
        _insert_table(lines, found, path, value)


def _gives_a_sibling(item: Statement, table: Path) -> bool:
    """Whether a statement gives a key of the table by a dotted name."""
    return len(item.table) < len(table) and any(key[: len(table)] == table for key in item.values)


def _in_table(lines: list[str], found: list[Statement], own: Statement, name: str) -> tuple[int, str]:
    """The line below which a key of an existing table goes, and how far it is indented.

    That is behind the comment that shows the preset's value of this key, where the file has one, or
    else behind the last key.
    """
    end = next((item.first for item in found if item.is_header and item.first > own.first), len(lines))
    shown = re.compile(rf"\s*#\s*{re.escape(name)}\s*=")
    inside = [item for item in found if own.first < item.first < end]
    last = inside[-1] if inside else own
    indent = _indent(lines[last.first])
    for number in range(own.first + 1, end):
        if shown.match(lines[number]):
            return number + 1, _indent(lines[number])
    return last.last + 1, indent


def _insert_table(lines: list[str], found: list[Statement], path: Path, value: Plain) -> None:
    """Adds a table with one key, behind those that are written before it."""
    headers = [item for item in found if item.is_header]
    mine = _table_rank(path[:-1])
    later = next((item for item in headers if _table_rank(item.table) > mine), None)
    number = len(lines) if later is None else later.first
    # The comment right above a table belongs to it.
    while later is not None and number and lines[number - 1].lstrip().startswith("#"):
        number -= 1
    while number and not lines[number - 1].strip():
        number -= 1
    block = ["", f"[{'.'.join(path[:-1])}]", *_entry(path[-1], value)]
    lines[number:number] = block if number < len(lines) and not lines[number].strip() else [*block, ""]


def _table_rank(table: Path) -> int:
    name = ".".join(table)
    if table[:1] == (GROUPS,):
        return _LAST_CLASS
    within = (number for key, number in _KEY_RANKS.items() if key == name or key.startswith(f"{name}."))
    return next(within, len(KEYS))


def _entry(name: str, value: Plain, indent: str = "") -> list[str]:
    text = f"{name} = {written_within(value, WIDTH - len(indent) - len(name))}"
    return [f"{indent}{line}" for line in text.split("\n")]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
