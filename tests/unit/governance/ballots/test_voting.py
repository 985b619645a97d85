"""A vote from its opening to its count."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.ballots.voting import LATE_HOURS, count
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.communities import VILLAGERS, circle, refusal, village
from tests.support.made import HOUR, public_key, sha

VOTE = {"class.policy.mode": "vote", "class.policy.objection": None}


def voting(overrides: dict[str, object] | None = None, charter: str = "quick") -> tuple[Assembly, int]:
    """Nine members who vote on a change of bo's."""
    commons = village({**VOTE, **(overrides or {})}, charter=charter)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    assert commons.stage(number) is Stage.VOTING
    return commons, number


def closed(commons: Assembly) -> payloads.VotingClosed:
    said = next(event.payload for event in reversed(commons.events) if event.type == "voting_closed")
    assert isinstance(said, payloads.VotingClosed)
    return said


def test_opened() -> None:
    """An opening states everything that decides the vote."""
    commons, number = voting()
    proposal = commons.open(number)
    said = commons.events[-1].payload
    assert isinstance(said, payloads.VotingOpened)
    frozen = proposal.frozen
    assert frozen is not None
    assert proposal.revision is not None
    assert said == payloads.VotingOpened(
        number=number,
        content=proposal.content,
        base=proposal.revision.base,
        charter=commons.state.charter,
        roll=frozen.digest,
        voters=9,
        method="approval-quorum@1",
        suites=("public",),
        due=commons.at,
        closes=commons.at + 6 * HOUR,
    )
    assert (proposal.since, proposal.round) == (commons.at, 1)


def test_openings_state_what_follows() -> None:
    """An opening that states anything else is refused."""
    commons = village(VOTE)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.at += 2 * HOUR
    draft = commons.owed()
    assert draft is not None
    said = draft.payload
    assert isinstance(said, payloads.VotingOpened)
    for wrong in (
        {"content": sha(1)},
        {"charter": "f" * 40},
        {"roll": sha(1)},
        {"voters": 8},
        {"method": "schulze-wv@1"},
        {"suites": ()},
        {"closes": said.closes - 1},
    ):
        other = changed(draft, payload=replace(said, **wrong))
        assert refusal(lambda other=other: commons._append(other)) == (
            "the opening does not state what follows from the log. State what does."
        )
    for base in (None, "f" * 40):
        other = changed(draft, payload=replace(said, base=base))
        assert refusal(lambda other=other: commons._append(other)) == (
            "the opening names another base than the revision has. Name the revision's."
        )
    boxed = changed(draft, payload=replace(said, box="box"))
    assert refusal(lambda: commons._append(boxed)) == (
        "ballots are open here (ballot.visibility). Open the vote without a box."
    )
    commons._append(draft)


def test_without_a_base() -> None:
    """What changes nothing on main has no base."""
    commons = village(VOTE)
    number = commons.propose_withdrawal("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    said = commons.events[-1].payload
    assert isinstance(said, payloads.VotingOpened)
    assert said.base is None


# Ballots


def test_the_last_ballot_counts() -> None:
    """A member may change their mind until the close; each has one vote."""
    commons, number = voting()
    commons.vote(number, "yes", "bo", "cy", "di", "ed", "fi")
    commons.vote(number, "no", "bo", "cy")
    commons.vote(number, "abstain", "cy")
    assert commons.open(number).yes == 3
    assert len(commons.open(number).ballots) == 5
    commons.wait(6)
    tally = closed(commons).tally
    assert (tally.voters, tally.yes, tally.no, tally.abstain) == (9, 3, 1, 1)


def test_a_key_changed_in_between() -> None:
    """A member with another key is the same member, with one vote."""
    commons, number = voting()
    commons.act("bo", payloads.KeyAdded(public=public_key("one")))
    commons.sign_with("bo", public_key("one"))
    commons.keyed = False
    commons.vote(number, "no", "bo")
    commons.sign_with("bo", None)
    key = commons.state.people.members["bo"].keys[0].fingerprint
    commons.act("bo", payloads.KeyRevoked(fingerprint=key))
    commons.act("bo", payloads.KeyAdded(public=public_key("two")))
    commons.sign_with("bo", public_key("two"))
    commons.vote(number, "yes", "bo")
    ballot = commons.open(number).ballots["bo"]
    assert (ballot.choice, ballot.nonce, len(commons.open(number).ballots)) == ("yes", 2, 1)


def test_refused_ballots() -> None:
    """Ballots are of this content, by those who were on the roll when the vote opened, and open here."""
    commons, number = voting(charter="open")
    commons.act("joy", payloads.Applied())
    for who in ("joy", "xo"):
        assert refusal(lambda who=who: commons.vote(number, "yes", who)) == (
            f"{who} was not on the roll when the vote on proposal 1 opened. "
            "Only those on it vote; joining later changes no vote that is open."
        )
    stray = payloads.BallotCast(number=number, content=sha(1), choice="yes")
    assert refusal(lambda: commons.act("bo", stray)) == (
        "the ballot is for another content. Vote on what is voted on."
    )
    content = commons.open(number).content
    for said in (
        payloads.BallotCast(number=number, content=content),
        payloads.BallotCast(number=number, content=content, box="box"),
        payloads.BallotCast(number=number, content=content, choice="yes", box="box"),
    ):
        assert refusal(lambda said=said: commons.act("bo", said)) == (
            "ballots are open in this vote. Cast an open ballot."
        )
    other = commons.propose("cy")
    assert refusal(lambda: commons.vote(other, "yes", "bo")).startswith("proposal 2 is in review")


def test_not_changed() -> None:
    """Where the charter says so, the first ballot stands."""
    commons, number = voting({"ballot.change_allowed": False})
    commons.vote(number, "no", "bo")
    assert refusal(lambda: commons.vote(number, "yes", "bo")) == (
        "bo has voted, and a ballot is not changed here (ballot.change_allowed). It stands."
    )


def test_what_was_agreed_on_has_no_vote() -> None:
    """There is nothing to vote on where no vote was."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(8)
    expected = "it was not voted on. Nothing to do."
    assert refusal(lambda: commons.vote(number, "yes", "bo")) == expected
    friends = circle()
    at_once = friends.propose("bo", friends.change("spam", "cases_added"))
    assert friends.stage(at_once) is Stage.ACCEPTED
    assert refusal(lambda: friends.vote(at_once, "yes", "bo")) == expected


# The close


def test_a_second_before() -> None:
    """A ballot counts until the second before the close; at the close it is late."""
    commons, number = voting()
    commons.vote(number, "yes", "bo", "cy", "di", "ed")
    ends = commons.open(number).frozen.ends  # type: ignore[union-attr]
    commons.at = ends - 1
    commons.vote(number, "yes", "fi")
    commons.at = ends
    commons.vote(number, "no", "gu")
    assert closed(commons).tally.yes == 5
    assert closed(commons).tally.no == 0
    assert closed(commons).due == ends
    assert (commons.stage(number), commons.open(number).late) == (Stage.ACCEPTED, 1)


def test_late_after_the_end() -> None:
    """Late ballots are noted for a week, of people who are known here, and change nothing."""
    commons, number = voting()
    commons.wait(6)
    assert commons.stage(number) is Stage.NO_QUORUM
    before = commons.state.ended
    commons.vote(number, "yes", "bo")
    assert commons.state.ended == before
    assert refusal(lambda: commons.vote(number, "yes", "xo")) == "xo was never a member. Members vote."
    commons.wait(LATE_HOURS - 0.01)
    commons.vote(number, "yes", "bo")
    commons.wait(0.01)
    over = "the vote on proposal 1 is over. It is decided, and is not opened again."
    assert refusal(lambda: commons.vote(number, "yes", "bo")) == over
    given_up = commons.propose("cy")
    commons.give_up("cy", given_up)
    assert refusal(lambda: commons.vote(given_up, "yes", "bo")) == over.replace("1", str(given_up))


def test_slept_through() -> None:
    """A registry that slept through the close counts those in time, and not one after."""
    commons, number = voting()
    commons.vote(number, "yes", "bo", "cy", "di", "ed", "fi")
    commons.sleep(100)
    commons.vote(number, "no", *VILLAGERS[5:])
    assert (closed(commons).tally.yes, closed(commons).tally.no) == (5, 0)
    assert commons.stage(number) is Stage.ACCEPTED
    proposal = commons.open(number)
    assert proposal.accepted_at == closed(commons).due
    assert proposal.late == 4


def test_everybody_says_yes() -> None:
    """Only a yes of everybody on the roll ends a vote before its time."""
    commons, number = voting()
    commons.vote(number, "yes", *VILLAGERS[:8])
    commons.wait(1)
    commons.vote(number, "abstain", "ira")
    assert commons.stage(number) is Stage.VOTING
    commons.vote(number, "yes", "ira")
    assert commons.stage(number) is Stage.ACCEPTED
    assert (closed(commons).due, closed(commons).tally.yes) == (commons.at, 9)


@pytest.mark.parametrize("wrong", ["tally", "late", "key", "opened"])
def test_another_count(wrong: str) -> None:
    """The registry states the count that the ballots give, byte for byte."""
    commons, number = voting()
    commons.vote(number, "yes", "bo", "cy", "di", "ed", "fi")
    commons.at += 6 * HOUR
    draft = commons.owed()
    assert draft is not None
    said = draft.payload
    assert isinstance(said, payloads.VotingClosed)
    other = {
        "tally": replace(said, tally=replace(said.tally, yes=6)),
        "late": replace(said, tally=replace(said.tally, late=1)),
        "key": replace(said, key="key"),
        "opened": replace(said, opened=(payloads.OpenedBallot(member="bo", choice="yes"),)),
    }[wrong]
    expected = {
        "tally": "the tally is not the one that the ballots give. Count them again; "
        "`commons explain` shows the arithmetic.",
        "key": "open ballots need no key. Leave out the key.",
    }
    expected["late"], expected["opened"] = expected["tally"], expected["key"]
    assert refusal(lambda: commons._append(changed(draft, payload=other))) == expected[wrong]
    commons._append(draft)


# Both charters


def test_a_charter_that_raises_its_threshold() -> None:
    """An amendment passes under the charter in force and under the one that it would bring."""
    for yes, outcome in ((2, "no_quorum"), (3, "accepted")):
        commons = circle({}, "di")
        before, text = commons.state.charter, commons.charter(*CHARTERS["higher bar"])
        number = commons.propose("bo", charter=text)
        commons.wait(24)
        voters = ("ana", "bo", "cy", "di")
        commons.vote(number, "yes", *voters[:yes])
        commons.vote(number, "no", *voters[3:])
        commons.wait(72)
        tally = closed(commons).tally
        assert [(one.charter, one.quorum, one.threshold) for one in tally.requirements] == [
            (before, 2, "2/3"),
            (text.blob, 3, "3/4"),
        ]
        assert tally.outcome == outcome


def test_a_charter_under_which_nothing_is_voted_on() -> None:
    """A charter that hands everything to an owner is held to the one in force alone."""
    commons = circle()
    number = commons.propose("bo", charter=commons.charter("solo@1"))
    commons.wait(72)
    commons.vote(number, "yes", "ana", "bo", "cy")
    assert [one.charter for one in closed(commons).tally.requirements] == [commons.state.charter]


# Sealed


def sealed() -> tuple[Assembly, int]:
    return voting({"ballot.visibility": "sealed_until_close"})


def test_sealed_ballots() -> None:
    """Boxes are opened after the close, all of them, and the count follows from what they held."""
    commons, number = sealed()
    assert commons.open(number).frozen.box == "box"  # type: ignore[union-attr]
    commons.vote(number, "yes", "bo", "cy", "di", "ed", "fi")
    commons.vote(number, "unreadable", "gu")
    assert commons.open(number).yes == 0
    content = commons.open(number).content
    plain = payloads.BallotCast(number=number, content=content, choice="yes")
    assert (
        refusal(lambda: commons.act("ha", plain)) == "ballots are sealed in this vote. Cast a sealed ballot."
    )
    commons.wait(6)
    assert commons.stage(number) is Stage.VOTING
    commons.vote(number, "no", "ha")
    commons.open_boxes(number)
    tally = closed(commons).tally
    assert (tally.yes, tally.no, tally.spoilt, tally.late) == (5, 0, 1, 1)
    assert commons.stage(number) is Stage.ACCEPTED


def test_all_yes_in_boxes() -> None:
    """A sealed vote never ends early: nobody knows what is in the boxes."""
    commons, number = sealed()
    commons.vote(number, "yes", *VILLAGERS)
    assert commons.stage(number) is Stage.VOTING


def test_when_boxes_are_opened() -> None:
    """Not before the close, and not three days after it."""
    commons, number = sealed()
    ends = commons.open(number).frozen.ends  # type: ignore[union-attr]
    expected = f"sealed ballots are opened after the close, and in time. That is from {ends} on."
    commons.at = ends - 1
    assert refusal(lambda: commons.open_boxes(number)) == expected
    commons.at = ends + 72 * HOUR - 1
    commons.open_boxes(number)


def test_the_time_to_challenge_begins_with_the_count() -> None:
    """A host that opens the boxes late takes nothing from the time in which members may challenge."""
    commons, number = sealed()
    commons.vote(number, "yes", "bo", "cy", "di", "ed", "fi")
    commons.wait(6 + 70)
    commons.open_boxes(number)
    assert commons.open(number).accepted_at == commons.at
    commons.wait(11.9)
    assert commons.ready() == []


def test_boxes_that_stay_shut() -> None:
    """The vote is void, and held again, openly, with a roll of its own."""
    commons, number = sealed()
    commons.vote(number, "yes", *VILLAGERS)
    commons.act("ira", payloads.Left())
    ends = commons.open(number).frozen.ends  # type: ignore[union-attr]
    commons.wait(6 + 71.9)
    assert commons.stage(number) is Stage.VOTING
    commons.wait(0.1)
    proposal = commons.open(number)
    frozen = proposal.frozen
    assert frozen is not None
    assert (proposal.stage, proposal.round, frozen.box) == (Stage.VOTING, 2, None)
    assert (frozen.opened, len(frozen.roll), len(proposal.ballots)) == (ends + 72 * HOUR, 8, 0)
    commons.wait(6)
    assert commons.stage(number) is Stage.NO_QUORUM


def test_sealed_again_for_another_text() -> None:
    """The open vote is about one content: another revision is voted on in boxes again."""
    commons = village({"ballot.visibility": "sealed_until_close"})
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.object("di", number)
    commons.wait(2 + 6 + 6 + 72)
    assert (commons.stage(number), commons.open(number).round) == (Stage.COMMENT, 2)
    commons.revise("bo", number)
    assert commons.open(number).round == 1


def test_another_opening_of_boxes() -> None:
    """Each member's box is opened, in order, and holds one thing or the other; with the key."""
    commons, number = sealed()
    commons.vote(number, "yes", "bo", "cy")
    commons.wait(6)
    missing = (
        "not every ballot was opened, or one that is none. "
        "Open each member's last one, in order of their handles."
    )
    neither = "bo's ballot is neither a choice nor spoilt. State one of the two."
    proposal = commons.open(number)
    bo, cy = (payloads.OpenedBallot(member=who, choice="yes") for who in ("bo", "cy"))
    cases = {
        (bo,): missing,
        (cy, bo): missing,
        (bo, cy, payloads.OpenedBallot(member="di", choice="no")): missing,
        (payloads.OpenedBallot(member="bo"), cy): neither,
        (payloads.OpenedBallot(member="bo", choice="yes", spoilt="torn"), cy): neither,
    }
    for opened, expected in cases.items():
        tally = count(proposal, {one.member: one.choice for one in opened})
        said = payloads.VotingClosed(
            number=number,
            tally=tally,
            due=proposal.frozen.ends,
            key="key",
            opened=opened,  # type: ignore[union-attr]
        )
        draft = changed(commons.draft("registry", said), moves=commons.clearing(commons.state, proposal))
        assert refusal(lambda draft=draft: commons._append(draft)) == expected
        shut = changed(draft, payload=replace(said, key=None))
        assert refusal(lambda shut=shut: commons._append(shut)) == (
            "sealed ballots are opened with their key. Publish the key."
        )


def test_a_sealed_vote_that_nobody_took_part_in() -> None:
    """It is closed by the host like any other."""
    commons, number = sealed()
    commons.wait(7)
    commons.open_boxes(number)
    assert commons.stage(number) is Stage.NO_QUORUM


def test_sealed_openings_have_a_box() -> None:
    """Where ballots are sealed a vote opens with a box."""
    commons = village({**VOTE, "ballot.visibility": "sealed_until_close"})
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.at += 2 * HOUR
    draft = commons.owed()
    assert draft is not None
    open_one = changed(draft, payload=replace(draft.payload, box=None))
    assert refusal(lambda: commons._append(open_one)) == (
        "ballots are sealed here (ballot.visibility). Open the vote with a box."
    )
