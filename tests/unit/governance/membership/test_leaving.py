"""Leaving, and what becomes of what one was part of."""

from __future__ import annotations

from governance import payloads
from governance.membership.roll import belongs
from governance.proposals.state import Stage
from tests.support.communities import circle, refusal, solo, village


def test_leaving() -> None:
    """Who leaves is no member from then on, and their handle is nobody else's."""
    commons = circle()
    commons.act("bo", payloads.Left())
    bo = commons.state.people.members["bo"]
    assert (belongs(bo), bo.left_at, commons.state.people.count) == (False, commons.at, 2)
    assert refusal(lambda: commons.act("bo", payloads.Left())) == (
        "bo is not a member of roost. Apply to join it first."
    )


def test_an_applicant_withdraws() -> None:
    """Who waits may stop waiting, wherever they stand in the queue."""
    commons = village(charter="open")
    for handle in ("x1", "x2", "x3", "joy", "kim"):
        commons.act(handle, payloads.Applied())
    commons.act("joy", payloads.Left())
    assert list(commons.state.people.applicants) == ["kim"]
    assert [what for _, what in commons.state.people.ready] == ["kim"]
    assert [due.what for due in commons.state.agenda] == ["kim"]
    assert commons.state.people.count == 12


def test_a_steward_stays() -> None:
    """Somebody looks after a commons at any time: a steward hands over first."""
    expected = (
        "ana is a steward by the charter (membership.stewards). "
        "Amend the charter first, so that somebody else is."
    )
    assert refusal(lambda: solo().act("ana", payloads.Left())) == expected
    assert refusal(lambda: circle().act("ana", payloads.Left())) == expected
    commons = circle({"membership.stewards": ("bo",)})
    assert commons.state.stewards == ("bo",)
    commons.act("ana", payloads.Left())
    assert refusal(lambda: commons.act("bo", payloads.Left())).startswith("bo is a steward")


def test_a_founder_who_left_is_no_steward_by_default() -> None:
    """A charter that names nobody stands for the founder, and is refused once the founder has left."""
    commons = circle({"membership.stewards": ("bo",)})
    commons.act("ana", payloads.Left())
    text = commons.charter("circle@1")
    assert "membership.stewards" in refusal(lambda: commons.propose("bo", charter=text))


def test_a_sponsor_leaves() -> None:
    """What somebody stood behind waits for another member to do so."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.act("bo", payloads.Left())
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    commons.act("di", payloads.Adopted(number=number))
    assert commons.stage(number) is Stage.COMMENT


def test_a_sponsor_leaves_during_the_decision() -> None:
    """A decision that is open goes on without its author."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(3)
    commons.act("bo", payloads.Left())
    commons.wait(6)
    assert (commons.stage(number), commons.open(number).sponsor) == (Stage.ACCEPTED, None)


def test_a_voter_leaves() -> None:
    """A roll that is frozen stays as it is: ballots of those who left count, and they may still vote."""
    commons = village({"class.policy.mode": "vote", "class.policy.objection": None})
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    commons.vote(number, "yes", "cy", "di")
    for who in ("cy", "ed"):
        commons.act(who, payloads.Left())
    commons.vote(number, "yes", "ed", "ana", "fi")
    commons.wait(6)
    tally = commons.events[-1].payload
    assert isinstance(tally, payloads.VotingClosed)
    assert (tally.tally.voters, tally.tally.yes, tally.tally.outcome) == (9, 5, "accepted")


def test_who_left_resolves_their_objection() -> None:
    """An objection outlives its author's membership, and so does the right to take it back."""
    commons = village()
    number = commons.propose("bo")
    seq = commons.object("cy", number)
    commons.act("cy", payloads.Left())
    assert commons.open(number).opposed == 1
    commons.act("cy", payloads.ObjectionResolved(number=number, objection=seq))
    assert commons.open(number).opposed == 0
