"""The keys of a charter as fields of a form, with their words, and what was typed as values. Pure.

Whatever stands in a field as it stood is no change, so that a form that is sent untouched changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from governance.charter.codec import CharterFile
from governance.charter.kinds import NONE, Choice, Flag, Optional, QuorumParts, Texts, Whole
from governance.charter.model import EvidenceMode, Formula, Join, Visibility
from governance.charter.modes import idle_keys
from governance.charter.resolve import plain_value, resolve
from governance.charter.schema import KEYS, group_key, kind_of
from governance.charter.scopes import is_protected
from governance.charter.values import Plain
from governance.charter.words import DECIDED
from registry.services.amending import Locked

SECTIONS: tuple[tuple[str, str], ...] = (
    ("membership", "Members"),
    ("class.routine", "Small changes: metadata, more cases, wording that the tests show to be neutral"),
    ("class.policy", "Changes of what a policy says"),
    ("class.membership", "Admitting members, where that is by vote"),
    ("class.charter", "Changes of these rules"),
    ("class.entrenched", "Changes of protected rules"),
    ("ballot", "Votes"),
    ("objections", "Holds and waiting"),
    ("evidence", "Tests"),
    ("attention", "Sharing the work"),
    ("panel", "When something is challenged"),
    ("emergency", "Emergencies"),
    ("nesting", "Commons within this one"),
    ("audit", "The record"),
)
"""Every table of keys, with a title; a test holds that no key is left out."""

GROUP_NAME, GROUP_DELEGATES = "new-group", "new-group-delegates"
HOW, FACTOR, FLOOR = "how", "factor", "floor"

_WORDS: Mapping[str, str] = {
    **{f"mode {mode}": words for mode, words in DECIDED.items()},
    f"join {Join.OPEN}": "whoever asks is in",
    f"join {Join.INVITED}": "by an invitation",
    f"join {Join.VOUCHED}": "members vouch for them",
    f"join {Join.BY_VOTE}": "by a vote",
    f"visibility {Visibility.OPEN}": "as soon as it is cast",
    f"visibility {Visibility.SEALED_UNTIL_CLOSE}": "only after the vote has closed",
    "mode off": "none are asked for",
    f"mode {EvidenceMode.ADVISORY}": "they inform",
    f"mode {EvidenceMode.GATE}": "they can hold a change up",
    "on_inconclusive warn": "it is said",
    "on_inconclusive vote": "there is a vote",
    "on_inconclusive block": "it does not go on",
    "on_missing warn": "it is said",
    "on_missing vote": "there is a vote",
    "on_missing block": "it does not go on",
    "child_may tighten": "it may be stricter",
    "child_may keep": "it has to keep it",
}
_PARTS = re.compile(r"[,\s]+")
_NUMBER = re.compile(r"[0-9]{1,9}")


class KeyField(NamedTuple):
    """A key: its sentence, its unit, what it may hold, and how it is asked for.

    `control` is `choice`, `number`, `quorum` or `line`; `options` are values with words. `locked` says what
    the commons above binds it to, `idle` why it does nothing as things stand.
    """

    key: str
    label: str
    unit: str
    range: str
    control: str
    options: Sequence[tuple[str, str]]
    locked: Locked | None
    idle: str | None
    protected: bool


class KeySection(NamedTuple):
    """A table of keys: those that do something as things stand, and those that do not."""

    name: str
    title: str
    live: tuple[KeyField, ...]
    idle: tuple[KeyField, ...]


def key_sections(file: CharterFile, locked: Sequence[Locked]) -> tuple[KeySection, ...]:
    """All keys but those of groups, in the order of the file."""
    idle, bound = idle_keys(file.charter), {one.key: one for one in locked}
    made = []
    for name, title in SECTIONS:
        fields = [_field(key, bound.get(key), idle.get(key)) for key in KEYS if key.startswith(f"{name}.")]
        made.append(
            KeySection(
                name,
                title,
                tuple(one for one in fields if one.idle is None),
                tuple(one for one in fields if one.idle is not None),
            )
        )
    return tuple(made)


def first_values(file: CharterFile) -> dict[str, str]:
    """What the fields hold before anybody changed anything."""
    charter = file.charter
    values: dict[str, str] = {"preset": file.preset}
    for key in (*KEYS, *map(group_key, charter.groups)):
        values |= _texts(key, plain_value(charter, key))
    return values


def changes_in(file: CharterFile, typed: Mapping[str, str]) -> dict[str, Plain | None]:
    """The keys that were changed in a form; None for one that is as the preset has it again."""
    charter, preset = file.charter, resolve(file.preset, {})
    changes: dict[str, Plain | None] = {}
    for key in KEYS:
        wanted = _value(key, typed)
        if wanted is not None and wanted != plain_value(charter, key):
            is_usual = key in file.written and wanted == plain_value(preset, key)
            changes[key] = None if is_usual else wanted
    for group in charter.groups:
        key = group_key(group)
        wanted = _value(key, typed)
        if wanted is not None and wanted != plain_value(charter, key):
            changes[key] = wanted or None
    name = typed.get(GROUP_NAME, "").strip()
    if name:
        changes[group_key(name)] = _list(typed.get(GROUP_DELEGATES, ""))
    return changes


def _field(key: str, locked: Locked | None, idle: str | None) -> KeyField:
    known = KEYS[key]
    control, options = _control(key)
    return KeyField(
        key,
        known.meaning,
        known.unit,
        known.kind.range,
        control,
        options,
        locked,
        idle,
        is_protected(key),
    )


def _control(key: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    kind = KEYS[key].kind
    if _is_quorum(key):
        return "quorum", (
            (NONE, "none"),
            (Formula.SHARE, "a share of those who can vote"),
            (Formula.SQRT, "times the square root of how many can vote"),
        )
    if isinstance(kind, Choice):
        return "choice", tuple((word, _word(key, word)) for word in kind.words)
    if isinstance(kind, Flag):
        return "choice", (("true", "yes"), ("false", "no"))
    return ("number" if isinstance(kind, Whole) else "line"), ()


def _is_quorum(key: str) -> bool:
    kind = kind_of(key)
    return isinstance(kind, Optional) and isinstance(kind.kind, QuorumParts)


def _word(key: str, word: str) -> str:
    last = key.rpartition(".")[2]
    return _WORDS.get(f"{last} {word}", word.replace("_", " "))


def _texts(key: str, value: Plain) -> Iterator[tuple[str, str]]:
    if _is_quorum(key):
        how = NONE
        if isinstance(value, Mapping):
            how = str(Formula.SHARE if "share" in value else Formula.SQRT)
            yield f"{key}.{FACTOR}", str(value.get("share", value.get("factor", "")))
            yield f"{key}.{FLOOR}", str(value["floor"])
        yield f"{key}.{HOW}", how
    elif isinstance(value, bool):
        yield key, "true" if value else "false"
    elif isinstance(value, tuple):
        yield key, ", ".join(value)
    else:
        yield key, str(value)


def _value(key: str, typed: Mapping[str, str]) -> Plain | None:
    """What was typed for a key, for the charter's own rules to judge; None where nothing was sent."""
    kind = kind_of(key)
    inner = kind.kind if isinstance(kind, Optional) else kind
    if _is_quorum(key):
        how = typed.get(f"{key}.{HOW}")
        factor, floor = typed.get(f"{key}.{FACTOR}", "").strip(), typed.get(f"{key}.{FLOOR}", "").strip()
        if how is None or how == NONE:
            return how
        if how == Formula.SHARE:
            return {"share": factor, "floor": _number(floor)}
        return {"formula": how, "factor": factor, "floor": _number(floor)}
    if key not in typed:
        return None
    text = typed[key].strip()
    if isinstance(kind, Optional) and text in ("", NONE):
        return NONE
    if isinstance(inner, Texts):
        return _list(text)
    if isinstance(inner, Whole):
        return _number(text)
    if isinstance(inner, Flag):
        return {"true": True, "false": False}.get(text, text)
    return text


def _number(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text


def _list(text: str) -> tuple[str, ...]:
    return tuple(sorted(part for part in _PARTS.split(text) if part))
