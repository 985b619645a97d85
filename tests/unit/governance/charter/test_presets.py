"""The charters that ship: frozen, whole, and those of the design."""

from __future__ import annotations

import pytest

from governance.charter.coherence import check_coherent
from governance.charter.model import ChangeClass, Join, Mode
from governance.charter.presets import CIRCLE, COMMONS, PRESETS, SOLO
from governance.charter.reach import RollFacts, check_against_roll
from governance.charter.resolve import charter_digest, overrides_of, plain_values, resolve
from governance.charter.schema import KEYS

# A preset never changes: commons in the world point to it by name. To change a value, make a new version.
DIGESTS = {
    SOLO: "38e58209b38670b2dd988d44f3d025e483df045e7ddcbb059d736e3a4bd109ae",
    CIRCLE: "be9057ed7bdc5dffff970e8ce4ab06feacd9c5af7eebeaf1f36947daf1b04031",
    COMMONS: "9d4952f50cd24e34f069f2f02ea2d35f08bf85f9a20c55d799b9544d9d7e382a",
}


def test_frozen() -> None:
    """Every preset that ships resolves to the digest that it has always had."""
    assert {preset: charter_digest(resolve(preset, {})) for preset in PRESETS} == DIGESTS


@pytest.mark.parametrize("preset", PRESETS)
def test_whole(preset: str) -> None:
    """A preset gives every key a value, in the form in which it reads back."""
    assert plain_values(resolve(preset, {})) == {key: PRESETS[preset][key] for key in KEYS}
    assert overrides_of(resolve(preset, {})) == {}


@pytest.mark.parametrize("preset", PRESETS)
def test_coherent(preset: str) -> None:
    """The rules of a preset go together."""
    assert check_coherent(resolve(preset, {})) == ()


@pytest.mark.parametrize(("preset", "least"), [(SOLO, 1), (CIRCLE, 2), (COMMONS, 9)])
def test_reach(preset: str, least: int) -> None:
    """One founder can live by solo@1, two friends by circle@1, nine strangers by commons@1, and no fewer."""
    charter = resolve(preset, {})

    def fits(count: int) -> bool:
        voters = {f"member-{number}": "independent" for number in range(count)}
        return not check_against_roll(charter, RollFacts(voters=voters, members=frozenset(voters)))

    assert [fits(count) for count in (least - 1, least, least + 1, 300)] == [least == 1, True, True, True]


def test_solo() -> None:
    """A founder alone decides everything."""
    charter = resolve(SOLO, {})
    assert {charter.rules(kind).mode for kind in ChangeClass} == {Mode.OWNER}
    assert charter.membership.join is Join.INVITED


def test_commons_is_the_table_of_the_design() -> None:
    """commons@1 has the values of governance.md, word for word."""
    values = PRESETS[COMMONS]
    sqrt = {"formula": "sqrt", "factor": "3/2", "floor": 3}
    table = {
        "membership.join": "vouched",
        "membership.vouches_required": 2,
        "membership.tenure_before_vote_hours": 336,
        "membership.inactive_after_hours": 4320,
        "membership.max_join_share_per_30d": "1/5",
        "membership.joins_min_per_30d": 3,
        "membership.max_affiliation_share": "1/3",
        "class.routine.mode": "consent",
        "class.routine.reviews": 1,
        "class.routine.objection": 24,
        "class.routine.undo": 168,
        "class.policy.mode": "consent_then_vote",
        "class.policy.reviews": 2,
        "class.policy.review_min": 72,
        "class.policy.edit_freeze": 24,
        "class.policy.objection": 168,
        "class.policy.voting": 168,
        "class.policy.challenge": 72,
        "class.policy.quorum": sqrt,
        "class.policy.threshold": "1/2",
        "class.policy.group_gate": "1/3",
        "class.policy.call_vote": 3,
        "class.policy.stay": 3,
        "class.charter.mode": "vote",
        "class.charter.voting": 336,
        "class.charter.quorum": {"share": "1/4", "floor": 3},
        "class.charter.threshold": "2/3",
        "class.charter.notice": 168,
        "class.entrenched.mode": "vote",
        "class.entrenched.voting": 336,
        "class.entrenched.quorum": {"share": "1/3", "floor": 3},
        "class.entrenched.threshold": "3/4",
        "class.entrenched.notice": 336,
        "ballot.method": "approval-quorum@1",
        "ballot.visibility": "open",
        "ballot.change_allowed": True,
        "objections.hold_expiry": 72,
        "objections.lapse": 2160,
        "evidence.mode": "advisory",
        "evidence.suites": ("public",),
        "evidence.margin": "1/10",
        "evidence.on_inconclusive": "warn",
        "evidence.on_missing": "warn",
        "evidence.model.id": "openai/gpt-oss-safeguard-20b",
        "evidence.model.revision": "",
        "evidence.model.template": "safeguard-label@1",
        "evidence.model.effort": "low",
        "attention.open_proposals_per_member": 3,
        "attention.reviews_owed_per_proposal": 1,
        "panel.size": 5,
        "panel.quorum": 4,
        "panel.selection": "sortition@1",
        "panel.ruling_hours": 336,
        "emergency.actors": 2,
        "emergency.expires_hours": 336,
        "nesting.child_may": "tighten",
        "nesting.locked": ("audit", "class.entrenched"),
        "audit.checkpoint_hours": 24,
    }
    assert {key: values[key] for key in table} == table
    # What the table leaves out is 0, none, or the class of members, which it does not have.
    others = {key: value for key, value in values.items() if key not in table}
    assert {value for key, value in others.items() if ".membership." not in key} == {0, "none", ()}
