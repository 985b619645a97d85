"""The typed rules and the list of keys are one thing said twice."""

from __future__ import annotations

import msgspec
import pytest

from governance.charter.model import ChangeClass, Charter, Quorum, strictest
from governance.charter.schema import KEYS, TABLES, closest, group_of, kind_of


def _fields(kind: type, prefix: str = "") -> list[str]:
    keys: list[str] = []
    for field in msgspec.structs.fields(kind):
        name = "class" if field.name == "classes" else field.name
        nested = isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
        if nested and field.type is not Quorum:
            keys += _fields(field.type, f"{prefix}{name}.")
        else:
            keys.append(f"{prefix}{name}")
    return keys


def test_every_key_is_a_field() -> None:
    """Each field of the model is a key of the schema, and each key a field; groups and preset apart."""
    assert sorted(set(_fields(Charter)) - {"preset", "groups"}) == sorted(KEYS)


def test_tables() -> None:
    """The tables are the parts before the last of every key."""
    assert {"class", "class.policy", "evidence", "evidence.model"} < TABLES
    assert not TABLES & set(KEYS)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (["routine"], "routine"),
        (["policy", "routine"], "policy"),
        (["membership", "policy"], "membership"),
        (["charter", "membership"], "charter"),
        (["routine", "entrenched", "charter"], "entrenched"),
    ],
)
def test_strictest(classes: list[str], expected: str) -> None:
    """A mixed change takes the strictest class."""
    assert strictest(map(ChangeClass, classes)) is ChangeClass(expected)


def test_strictest_of_none() -> None:
    """No change has no class."""
    with pytest.raises(ValueError, match="empty"):
        strictest(())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("class.polcy.voting", "class.policy.voting"),
        ("tenure_before_vote_hours", "membership.tenure_before_vote_hours"),
        ("evidence.margins", "evidence.margin"),
        ("group", "groups"),
        ("weather", None),
        ("x" * 5000, None),
    ],
)
def test_closest(name: str, expected: str | None) -> None:
    """A slip of the pen leads to the key that was meant."""
    assert closest(name) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("groups.teens.delegates", "teens"),
        ("groups.teens", None),
        ("groups.Teens.delegates", None),
        ("groups.teens.members", None),
        ("group.teens.delegates", None),
        ("groups.a.b.delegates", None),
    ],
)
def test_groups(key: str, expected: str | None) -> None:
    """A group's key is `groups`, a name and `delegates`."""
    assert group_of(key) == expected
    assert (kind_of(key) is not None) == (expected is not None)
