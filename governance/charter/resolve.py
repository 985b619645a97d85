"""From a preset and overrides to the charter that rules read, and back. Pure.

Overrides come from events and from the file alike, and each is read by its key's kind. The same rules
have one minimal form (`overrides_of`) and one digest (`charter_digest`), however they were written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
from immutables import Map

from governance.charter.errors import InvalidCharterError, KeyFinding
from governance.charter.kinds import Typed, WrongKindError
from governance.charter.model import Charter
from governance.charter.presets import PRESETS
from governance.charter.schema import (
    GROUPS,
    KEYS,
    LATER,
    MAX_GROUPS,
    TABLES,
    closest,
    group_key,
    group_of,
    kind_of,
)
from governance.charter.values import MAX_OVERRIDES, Plain
from governance.charter.written import shown, written
from policies.canonical import canonical_digest

# `class` is a word that Python keeps for itself.
_PATHS = {key: f"classes{key[5:]}" if key.startswith("class.") else key for key in KEYS}
_GETTERS = {key: attrgetter(path) for key, path in _PATHS.items()}

_LARGEST = 2**53
_LONGEST = 130
"""Characters of an unknown key that a message repeats; a known one has fewer."""

_encode = msgspec.json.Encoder(order="sorted").encode


def resolve(preset: str, overrides: Mapping[str, object]) -> Charter:
    """The charter of a preset with these overrides, by dotted keys.

    Cached, since it is asked for with every event. Raises `InvalidCharterError` naming each key that
    does not exist or holds what it may not.
    """
    if len(overrides) > MAX_OVERRIDES:
        raise InvalidCharterError((_too_many(len(overrides)),))
    plain = dict(overrides)
    if not _is_plain(plain, depth=2):
        # JSON would turn a date into a text, and what is refused needs no cache.
        return _resolved(preset, overrides)
    return _cached(preset, _encode(plain))


def overrides_of(charter: Charter) -> dict[str, Plain]:
    """The overrides of a charter: what it says otherwise than its preset, sorted by key."""
    preset = PRESETS[charter.preset]
    return {key: value for key, value in sorted(plain_values(charter).items()) if preset.get(key) != value}


def plain_values(charter: Charter) -> dict[str, Plain]:
    """Every key of a charter in plain values, groups included, in the order in which they are written."""
    keys = (*KEYS, *(group_key(group) for group in sorted(charter.groups)))
    return {key: plain_value(charter, key) for key in keys}


def plain_value(charter: Charter, key: str) -> Plain:
    """The plain value of a key. Raises `KeyError` for one that does not exist in this charter."""
    kind = kind_of(key)
    if kind is None:
        raise KeyError(key)
    return kind.write(value_of(charter, key))


def value_of(charter: Charter, key: str) -> Typed:
    """The typed value of a key. Raises `KeyError` for one that does not exist in this charter."""
    group = group_of(key)
    if group is not None:
        return charter.groups[group]
    value: Typed = _GETTERS[key](charter)
    return value


def charter_digest(charter: Charter) -> str:
    """SHA-256 of the rules themselves: equal for two charters that say the same by different presets."""
    return canonical_digest(plain_values(charter))


@lru_cache(maxsize=1024)
def _cached(preset: str, raw: bytes) -> Charter:
    return _resolved(preset, msgspec.json.decode(raw))


def _resolved(preset: str, overrides: Mapping[str, object]) -> Charter:
    base = PRESETS.get(preset)
    if base is None:
        raise InvalidCharterError((unknown_preset(preset),))
    findings = list(wrong_keys(overrides))
    if findings:
        raise InvalidCharterError(tuple(findings))
    return _build(preset, {**base, **overrides})


def _build(preset: str, values: Mapping[str, object]) -> Charter:
    tree: dict[str, Any] = {"preset": preset}
    for key, spec in KEYS.items():
        *tables, last = _PATHS[key].split(".")
        table = tree
        for name in tables:
            table = table.setdefault(name, {})
        table[last] = spec.kind.read(values[key])
    groups = {group: _delegates(key, values[key]) for key in values if (group := group_of(key)) is not None}
    charter: Charter = _struct(Charter, {**tree, "groups": Map(groups)})
    return charter


def _delegates(key: str, value: object) -> tuple[str, ...]:
    kind = kind_of(key)
    assert kind is not None
    read = kind.read(value)
    assert isinstance(read, tuple)
    return read


def _struct(kind: Any, values: Mapping[str, Any]) -> Any:
    """A struct of the model from a tree of typed values."""
    fields = {}
    for field in msgspec.structs.fields(kind):
        value = values[field.name]
        fields[field.name] = _struct(field.type, value) if isinstance(value, dict) else value
    return kind(**fields)


def _is_plain(value: object, *, depth: int) -> bool:
    """Whether JSON gives the value back as it is, lists as tuples apart."""
    if isinstance(value, str):
        return value.isascii()
    if isinstance(value, int):
        return abs(value) < _LARGEST
    if depth and isinstance(value, list | tuple):
        return all(_is_plain(item, depth=depth - 1) for item in value)
    if depth and isinstance(value, dict):
        return all(
            isinstance(key, str) and key.isascii() and _is_plain(item, depth=depth - 1)
            for key, item in value.items()
        )
    return False


def finding(charter: Charter, key: str, why: str, remedy: str) -> KeyFinding:
    """Something that is wrong with a key of a charter as it stands."""
    return KeyFinding(key=key, value=written(plain_value(charter, key)), why=why, remedy=remedy)


def wrong_keys(overrides: Mapping[str, object]) -> Iterator[KeyFinding]:
    """Each key that does not exist or holds what it may not."""
    groups = 0
    for key, value in sorted(overrides.items()):
        kind = kind_of(key)
        if kind is None:
            yield unknown_key(key)
            continue
        groups += group_of(key) is not None
        try:
            kind.read(value)
        except WrongKindError as error:
            yield _wrong_value(key, value, error.expected)
    if groups > MAX_GROUPS:
        yield KeyFinding(
            key=GROUPS,
            value="",
            why=f"{groups} groups are over the limit of {MAX_GROUPS}.",
            remedy="Name fewer, and let one speak for several.",
        )


def _wrong_value(key: str, value: object, expected: str) -> KeyFinding:
    """A key that holds what it may not."""
    return KeyFinding(key=key, value=shown(value), why="That does not fit here.", remedy=f"Give {expected}.")


def unknown_preset(preset: object) -> KeyFinding:
    """A preset that does not ship."""
    return KeyFinding(
        key="preset",
        value=shown(preset),
        why="No preset of that name ships with this program.",
        remedy=f"Use {', '.join(PRESETS)}.",
    )


def unknown_key(key: str) -> KeyFinding:
    """A key or table that does not exist, with the one that was probably meant."""
    short = key if len(key) <= _LONGEST else f"{key[:_LONGEST]}…"
    if key in LATER or key.partition(".")[0] in LATER:
        why = "No rule of this version reads it, and a charter promises only what is kept."
        remedy = "Take it out until a version has that rule."
    elif '"' in key:
        why, remedy = "A name that needs quotes is no key.", "Write keys without quotes."
    elif key in TABLES:
        why, remedy = "It is a table of keys, not a key.", f"Name a key of it, such as {_first_of(key)}."
    elif key.partition(".")[0] == GROUPS:
        why = "A group is a name of a-z, 0-9 and hyphens, with those who speak for it."
        remedy = f'Write it as {group_key("teens")} = ["youth-council"].'
    else:
        why, near = "No such key is known.", closest(key)
        remedy = f"Did you mean {near}?" if near else "The README of governance lists every key."
    return KeyFinding(key=short, value="", why=why, remedy=remedy)


def _first_of(table: str) -> str:
    return next(key for key in KEYS if key.startswith(f"{table}."))


def _too_many(count: int) -> KeyFinding:
    return KeyFinding(
        key="overrides",
        value="",
        why=f"{count} overrides are over the limit of {MAX_OVERRIDES}.",
        remedy="Leave out what is as the preset has it.",
    )
