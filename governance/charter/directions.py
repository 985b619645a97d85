"""What makes a key stricter, and whether a nested commons keeps what its parent locked. Pure.

Ostrom's principle 8 in one rule: a child tightens, never loosens. Each key has a direction; where no
direction is clearly the stricter one, a locked key has to stay equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from governance.charter.errors import KeyFinding
from governance.charter.formulas import dominates
from governance.charter.kinds import Typed
from governance.charter.model import (
    ChangeClass,
    Charter,
    ChildMay,
    Consequence,
    EvidenceMode,
    Join,
    Mode,
    Quorum,
)
from governance.charter.modes import READS
from governance.charter.resolve import plain_value, value_of
from governance.charter.schema import KEYS, group_key, group_of
from governance.charter.scopes import covered
from governance.charter.written import written


class Direction(StrEnum):
    """Which values of a key are at least as strict as another."""

    HIGHER = "higher"
    LOWER = "lower"
    LATER = "later in the list"
    MORE = "more"
    EQUAL = "equal"


_OF_CLASSES = {
    "mode": Direction.LATER,
    "reviews": Direction.HIGHER,
    "review_min": Direction.HIGHER,
    "edit_freeze": Direction.HIGHER,
    "objection": Direction.HIGHER,
    "undo": Direction.HIGHER,
    "voting": Direction.HIGHER,
    "challenge": Direction.HIGHER,
    "notice": Direction.HIGHER,
    "quorum": Direction.HIGHER,
    "threshold": Direction.HIGHER,
    "group_gate": Direction.HIGHER,
    # The fewer it takes to ask for a vote or to challenge, the better a minority is protected.
    "call_vote": Direction.LOWER,
    "stay": Direction.LOWER,
}

DIRECTIONS: Mapping[str, Direction] = MappingProxyType(
    {
        **{f"class.{kind}.{field}": way for kind in ChangeClass for field, way in _OF_CLASSES.items()},
        "membership.join": Direction.LATER,
        "membership.vouches_required": Direction.HIGHER,
        "membership.tenure_before_vote_hours": Direction.HIGHER,
        # A shorter time keeps the roll true, a longer one keeps people on it.
        "membership.inactive_after_hours": Direction.EQUAL,
        "membership.max_join_share_per_30d": Direction.LOWER,
        "membership.joins_min_per_30d": Direction.LOWER,
        "membership.max_affiliation_share": Direction.LOWER,
        "membership.stewards": Direction.EQUAL,
        "ballot.method": Direction.EQUAL,
        "ballot.visibility": Direction.EQUAL,
        "ballot.change_allowed": Direction.EQUAL,
        # A long hold protects whoever doubts, a short one whoever waits.
        "objections.hold_expiry": Direction.EQUAL,
        "objections.lapse": Direction.EQUAL,
        "evidence.mode": Direction.LATER,
        "evidence.suites": Direction.MORE,
        "evidence.margin": Direction.LOWER,
        "evidence.on_inconclusive": Direction.LATER,
        "evidence.on_missing": Direction.LATER,
        "evidence.model.id": Direction.EQUAL,
        "evidence.model.revision": Direction.EQUAL,
        "evidence.model.template": Direction.EQUAL,
        "evidence.model.effort": Direction.EQUAL,
        "attention.open_proposals_per_member": Direction.LOWER,
        "attention.reviews_owed_per_proposal": Direction.HIGHER,
        "panel.size": Direction.HIGHER,
        "panel.quorum": Direction.HIGHER,
        "panel.selection": Direction.EQUAL,
        # A panel without time lets the acceptance stand; one with too much leaves it paused.
        "panel.ruling_hours": Direction.EQUAL,
        "emergency.actors": Direction.HIGHER,
        "emergency.expires_hours": Direction.LOWER,
        "nesting.child_may": Direction.LATER,
        "nesting.locked": Direction.MORE,
        "audit.checkpoint_hours": Direction.LOWER,
    }
)
"""The stricter direction of every key."""

GROUP_DIRECTION = Direction.EQUAL
"""Who speaks for a group is not to be decided one level below."""

_ORDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{f"class.{kind}.mode": tuple(Mode) for kind in ChangeClass},
        "membership.join": tuple(Join),
        "evidence.mode": tuple(EvidenceMode),
        "evidence.on_inconclusive": tuple(Consequence),
        "evidence.on_missing": tuple(Consequence),
        "nesting.child_may": tuple(ChildMay),
    }
)
"""The values of each key whose direction is LATER, mildest first."""


def locked_keys(parent: Charter) -> tuple[str, ...]:
    """Every key that binds the commons nested in this one."""
    keys = (*KEYS, *(group_key(group) for group in sorted(parent.groups)))
    return tuple(key for key in keys if covered(key, parent.nesting.locked))


def looser_keys(parent: Charter, child: Charter) -> tuple[KeyFinding, ...]:
    """The locked keys of a parent that a child does not keep, with the parent's value and the remedy."""
    may_tighten = parent.nesting.child_may is ChildMay.TIGHTEN
    return tuple(
        _finding(parent, child, key, may_tighten=may_tighten)
        for key in locked_keys(parent)
        if not _keeps(parent, child, key, may_tighten=may_tighten)
    )


def is_as_strict(key: str, value: Typed, than: Typed) -> bool:
    """Whether a value of a key is at least as strict as another one of it."""
    if value == than:
        return True
    direction = DIRECTIONS.get(key, GROUP_DIRECTION)
    if direction is Direction.EQUAL:
        return False
    if value is None or than is None:
        return than is None  # going without is the mildest of all
    if isinstance(value, Quorum) and isinstance(than, Quorum):
        return dominates(value, than)
    if direction is Direction.MORE:
        assert isinstance(value, tuple)
        assert isinstance(than, tuple)
        return set(value) >= set(than)
    if direction is Direction.LATER:
        order = _ORDERS[key]
        return order.index(str(value)) >= order.index(str(than))
    higher: bool = value >= than  # type: ignore[operator]
    return higher if direction is Direction.HIGHER else not higher


def _keeps(parent: Charter, child: Charter, key: str, *, may_tighten: bool) -> bool:
    group = group_of(key)
    if group is not None and group not in child.groups:
        return False
    ours, theirs = value_of(parent, key), value_of(child, key)
    if not may_tighten or ours == theirs:
        return ours == theirs
    return is_as_strict(key, theirs, ours) or _unread_by_stricter_mode(parent, child, key)


def _unread_by_stricter_mode(parent: Charter, child: Charter, key: str) -> bool:
    """Whether the child's mode of a class is stricter and leaves no use for this key of it.

    Where everybody has to approve, there is no quorum to keep.
    """
    table, _, field = key.rpartition(".")
    mode_key = f"{table}.mode"
    if mode_key not in KEYS or not table.startswith("class.") or field == "mode":
        return False
    mode = Mode(str(value_of(child, mode_key)))
    stricter = mode != value_of(parent, mode_key) and is_as_strict(mode_key, mode, value_of(parent, mode_key))
    return stricter and field not in READS[mode]


def _finding(parent: Charter, child: Charter, key: str, *, may_tighten: bool) -> KeyFinding:
    ours = written(plain_value(parent, key))
    group = group_of(key)
    theirs = "" if group is not None and group not in child.groups else written(plain_value(child, key))
    direction = DIRECTIONS.get(key, GROUP_DIRECTION)
    if may_tighten and direction is not Direction.EQUAL:
        why = f"The commons above locks it at {ours}, and this is looser; stricter is {direction}."
        remedy = f"Keep {ours}, or be stricter."
    else:
        why, remedy = f"The commons above locks it at {ours}.", f"Keep {ours}."
    return KeyFinding(key=key, value=theirs, why=why, remedy=remedy)
