"""A count by itself: what it is held to, and that its bytes follow from the ballots alone."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from governance.ballots.counting import Held, tally
from governance.charter.model import ChangeClass, Charter, ClassRules, Formula, Mode, Quorum
from governance.charter.resolve import resolve
from governance.payloads import GroupCount, Tally, payload_json
from policies.canonical import canonical_bytes

COMMONS: Charter = resolve("commons@1", {})
POLICY = COMMONS.classes.policy
BLOB = "a" * 40


def rules(quorum: int = 1, threshold: str = "1/2", gate: str | None = None) -> ClassRules:
    """A kind of change that takes so many approvals, whoever can vote."""
    return replace(
        POLICY,
        quorum=Quorum(formula=Formula.SHARE, factor=Fraction(0), floor=quorum),
        threshold=Fraction(threshold),
        group_gate=Fraction(gate) if gate else None,
    )


def counted(
    choices: dict[str, str | None] | str,
    *held: ClassRules,
    groups: dict[str, str] | None = None,
    voters: int = 10,
) -> Tally:
    """The count of these choices; a text of y, n, a and ? stands for those of v0, v1, ..."""
    if isinstance(choices, str):
        words = {"y": "yes", "n": "no", "a": "abstain", "?": None}
        choices = {f"v{number}": words[letter] for number, letter in enumerate(choices)}
    return tally(
        choices,
        roll=frozenset(f"v{number}" for number in range(voters)),
        groups=[(name, frozenset(members.split())) for name, members in (groups or {}).items()],
        held_to=[Held(BLOB, one, ChangeClass.POLICY) for one in held or (rules(),)],
    )


def test_what_is_counted() -> None:
    """Each choice by its name, those that could not be read, and everybody who could have voted."""
    found = counted("yynaa?", rules(2))
    assert (found.kind, found.voters, found.yes, found.no, found.abstain, found.spoilt, found.late) == (
        "policy",
        10,
        2,
        1,
        2,
        1,
        0,
    )


@pytest.mark.parametrize(
    ("choices", "quorum", "threshold", "outcome"),
    [
        ("", 1, "1/2", "no_quorum"),
        ("y", 2, "1/2", "no_quorum"),
        ("yy", 2, "1/2", "accepted"),
        ("yynn", 2, "1/2", "rejected"),
        ("yyn", 2, "1/2", "accepted"),
        ("yyn", 2, "2/3", "accepted"),
        ("yyyynnn", 2, "2/3", "rejected"),
        ("yyyn", 2, "3/4", "accepted"),
        ("yyaaaaaaaa", 2, "1/2", "accepted"),
        ("aaaaaaaaaa", 1, "1/2", "no_quorum"),
        ("nnnnnnnnnn", 3, "1/2", "no_quorum"),
        ("y?????????", 1, "1/2", "accepted"),
    ],
)
def test_outcomes(choices: str, quorum: int, threshold: str, outcome: str) -> None:
    """The quorum counts approvals, the threshold yes among yes and no; nothing else counts."""
    assert counted(choices, rules(quorum, threshold)).outcome == outcome


def test_both_charters() -> None:
    """A change of thresholds passes only under each that it is held to, and says by which it failed."""
    low, high = rules(1, "1/2"), rules(1, "3/4")
    found = counted("yyn", low, high)
    assert [one.threshold_met for one in found.requirements] == [True, False]
    assert found.outcome == "rejected"
    assert counted("yyyn", low, high).outcome == "accepted"
    found = counted("yyy", rules(1), rules(4))
    assert [one.quorum_met for one in found.requirements] == [True, False]
    assert found.outcome == "no_quorum"


def test_all_approve() -> None:
    """Where all must approve, the quorum is everybody and the share all of them."""
    everybody = replace(POLICY, mode=Mode.ALL_APPROVE, quorum=None, threshold=None, group_gate=None)
    found = counted("y" * 10, everybody)
    assert (found.requirements[0].quorum, found.requirements[0].threshold) == (10, "1/1")
    assert found.outcome == "accepted"
    assert counted("y" * 9, everybody).outcome == "no_quorum"
    assert counted("", everybody, voters=0).outcome == "rejected"


@pytest.mark.parametrize(
    ("choices", "passed"),
    [
        ("nny", True),
        ("nnn", False),
        ("nn", True),
        ("aaa", True),
        ("nna", False),
        ("", True),
        ("?nn", True),
    ],
)
def test_groups(choices: str, passed: bool) -> None:
    """An affected group has its gate once three of it voted: a third of their yes and no."""
    others = "y" * (10 - len(choices))
    found = counted(
        choices + others, rules(1, "1/2", "1/3"), groups={"teens": "v0 v1 v2"} if choices else {"teens": ""}
    )
    if len(choices) == 2:
        found = counted(choices + others, rules(1, "1/2", "1/3"), groups={"teens": "v0 v1"})
    (group,) = found.groups
    assert group.passed is passed
    assert found.outcome == ("accepted" if passed else "rejected")


def test_a_group_without_a_gate() -> None:
    """Where no gate is set a group is counted and decides nothing."""
    found = counted("nnnyyyyyyy", rules(), groups={"teens": "v0 v1 v2"})
    assert found.groups == (GroupCount(group="teens", yes=0, no=3, abstain=0, passed=True),)
    assert found.outcome == "accepted"


def test_every_gate() -> None:
    """A group is held to the gate of each charter, and each group to its own votes."""
    held = (rules(1, "1/2", "1/3"), rules(1, "1/2", "1/2"))
    groups = {"elders": "v3 v4 v5", "teens": "v0 v1 v2"}
    found = counted("ynnyyyyyyy", *held, groups=groups)
    assert [(group.group, group.passed) for group in found.groups] == [("elders", True), ("teens", False)]


CHOICES = st.dictionaries(
    st.sampled_from([f"v{number}" for number in range(10)]), st.sampled_from(["yes", "no", "abstain", None])
)
HELD = st.lists(
    st.builds(
        rules,
        quorum=st.integers(0, 11),
        threshold=st.sampled_from(["1/2", "2/3", "3/4", "1"]),
        gate=st.sampled_from([None, "1/3", "1/2", "1"]),
    ),
    min_size=1,
    max_size=2,
)
GROUPS = {"elders": "v0 v1 v2 v3", "teens": "v3 v4 v5"}


@given(CHOICES, HELD, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    choices: dict[str, str | None], held: list[ClassRules], random: object
) -> None:
    """In whatever order ballots are looked at, the tally has the same canonical bytes."""
    shuffled = list(choices.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (counted(one, *held, groups=GROUPS) for one in (choices, dict(shuffled)))
    assert canonical_bytes(payload_json(first)) == canonical_bytes(payload_json(second))


@given(CHOICES, HELD, st.integers(0, 9))
def test_another_no_never_helps(choices: dict[str, str | None], held: list[ClassRules], voter: int) -> None:
    """A No that is added, or takes the place of anything else, never turns a fail into a pass."""
    after = {**choices, f"v{voter}": "no"}
    if counted(choices, *held).outcome != "accepted":
        assert counted(after, *held).outcome != "accepted"


@given(CHOICES, HELD, st.integers(0, 9))
def test_another_yes_never_harms(choices: dict[str, str | None], held: list[ClassRules], voter: int) -> None:
    """A Yes that is added, or takes the place of anything else, never turns a pass into a fail."""
    after = {**choices, f"v{voter}": "yes"}
    groups = GROUPS if all(one.group_gate is None or one.group_gate <= Fraction(1, 3) for one in held) else {}
    if counted(choices, *held, groups=groups).outcome == "accepted":
        assert counted(after, *held, groups=groups).outcome == "accepted"


def test_a_gate_above_a_third() -> None:
    """With a gate above a third, a Yes may be the third ballot that brings it into play: so it can harm."""
    held = rules(1, "1/2", "1/2")
    assert counted("nnyyyyyyyy", held, groups={"teens": "v0 v1"}).outcome == "accepted"
    assert counted("nnyyyyyyyy", held, groups={"teens": "v0 v1 v2"}).outcome == "rejected"


@given(CHOICES, HELD, st.integers(0, 9))
def test_abstaining_is_like_staying_away(
    choices: dict[str, str | None], held: list[ClassRules], voter: int
) -> None:
    """Abstentions count toward nothing: with and without one the outcome is the same."""
    without = {who: choice for who, choice in choices.items() if who != f"v{voter}"}
    assert counted({**without, f"v{voter}": "abstain"}, *held).outcome == counted(without, *held).outcome
