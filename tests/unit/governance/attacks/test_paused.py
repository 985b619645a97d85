"""Attacks on challenges, panels and emergencies."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.commons import Commons
from governance.errors import RefusedError
from governance.membership.affiliation import acts_for
from governance.proposals.deciding import accepted_by
from governance.proposals.lot import draw, parties
from governance.proposals.state import Proposal, Stage
from tests.support.assembly import Assembly
from tests.support.communities import VILLAGERS, refusal, village
from tests.support.made import HOUR, sha
from tests.support.switching import with_answer, without_refusal


def challenge(commons: Assembly, number: int, *who: str) -> None:
    for handle in who:
        commons.act(handle, payloads.Challenged(number=number, reason=sha(1)))


def accepted(commons: Assembly, reviewer: str = "cy", **options: object) -> int:
    number = commons.propose("bo", **options)  # type: ignore[arg-type]
    commons.approve(number, reviewer)
    commons.wait(8)
    assert commons.stage(number) is Stage.ACCEPTED
    return number


# Censoring a challenge


def in_time() -> tuple[Assembly, int]:
    """Three challenges within the time for them, and a host that would rather bring it into force."""
    commons = village()
    number = accepted(commons)
    challenge(commons, number, "gu", "ha", "ira")
    return commons, number


def test_challenge_censored() -> None:
    """What enough members challenge comes into force when a panel has ruled, or its time is over."""
    commons, number = in_time()
    commons.at += 12 * HOUR
    assert "proposal 1 is in stayed" in refusal(lambda: commons.enact(number))


def test_challenge_censored_succeeds_without() -> None:
    """Without the time in which one may challenge, it is in force before anybody could."""
    commons = village()
    number = accepted(commons)
    with without_refusal("may come into force from"):
        commons.enact(number)
    assert "is over: enacted" in refusal(lambda: challenge(commons, number, "gu"))


# Panels


def panels(commons: Assembly, number: int, challengers: tuple[str, ...]) -> set[str]:
    """Everybody on whom some lot could fall."""
    drawn: set[str] = set()
    for seed in range(40):
        proposal = replace(commons.open(number), seeds=(sha(seed),), challengers=challengers)
        drawn |= set(draw(commons.state, proposal, commons.state.charter_rules, commons.at))
    return drawn


def with_colleagues() -> tuple[Assembly, int]:
    commons = village(affiliations={"bo": "acme", "cy": "acme", "di": "acme", "gu": "beta", "ha": "beta"})
    return commons, accepted(commons, "ed")


def test_panel_with_a_colleague() -> None:
    """Nobody rules for a colleague: those of the author's and of the challengers' organisations are out."""
    commons, number = with_colleagues()
    assert panels(commons, number, ("gu",)) == {"ana", "ed", "fi", "ira"}


def test_panel_with_a_colleague_succeeds_without() -> None:
    """Without the look at organisations, colleagues are drawn."""
    commons, number = with_colleagues()
    with with_answer(acts_for, lambda *_: frozenset()):
        assert panels(commons, number, ("gu",)) >= {"cy", "di", "ha"}


def test_naming_authors_off_the_panel() -> None:
    """Naming everybody as an author who might rule against it keeps nobody off the panel."""
    commons = village()
    number = accepted(commons, "cy", lineage=("di", "ed", "fi", "gu"))
    assert panels(commons, number, ()) >= {"di", "ed", "fi", "gu"}


def test_naming_authors_off_the_panel_succeeds_without() -> None:
    """Were they parties, the panel would be of the author's choosing."""
    commons = village()
    number = accepted(commons, "cy", lineage=("di", "ed", "fi", "gu"))

    def with_lineage(proposal: Proposal) -> frozenset[str]:
        return parties(proposal) | proposal.authors

    with with_answer(parties, with_lineage):
        assert panels(commons, number, ()).isdisjoint({"di", "ed", "fi", "gu"})


def test_no_friend_is_drawn_by_choice() -> None:
    """The lot needs both seeds: with another second one, others are drawn."""
    commons, number = with_colleagues()
    found = set()
    for seed in range(20):
        proposal = replace(commons.open(number), seeds=(sha(1), sha(seed)), challengers=("gu",))
        found.add(draw(commons.state, proposal, commons.state.charter_rules, commons.at))
    assert len(found) > 1


# Emergencies


def renewed(commons: Assembly) -> int:
    """How often two members withdraw a release, one emergency after the other."""
    times = 0
    for _ in range(3):
        try:
            for who in ("bo", "cy"):
                commons.act(who, payloads.EmergencyCalled(slug="spam", version="1.0.0", reason=sha(1)))
        except RefusedError:
            break
        times += 1
        commons.wait(48)
    return times


def test_emergency_for_ever() -> None:
    """Two members withdraw a release for a time, once; for good it takes everybody."""
    assert renewed(village()) == 1


def test_emergency_for_ever_succeeds_without() -> None:
    """Without that rule two would decide for good what takes a vote."""
    with without_refusal("was withdrawn in an emergency before"):
        assert renewed(village()) == 3


# Boxes


def opened_late() -> tuple[Assembly, int]:
    """A host that opens the boxes at the last moment, when the time to challenge would be over."""
    commons = village(
        {
            "class.policy.mode": "vote",
            "class.policy.objection": None,
            "ballot.visibility": "sealed_until_close",
        }
    )
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(2)
    commons.vote(number, "yes", *VILLAGERS[:6])
    commons.wait(6 + 71)
    commons.open_boxes(number)
    return commons, number


def test_boxes_opened_late() -> None:
    """The time to challenge begins with the count: it is there in full, however late the boxes are opened."""
    commons, number = opened_late()
    assert commons.ready() == []
    challenge(commons, number, "gu", "ha", "ira")
    assert commons.stage(number) is Stage.STAYED


def test_boxes_opened_late_succeeds_without() -> None:
    """Were it counted from the close, there would be none left."""

    def from_the_close(state: Commons, proposal: Proposal, way: str, _due: int) -> Commons:
        assert proposal.frozen is not None
        return accepted_by(state, proposal, way, proposal.frozen.ends)

    with with_answer(accepted_by, from_the_close):
        commons, number = opened_late()
    assert "the time to challenge is over" in refusal(lambda: challenge(commons, number, "gu"))
