"""Whose turn it is: the clock first, in its order and at its seconds; and the agenda of what it owes."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from governance import agenda, payloads
from governance.commons import Due
from governance.errors import ClockBehindError, RefusedError
from governance.proposals.state import Stage
from governance.stepping import CLOCK, FREE_OF_CLOCK, STEPS
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.made import HOUR, public_key, sha


def overdue() -> tuple[Assembly, int]:
    """A village that owes the opening of a comment period, an hour late."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.sleep(3)
    return commons, number


def test_nothing_before_what_is_due() -> None:
    """No event comes before one that is overdue, and the refusal says which."""
    commons, number = overdue()
    draft = commons.draft("di", payloads.Commented(number=number, text=sha(1)))
    with pytest.raises(ClockBehindError) as refused:
        commons._append(draft)
    due = commons.at - HOUR
    assert str(refused.value) == (
        f"event {commons.state.seq + 1}: the clock is behind: proposal 1 has been due since {due}. "
        "Let the registry record that first."
    )
    enact = commons.draft("registry", payloads.Enacted(number=number))
    with pytest.raises(ClockBehindError):
        commons._append(enact)


def test_other_things_that_are_due() -> None:
    """An admission and the end of an emergency are named by what they are about."""
    commons = circle()
    commons.act("bo", payloads.EmergencyCalled(slug="spam", version="1.0.0", reason=sha(1)))
    commons.sleep(400)
    draft = commons.draft("bo", payloads.AffiliationDeclared(affiliation="acme"))
    assert refusal(lambda: commons._append(draft)).startswith(
        "the clock is behind: emergency spam@1.0.0 has been due since"
    )


def test_at_its_second() -> None:
    """A step states the second at which it fell due, no other, however late it is recorded."""
    commons, _ = overdue()
    draft = commons.owed()
    assert draft is not None
    said = draft.payload
    assert isinstance(said, payloads.CommentOpened)
    assert said.due == commons.at - HOUR
    for due in (said.due - 1, said.due + 1, commons.at):
        wrong = changed(draft, payload=replace(said, due=due, ends=due + 6 * HOUR))
        assert refusal(lambda wrong=wrong: commons._append(wrong)) == (
            f"what is due for proposal 1 since {said.due} is comment_opened. "
            "Record that, with the second at which it fell due."
        )
    commons._append(draft)


def test_nothing_is_due() -> None:
    """A step that is not due, for a proposal that is not or is not in turn, is refused."""
    commons, number = overdue()
    other = commons.draft("registry", payloads.Lapsed(number=number, due=commons.at))
    assert refusal(lambda: commons._append(other)).startswith(
        f"what is due for proposal 1 since {commons.at - HOUR} is comment_opened."
    )
    elsewhere = commons.draft("registry", payloads.Lapsed(number=7, due=commons.at))
    nothing = "nothing is due for proposal 7. `commons explain` says what it waits for."
    assert refusal(lambda: commons._append(elsewhere)) == nothing
    commons.settle()
    again = commons.draft("registry", payloads.Lapsed(number=number, due=commons.at))
    assert refusal(lambda: commons._append(again)) == nothing.replace("7", "1")
    closed = commons.draft(
        "registry",
        payloads.VotingVoided(number=number, due=commons.at),
    )
    assert refusal(lambda: commons._append(closed)) == nothing.replace("7", "1")


def test_a_handle_like_a_number() -> None:
    """Somebody whose handle reads as the agenda names proposals brings no step of that proposal about."""
    commons = circle({"membership.join": "open"})
    number = commons.propose("bo")
    handle = agenda.of_proposal(number)
    commons._append(commons.draft(handle, payloads.Applied()))
    assert commons.state.agenda[0] == Due(commons.at, agenda.ADMISSION, handle)
    step = commons.draft("registry", payloads.Lapsed(number=number, due=commons.at))
    assert refusal(lambda: commons._append(step)) == (
        "nothing is due for proposal 1. `commons explain` says what it waits for."
    )


@pytest.mark.parametrize("word", ["owner", "direct", "consent"])
def test_the_word_that_goes_with_it(word: str) -> None:
    """A step says in which way, and that is checked too."""
    commons = circle()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    content = commons.open(number).content
    commons._append(
        commons.draft("ana", payloads.Reviewed(number=number, content=content, verdict="approve"))
    )
    said = payloads.Accepted(number=number, way=word, due=commons.at)
    assert refusal(lambda: commons._append(commons.draft("registry", said))) == (
        f"what is due for proposal 1 since {commons.at} is accepted unanimous. "
        "Record that, with the second at which it fell due."
    )
    commons._append(commons.draft("registry", replace(said, way="unanimous")))


def test_types_of_steps() -> None:
    """What the clock does is on one list; what may come before it on another, and neither is the other."""
    assert STEPS < CLOCK
    assert CLOCK.isdisjoint(FREE_OF_CLOCK)


def test_free_of_the_clock() -> None:
    """The clock's confirmation and a new key may come before what is overdue, and change nothing of it."""
    commons, _ = overdue()
    before = commons.owed()
    commons._append(commons.draft("ana", payloads.ClockConfirmed(last=0, now=commons.at)))
    commons._append(commons.draft("ana", payloads.RegistryKeySet(public=public_key("new"))))
    assert commons.owed() == before


def test_they_make_nobody_active() -> None:
    """A steward who was away is on no roll that was to be frozen before they confirmed the clock."""
    commons = village({"membership.inactive_after_hours": 1500, "objections.lapse": 4000})
    commons.wait(1499)
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.sleep(10)
    commons._append(commons.draft("ana", payloads.ClockConfirmed(last=0, now=commons.at)))
    commons.settle()
    frozen = commons.open(number).frozen
    assert frozen is not None
    assert frozen.roll == {"bo", "cy"}


def test_they_draw_no_panel() -> None:
    """A pause whose time is over has ended, whatever a steward confirms after that."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(8)
    for who in ("gu", "ha", "ira"):
        commons.act(who, payloads.Challenged(number=number, reason=sha(1)))
    commons.sleep(400)
    commons._append(commons.draft("ana", payloads.ClockConfirmed(last=0, now=commons.at)))
    commons.settle()
    assert commons.stage(number) is Stage.ACCEPTED
    assert len(commons.open(number).seeds) == 1


# The agenda


def test_owed() -> None:
    """The first entry is owed from its second on."""
    commons = village()
    first, second = Due(commons.at + 5, "proposal", "000000001"), Due(commons.at + 9, "emergency", "x")
    state = replace(commons.state, agenda=(first, second))
    assert agenda.owed(state, commons.at + 4) is None
    assert agenda.owed(state, commons.at + 5) == first
    assert agenda.owed(state, commons.at + 90) == first
    assert agenda.owed(replace(state, agenda=()), commons.at) is None


def test_noted() -> None:
    """There is one entry for each thing, in order of seconds, kinds and names; or none."""
    state = village().state
    state = agenda.noted(state, "proposal", "000000002", 9)
    state = agenda.noted(state, "proposal", "000000001", 9)
    state = agenda.noted(state, "emergency", "000000001", 9)
    state = agenda.noted(state, "proposal", "000000003", 5)
    assert [(one.at, one.kind, one.what) for one in state.agenda] == [
        (5, "proposal", "000000003"),
        (9, "emergency", "000000001"),
        (9, "proposal", "000000001"),
        (9, "proposal", "000000002"),
    ]
    state = agenda.noted(state, "proposal", "000000003", 10)
    assert state.agenda[-1] == Due(10, "proposal", "000000003")
    state = agenda.noted(state, "emergency", "000000001", None)
    assert [one.what for one in state.agenda] == ["000000001", "000000002", "000000003"]
    assert agenda.noted(state, "emergency", "000000001", None) is state


def test_proposals_by_number() -> None:
    """Text sorts as numbers do."""
    assert agenda.of_proposal(9) < agenda.of_proposal(10)


def test_what_falls_due_together() -> None:
    """Two things due in one second are recorded one after the other, always in the same order."""
    commons = village()
    numbers = [commons.propose(who) for who in ("bo", "cy", "di")]
    for number in reversed(numbers):
        commons.approve(number, "ed")
    commons.wait(2)
    opened = [event.payload for event in commons.events if event.type == "comment_opened"]
    assert [one.number for one in opened] == numbers  # type: ignore[attr-defined]


def test_refusals_carry_their_event() -> None:
    """A refusal names the event when it is one of a log, and none for an act that has no number yet."""
    refused = RefusedError("no.", "Go.", seq=7)
    assert str(refused) == "event 7: no. Go."
    assert str(refused.at_event(None)) == "no. Go."
    assert isinstance(ClockBehindError("a.", "b.").at_event(3), ClockBehindError)
