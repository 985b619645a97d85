"""The three charters that ship, as data. Pure.

A preset is frozen by its version: commons point to it by name, so another value makes another version.
A test holds the digest of each. The values of `commons@1` are those of the design's table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from governance.charter.kinds import NONE
from governance.charter.model import ChangeClass
from governance.charter.schema import CLASS_FIELDS
from governance.charter.values import Plain

SOLO, CIRCLE, COMMONS = "solo@1", "circle@1", "commons@1"

_OPTIONAL = frozenset({"quorum", "threshold", "group_gate", "call_vote", "stay"})


def _class(change_class: ChangeClass, /, **given: Plain) -> dict[str, Plain]:
    """A class's keys; what is not given is 0, or none."""
    return {
        f"class.{change_class}.{field}": given.get(field, NONE if field in _OPTIONAL else 0)
        for field in CLASS_FIELDS
    }


_MODEL: dict[str, Plain] = {
    "evidence.model.id": "openai/gpt-oss-safeguard-20b",
    "evidence.model.revision": "",
    "evidence.model.template": "safeguard-label@1",
    "evidence.model.effort": "low",
}

_SHARED: dict[str, Plain] = {
    "membership.inactive_after_hours": 4320,
    "membership.stewards": (),
    "ballot.method": "approval-quorum@1",
    "ballot.visibility": "open",
    "ballot.change_allowed": True,
    "objections.lapse": 2160,
    "evidence.suites": ("public",),
    "evidence.margin": "1/10",
    "evidence.on_inconclusive": "warn",
    "evidence.on_missing": "warn",
    **_MODEL,
    "panel.selection": "sortition@1",
    "emergency.expires_hours": 336,
    "nesting.child_may": "tighten",
    "audit.checkpoint_hours": 24,
}

# One founder: everything is decided by its owner, so that most of the rest is never read.
_SOLO: dict[str, Plain] = {
    **_SHARED,
    "membership.join": "invited",
    "membership.vouches_required": 0,
    "membership.tenure_before_vote_hours": 0,
    "membership.max_join_share_per_30d": "1",
    "membership.joins_min_per_30d": 8,
    "membership.max_affiliation_share": "1",
    **_class(ChangeClass.ROUTINE, mode="owner"),
    **_class(ChangeClass.POLICY, mode="owner"),
    **_class(ChangeClass.MEMBERSHIP, mode="owner"),
    **_class(ChangeClass.CHARTER, mode="owner"),
    **_class(ChangeClass.ENTRENCHED, mode="owner"),
    "objections.hold_expiry": 48,
    "evidence.mode": "off",
    "attention.open_proposals_per_member": 10,
    "attention.reviews_owed_per_proposal": 0,
    "panel.size": 3,
    "panel.quorum": 2,
    "panel.ruling_hours": 168,
    "emergency.actors": 1,
    "nesting.locked": (),
}

# A few friends on one server: a change of policy within a day when nobody minds.
_CIRCLE: dict[str, Plain] = {
    **_SOLO,
    **_class(ChangeClass.ROUTINE, mode="direct", undo=168),
    **_class(
        ChangeClass.POLICY,
        mode="consent_then_vote",
        reviews=1,
        objection=20,
        voting=72,
        undo=168,
        quorum={"share": "1/2", "floor": 2},
        threshold="1/2",
        call_vote=2,
    ),
    **_class(
        ChangeClass.MEMBERSHIP, mode="vote", voting=72, quorum={"share": "1/2", "floor": 2}, threshold="2/3"
    ),
    **_class(
        ChangeClass.CHARTER,
        mode="vote",
        voting=72,
        notice=24,
        quorum={"share": "1/2", "floor": 2},
        threshold="2/3",
    ),
    **_class(
        ChangeClass.ENTRENCHED,
        mode="vote",
        voting=168,
        notice=72,
        quorum={"share": "2/3", "floor": 2},
        threshold="3/4",
    ),
    "evidence.mode": "advisory",
}

# An open community, whose members do not all know each other.
_COMMONS: dict[str, Plain] = {
    **_SHARED,
    "membership.join": "vouched",
    "membership.vouches_required": 2,
    "membership.tenure_before_vote_hours": 336,
    "membership.max_join_share_per_30d": "1/5",
    "membership.joins_min_per_30d": 3,
    "membership.max_affiliation_share": "1/3",
    **_class(ChangeClass.ROUTINE, mode="consent", reviews=1, objection=24, undo=168),
    **_class(
        ChangeClass.POLICY,
        mode="consent_then_vote",
        reviews=2,
        review_min=72,
        edit_freeze=24,
        objection=168,
        voting=168,
        challenge=72,
        quorum={"formula": "sqrt", "factor": "3/2", "floor": 3},
        threshold="1/2",
        group_gate="1/3",
        call_vote=3,
        stay=3,
    ),
    **_class(
        ChangeClass.MEMBERSHIP,
        mode="vote",
        voting=168,
        quorum={"formula": "sqrt", "factor": "1", "floor": 3},
        threshold="2/3",
    ),
    **_class(
        ChangeClass.CHARTER,
        mode="vote",
        voting=336,
        notice=168,
        quorum={"share": "1/4", "floor": 3},
        threshold="2/3",
    ),
    **_class(
        ChangeClass.ENTRENCHED,
        mode="vote",
        voting=336,
        notice=336,
        quorum={"share": "1/3", "floor": 3},
        threshold="3/4",
    ),
    "objections.hold_expiry": 72,
    "evidence.mode": "advisory",
    "attention.open_proposals_per_member": 3,
    "attention.reviews_owed_per_proposal": 1,
    "panel.size": 5,
    "panel.quorum": 4,
    "panel.ruling_hours": 336,
    "emergency.actors": 2,
    "nesting.locked": ("audit", "class.entrenched"),
}

PRESETS: Mapping[str, Mapping[str, Plain]] = MappingProxyType(
    {SOLO: MappingProxyType(_SOLO), CIRCLE: MappingProxyType(_CIRCLE), COMMONS: MappingProxyType(_COMMONS)}
)
"""Every key of each preset, in plain values."""
