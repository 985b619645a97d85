"""Whether the members there are could do what a charter asks of them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from governance.charter.presets import CIRCLE, COMMONS, SOLO
from governance.charter.reach import INDEPENDENT, RollFacts, check_against_roll, check_margin
from governance.charter.resolve import resolve
from governance.charter.values import Plain


def roll(*affiliations: str, independent: int = 0, parent_voters: int = 0) -> RollFacts:
    """Members who can vote, one for each affiliation named, and so many independent ones."""
    all_ = [*affiliations, *[INDEPENDENT] * independent]
    voters = {f"m{number}": affiliation for number, affiliation in enumerate(all_)}
    return RollFacts(voters=voters, members=frozenset(voters), parent_voters=parent_voters)


def refused(preset: str, overrides: dict[str, Plain], facts: RollFacts) -> dict[str, str]:
    """What is found, by key."""
    found = check_against_roll(resolve(preset, overrides), facts)
    assert all(finding.value and finding.remedy.endswith(".") for finding in found)
    return {finding.key: finding.why for finding in found}


def test_quorum_above_the_roll() -> None:
    """A quorum that the voters do not make up is refused, with how it comes about."""
    assert refused(CIRCLE, {}, roll(independent=2)) == {}
    found = refused(CIRCLE, {}, roll(independent=1))
    assert found["class.policy.quorum"] == (
        "The larger of 1/2 of 1, rounded up, and 2 is 2, and 1 member can vote."
    )
    root: dict[str, Plain] = {"class.policy.quorum": {"formula": "sqrt", "factor": "3", "floor": 1}}
    assert refused(CIRCLE, root, roll(independent=9)) == {}
    assert refused(CIRCLE, root, roll(independent=8)) == {
        "class.policy.quorum": (
            "The larger of 3 x the square root of 8, rounded up, and 1 is 9, and 8 members can vote."
        )
    }


def test_only_votes_have_a_quorum() -> None:
    """A quorum that no mode reads is no obstacle."""
    owned: dict[str, Plain] = {f"class.{kind}.mode": "owner" for kind in ("routine", "policy", "charter")}
    found = refused(COMMONS, {**owned, "class.entrenched.mode": "owner"}, roll(independent=2))
    assert not [key for key in found if key.endswith("quorum")]


@pytest.mark.parametrize(
    ("reviews", "facts", "possible"),
    [
        (1, roll(independent=2), True),
        (1, roll("a", "b"), True),
        (1, roll("a", "a"), False),  # one may not review one's own organisation
        (1, roll("a", "a", independent=1), True),
        (2, roll("a", "a", "a", independent=1), False),
        (2, roll("a", "a", "a", independent=2), True),
        (2, roll("a", "b", "c"), True),
        (3, roll("a", "b", "c"), False),
        (2, roll("a", *["b"] * 9), False),  # for the one of a, nine of b are one
        (3, roll(*["a"] * 5, *["b"] * 5, independent=2), True),
    ],
)
def test_reviewers(reviews: int, facts: RollFacts, possible: bool) -> None:
    """Every author must find so many reviewers, of other affiliations and not too many of one."""
    overrides: dict[str, Plain] = {"class.policy.reviews": reviews, "membership.max_affiliation_share": "1/3"}
    assert ("class.policy.reviews" not in refused(CIRCLE, overrides, facts)) is possible


def test_affiliation_share() -> None:
    """Where one organisation may send more of the reviewers, fewer members are enough."""
    facts = roll(*["a"] * 3, *["b"] * 3)
    overrides: dict[str, Plain] = {"class.policy.reviews": 3}
    assert "class.policy.reviews" not in refused(CIRCLE, overrides, facts)
    capped = refused(CIRCLE, {**overrides, "membership.max_affiliation_share": "2/3"}, facts)
    assert capped["class.policy.reviews"] == (
        "6 members of 6 would find 2 reviewers for their own proposals: others, of another affiliation, "
        "at most 2 from one."
    )


def test_some_find_enough() -> None:
    """Only the authors who would not find enough reviewers are counted."""
    found = refused(CIRCLE, {"class.policy.reviews": 2}, roll("a", "a", "b"))
    assert found["class.policy.reviews"].startswith("2 members of 3 would find 1 reviewers")


def test_what_is_not_read_is_no_obstacle() -> None:
    """Reviews where the owner decides, and vouches where one is invited, ask nobody for anything."""
    owned: dict[str, Plain] = {"class.routine.mode": "owner", "class.policy.mode": "owner"}
    found = refused(COMMONS, {**owned, "membership.join": "invited"}, roll("a", "a", "a"))
    assert found == {}


def test_remedies() -> None:
    """A remedy names what can be lowered: the floor where that is too high, and else the factor."""
    floor: dict[str, Plain] = {"class.policy.quorum": {"formula": "sqrt", "factor": "3", "floor": 4}}
    (found,) = check_against_roll(resolve(CIRCLE, floor), roll(independent=3))
    assert found.remedy == "Let more members join first, or give a lower floor."
    (found,) = check_against_roll(resolve(CIRCLE, floor), roll(independent=4))
    assert found.remedy == "Let more members join first, or give a lower factor."
    (found,) = check_against_roll(resolve(CIRCLE, {"emergency.actors": 3}), roll(independent=2))
    assert found.remedy == "Give at most 2."


@pytest.mark.parametrize("field", ["call_vote", "stay"])
def test_members_acting_together(field: str) -> None:
    """More members than there are can ask for nothing."""
    key = f"class.policy.{field}"
    overrides: dict[str, Plain] = {"class.policy.challenge": 24, "class.policy.stay": 1, key: 4}
    facts = roll(independent=3, parent_voters=99)
    assert refused(CIRCLE, overrides, facts) == {key: "It takes 4 members, and 3 members can vote."}
    assert refused(CIRCLE, {**overrides, key: 3}, facts) == {}


def test_emergency() -> None:
    """More members than there are cannot act in an emergency; where the owner decides, none has to."""
    assert "emergency.actors" in refused(CIRCLE, {"emergency.actors": 3}, roll(independent=2))
    assert refused(CIRCLE, {"emergency.actors": 2}, roll(independent=2)) == {}
    assert refused(SOLO, {}, roll()) == {}


@pytest.mark.parametrize(
    ("facts", "possible"),
    [
        (roll("a", "b"), True),
        (roll("a", "a"), False),
        (roll("a", independent=1), True),
        (roll(independent=2), True),
    ],
)
def test_vouches(facts: RollFacts, possible: bool) -> None:
    """So many members of different affiliations must exist for anyone to join."""
    overrides: dict[str, Plain] = {"membership.join": "vouched", "membership.vouches_required": 2}
    assert ("membership.vouches_required" not in refused(CIRCLE, overrides, facts)) is possible


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (roll(independent=9), None),
        (roll(independent=8), "Of 8 members, an author and 3 challengers are parties: 4 are left."),
        (roll(independent=8, parent_voters=5), None),
        (
            roll(independent=8, parent_voters=4),
            "Of 8 members, an author and 3 challengers are parties: 4 are left.",
        ),
        (
            roll(*"abcde" * 6),
            "With at most 1 from one affiliation, and none from the author's, 4 can be drawn.",
        ),
        (roll(*"abcdef" * 6), None),
    ],
)
def test_panels(facts: RollFacts, why: str | None) -> None:
    """A panel of five needs five who are no parties, from different affiliations, or the parent's members."""
    assert refused(COMMONS, {}, facts).get("panel.size") == why


def test_panels_without_challenges() -> None:
    """Where nothing can be challenged, nobody needs a panel."""
    assert "panel.size" not in refused(CIRCLE, {}, roll(independent=2))


def test_groups() -> None:
    """A group's gate needs three who can vote for it."""
    overrides: dict[str, Plain] = {"groups.teens.delegates": ("council", "school")}
    few = roll("council", "school", independent=9)
    assert refused(COMMONS, overrides, few)["groups.teens.delegates"] == (
        "Its gate holds from 3 votes on, and 2 members can vote for it."
    )
    assert "groups.teens.delegates" not in refused(
        COMMONS, overrides, roll("council", "school", "school", independent=9)
    )
    assert "groups.teens.delegates" not in refused(
        COMMONS, {**overrides, "class.policy.group_gate": "none"}, few
    )


def test_stewards() -> None:
    """A steward is a member, if not one who can vote."""
    facts = RollFacts(
        voters={"ana": INDEPENDENT, "ben": INDEPENDENT}, members=frozenset({"ana", "ben", "cyn"})
    )
    assert refused(CIRCLE, {"membership.stewards": ("ana", "cyn")}, facts) == {}
    assert refused(CIRCLE, {"membership.stewards": ("ana", "eve")}, facts) == {
        "membership.stewards": "eve is no member."
    }


def test_margin() -> None:
    """A gate's margin is one that each of its suites can tell, and each of its suites exists."""
    gate: dict[str, Plain] = {"evidence.mode": "gate", "evidence.suites": ("hard", "public")}
    charter = resolve(COMMONS, gate)
    fine = {"public": Fraction(88, 1000), "hard": Fraction(1, 10)}
    assert check_margin(charter, fine) == ()
    (coarse,) = check_margin(charter, {**fine, "hard": Fraction(12, 100)})
    assert str(coarse) == (
        'evidence.margin = "1/10": Suite hard can tell no difference below 3/25, and the margin is 1/10. '
        "Give a margin of 3/25 or more, or add cases to the suite."
    )
    (missing,) = check_margin(charter, {"public": Fraction(0)})
    assert (missing.key, missing.why) == ("evidence.suites", "There is no suite hard.")
    assert check_margin(resolve(COMMONS, {}), {}) == ()


def test_nobody() -> None:
    """An empty roll is refused for what it cannot do, and nothing breaks."""
    assert "class.policy.quorum" in refused(COMMONS, {}, roll())
