"""Talking about a proposal: reviews, comments and answers, holds, objections, asking for a vote."""

from __future__ import annotations

import pytest

from governance import payloads
from governance.proposals.reviewing import MAX_UNANSWERED
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.communities import circle, refusal, solo, village
from tests.support.made import HOUR, sha


def review(commons: Assembly, actor: str, number: int, verdict: str = "approve", content: str = "") -> None:
    content = content or commons.open(number).content
    commons.act(actor, payloads.Reviewed(number=number, content=content, verdict=verdict))


def comment(commons: Assembly, actor: str, number: int) -> int:
    return commons.act(actor, payloads.Commented(number=number, text=commons.sha())).seq


def answer(commons: Assembly, actor: str, number: int, *comments: int) -> None:
    commons.act(actor, payloads.Answered(number=number, comments=comments, text=commons.sha()))


def hold(commons: Assembly, actor: str, number: int) -> int:
    return commons.act(actor, payloads.Held(number=number, reason=commons.sha())).seq


def resolve(commons: Assembly, actor: str, number: int, objection: int) -> None:
    commons.act(actor, payloads.ObjectionResolved(number=number, objection=objection))


def call(commons: Assembly, number: int, *actors: str) -> None:
    for actor in actors:
        commons.act(actor, payloads.VoteCalled(number=number))


# Reviews


def test_reviewed() -> None:
    """A review says of which content it is, by whom, and for whom they act."""
    commons = village(affiliations={"cy": "acme"})
    number = commons.propose("bo")
    review(commons, "cy", number, "request_changes")
    (one,) = commons.open(number).reviews
    assert (one.by, one.affiliation, one.acts_for, one.verdict, one.at) == (
        "cy",
        "acme",
        frozenset({"acme"}),
        "request_changes",
        commons.at,
    )
    assert commons.state.people.members["cy"].reviewed == 1


def test_the_last_word_counts() -> None:
    """Who changes their mind is counted by the last thing that they said of this content."""
    commons = village()
    number = commons.propose("bo")
    review(commons, "cy", number)
    review(commons, "cy", number, "request_changes")
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    review(commons, "cy", number)
    assert commons.stage(number) is Stage.COMMENT
    assert len(commons.open(number).reviews) == 1


def test_refused_reviews() -> None:
    """Reviews are of the content at hand, by members with a say and without a stake."""
    commons = village({"membership.tenure_before_vote_hours": 24}, affiliations={"bo": "acme", "cy": "acme"})
    number = commons.propose("bo")
    assert refusal(lambda: review(commons, "di", number, content=sha(7))) == (
        "the review is of another content than proposal 1 has now. Read the revision at hand."
    )
    stake = (
        " made a part of proposal 1, or acts for an author's organisation. "
        "Somebody without a stake in it reviews; you may vote."
    )
    assert refusal(lambda: review(commons, "bo", number)) == "bo" + stake
    assert refusal(lambda: review(commons, "cy", number)) == "cy" + stake
    assert refusal(lambda: review(commons, "xo", number)).startswith("xo is not a member")
    commons.act("joy", payloads.Applied())
    for who in ("di", "ed"):
        commons.act(who, payloads.Vouched(member="joy"))
    assert refusal(lambda: review(commons, "joy", number)) == (
        "joy may not vote yet, and so may not review (membership.tenure_before_vote_hours). "
        "Comment, until you may."
    )
    for who in ("di", "ed", "fi"):
        call(commons, number, who)
    commons.wait(2)
    assert refusal(lambda: review(commons, "di", number)).startswith("proposal 1 is in voting")


def test_an_owner_reviews_for_themselves() -> None:
    """Where the owner decides, the owner's word is no conflict of interest."""
    commons = solo().join("bo")
    number = commons.propose("bo", commons.change(), lineage=("ana",))
    review(commons, "ana", number)
    assert commons.stage(number) is Stage.ACCEPTED
    assert refusal(lambda: review(commons, "bo", commons.propose("bo"))).startswith("bo made a part")


def test_one_review_is_owed_for_one_proposal() -> None:
    """Reviewing one proposal again and again pays for nothing more."""
    commons = village()
    number = commons.propose("bo")
    review(commons, "cy", number)
    commons.revise("bo", number)
    review(commons, "cy", number)
    assert commons.state.people.members["cy"].reviewed == 1
    assert len(commons.open(number).reviews) == 2


def test_one_organisation_does_not_approve_alone() -> None:
    """An organisation gives no more than its share of the approvals that are needed."""
    commons = village(
        {"class.policy.reviews": 3, "membership.max_affiliation_share": "1/3"},
        affiliations={"cy": "acme", "di": "acme", "ed": "acme"},
    )
    number = commons.propose("bo")
    commons.approve(number, "cy", "di", "ed", "fi")
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    commons.approve(number, "gu")
    assert commons.stage(number) is Stage.COMMENT


def test_a_reviewer_who_becomes_an_author() -> None:
    """An approval by somebody who has a stake by now counts no more."""
    commons = village()
    number = commons.propose("xo")
    commons.approve(number, "cy")
    commons.act("cy", payloads.Adopted(number=number))
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW


# Comments


def test_comments() -> None:
    """Anybody comments; those from outside wait for an answer, members' do not."""
    commons = village()
    number = commons.propose("bo")
    comment(commons, "cy", number)
    assert commons.open(number).unanswered == ()
    seq = comment(commons, "xo", number)
    assert commons.open(number).unanswered == (seq,)


def test_outsiders_are_answered_first() -> None:
    """Nothing is decided on before people from outside were answered, and everything at once after."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    seqs = [comment(commons, "xo", number), comment(commons, "yu", number)]
    commons.wait(50)
    assert commons.stage(number) is Stage.REVIEW
    answer(commons, "di", number, seqs[0])
    assert commons.stage(number) is Stage.REVIEW
    answer(commons, "di", number, seqs[1])
    assert (commons.stage(number), commons.open(number).since) == (Stage.COMMENT, commons.at)


def test_answered_before_the_end() -> None:
    """A comment in the final comment period is answered before its end, or the end waits for that."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(4)
    seq = comment(commons, "xo", number)
    commons.wait(20)
    assert commons.stage(number) is Stage.COMMENT
    answer(commons, "di", number, seq)
    assert (commons.stage(number), commons.open(number).accepted_at) == (Stage.ACCEPTED, commons.at)


def test_refused_answers() -> None:
    """An answer names comments that wait, and is a member's."""
    commons = village()
    number = commons.propose("bo")
    seq = comment(commons, "xo", number)
    expected = (
        "not all of these are comments that wait for an answer. Name those by the numbers of their events."
    )
    assert refusal(lambda: answer(commons, "cy", number)) == expected
    assert refusal(lambda: answer(commons, "cy", number, seq, 3)) == expected
    assert refusal(lambda: answer(commons, "yu", number, seq)).startswith("yu is not a member")


def test_a_flood_of_comments() -> None:
    """So many comments wait, and no more; one answer is enough for all of them."""
    commons = village()
    number = commons.propose("bo")
    seqs = [comment(commons, "xo", number) for _ in range(MAX_UNANSWERED)]
    assert refusal(lambda: comment(commons, "xo", number)) == (
        "200 comments wait for an answer on proposal 1. Wait until members have answered."
    )
    comment(commons, "cy", number)
    answer(commons, "cy", number, *seqs)
    comment(commons, "xo", number)


def test_outsiders_keep_nothing_alive() -> None:
    """A proposal lapses when no member does anything about it, whatever is said from outside."""
    commons = village()
    number = commons.propose("bo")
    commons.wait(2000)
    comment(commons, "xo", number)
    commons.wait(160)
    assert commons.stage(number) is Stage.LAPSED


def test_members_keep_it_alive() -> None:
    """What a member says keeps a proposal from lapsing."""
    commons = village()
    number = commons.propose("bo")
    commons.wait(2000)
    comment(commons, "cy", number)
    commons.wait(2159)
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(1)
    assert commons.stage(number) is Stage.LAPSED


# Holds and objections


def test_a_hold_only_delays() -> None:
    """Time that a member asks for ends by itself."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    hold(commons, "di", number)
    commons.wait(71)
    assert commons.stage(number) is Stage.REVIEW
    commons.wait(1)
    assert (commons.stage(number), commons.open(number).since) == (Stage.COMMENT, commons.at)


def test_a_hold_at_the_end() -> None:
    """It delays the end of a comment period as well, and others may object meanwhile."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(7)
    hold(commons, "di", number)
    commons.wait(50)
    assert commons.stage(number) is Stage.COMMENT
    commons.object("ed", number)
    commons.wait(22)
    assert commons.stage(number) is Stage.VOTING


def test_a_hold_that_is_given_up() -> None:
    """Whoever asked for time may say that they need no more."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    seq = hold(commons, "di", number)
    commons.wait(3)
    resolve(commons, "di", number, seq)
    assert commons.stage(number) is Stage.COMMENT


def test_one_hold_each() -> None:
    """A member asks for time once, an objection may follow one that was resolved."""
    commons = village()
    number = commons.propose("bo")
    seq = hold(commons, "di", number)
    again = "One of a kind is enough: say more in a comment."
    assert refusal(lambda: hold(commons, "di", number)) == f"di has asked for time already. {again}"
    resolve(commons, "di", number, seq)
    assert refusal(lambda: hold(commons, "di", number)) == f"di has asked for time already. {again}"
    objection = commons.object("di", number)
    assert refusal(lambda: commons.object("di", number)) == f"di has objected already. {again}"
    resolve(commons, "di", number, objection)
    commons.object("di", number)
    assert commons.open(number).opposed == 1


def test_a_hold_by_the_rules_of_its_decision() -> None:
    """How long a hold lasts follows from the charter that was frozen with the comment period."""
    commons = circle(CHARTERS["amended by consent"][1])
    number = commons.propose("cy")
    commons.approve(number, "bo")
    text = commons.charter("circle@1", {"objections.hold_expiry": 24})
    amendment = commons.propose("bo", charter=text)
    commons.approve(amendment, "ana", "cy")
    commons.enact(amendment)
    assert commons.state.charter_rules.objections.hold_expiry == 24
    hold(commons, "ana", number)
    assert commons.open(number).objections[0].expires == commons.at + 48 * HOUR


@pytest.mark.parametrize("hold_it", [True, False])
def test_who_objects(hold_it: bool) -> None:
    """Members with a say object, and in a comment period those who were on its roll."""
    commons = village(charter="open")
    number = commons.propose("bo")
    work = hold if hold_it else lambda commons, who, number: commons.object(who, number)
    assert refusal(lambda: work(commons, "xo", number)).startswith("xo is not a member")
    commons.approve(number, "cy")
    commons.wait(3)
    commons.act("joy", payloads.Applied())
    assert refusal(lambda: work(commons, "joy", number)) == (
        "joy was not on the roll when the comment period on proposal 1 opened. "
        "Comment; joining later changes no decision that is open."
    )
    work(commons, "di", number)
    commons.wait(200)
    assert refusal(lambda: work(commons, "ed", number)).startswith("proposal 1 is ")


def test_who_resolves() -> None:
    """Nobody resolves another's objection, one that was resolved, or none."""
    commons = village()
    number = commons.propose("bo")
    seq = commons.object("cy", number)
    for who in ("bo", "ana", "xo"):
        assert refusal(lambda who=who: resolve(commons, who, number, seq)) == (
            f"event {seq} is no open objection of {who}. Name one of your own."
        )
    resolve(commons, "cy", number, seq)
    assert refusal(lambda: resolve(commons, "cy", number, seq)).startswith(
        f"event {seq} is no open objection"
    )
    assert refusal(lambda: resolve(commons, "cy", number, 1)).startswith("event 1 is no open objection")


def test_an_objection_leads_to_a_vote() -> None:
    """One objection that stands at the end is enough for a vote, and no more than that."""
    commons = circle()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.object("ana", number)
    commons.wait(20)
    assert commons.stage(number) is Stage.VOTING


# Asking for a vote


def test_called() -> None:
    """Enough members ask, and a vote opens without reviews, once there was time to discuss."""
    commons = village()
    number = commons.propose("bo")
    call(commons, number, "cy", "di")
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    call(commons, number, "ed")
    assert commons.stage(number) is Stage.VOTING


def test_refused_calls() -> None:
    """Votes are asked for by members with a say, once each, where a change could do without one."""
    commons = village()
    number = commons.propose("bo")
    call(commons, number, "cy")
    assert refusal(lambda: call(commons, number, "cy")) == "cy has asked. Others have to."
    assert refusal(lambda: call(commons, number, "xo")).startswith("xo is not a member")
    routine = commons.propose("cy", commons.change("spam", "cases_added"))
    assert refusal(lambda: call(commons, routine, "di")) == (
        "a change of the kind routine is not put to a vote on request (class.routine.mode). "
        "Object, if it should not be agreed on."
    )
    commons.approve(number, "di")
    commons.wait(3)
    assert refusal(lambda: call(commons, number, "ed")).startswith("proposal 1 is in comment")
