"""Revising a proposal, stepping back from it, standing behind somebody else's."""

from __future__ import annotations

import pytest

from governance import payloads
from governance.authority import head_ref
from governance.charter.model import ChangeClass
from governance.payloads import Move
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.made import oid


def in_comment(commons: Assembly, by: str = "bo") -> int:
    number = commons.propose(by)
    commons.approve(number, "cy")
    commons.wait(2)
    assert commons.stage(number) is Stage.COMMENT
    return number


def test_revised() -> None:
    """Another revision has another content, of which nothing was approved yet; its time begins anew."""
    commons = circle()
    number = commons.propose("bo")
    before = commons.open(number)
    commons.wait(1)
    commons.revise("bo", number, commons.change("spam", "wording"))
    after = commons.open(number)
    assert (after.kind, after.maker, after.sponsor) == (ChangeClass.POLICY, "bo", "bo")
    assert after.content != before.content
    assert len(after.revisions) == 2
    assert (after.opened_at, after.revised_at, after.revised_seq) == (
        before.opened_at,
        commons.at,
        commons.state.seq,
    )
    assert after.charter == commons.state.charter


def test_approvals_are_of_a_content() -> None:
    """Approvals of the revision before count no more, objections stand."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.object("di", number)
    commons.revise("bo", number)
    commons.wait(100)
    assert (commons.stage(number), commons.open(number).opposed) == (Stage.REVIEW, 1)
    commons.approve(number, "cy")
    assert commons.stage(number) is Stage.COMMENT


def test_revised_in_the_comment_period() -> None:
    """A change during the final comment period ends that: nothing is decided that people have not read."""
    commons = village()
    number = in_comment(commons)
    commons.wait(3)
    commons.revise("bo", number)
    proposal = commons.open(number)
    assert (proposal.stage, proposal.since, proposal.frozen) == (Stage.REVIEW, commons.at, None)


def test_review_goes_on() -> None:
    """A revision in review does not begin the review anew."""
    commons = village()
    number = commons.propose("bo")
    since = commons.at
    commons.wait(1)
    commons.revise("bo", number)
    assert commons.open(number).since == since


def test_who_revises() -> None:
    """Its author or whoever stands behind it, and nobody else; not while it is voted on."""
    commons = village()
    number = commons.propose("bo")
    assert refusal(lambda: commons.revise("cy", number)) == (
        "cy is neither the author of proposal 1 nor stands behind it. Ask bo, adopt it, or open your own."
    )
    for who in ("bo", "cy", "di"):
        commons.act(who, payloads.VoteCalled(number=number))
    commons.wait(2)
    assert refusal(lambda: commons.revise("bo", number)) == (
        "proposal 1 is in voting, and this belongs to review or comment. "
        "Wait for that stage, or read what comes next with `commons explain`."
    )


def test_nothing_to_revise() -> None:
    """A withdrawal has no text."""
    commons = circle()
    number = commons.propose_withdrawal("bo")
    assert refusal(lambda: commons.revise("bo", number)) == (
        "there is nothing in it that could be revised. Open another one."
    )


def test_its_head_follows() -> None:
    """A revision moves the head from the one before."""
    commons = circle()
    number = commons.propose("bo")
    revision = commons.revision(commons.change())
    stray = Move(ref=head_ref(number), old=commons.state.refs[head_ref(number)], new=oid(7))
    work = payloads.Revised(number=number, revision=revision)
    expected = "the head of proposal 1 does not go to its revision. Move it there."
    assert refusal(lambda: commons.act("bo", work, stray)) == expected
    assert refusal(lambda: commons.act("bo", work)) == expected


def test_the_same_checks_again() -> None:
    """What could not be proposed cannot be revised to."""
    commons = circle()
    number = commons.propose("bo")
    revision = commons.revision()
    move = Move(ref=head_ref(number), old=commons.state.refs[head_ref(number)], new=revision.head)
    work = payloads.Revised(number=number, revision=revision)
    assert refusal(lambda: commons.act("bo", work, move)).startswith("the revision changes nothing.")


def test_authors_add_up() -> None:
    """Whoever made any revision, or what one brought along, is an author for good."""
    commons = village(affiliations={"di": "acme"})
    number = commons.propose("xo", lineage=("di",))
    commons.act("cy", payloads.Adopted(number=number))
    commons.revise("cy", number, lineage=("zoe",))
    proposal = commons.open(number)
    assert proposal.authors == {"xo", "di", "cy", "zoe"}
    assert (proposal.makers, proposal.affiliations) == ({"xo", "cy"}, {"acme"})
    assert (proposal.author, proposal.maker, proposal.sponsor) == ("xo", "cy", "cy")


def test_somebody_from_outside_revises() -> None:
    """A member who stood behind the text before has not seen the next: it waits for one who has."""
    commons = village()
    number = commons.propose("xo")
    commons.act("cy", payloads.Adopted(number=number))
    commons.revise("xo", number)
    assert commons.open(number).sponsor is None
    commons.approve(number, "di")
    commons.wait(50)
    assert commons.stage(number) is Stage.REVIEW


# Stepping back


def test_given_up() -> None:
    """An author who is alone with it ends it."""
    commons = circle()
    number = commons.propose("bo")
    commons.give_up("bo", number)
    assert (commons.stage(number), commons.over(number).at) == (Stage.WITHDRAWN, commons.at)
    assert head_ref(number) not in commons.state.refs
    assert dict(commons.state.opened) == {"bo": 0}


def test_given_up_from_outside() -> None:
    """Somebody from outside gives up what no member stands behind."""
    commons = circle()
    number = commons.propose("xo")
    commons.give_up("xo", number)
    assert commons.stage(number) is Stage.WITHDRAWN


def test_it_goes_on_as_the_sponsors() -> None:
    """Where a member stands behind it, it goes on as theirs."""
    commons = village()
    number = commons.propose("xo")
    commons.act("cy", payloads.Adopted(number=number))
    commons.give_up("xo", number)
    proposal = commons.open(number)
    assert (proposal.author, proposal.sponsor, proposal.opener) == ("cy", "cy", "xo")
    commons.give_up("cy", number)
    assert commons.stage(number) is Stage.WITHDRAWN


def test_a_sponsor_steps_back() -> None:
    """It waits for another member then, and stays its author's."""
    commons = village()
    number = commons.propose("xo")
    commons.act("cy", payloads.Adopted(number=number))
    commons.give_up("cy", number)
    proposal = commons.open(number)
    assert (proposal.author, proposal.sponsor) == ("xo", None)


@pytest.mark.parametrize("revised", [False, True])
def test_an_author_is_left_with_it(revised: bool) -> None:
    """An author who is a member again stands behind it when the sponsor steps back, if it is their text."""
    commons = village(charter="open")
    number = commons.propose("bo")
    commons.act("bo", payloads.Left())
    commons.act("cy", payloads.Adopted(number=number))
    commons.act("bo", payloads.Applied())
    if revised:
        commons.revise("cy", number)
    commons.give_up("cy", number)
    assert commons.open(number).sponsor == (None if revised else "bo")


def test_who_gives_up() -> None:
    """Nobody gives up what is not theirs, nor what the members are voting on or have accepted."""
    commons = village()
    number = in_comment(commons)
    assert refusal(lambda: commons.give_up("cy", number)) == "proposal 1 is not cy's. Ask bo."
    commons.wait(6)
    assert commons.stage(number) is Stage.ACCEPTED
    assert refusal(lambda: commons.give_up("bo", number)).startswith("proposal 1 is in accepted")


# Standing behind


def test_adopted() -> None:
    """Who stands behind a proposal is an author from then on, on its side, and reviews it no more."""
    commons = village(affiliations={"cy": "acme", "di": "acme"})
    number = commons.propose("xo")
    commons.approve(number, "cy", "di")
    commons.act("cy", payloads.Adopted(number=number))
    proposal = commons.open(number)
    assert (proposal.sponsor, proposal.author) == ("cy", "xo")
    assert (proposal.makers, proposal.authors, proposal.affiliations) == (
        {"xo", "cy"},
        {"xo", "cy"},
        {"acme"},
    )
    commons.wait(10)
    assert commons.stage(number) is Stage.REVIEW
    commons.approve(number, "ed")
    assert commons.stage(number) is Stage.COMMENT


def test_refused_adoptions() -> None:
    """One member stands behind it, and a member."""
    commons = village()
    number = commons.propose("bo")
    adopted = payloads.Adopted(number=number)
    assert refusal(lambda: commons.act("cy", adopted)) == (
        "bo stands behind proposal 1. Review it instead, or open your own."
    )
    assert refusal(lambda: commons.act("xo", payloads.Adopted(number=commons.propose("xo")))).startswith(
        "xo is not a member"
    )
    commons.wait(2300)
    assert refusal(lambda: commons.act("cy", adopted)) == "proposal 1 is over: lapsed. Open another."
    assert refusal(lambda: commons.act("cy", payloads.Adopted(number=9))) == (
        "there is no proposal 9. Name an open one."
    )
