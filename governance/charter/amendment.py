"""Changes single keys of a charter's file and leaves every other byte as it is. Pure.

The file belongs to its authors: their comments, order and spacing stay. A line that is touched keeps
its comment; the others are not touched. Which lines those are follows from `statements.py`, and where
a new one goes from `placement.py`. tomlkit rewrites single statements only: in a whole file it would
add keys behind the comment of the next table.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

import tomlkit
from tomlkit.items import Table

from governance.charter.codec import CharterFile, read_charter
from governance.charter.errors import InvalidCharterError
from governance.charter.first_file import first_file
from governance.charter.placement import insert, rank
from governance.charter.presets import PRESETS
from governance.charter.resolve import unknown_key, unknown_preset, wrong_keys
from governance.charter.schema import kind_of
from governance.charter.statements import Path, Statement, leaves, statements
from governance.charter.values import Plain
from governance.charter.written import WIDTH, written, written_within
from policies.limits import LIMITS

PRESET = "preset"


def amend(charter: CharterFile, changes: Mapping[str, Plain | None]) -> CharterFile:
    """The file with each key of `changes` set, or taken out where its value is None.

    A key that is taken out is as the preset has it again; `preset` itself may be changed, and not
    taken out. A file without a comment of its authors' then shows what the new preset says.

    Raises `InvalidCharterError` for a key or value that no charter may hold, and `MalformedCharterError`
    for a file that would grow over its limits.
    """
    preset = changes.get(PRESET, charter.preset)
    wanted = {key: value for key, value in changes.items() if key != PRESET}
    given = {key: value for key, value in wanted.items() if value is not None}
    gone = sorted(wanted.keys() - given.keys())
    unknown = (unknown_key(key) for key in gone if kind_of(key) is None)
    # What was probably meant is looked for in all names there are: not for thousands of keys.
    findings = list(islice(chain(unknown, wrong_keys(given)), LIMITS.findings))
    if preset not in PRESETS:
        findings.append(unknown_preset(preset))
    if findings:
        raise InvalidCharterError(tuple(findings))
    plain = {key: None if value is None else _plain(key, value) for key, value in wanted.items()}
    lines, stands = charter.text.split("\n"), dict(charter.written)
    put = plain
    if preset != charter.preset:
        if _is_ours(charter):
            # Its comments are what the former preset says: they would be untrue from here on.
            lines = first_file(str(preset)).decode().split("\n")
            put, stands = {**charter.written, **plain}, {}
        else:
            _change(lines, (PRESET,), preset)
    for key in sorted(put, key=rank):
        if put[key] != stands.get(key):
            _change(lines, tuple(key.split(".")), put[key])
    after = read_charter("\n".join(lines).encode(), charter.file)
    expected = {key: value for key, value in {**charter.written, **plain}.items() if value is not None}
    # The text was put together from lines; what it says is known by reading it.
    if after.preset != preset or dict(after.written) != expected:
        raise AssertionError(f"{charter.file} does not say what was written into it")
    return after


def _is_ours(charter: CharterFile) -> bool:
    """Whether every comment in the file is one that we wrote when the commons was founded."""
    ours = first_file(charter.preset).decode().split("\n")
    whole, tails = set(ours), {line.partition("  #")[2] for line in ours}
    return all(
        line in whole
        if line.lstrip().startswith("#")
        else "#" not in line or line.partition("  #")[2] in tails
        for line in charter.text.split("\n")
    )


def _plain(key: str, value: Plain) -> Plain:
    """The value in the form in which it reads back."""
    kind = kind_of(key)
    assert kind is not None
    return kind.write(kind.read(value))


class _Held(NamedTuple):
    """A statement with the path of what stands before its `=`, and tomlkit's view of it."""

    statement: Statement
    root: Path
    document: tomlkit.TOMLDocument


def _change(lines: list[str], path: Path, value: Plain | None) -> None:
    """Gives a key its value, or takes it out, in the lines of a file."""
    found = list(statements(lines))
    held = [_held(lines, statement) for statement in found if _concerns(statement, path)]
    inside = next((item for item in held if path[: len(item.root)] == item.root), None)
    if inside is not None:
        _rewrite(lines, inside, path[len(inside.root) :], value)
        return
    # The key may stand in parts: [class.policy.quorum], or quorum.share = and quorum.floor =.
    parts = [item.statement for item in held if item.root[: len(path)] == path]
    parts += [statement for statement in found if statement.is_header and statement.table == path]
    for statement in sorted(parts, key=lambda part: part.first, reverse=True):
        del lines[statement.first : statement.last + 1]
    if value is not None:
        insert(lines, path, value)


def _concerns(statement: Statement, path: Path) -> bool:
    """Whether a statement gives the key, a part of it, or a table in braces that could hold it."""
    return any(key[: len(path)] == path[: len(key)] for key in statement.values) or any(
        key[:1] == path[:1] and len(key) > len(statement.table) + 1 for key in statement.values
    )


def _held(lines: list[str], statement: Statement) -> _Held:
    document = tomlkit.parse("\n".join(lines[statement.first : statement.last + 1]))
    names: list[str] = []
    level: Any = document
    while isinstance(level, tomlkit.TOMLDocument | Table):
        body = level.body if isinstance(level, tomlkit.TOMLDocument) else level.value.body
        key, level = next((key, item) for key, item in body if key is not None)
        names.append(key.key)
    return _Held(statement, (*statement.table, *names), document)


def _rewrite(lines: list[str], held: _Held, inner: Path, value: Plain | None) -> None:
    """Changes a key where it stands, alone or as `inner` of a table in braces."""
    statement, root, document = held
    *tables, name = root[len(statement.table) :]
    place: Any = document
    for table in tables:
        place = place[table]
    whole = _with(place[name].unwrap(), inner, value) if inner else value
    if whole is None:
        del lines[statement.first : statement.last + 1]
        return
    if inner and len(written(whole)) > WIDTH:
        # Braces end on the line on which they begin; what no longer fits gets tables of its own.
        del lines[statement.first : statement.last + 1]
        for deeper, item in leaves(whole, root):
            insert(lines, deeper, item)
        return
    place[name] = tomlkit.value(written_within(whole, WIDTH))
    lines[statement.first : statement.last + 1] = document.as_string().split("\n")


def _with(table: dict[str, Any], inner: Path, value: Plain | None) -> dict[str, Any] | None:
    """A table with the value set at a path in it, or taken out; None when nothing is left."""
    name, *deeper = inner
    new = _with(table.get(name, {}), tuple(deeper), value) if deeper else value
    changed = {key: item for key, item in table.items() if key != name or new is not None}
    if new is not None:
        changed[name] = new
    return changed or None
