"""Rules that do not go together are refused, each with its arithmetic and a remedy that helps."""

from __future__ import annotations

import pytest

from governance.charter.coherence import check_coherent
from governance.charter.modes import idle_keys, shortest, shortest_parts
from governance.charter.presets import CIRCLE, COMMONS, PRESETS, SOLO
from governance.charter.resolve import resolve
from governance.charter.schema import KEYS
from governance.charter.values import Plain

VOTE: dict[str, Plain] = {"class.policy.mode": "vote"}
GATE: dict[str, Plain] = {"evidence.mode": "gate"}


@pytest.mark.parametrize(
    ("preset", "overrides", "key", "why", "remedied"),
    [
        (
            CIRCLE,
            {"class.policy.quorum": "none"},
            "class.policy.quorum",
            "Mode consent_then_vote cannot work without quorum.",
            {"class.policy.quorum": {"share": "1/4", "floor": 1}},
        ),
        (
            CIRCLE,
            {"class.policy.threshold": "none"},
            "class.policy.threshold",
            "cannot work without threshold",
            {"class.policy.threshold": "1/2"},
        ),
        (
            CIRCLE,
            {"class.policy.voting": 0},
            "class.policy.voting",
            "cannot work without voting",
            {"class.policy.voting": 1},
        ),
        (
            CIRCLE,
            {"class.policy.objection": 0},
            "class.policy.objection",
            "cannot work without objection",
            {"class.policy.objection": 1},
        ),
        (
            CIRCLE,
            {"class.routine.undo": 0},
            "class.routine.undo",
            "Mode direct cannot",
            {"class.routine.undo": 1},
        ),
        (
            SOLO,
            {"class.policy.voting": 72},
            "class.policy.voting",
            "Nothing reads it, since changes of class policy are decided in mode owner.",
            {"class.policy.voting": 0},
        ),
        (
            CIRCLE,
            {"class.membership.voting": 100},
            "class.membership.voting",
            "Nothing reads it, since nobody joins by vote.",
            {"class.membership.voting": 72},
        ),
        (
            CIRCLE,
            {"membership.vouches_required": 2},
            "membership.vouches_required",
            "Nothing reads it, since join is invited.",
            {"membership.join": "vouched"},
        ),
        (
            COMMONS,
            {"evidence.on_missing": "block"},
            "evidence.on_missing",
            "Nothing reads it, since evidence.mode is advisory.",
            GATE,
        ),
        (
            CIRCLE,
            {"groups.teens.delegates": ("a",)},
            "groups.teens.delegates",
            "Nothing reads it, since no class has a group_gate.",
            {"class.policy.group_gate": "1/3"},
        ),
        (
            COMMONS,
            {"class.charter.mode": "owner"},
            "class.charter.mode",
            "Changes of class charter would need less agreement than those of class policy",
            {"class.charter.mode": "vote"},
        ),
        (
            COMMONS,
            {"class.entrenched.threshold": "3/5"},
            "class.entrenched.threshold",
            "Protected rules would be easier to change: 3/5 is below class.charter's 2/3.",
            {"class.entrenched.threshold": "2/3"},
        ),
        (
            COMMONS,
            {"class.entrenched.voting": 100},
            "class.entrenched.voting",
            "100 is below class.charter's 336.",
            {"class.entrenched.voting": 336},
        ),
        (
            COMMONS,
            {"class.entrenched.notice": 0},
            "class.entrenched.notice",
            "0 is below class.charter's 168.",
            {"class.entrenched.notice": 168},
        ),
        (
            COMMONS,
            {"class.entrenched.quorum": {"share": "1/5", "floor": 3}},
            "class.entrenched.quorum",
            'It is not at least as high as class.charter\'s {share = "1/4", floor = 3}',
            {"class.entrenched.quorum": {"share": "1/4", "floor": 3}},
        ),
        (
            COMMONS,
            {"class.entrenched.quorum": {"formula": "sqrt", "factor": "9", "floor": 9}},
            "class.entrenched.quorum",
            "It is not at least as high as",
            {"class.entrenched.quorum": {"share": "1", "floor": 3}},
        ),
        (
            COMMONS,
            {"class.policy.mode": "consent", "class.policy.objection": 24},
            "class.policy.mode",
            "An objection that stands leads nowhere",
            {"class.policy.mode": "consent_then_vote"},
        ),
        (
            COMMONS,
            {"class.policy.mode": "owner"},
            "class.routine.mode",
            "An objection makes the change one of class policy, which nobody votes on.",
            {"class.routine.mode": "owner", "evidence.mode": "advisory"},
        ),
        (
            COMMONS,
            {"class.policy.edit_freeze": 73},
            "class.policy.edit_freeze",
            "It is the last part of review_min, which takes only 72 hours.",
            {"class.policy.edit_freeze": 72},
        ),
        (
            COMMONS,
            {"objections.lapse": 168, "objections.hold_expiry": 24},
            "objections.lapse",
            "class.charter waits 168 hours, and after 168 the proposal lapses.",
            {"objections.lapse": 337},
        ),
        (
            COMMONS,
            {"class.policy.stay": "none"},
            "class.policy.stay",
            "challenge is 72 hours, stay none: one needs the other.",
            {"class.policy.stay": 1},
        ),
        (
            COMMONS,
            {"class.policy.challenge": 0},
            "class.policy.challenge",
            "challenge is 0 hours, stay 3: one needs the other.",
            {"class.policy.challenge": 1},
        ),
        (
            COMMONS,
            {"membership.tenure_before_vote_hours": 4320},
            "membership.tenure_before_vote_hours",
            "Whoever does nothing would be inactive after 4320 hours and never come to vote.",
            {"membership.tenure_before_vote_hours": 4319},
        ),
        (
            COMMONS,
            {"emergency.expires_hours": 312},
            "emergency.expires_hours",
            "takes at least review_min 72 + objection 168 + challenge 72 = 312 hours",
            {"emergency.expires_hours": 313},
        ),
        (
            COMMONS,
            {"objections.hold_expiry": 2160},
            "objections.hold_expiry",
            "A proposal on hold would lapse first, after 2160 hours.",
            {"objections.hold_expiry": 2159},
        ),
        (
            COMMONS,
            {"panel.quorum": 6},
            "panel.quorum",
            "A panel has 5 members, and 6 of them would have to take part.",
            {"panel.quorum": 5},
        ),
        (
            COMMONS,
            {"panel.size": 6, "panel.quorum": 3},
            "panel.quorum",
            "3 of 6 is no majority",
            {"panel.quorum": 4},
        ),
        (
            COMMONS,
            {"membership.vouches_required": 0},
            "membership.vouches_required",
            "Nobody would have to vouch, which is joining freely.",
            {"membership.vouches_required": 1},
        ),
        (
            SOLO,
            {"membership.join": "by_vote"},
            "class.membership.mode",
            "Members would be voted on in mode owner, which has no vote.",
            {"membership.join": "open"},
        ),
        (
            COMMONS,
            {"evidence.suites": ()},
            "evidence.suites",
            "With evidence.mode advisory a change is tested, and no suite is named.",
            {"evidence.suites": ("public",)},
        ),
        (
            SOLO,
            GATE,
            "evidence.mode",
            "No change of a policy waits for anything: they are decided in mode owner.",
            {"evidence.mode": "advisory"},
        ),
        (
            COMMONS,
            {"class.policy.group_gate": "1/3", "groups.teens.delegates": ("independent",)},
            "groups.teens.delegates",
            "Independent members belong to no organisation",
            {"groups.teens.delegates": ("youth-council",)},
        ),
        (
            COMMONS,
            {"nesting.locked": ("weather",)},
            "nesting.locked",
            "weather is no key and no table.",
            {"nesting.locked": ("groups",)},
        ),
        (
            COMMONS,
            {"nesting.locked": ("audit", "audit.checkpoint_hours")},
            "nesting.locked",
            "audit locks audit.checkpoint_hours already.",
            {"nesting.locked": ("audit",)},
        ),
    ],
)
def test_refused(
    preset: str, overrides: dict[str, Plain], key: str, why: str, remedied: dict[str, Plain]
) -> None:
    """A charter that cannot work is refused by the key at fault, and taken once that is mended."""
    found = check_coherent(resolve(preset, overrides))
    assert [finding for finding in found if finding.key == key and why in finding.why]
    assert all(finding.remedy.endswith(".") and finding.why.endswith(".") for finding in found)
    assert check_coherent(resolve(preset, {**overrides, **remedied})) == ()


def test_remedies_name_the_number() -> None:
    """A remedy says the value that would do."""
    (found,) = check_coherent(resolve(COMMONS, {"panel.size": 6, "panel.quorum": 3}))
    assert found.remedy == "Give at least 4."
    (found,) = check_coherent(resolve(COMMONS, {"emergency.expires_hours": 312}))
    assert found.remedy == "Give more than 312 hours."


@pytest.mark.parametrize("key", ["evidence.on_inconclusive", "evidence.on_missing"])
def test_evidence_leads_to_a_vote_only_where_there_is_one(key: str) -> None:
    """Missing evidence can lead to a vote only where changes of policies can be voted on."""
    owned = {**GATE, "class.policy.mode": "consent", key: "vote"}
    assert key in {finding.key for finding in check_coherent(resolve(COMMONS, owned))}
    voted = {**GATE, key: "vote"}
    assert check_coherent(resolve(COMMONS, voted)) == ()


@pytest.mark.parametrize(
    "overrides",
    [
        {"class.policy.mode": "owner", "class.routine.mode": "owner"},  # a publisher that takes no proposals
        {**VOTE, "class.policy.challenge": 0, "class.policy.stay": "none"},
        {
            "class.policy.mode": "all_approve",
            "class.charter.mode": "all_approve",
            "class.entrenched.mode": "all_approve",
        },
        {"membership.join": "by_vote"},
        {
            "class.entrenched.mode": "all_approve",
            "class.entrenched.voting": 168,
        },
        {"ballot.visibility": "sealed_until_close"},
        {**GATE, "evidence.on_missing": "block", "evidence.on_inconclusive": "vote"},
        {"nesting.locked": ("class", "panel.size"), "nesting.child_may": "keep"},
    ],
)
def test_other_ways_to_live(overrides: dict[str, Plain]) -> None:
    """Charters that differ widely from their preset, and go together."""
    assert check_coherent(resolve(COMMONS, overrides)) == ()


@pytest.mark.parametrize("preset", PRESETS)
def test_idle_keys_have_a_reason(preset: str) -> None:
    """Every idle key is a key, and says why nothing reads it."""
    idle = idle_keys(resolve(preset, {}))
    assert set(idle) < set(KEYS)
    assert all(why and not why.endswith(".") for why in idle.values())


def test_idle_keys() -> None:
    """A founder alone has no use for votes, panels or shared attention; a commons has."""
    assert {"ballot.method", "panel.size", "attention.reviews_owed_per_proposal", "emergency.actors"} < set(
        idle_keys(resolve(SOLO, {}))
    )
    used = set(KEYS) - set(idle_keys(resolve(COMMONS, {})))
    assert {"ballot.method", "panel.size", "attention.reviews_owed_per_proposal", "emergency.actors"} < used


@pytest.mark.parametrize(
    ("overrides", "parts"),
    [
        ({}, (("review_min", 72), ("objection", 168), ("challenge", 72))),
        ({"class.policy.voting": 24}, (("review_min", 72), ("voting", 24), ("challenge", 72))),
        (
            {"class.policy.voting": 24, "class.policy.call_vote": "none"},
            (("review_min", 72), ("objection", 168), ("challenge", 72)),
        ),
        (
            {**VOTE, "class.policy.notice": 100, "class.policy.challenge": 0},
            (("notice", 100), ("voting", 168)),
        ),
        (
            {**VOTE, "class.policy.notice": 50, "class.policy.challenge": 0},
            (("review_min", 72), ("voting", 168)),
        ),
        ({"class.policy.mode": "direct"}, ()),
    ],
)
def test_quickest_way(overrides: dict[str, Plain], parts: tuple[tuple[str, int], ...]) -> None:
    """The quickest way through a mode waits for what cannot be left out."""
    rules = resolve(COMMONS, overrides).classes.policy
    assert shortest_parts(rules) == parts
    assert shortest(rules) == sum(hours for _, hours in parts)
