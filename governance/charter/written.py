"""How a value is written in a charter's file and in messages about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

WIDTH = 100
"""A line that would be longer is written over several."""

SHOWN = 60
"""Characters of a refused value that a message repeats."""

_LARGEST = 10**18


def written(value: object) -> str:
    """A plain value as TOML, on one line: `72`, `"1/2"`, `["a", "b"]`, `{share = "1/4", floor = 3}`.

    Texts are those that a charter may hold, which need no escapes; for any other value use `shown`.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return str(value)


def written_within(value: object, room: int) -> str:
    """As `written`, a list that takes more than `room` characters with an entry a line."""
    line = written(value)
    if len(line) <= room or not isinstance(value, list | tuple):
        return line
    return "[\n" + "".join(f"  {written(item)},\n" for item in value) + "]"


def shown(value: object) -> str:
    """Any value that was given, on one short line of printable characters."""
    text = "".join(character if character.isprintable() else "�" for character in _text(value))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _text(value: object) -> str:
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "a very large number"  # one of thousands of digits cannot be turned into text at all
    if isinstance(value, bool | int | str):
        return written(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_item(item) for item in value[:SHOWN])}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name} = {_item(item)}' for name, item in value.items())}}}"
    return str(value)


def _item(value: object) -> str:
    """What stands in a list or table; its own parts are left out, however deep they go."""
    return "…" if isinstance(value, list | tuple | Mapping) else _text(value)
