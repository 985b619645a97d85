"""Attacks on votes."""

from __future__ import annotations

from dataclasses import replace as changed
from fractions import Fraction

from msgspec.structs import replace

from governance import payloads
from governance.ballots import counting
from governance.ballots.voting import ballot_cast, count, held_to, in_time
from governance.charter.formulas import passes
from governance.commons import Commons
from governance.events import Event, encode_event, event_digest
from governance.membership.leaving import fingerprint_of
from governance.proposals.state import Proposal, Stage
from governance.replay import apply
from governance.stepping import check_turn
from tests.support.assembly import Assembly
from tests.support.communities import VILLAGERS, circle, refusal, village
from tests.support.made import public_key
from tests.support.switching import with_answer, without_refusal

VOTE = {"class.policy.mode": "vote", "class.policy.objection": None}


def voting(*, keyed: bool = False) -> tuple[Assembly, int]:
    commons = village(VOTE, keyed=keyed)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    assert commons.stage(number) is Stage.VOTING
    return commons, number


def tally(commons: Assembly) -> payloads.Tally:
    return next(e.payload.tally for e in reversed(commons.events) if e.type == "voting_closed")  # type: ignore[attr-defined]


# Late ballots


def late(commons: Assembly, number: int) -> Event:
    """A ballot at the very second of the close, before anybody recorded that."""
    commons.vote(number, "yes", "bo", "cy", "di", "ed")
    commons.at = commons.open(number).frozen.ends  # type: ignore[union-attr]
    content = commons.open(number).content
    return commons.place(
        commons.draft("fi", payloads.BallotCast(number=number, content=content, choice="yes"))
    )


def test_late_ballot() -> None:
    """The fifth yes that would reach the quorum comes a second too late: the close comes first."""
    commons, number = voting()
    event = late(commons, number)
    assert "the clock is behind: proposal 1" in refusal(
        lambda: apply(commons.state, event, event_digest(encode_event(event)))
    )
    commons.settle()
    assert tally(commons).yes == 4
    assert commons.stage(number) is Stage.NO_QUORUM


def test_late_ballot_succeeds_without() -> None:
    """Without the order of the clock it is still noted as late; without the close as well, it counts."""
    commons, number = voting()
    event = late(commons, number)
    with with_answer(check_turn, lambda *_: None):
        noted = apply(commons.state, event, event_digest(encode_event(event)))
        with with_answer(in_time, lambda *_: True):
            counted = apply(commons.state, event, event_digest(encode_event(event)))
    assert (noted.proposals[number].late, len(noted.proposals[number].ballots)) == (1, 4)
    assert (counted.proposals[number].late, len(counted.proposals[number].ballots)) == (0, 5)


# Leaving is not suspending


def after_leaving() -> Assembly:
    commons, number = voting()
    commons.vote(number, "no", "gu")
    commons.act("gu", payloads.Left())
    commons.act("ha", payloads.Left())
    commons.vote(number, "no", "ha")
    commons.vote(number, "yes", *VILLAGERS[:5])
    commons.wait(6)
    return commons


def test_leaving_is_not_suspending() -> None:
    """A roll that is frozen stays: nobody is taken off it while the vote is open."""
    assert (tally(after_leaving()).voters, tally(after_leaving()).no) == (9, 2)


def test_leaving_is_not_suspending_succeeds_without() -> None:
    """Counted on the members at hand, whoever gets two opponents off the roll has the vote."""
    commons: list[Assembly] = []

    def of_members(proposal: Proposal, choices: dict[str, str | None]) -> payloads.Tally:
        return count(proposal, {who: choice for who, choice in choices.items() if who not in ("gu", "ha")})

    with with_answer(count, of_members):
        commons.append(after_leaving())
    assert tally(commons[0]).no == 0


# Keys


def rotated() -> tuple[Assembly, int]:
    commons, number = voting(keyed=True)
    for name in ("one", "two"):
        commons.act("bo", payloads.KeyAdded(public=public_key(name)))
        commons.sign_with("bo", public_key(name))
        commons.vote(number, "yes", "bo")
        commons.act("bo", payloads.KeyRevoked(fingerprint=fingerprint_of(public_key(name))))
        commons.sign_with("bo", None)
    return commons, number


def test_key_rotated_mid_vote() -> None:
    """Two keys in one vote are one member, with one ballot."""
    commons, number = rotated()
    assert list(commons.open(number).ballots) == ["bo"]
    assert commons.open(number).yes == 1


def test_key_rotated_mid_vote_succeeds_without() -> None:
    """Were ballots kept by the key that signed them, one member would have two."""

    def by_key(state: Commons, event: Event, said: payloads.BallotCast) -> Commons:
        after = ballot_cast(state, event, said)
        proposal = after.proposals[said.number]
        ballots = proposal.ballots.set(str(event.key), proposal.ballots[event.actor]).delete(event.actor)
        return replace(after, proposals=after.proposals.set(said.number, replace(proposal, ballots=ballots)))

    with with_answer(ballot_cast, by_key):
        commons, _ = rotated()
    commons.wait(6)
    assert tally(commons).yes == 2


def backdated() -> tuple[Assembly, Event]:
    """A ballot that is signed with a key of bo's from before the log has it."""
    commons = village(VOTE, keyed=True)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    content = commons.open(number).content
    cast = commons.place(
        commons.draft("bo", payloads.BallotCast(number=number, content=content, choice="yes"))
    )
    return commons, changed(cast, key=fingerprint_of(public_key("stolen")), sig="signature")


def test_backdated_key() -> None:
    """A key counts from the event that registers it to the one that revokes it, whatever it claims."""
    commons, cast = backdated()
    assert "is no key of bo that counts now" in refusal(
        lambda: apply(commons.state, cast, event_digest(encode_event(cast)))
    )
    commons.act("bo", payloads.KeyAdded(public=public_key("stolen")))
    commons.act("bo", payloads.KeyRevoked(fingerprint=fingerprint_of(public_key("stolen"))))
    again = changed(cast, seq=commons.state.seq + 1, prev=commons.state.prev)
    assert "is no key of bo that counts now" in refusal(
        lambda: apply(commons.state, again, event_digest(encode_event(again)))
    )


def test_backdated_key_succeeds_without() -> None:
    """Without the rule it counts, unregistered."""
    commons, cast = backdated()
    with without_refusal("is no key of bo that counts now"):
        state = apply(commons.state, cast, event_digest(encode_event(cast)))
    assert state.proposals[1].ballots["bo"].choice == "yes"


# Rules that change in the middle


def changed_rules() -> tuple[Assembly, int]:
    """A vote is open while another charter, with a lower bar, comes into force."""
    commons = circle({}, "di", "ed")
    first = commons.propose("bo", charter=commons.charter("circle@1", {"class.policy.voting": 60}))
    commons.wait(20)
    number = commons.propose("cy", commons.change())
    commons.approve(number, "di")
    commons.object("ana", number)
    commons.wait(20)
    assert commons.stage(number) is Stage.VOTING
    easier = commons.charter("circle@1", {"class.policy.quorum": {"share": "1/5", "floor": 1}})
    commons.vote(first, "yes", "ana", "bo", "cy", "di", "ed")
    commons.enact(first)
    second = commons.propose("ed", charter=easier)
    commons.wait(24)
    commons.vote(second, "yes", "ana", "bo", "cy", "di", "ed")
    commons.enact(second)
    assert commons.state.charter == easier.blob
    assert commons.stage(number) is Stage.VOTING
    commons.vote(number, "yes", "cy")
    return commons, number


def test_rule_change_mid_vote() -> None:
    """A vote is counted under the charter that was frozen when its decision opened."""
    commons, number = changed_rules()
    commons.wait(72)
    assert tally(commons).requirements[0].quorum == 3
    assert commons.stage(number) is Stage.NO_QUORUM


def test_rule_change_mid_vote_succeeds_without() -> None:
    """Counted under the charter in force, a single yes decides."""
    commons, number = changed_rules()

    def under_the_new(proposal: object) -> object:
        frozen = replace(proposal.frozen, rules=commons.state.rules)  # type: ignore[attr-defined]
        return held_to(replace(proposal, frozen=frozen))  # type: ignore[type-var]

    with with_answer(held_to, under_the_new):
        commons.wait(72)
    assert commons.stage(number) is Stage.ACCEPTED


# Abstentions


def abstained() -> Assembly:
    commons, number = voting()
    commons.vote(number, "yes", "bo")
    commons.vote(number, "abstain", *[who for who in VILLAGERS if who != "bo"])
    commons.wait(6)
    return commons


def test_quorum_by_abstentions() -> None:
    """A quorum is of approvals: eight who abstain do not carry the one who wants it."""
    assert tally(abstained()).outcome == "no_quorum"


def test_quorum_by_abstentions_succeeds_without() -> None:
    """Were turnout counted, they would."""
    required = counting._required

    def turnout(held: counting.Held, voters: int, yes: int, no: int) -> payloads.Requirement:
        strict = required(held, voters, yes, no)
        return replace(strict, quorum_met=True, threshold_met=passes(yes, no, Fraction(1, 2)))

    counting._required = turnout
    try:
        assert tally(abstained()).outcome == "accepted"
    finally:
        counting._required = required
