"""Attacks on what comes into force, and on decisions by what comes into force below them."""

from __future__ import annotations

from dataclasses import replace as changed

from governance.commons import Commons
from governance.events import Draft
from governance.proposals.line import CHARTER, changes, first_in_line, in_line_on, moved_below
from governance.proposals.returning import _refuse_without_reason
from governance.proposals.state import Proposal, Stage
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.switching import with_answer, without_refusal

ROUTINE = ("spam", "cases_added")


def agreed(commons: Assembly, *what: object, by: str = "bo") -> int:
    number = commons.propose(by, *what)  # type: ignore[arg-type]
    commons.approve(number, *(who for who in ("ana", "bo", "cy") if who != by))
    assert commons.stage(number) is Stage.ACCEPTED
    return number


# The base


def two_accepted() -> tuple[Assembly, int, int]:
    commons = circle()
    first, second = agreed(commons), agreed(commons, by="cy")
    return commons, first, second


def test_base_moved() -> None:
    """What was accepted on another base goes back to review: nobody agreed to it on this one."""
    commons, first, second = two_accepted()
    commons.enact(first)
    assert (commons.stage(second), commons.open(second).returned) == (Stage.REVIEW, "base-moved")


def test_base_moved_succeeds_without() -> None:
    """Without the look at the base, the second undoes the first unseen."""
    commons, first, second = two_accepted()
    with with_answer(moved_below, lambda *_: ()):
        commons.enact(first)
        wanted = commons.open(second).revision.changes[0].head  # type: ignore[union-attr]
        commons.enact(second)
    assert commons.state.policies["spam"].latest.content == wanted


def raced() -> tuple[Assembly, Draft, Draft]:
    """Two hosts prepare two acts on one state."""
    commons, first, second = two_accepted()
    return commons, commons.enacting(first), commons.enacting(second)


def test_race() -> None:
    """Whoever comes second is refused: main stands elsewhere by then."""
    commons, first, second = raced()
    commons._append(first)
    commons.settle()
    assert "refs/heads/main stands at" in refusal(lambda: commons._append(second))
    assert "is in review" in refusal(lambda: commons._append(changed(second, moves=())))


def test_race_succeeds_without() -> None:
    """Without the look at where main stands, and at its base, the second is recorded over the first."""
    commons, first, second = raced()
    with (
        with_answer(moved_below, lambda *_: ()),
        without_refusal("stands at", "is not the minor version", "does not come after"),
    ):
        commons._append(first)
        commons._append(second)
    assert [one.version for one in commons.state.policies["spam"].releases] == ["1.0.0", "1.1.0", "1.1.0"]


# Voiding a vote


def contested() -> tuple[Assembly, int]:
    """A vote that ana is about to lose, and a routine change of hers on the same policy."""
    commons = circle()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.object("ana", number)
    commons.wait(20)
    routine = commons.propose("ana", commons.change(*ROUTINE))
    if routine in commons.ready():
        commons.enact(routine)
    commons.vote(number, "yes", "bo", "cy")
    commons.wait(72)
    return commons, number


def test_voiding_a_vote() -> None:
    """A change decided on later waits in line: the vote has its outcome."""
    commons, number = contested()
    assert commons.stage(number) is Stage.ACCEPTED
    assert commons.ready() == [number]


def test_voiding_a_vote_succeeds_without() -> None:
    """Without the line, one member voids any vote that they would lose."""
    with with_answer(first_in_line, lambda _state, proposal: proposal):
        commons, number = contested()
    assert (commons.stage(number), commons.open(number).returned) == (Stage.REVIEW, "base-moved")


def undone_below() -> tuple[Assembly, int, int]:
    """A routine change, and a vote on another that builds on it."""
    commons = circle()
    routine = commons.propose("ana", commons.change(*ROUTINE))
    commons.enact(routine)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.object("ana", number)
    commons.wait(20)
    return commons, routine, number


def test_undoing_below_a_vote() -> None:
    """Nobody takes back what a decision builds on while that is open."""
    commons, routine, _ = undone_below()
    assert "proposal 2 builds on it and is being decided" in refusal(lambda: commons.undo("ana", routine))


def test_undoing_below_a_vote_succeeds_without() -> None:
    """Without that, one member voids the vote in its last hour."""
    commons, routine, number = undone_below()
    with with_answer(in_line_on, lambda *_: None):
        commons.undo("ana", routine)
    commons.vote(number, "yes", "bo", "cy")
    commons.wait(72)
    assert (commons.stage(number), commons.open(number).returned) == (Stage.REVIEW, "base-moved")


# Two charters


def two_charters() -> tuple[Assembly, int, int]:
    """Two amendments from one charter: each would leave the other's change out."""
    commons = circle()
    numbers = [
        commons.propose(who, charter=commons.charter("circle@1", {key: 60}))
        for who, key in (("bo", "class.policy.voting"), ("cy", "class.charter.voting"))
    ]
    commons.wait(24)
    for number in numbers:
        commons.vote(number, "yes", "ana", "bo", "cy")
    commons.enact(numbers[0])
    return commons, numbers[0], numbers[1]


def test_two_charters() -> None:
    """The second was made from another charter than the one in force by now: it goes back to review."""
    commons, _, second = two_charters()
    assert commons.open(second).returned == "base-moved"
    assert commons.state.charter_rules.classes.policy.voting == 60


def test_two_charters_succeeds_without() -> None:
    """Without that, the first amendment is gone with the second, and nobody voted for that."""

    def policies_only(state: Commons, proposal: Proposal) -> tuple[str, ...]:
        return tuple(name for name in moved_below(state, proposal) if name != CHARTER)

    with with_answer(moved_below, policies_only):
        commons, _, second = two_charters()
        commons.enact(second)
    assert commons.state.charter_rules.classes.policy.voting == 72


def test_a_charter_stands_in_line() -> None:
    """An amendment has its place like any change."""
    commons = circle()
    number = commons.propose("bo", charter=commons.charter("circle@1", {"class.policy.voting": 60}))
    assert changes(commons.open(number)) == (CHARTER,)


# The host


def host() -> tuple[Assembly, int]:
    """What the members agreed to, and the host does not like."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(20)
    assert commons.ready() == [number]
    return commons, number


def test_host_sends_back() -> None:
    """The host sends nothing back without a reason that the log shows."""
    commons, number = host()
    assert "nothing was redacted since" in refusal(lambda: commons.send_back(number, "blocked"))
    assert "its charter fits" in refusal(lambda: commons.send_back(number, "charter-unreachable"))
    for why in ("base-moved", "evidence", "ruling"):
        assert "nothing is due for proposal 1" in refusal(lambda why=why: commons.send_back(number, why))


def test_host_sends_back_succeeds_without() -> None:
    """Without it, the host voids what it likes, again and again."""
    commons, number = host()
    with with_answer(_refuse_without_reason, lambda *_: None):
        commons.send_back(number, "blocked")
    assert commons.stage(number) is Stage.REVIEW
