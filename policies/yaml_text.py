"""Values as YAML text that every reader takes alike. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import yaml

_SAFE_PLAIN = re.compile(r"\w(?:[\w ./+()'’@-]*[\w./+)])?")
# What YAML 1.2 or lenient 1.1 readers take for a number or a flag beyond PyYAML's own table.
_NUMBER_OR_FLAG = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+|[yYnN]")
# Characters that YAML does not print raw, or that end a line for some readers.
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

MAX_DEPTH = 6


def flow_text(value: object, *, depth: int = 0) -> str:
    """`value` on one line: text, flags, integers and None in lists and maps.

    Raises `TypeError` for anything else, a float included: its digits would not be its author's.
    """
    if depth > MAX_DEPTH:
        raise TypeError(f"front matter is nested more than {MAX_DEPTH} deep")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)}: {flow_text(item, depth=depth + 1)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ", ".join(flow_text(item, depth=depth + 1) for item in value) + "]"
    raise TypeError(f"front matter holds text, whole numbers, flags, lists and maps, not {value!r}")


def value_lines(value: object) -> tuple[str, tuple[str, ...]]:
    """What stands after `key:`, and the lines below it: a list of maps gets a line for each map."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        items: Sequence[object] = value
        if any(isinstance(item, Mapping) for item in items):
            return "", tuple(f"  - {flow_text(item, depth=1)}" for item in items)
    return flow_text(value), ()


def plain_copy(value: object) -> object:
    """`value` as `yaml_tree.plain_value` gives it back after writing and reading."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain_copy(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain_copy(item) for item in value]
    return value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"front matter keys are text, not {key!r}")
    return _text(key)


def _text(text: str) -> str:
    if _SAFE_PLAIN.fullmatch(text) and not _reads_as_something_else(text):
        return str(text)
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _reads_as_something_else(text: str) -> bool:
    if _NUMBER_OR_FLAG.fullmatch(text):
        return True
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return any(pattern.match(text) for _, pattern in resolvers.get(text[0], []))
