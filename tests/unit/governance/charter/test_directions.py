"""A nested commons tightens what its parent locked, and never loosens it."""

from __future__ import annotations

import pytest

from governance.charter.directions import (
    DIRECTIONS,
    is_as_strict,
    locked_keys,
    looser_keys,
)
from governance.charter.presets import CIRCLE, COMMONS, SOLO
from governance.charter.resolve import plain_value, resolve
from governance.charter.schema import KEYS, kind_of
from governance.charter.values import Plain

ALL = (
    "attention",
    "ballot",
    "class",
    "emergency",
    "evidence",
    "membership",
    "nesting",
    "objections",
    "panel",
)


def test_every_key_has_a_direction() -> None:
    """A key without a direction could be loosened below a parent that locked it."""
    assert set(DIRECTIONS) == set(KEYS)


@pytest.mark.parametrize(
    ("key", "strict", "mild"),
    [
        ("class.policy.voting", 200, 100),
        ("class.policy.mode", "vote", "consent_then_vote"),
        ("class.policy.mode", "all_approve", "owner"),
        ("class.policy.call_vote", 2, 3),
        ("class.policy.call_vote", 2, "none"),
        ("class.policy.stay", 1, "none"),
        ("class.policy.threshold", "2/3", "1/2"),
        ("class.policy.threshold", "1/2", "none"),
        ("class.policy.group_gate", "1/3", "1/4"),
        ("class.policy.quorum", {"share": "1/3", "floor": 3}, {"share": "1/4", "floor": 3}),
        ("class.policy.quorum", {"share": "1/3", "floor": 3}, "none"),
        ("membership.join", "by_vote", "open"),
        ("membership.max_affiliation_share", "1/4", "1/3"),
        ("evidence.mode", "gate", "off"),
        ("evidence.suites", ["a", "b"], ["a"]),
        ("evidence.margin", "1/20", "1/10"),
        ("evidence.on_missing", "block", "warn"),
        ("attention.open_proposals_per_member", 1, 3),
        ("panel.size", 7, 5),
        ("emergency.actors", 3, 2),
        ("emergency.expires_hours", 24, 48),
        ("nesting.child_may", "keep", "tighten"),
        ("nesting.locked", ["audit", "panel"], ["audit"]),
        ("audit.checkpoint_hours", 12, 24),
    ],
)
def test_stricter(key: str, strict: Plain, mild: Plain) -> None:
    """The stricter value is as strict as the milder one, and not the other way round."""
    kind = kind_of(key)
    assert kind is not None
    one, other = kind.read(strict), kind.read(mild)
    assert is_as_strict(key, one, other)
    assert is_as_strict(key, one, one)
    assert not is_as_strict(key, other, one)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("objections.hold_expiry", 24, 48),
        ("panel.ruling_hours", 24, 48),
        ("membership.inactive_after_hours", 24, 48),
        ("ballot.visibility", "open", "sealed_until_close"),
        ("ballot.change_allowed", True, False),
        ("membership.stewards", ["ana"], []),
        ("groups.teens.delegates", ["a", "b"], ["a"]),
        ("evidence.model.effort", "high", "low"),
        ("evidence.suites", ["a"], ["b"]),
        ("class.policy.quorum", {"share": "1", "floor": 9}, {"formula": "sqrt", "factor": "1", "floor": 1}),
    ],
)
def test_not_ordered(key: str, one: Plain, other: Plain) -> None:
    """Where neither value is clearly the stricter one, neither passes for it."""
    kind = kind_of(key)
    assert kind is not None
    assert not is_as_strict(key, kind.read(one), kind.read(other))
    assert not is_as_strict(key, kind.read(other), kind.read(one))


def test_locked_keys() -> None:
    """A table locks each of its keys, a group's key that group."""
    parent = resolve(
        COMMONS,
        {"nesting.locked": ("audit", "class.policy.voting", "groups"), "groups.teens.delegates": ("a",)},
    )
    assert locked_keys(parent) == ("class.policy.voting", "audit.checkpoint_hours", "groups.teens.delegates")


@pytest.mark.parametrize(
    ("child", "loosened"),
    [
        ({}, []),
        ({"class.entrenched.threshold": "4/5", "audit.checkpoint_hours": 6}, []),
        ({"class.policy.mode": "owner", "panel.size": 1}, []),  # not locked
        ({"class.entrenched.threshold": "2/3"}, ["class.entrenched.threshold"]),
        ({"class.entrenched.voting": 335}, ["class.entrenched.voting"]),
        (
            {"audit.checkpoint_hours": 25, "class.entrenched.notice": 0},
            ["class.entrenched.notice", "audit.checkpoint_hours"],
        ),
        ({"class.entrenched.quorum": {"share": "1/3", "floor": 2}}, ["class.entrenched.quorum"]),
        (
            {"class.entrenched.quorum": "none", "class.entrenched.threshold": "none"},
            ["class.entrenched.quorum", "class.entrenched.threshold"],
        ),
        # Where everybody has to approve, there is no quorum to keep.
        (
            {
                "class.entrenched.mode": "all_approve",
                "class.entrenched.quorum": "none",
                "class.entrenched.threshold": "none",
            },
            [],
        ),
        ({"class.entrenched.mode": "consent_then_vote"}, ["class.entrenched.mode"]),
    ],
)
def test_looser_keys(child: dict[str, Plain], loosened: list[str]) -> None:
    """Exactly the locked keys that a child loosens are named, with the parent's value and what to do."""
    parent = resolve(COMMONS, {})
    found = looser_keys(parent, resolve(COMMONS, child))
    assert [finding.key for finding in found] == loosened
    for finding in found:
        assert "The commons above locks it at" in finding.why
        assert finding.remedy.startswith("Keep ")


def test_another_preset() -> None:
    """A founder's own commons below an open one is looser in what that one locked."""
    assert looser_keys(resolve(COMMONS, {}), resolve(SOLO, {}))[0].key == "class.entrenched.mode"
    assert looser_keys(resolve(SOLO, {}), resolve(COMMONS, {})) == ()
    assert looser_keys(resolve(CIRCLE, {}), resolve(SOLO, {})) == ()


def test_stricter_mode_keeps_what_it_reads() -> None:
    """A stricter mode excuses a child from the keys that it has no use for, and from no others."""
    parent = resolve(COMMONS, {"nesting.locked": ("class.policy",)})
    child = {"class.policy.mode": "vote", "class.policy.objection": 0, "class.policy.voting": 10}
    assert [found.key for found in looser_keys(parent, resolve(COMMONS, child))] == ["class.policy.voting"]
    looser = {"class.policy.mode": "owner", "class.policy.objection": 0, "class.policy.voting": 10}
    assert [found.key for found in looser_keys(parent, resolve(COMMONS, looser))] == [
        "class.policy.mode",
        "class.policy.objection",
        "class.policy.voting",
    ]


def test_keep() -> None:
    """A parent may ask for its very value."""
    parent = resolve(COMMONS, {"nesting.child_may": "keep", "nesting.locked": ("panel",)})
    stricter = resolve(COMMONS, {"panel.size": 7, "panel.quorum": 5})
    assert [finding.remedy for finding in looser_keys(parent, stricter)] == ["Keep 5.", "Keep 4."]
    assert looser_keys(parent, resolve(COMMONS, {})) == ()


def test_groups_stay() -> None:
    """A locked group has to stay as it is, and may not be left out."""
    parent = resolve(
        COMMONS, {"nesting.locked": ("groups.teens.delegates",), "groups.teens.delegates": ("a",)}
    )
    assert looser_keys(parent, parent) == ()
    for child in ({}, {"groups.teens.delegates": ("a", "b")}):
        (finding,) = looser_keys(parent, resolve(COMMONS, child))
        assert (finding.key, finding.remedy) == ("groups.teens.delegates", 'Keep ["a"].')


def test_all_locked() -> None:
    """With everything locked a commons keeps within itself, and only what differs is ever named."""
    one, other = resolve(COMMONS, {"nesting.locked": ALL}), resolve(CIRCLE, {"nesting.locked": ALL})
    assert looser_keys(one, one) == ()
    seen = {finding.key for finding in (*looser_keys(one, other), *looser_keys(other, one))}
    assert {"class.policy.quorum", "objections.hold_expiry", "panel.size"} < seen
    assert seen <= {key for key in KEYS if plain_value(one, key) != plain_value(other, key)}
