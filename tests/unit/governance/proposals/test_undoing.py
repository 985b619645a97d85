"""Taking back, within the time for it, what came into force without a vote."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.charter.model import ChangeClass
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, village
from tests.support.made import sha

ROUTINE = ("spam", "cases_added")


def in_force(commons: Assembly, *what: Any, by: str = "bo") -> int:
    """A routine change among friends, in force at once."""
    number = commons.propose(by, *(what or (commons.change(*ROUTINE),)))
    commons.enact(number)
    return number


def test_taken_back() -> None:
    """What stood before is released again, with the next number; the proposal says so."""
    commons = circle()
    before = commons.state.policies["spam"].latest
    number = in_force(commons)
    brought = commons.state.policies["spam"].latest
    commons.wait(1)
    commons.undo("cy", number)
    now = commons.state.policies["spam"].latest
    assert (now.content, now.version) == (before.content, "1.2.0")
    over = commons.over(number)
    assert (over.stage, over.undo_until) == (Stage.UNDONE, None)
    assert dict(commons.state.undone) == {brought.content: commons.state.seq}
    assert not commons.state.enacted_on


@pytest.mark.parametrize(("hours", "late"), [(167.9, False), (168, True)])
def test_in_time(hours: float, late: bool) -> None:
    """There is a week for it, and not a second more."""
    commons = circle()
    number = in_force(commons)
    commons.wait(hours)
    if late:
        assert refusal(lambda: commons.undo("cy", number)) == (
            "proposal 1 cannot be taken back, or not any more (class.*.undo). Propose to change it."
        )
    else:
        commons.undo("cy", number)


def test_what_cannot_be_taken_back() -> None:
    """Not what was voted on, what is no policy's change, what is not in force, or what is not there."""
    commons = village()
    voted = commons.propose("bo", commons.change(*ROUTINE))
    commons.approve(voted, "cy")
    commons.object("di", voted)
    commons.wait(10)
    commons.vote(voted, "yes", *["ana", "bo", "cy", "di", "ed", "fi", "gu", "ha", "ira"])
    commons.wait(12)
    commons.enact(voted)
    assert commons.over(voted).way == "vote"
    assert commons.over(voted).undo_until is None
    expected = "cannot be taken back, or not any more (class.*.undo). Propose to change it."
    assert refusal(lambda: commons.undo("cy", voted)) == f"proposal 1 {expected}"
    said = payloads.Undone(number=9, reason=sha(1), releases=(), commit="f" * 40)
    assert refusal(lambda: commons.act("cy", said)) == f"proposal 9 {expected}"
    given_up = commons.propose("cy")
    commons.give_up("cy", given_up)
    assert refusal(lambda: commons.undo("cy", given_up)) == f"proposal {given_up} {expected}"


def test_who_takes_back() -> None:
    """Any member with a say, and nobody else."""
    commons = village(
        {
            "membership.tenure_before_vote_hours": 48,
            "membership.join": "open",
            "membership.vouches_required": None,
        }
    )
    commons.wait(48)
    number = commons.propose("bo", commons.change(*ROUTINE))
    commons.approve(number, "cy")
    commons.wait(5)
    commons.enact(number)
    commons.act("joy", payloads.Applied())
    assert refusal(lambda: commons.undo("joy", number)) == (
        "joy may not vote yet, and so may not take it back (membership.tenure_before_vote_hours). "
        "Ask somebody who may."
    )
    assert refusal(lambda: commons.undo("xo", number)).startswith("xo is not a member")
    commons.undo("bo", number)


def test_twice() -> None:
    """What was taken back is not taken back again, and not put back that way either."""
    commons = circle()
    number = in_force(commons)
    commons.undo("cy", number)
    assert refusal(lambda: commons.undo("ana", number)).startswith("proposal 1 cannot be taken back")


def test_a_new_policy() -> None:
    """Before a new policy there was nothing that could stand again."""
    commons = circle()
    number = commons.propose("bo", commons.change("scams"))
    commons.approve(number, "ana", "cy")
    commons.enact(number)
    said = payloads.Undone(number=number, reason=sha(1), releases=(), commit="f" * 40)
    assert refusal(lambda: commons.act("cy", said)) == (
        "it brought a new policy, before which there was nothing. Propose the withdrawal of its release."
    )


def test_the_latest_first() -> None:
    """Another change on top does not keep the first from being taken back: one after the other."""
    commons = circle()
    content = commons.state.policies["spam"].latest.content
    first, second = in_force(commons), in_force(commons)
    assert refusal(lambda: commons.undo("cy", first)) == (
        "one of its policies changed again since. Take back what came later first, or propose to change it."
    )
    commons.undo("cy", second)
    assert commons.over(first).superseded_by is None
    assert dict(commons.state.enacted_on) == {"spam": first}
    commons.undo("cy", first)
    assert commons.state.policies["spam"].latest.content == content
    assert not commons.state.enacted_on


def test_something_else() -> None:
    """What is released again is what stood before, on one commit, and nothing else."""
    commons = circle()
    number = in_force(commons)
    commons.settle()
    change = commons.change("spam")
    commit = commons.oid()
    release = commons.next_release(change, commit)
    said = payloads.Undone(number=number, reason=sha(1), releases=(release,), commit=commit)
    expected = "not what stood before is released. Release that, with its next number."
    moves = commons.release_moves((release,), commit)
    assert refusal(lambda: commons.act("cy", said, *moves)) == expected
    assert refusal(lambda: commons.act("cy", replace(said, releases=()), *moves)) == expected
    before = commons.over(number).before[0][1]
    right = replace(release, content=before)
    elsewhere = replace(said, releases=(right,), commit="f" * 40)
    assert refusal(lambda: commons.act("cy", elsewhere, *moves)) == (
        "main does not move to the released commit. Release what main holds."
    )


def test_not_below_an_open_decision() -> None:
    """One member does not void what many decide: nothing is taken back below a decision that builds on it."""
    commons = circle()
    number = in_force(commons)
    upon = commons.propose("bo")
    commons.undo("ana", number)
    assert commons.stage(upon) is Stage.REVIEW
    number = in_force(commons)
    upon = commons.propose("bo")
    commons.approve(upon, "cy")
    assert commons.stage(upon) is Stage.COMMENT
    assert refusal(lambda: commons.undo("ana", number)) == (
        f"proposal {upon} builds on it and is being decided. "
        "Object to that one, or vote no; or wait until it is over."
    )
    commons.object("ana", upon)
    commons.wait(20)
    assert refusal(lambda: commons.undo("ana", number)).startswith(f"proposal {upon} builds on it")
    commons.wait(72)
    assert commons.stage(upon) is Stage.NO_QUORUM
    commons.undo("ana", number)


def test_two_policies() -> None:
    """A change of several policies is taken back as one."""
    commons = circle()
    new = commons.propose("bo", commons.change("scams"))
    commons.approve(new, "ana", "cy")
    commons.enact(new)
    both = (commons.change("scams", "metadata"), commons.change("spam", "metadata"))
    number = in_force(commons, *both)
    assert commons.over(number).earlier == (("scams", new), ("spam", 0))
    commons.undo("cy", number)
    assert dict(commons.state.enacted_on) == {"scams": new}
    assert commons.over(new).superseded_by is None


def test_an_open_proposal_of_the_same_text() -> None:
    """What others propose of the very text goes the longer way from then on; other proposals do not."""
    commons = circle()
    change = commons.change(*ROUTINE)
    same = commons.propose("xo", change)
    other = commons.propose("xo", commons.change(*ROUTINE))
    number = in_force(commons, change)
    commons.undo("cy", number)
    assert commons.open(same).raised is ChangeClass.POLICY
    assert commons.open(other).raised is None
    commons.act("cy", payloads.Adopted(number=same))
    assert commons.stage(same) is Stage.REVIEW


def test_after_a_redaction() -> None:
    """What stood before is meant as it reads after what was erased from it."""
    commons = circle()
    old = commons.state.policies["spam"].latest
    number = in_force(commons)
    now = commons.state.policies["spam"].latest
    main = commons.oid()
    erased = tuple(
        replace(release, content=commons.sha(), folder=commons.sha(), commit=commit, tag=commons.oid())
        for release, commit in ((old, commons.oid()), (now, main))
    )
    rewritten = ((old.commit, erased[0].commit), (now.commit, main))
    said = payloads.Redacted(
        ground="personal-data",
        authority="steward",
        kinds=("cases",),
        rewritten=rewritten,
        releases=erased,
    )
    moves = [payloads.Move(ref="refs/heads/main", old=now.commit, new=main)]
    moves += [
        payloads.Move(ref=f"refs/tags/spam/v{one.version}", old=was.tag, new=one.tag)
        for one, was in zip(erased, (old, now), strict=True)
    ]
    commons.act("ana", said, *moves)
    commons.undo("cy", number)
    assert commons.state.policies["spam"].latest.content == erased[0].content
