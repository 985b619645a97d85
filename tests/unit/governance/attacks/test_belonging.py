"""Attacks on who belongs."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.errors import RefusedError
from governance.membership import joining, roll
from governance.membership.roll import can_vote, is_active
from governance.membership.state import Applicant, Member, People
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.switching import with_answer, without_refusal

SYBILS = tuple(f"sybil-{number}" for number in range(12))


def burst() -> tuple[Assembly, int]:
    """A contested change, before whose decision twelve new accounts join."""
    commons = village({"membership.tenure_before_vote_hours": 48}, charter="open")
    number = commons.propose("bo")
    commons.approve(number, "cy")
    for handle in SYBILS:
        commons.act(handle, payloads.Applied())
    commons.object("ana", number)
    commons.wait(10)
    assert commons.stage(number) is Stage.VOTING
    return commons, number


def votes_of(commons: Assembly, number: int) -> int:
    for handle in SYBILS:
        try:
            commons.vote(number, "yes", handle)
        except RefusedError:
            continue
    return len(commons.open(number).ballots)


def test_sybil_burst() -> None:
    """New accounts join as slowly as the charter says, and none votes before its time."""
    commons, number = burst()
    assert commons.state.people.count == 12
    assert votes_of(commons, number) == 0


def test_sybil_burst_succeeds_without() -> None:
    """Without the cap they are twelve, and without the tenure they outvote everybody."""
    with with_answer(joining.places_in_window, lambda *_: 99):
        commons, number = burst()
    assert commons.state.people.count == 21
    assert votes_of(commons, number) == 0
    with (
        with_answer(joining.places_in_window, lambda *_: 99),
        with_answer(can_vote, lambda member, *_: member.left_at is None),
    ):
        commons, number = burst()
        assert votes_of(commons, number) == 12


def padded() -> int:
    """How many the roll of a vote holds, when six of nine members have been away for very long."""
    commons = village(
        {"membership.inactive_after_hours": 1000, "class.policy.mode": "vote", "class.policy.objection": None}
    )
    commons.wait(1000)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.act("di", payloads.Commented(number=number, text=commons.sha()))
    commons.wait(2)
    return len(commons.open(number).frozen.roll)  # type: ignore[union-attr]


def test_padding_with_inactive_members() -> None:
    """Members who are long gone are on no roll, and raise no quorum."""
    assert padded() == 3


def test_padding_with_inactive_members_succeeds_without() -> None:
    """Without the rule they are counted, and nothing reaches its quorum any more."""
    with with_answer(is_active, lambda *_: True):
        assert padded() == 9
    assert roll.is_active is is_active


def joined_late() -> tuple[Assembly, int]:
    commons = village({"class.policy.mode": "vote", "class.policy.objection": None}, charter="open")
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    commons.act("joy", payloads.Applied())
    return commons, number


def test_joining_after_opening() -> None:
    """Who joins after a vote has opened has no part in it."""
    commons, number = joined_late()
    assert "joy was not on the roll when the vote" in refusal(lambda: commons.vote(number, "no", "joy"))


def test_joining_after_opening_succeeds_without() -> None:
    """Without the roll a newcomer's ballot is counted."""
    commons, number = joined_late()
    with without_refusal("was not on the roll when the vote"):
        commons.vote(number, "no", "joy")
    commons.wait(6)
    assert commons.events[-1].payload.tally.no == 1  # type: ignore[attr-defined]


def indebted() -> Assembly:
    """bo proposed, owes a review, leaves and comes back."""
    commons = village(charter="open")
    commons.propose("bo")
    commons.act("bo", payloads.Left())
    commons.act("bo", payloads.Applied())
    return commons


def test_coming_back_without_debts() -> None:
    """Who leaves and comes back owes what they owed."""
    commons = indebted()
    assert "owes 1" in refusal(lambda: commons.propose("bo"))


def test_coming_back_without_debts_succeeds_without() -> None:
    """With a new record for who comes back, nothing is owed."""

    def anew(people: People, applicant: Applicant, at: int) -> People:
        member = Member(handle=applicant.handle, joined_at=at, active_at=at)
        return replace(
            people,
            members=people.members.set(applicant.handle, member),
            applicants=people.applicants.delete(applicant.handle),
            present=people.present.set(applicant.handle, at),
            ready=(),
        )

    with with_answer(joining.taken_in, anew):
        commons = indebted()
        commons.propose("bo")


def test_circles_are_for_friends() -> None:
    """What keeps a circle is its invitations: whoever is in at the opening votes."""
    commons = circle()
    assert "was not invited" in refusal(lambda: commons.act("sybil-1", payloads.Applied()))
