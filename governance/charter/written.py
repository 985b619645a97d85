"""How a value is written in a charter's file and in messages about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

SHOWN = 60
"""Characters of a refused value that a message repeats."""


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


def shown(value: object) -> str:
    """Any value that was given, on one short line of printable characters."""
    if isinstance(value, list | tuple):
        text = f"a list of {len(value)}"
    elif isinstance(value, Mapping):
        text = "a table"
    elif isinstance(value, int | str):
        # A number of thousands of digits cannot be turned into text at all.
        text = written(value) if isinstance(value, str) or abs(value) < 10**18 else "a very large number"
    else:
        text = str(value)
    line = "".join(character if character.isprintable() else "�" for character in text)
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
