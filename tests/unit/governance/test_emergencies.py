"""Withdrawing a release at once because it does harm: for a time, by enough members, once."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.agenda import EMERGENCY
from governance.commons import Due
from governance.events import Draft
from governance.membership.state import People
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.made import HOUR


def call(commons: Assembly, *who: str, slug: str = "spam", version: str = "1.0.0") -> None:
    for handle in who:
        commons.act(handle, payloads.EmergencyCalled(slug=slug, version=version, reason=commons.sha()))


def is_withdrawn(commons: Assembly) -> bool:
    gone = commons.state.withdrawn.get("spam@1.0.0")
    return gone is not None and gone.counts(commons.at)


def test_enough_members() -> None:
    """From the last who is needed on the release is withdrawn, until the time is over."""
    commons = village()
    call(commons, "bo")
    gone = commons.state.withdrawn["spam@1.0.0"]
    assert (is_withdrawn(commons), gone.since, gone.callers) == (False, None, ("bo",))
    commons.wait(1)
    call(commons, "cy")
    gone = commons.state.withdrawn["spam@1.0.0"]
    assert (gone.since, gone.until, gone.seq) == (commons.at, commons.at + 48 * HOUR, commons.state.seq)
    assert gone.callers == ("bo", "cy")
    assert commons.state.agenda == (Due(commons.at + 48 * HOUR, EMERGENCY, "spam@1.0.0"),)
    assert is_withdrawn(commons)
    assert not gone.counts(commons.at - 1)
    commons.wait(47.99)
    assert is_withdrawn(commons)
    commons.wait(0.01)
    assert not is_withdrawn(commons)
    assert commons.events[-1].payload == payloads.EmergencyEnded(slug="spam", version="1.0.0", due=commons.at)
    assert dict(commons.state.withdrawn) == {}
    assert commons.state.agenda == ()


def test_one_is_enough_among_friends() -> None:
    """Among friends one member acts alone."""
    commons = circle()
    call(commons, "cy")
    assert is_withdrawn(commons)


def test_refused_calls() -> None:
    """Calls name a release, are by members with a say or stewards, and once each."""
    commons = village({"membership.tenure_before_vote_hours": 48})
    for slug, version in (("spam", "9.9.9"), ("scams", "1.0.0")):
        assert refusal(
            lambda slug=slug, version=version: call(commons, "bo", slug=slug, version=version)
        ) == (f"{slug} {version} was never released. Name a release.")
    assert refusal(lambda: call(commons, "xo")).startswith("xo is not a member")
    commons.act("joy", payloads.Applied())
    for who in ("bo", "cy"):
        commons.act(who, payloads.Vouched(member="joy"))
    assert refusal(lambda: call(commons, "joy")) == (
        "joy may not vote yet, and so may not call an emergency "
        "(membership.tenure_before_vote_hours). Ask somebody who may."
    )
    call(commons, "bo")
    assert refusal(lambda: call(commons, "bo")) == "bo has called it already. Others have to agree."
    call(commons, "cy")
    assert refusal(lambda: call(commons, "di")) == "spam@1.0.0 is withdrawn already. Nothing to do."


def test_a_steward_calls() -> None:
    """A steward calls, however short a time they have been a member."""
    commons = village({"membership.tenure_before_vote_hours": 48})
    for who in ("ana", "bo"):
        commons.state = replace(commons.state, people=_joined_now(commons, who))
    assert refusal(lambda: call(commons, "bo")).startswith("bo may not vote yet")
    call(commons, "ana", "cy")
    assert is_withdrawn(commons)


def _joined_now(commons: Assembly, who: str) -> People:
    people = commons.state.people
    return replace(
        people, members=people.members.set(who, replace(people.members[who], joined_at=commons.at))
    )


def test_not_enough_in_time() -> None:
    """A call that nobody joins ends with its time, and may be made again."""
    commons = village()
    call(commons, "bo")
    commons.wait(48)
    assert dict(commons.state.withdrawn) == {}
    assert dict(commons.state.came_back) == {}
    call(commons, "bo", "cy")
    assert is_withdrawn(commons)


def test_once() -> None:
    """What nobody ratified is not withdrawn that way again: a few do not decide for good what takes all."""
    commons = village()
    call(commons, "bo", "cy")
    commons.wait(48)
    assert dict(commons.state.came_back) == {"spam@1.0.0": commons.state.seq}
    assert refusal(lambda: call(commons, "di")) == (
        "spam@1.0.0 was withdrawn in an emergency before, and nobody ratified that. Propose its withdrawal."
    )


def test_ratified() -> None:
    """A proposal that withdraws the release makes it for good, and nothing ends any more."""
    commons = circle()
    call(commons, "bo")
    number = commons.propose_withdrawal("bo")
    commons.approve(number, "ana", "cy")
    commons.enact(number)
    assert commons.state.agenda == ()
    commons.wait(1000)
    assert is_withdrawn(commons)
    assert refusal(lambda: call(commons, "cy")) == "spam@1.0.0 is withdrawn already. Nothing to do."


def test_rejected_while_it_runs() -> None:
    """A ratification that fails changes nothing: it ends by itself."""
    commons = circle()
    call(commons, "bo")
    number = commons.propose_withdrawal("bo")
    commons.give_up("bo", number)
    assert is_withdrawn(commons)
    commons.wait(336)
    assert not is_withdrawn(commons)


def test_not_before_its_time() -> None:
    """An end is recorded at its second, and for what is at its end."""
    commons = village()
    call(commons, "bo", "cy")
    until = commons.at + 48 * HOUR

    def end(at: int, version: str = "1.0.0") -> Draft:
        return commons.draft("registry", payloads.EmergencyEnded(slug="spam", version=version, due=at))

    expected = "no emergency ends here. Wait for its time."
    assert refusal(lambda: commons._append(end(until))) == expected
    commons.at = until + 5
    assert refusal(lambda: commons._append(end(until + 5))) == expected
    assert refusal(lambda: commons._append(end(until, "1.1.0"))) == expected
    commons._append(end(until))


def test_slept_through() -> None:
    """A release counts as withdrawn for exactly its time, also where nobody recorded the end."""
    commons = village()
    call(commons, "bo", "cy")
    commons.sleep(100)
    assert not is_withdrawn(commons)
    assert commons.state.withdrawn["spam@1.0.0"].reason
    commons.act("bo", payloads.AffiliationDeclared(affiliation="independent"))
    assert dict(commons.state.came_back)
