"""Coming into force: exactly what was accepted, when it is its turn; and the line in which it waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from typing import Any

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.authority import ATTIC, MAIN, head_ref
from governance.events import Draft
from governance.payloads import Move
from governance.proposals.line import CHARTER, changes, first_in_line
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS
from tests.support.communities import circle, refusal, solo, village
from tests.support.made import HOUR, oid, sha

ROUTINE = ("spam", "cases_added")


def accepted_by_all(commons: Assembly, *what: Any, by: str = "bo", charter: Any = None) -> int:
    """A proposal that everybody in a circle agrees to."""
    number = commons.propose(by, *what, charter=charter)
    others = [who for who in ("ana", "bo", "cy") if who != by]
    if charter is not None:
        commons.wait(72)
        commons.vote(number, "yes", "ana", "bo", "cy")
    elif commons.stage(number) is not Stage.ACCEPTED:
        commons.approve(number, *others)
    assert commons.stage(number) is Stage.ACCEPTED
    return number


def test_in_force() -> None:
    """The release stands on main, the proposal is over, its head is gone and its revisions are kept."""
    commons = circle()
    base = commons.state.policies["spam"].latest
    number = accepted_by_all(commons)
    proposal = commons.open(number)
    commons.wait(1)
    event = commons.enact(number)
    said = event.payload
    assert isinstance(said, payloads.Enacted)
    (release,) = said.releases
    assert commons.state.policies["spam"].releases == (base, release)
    assert (release.version, release.content) == ("1.1.0", proposal.revision.changes[0].head)  # type: ignore[union-attr]
    over = commons.over(number)
    assert (over.stage, over.at, over.way, over.author) == (Stage.ENACTED, commons.at, "unanimous", "bo")
    assert (over.before, over.earlier) == ((("spam", base.content),), (("spam", 0),))
    assert (over.content, over.kind, over.slugs) == (proposal.content, proposal.kind, ("spam",))
    assert (over.revisions, over.closed_at) == (proposal.revisions, None)
    assert over.undo_until == commons.at + 168 * HOUR
    assert head_ref(number) not in commons.state.refs
    assert commons.state.refs[ATTIC]
    assert commons.state.refs[MAIN] == said.commit
    assert dict(commons.state.enacted_on) == {"spam": number}
    assert commons.state.opened["bo"] == 0


def test_the_next_supersedes() -> None:
    """Each policy has one proposal that changed it last; the one before says so."""
    commons = circle()
    first = accepted_by_all(commons)
    commons.enact(first)
    second = accepted_by_all(commons)
    commons.enact(second)
    assert commons.over(first).superseded_by == second
    assert commons.over(second).earlier == (("spam", first),)
    assert dict(commons.state.enacted_on) == {"spam": second}


def test_a_new_policy() -> None:
    """A new policy stands with its first release, which may have any number, and is its author's."""
    commons = circle()
    number = accepted_by_all(commons, commons.change("scams"))
    draft = commons.enacting(number)
    said = draft.payload
    assert isinstance(said, payloads.Enacted)
    release = replace(said.releases[0], version="0.3.0")
    tag = Move(ref="refs/tags/scams/v0.3.0", old=None, new=release.tag)
    moves = tuple(move for move in draft.moves if "tags" not in move.ref)
    commons._append(changed(draft, payload=replace(said, releases=(release,)), moves=(*moves, tag)))
    assert commons.state.policies["scams"].owner == "bo"
    assert commons.over(number).before == (("scams", ""),)


def test_not_while_it_can_be_challenged() -> None:
    """It waits for the time in which members may challenge it."""
    commons = village()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    commons.wait(8)
    accepted_at = commons.open(number).accepted_at
    assert accepted_at is not None
    ready = accepted_at + 12 * HOUR
    commons.wait(11.9)
    assert commons.ready() == []
    assert refusal(lambda: commons.enact(number)) == (
        f"proposal 1 may come into force from {ready} on. Wait until it cannot be challenged any more."
    )
    commons.wait(0.1)
    assert commons.ready() == [number]
    commons.enact(number)


def spoilt(change: Callable[[payloads.Enacted], payloads.Enacted]) -> str:
    commons = circle()
    number = accepted_by_all(commons)
    draft = commons.enacting(number)
    said = draft.payload
    assert isinstance(said, payloads.Enacted)
    return refusal(lambda: commons._append(changed(draft, payload=change(said))))


OTHERWISE: dict[str, tuple[Callable[[payloads.Enacted], payloads.Enacted], str]] = {
    "another text": (
        lambda said: replace(said, releases=(replace(said.releases[0], content=sha(9)),)),
        "not what was accepted is released. Release that, and nothing else.",
    ),
    "nothing": (
        lambda said: replace(said, releases=()),
        "not what was accepted is released. Release that, and nothing else.",
    ),
    "more": (
        lambda said: replace(said, releases=(*said.releases, replace(said.releases[0], slug="scams"))),
        "not what was accepted is released. Release that, and nothing else.",
    ),
    "another number": (
        lambda said: replace(said, releases=(replace(said.releases[0], version="2.0.0"),)),
        "spam 2.0.0 is not the minor version after 1.0.0. It is 1.1.0.",
    ),
    "no commit": (lambda said: replace(said, commit=None), "an act without its commit. Name it."),
    "another commit": (
        lambda said: replace(said, commit=oid(9), releases=(replace(said.releases[0], commit=oid(9)),)),
        "main does not move to the released commit. Release what main holds.",
    ),
    "a release elsewhere": (
        lambda said: replace(said, releases=(replace(said.releases[0], commit=oid(9)),)),
        "a release stands on another commit than the act. Release what this act brings.",
    ),
    "another tag": (
        lambda said: replace(said, releases=(replace(said.releases[0], tag=oid(9)),)),
        "spam 1.1.0 is released without its tag. Move the tag in the same act.",
    ),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_nothing_else(name: str) -> None:
    """What comes into force is what was accepted, to the byte, under the number that follows from it."""
    change, expected = OTHERWISE[name]
    assert spoilt(change) == expected


@pytest.mark.parametrize(("declared", "number"), [("major", "2.0.0"), ("minor", "1.1.0"), ("patch", "1.0.1")])
def test_numbers(declared: str, number: str) -> None:
    """The number follows from the last one and from what was declared."""
    commons = circle()
    change = replace(commons.change(), declared=declared)
    commons.enact(accepted_by_all(commons, change))
    assert commons.state.policies["spam"].latest.version == number


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("head", "proposal 1 is over, and its head stays where it is."),
        ("attic", "proposal 1 is over, and its head stays where it is."),
    ],
)
def test_its_revisions_are_kept(moves: str, expected: str) -> None:
    """A proposal that ends leaves no head, and its revisions go to the attic."""
    commons = circle()
    draft = commons.enacting(accepted_by_all(commons))
    ref = {"head": head_ref(1), "attic": ATTIC}[moves]
    less = tuple(move for move in draft.moves if move.ref != ref)
    assert refusal(lambda: commons._append(changed(draft, moves=less))) == (
        f"{expected} Remove the head, and keep its revisions in the attic."
    )


def test_a_withdrawal() -> None:
    """A withdrawn release counts as withdrawn for good, and main stays where it is."""
    commons = circle()
    number = commons.propose_withdrawal("bo")
    commons.approve(number, "ana", "cy")
    draft = commons.enacting(number)
    said = payloads.Enacted(number=number, commit=oid(9))
    stay = "this changes nothing on main. Leave main where it is."
    assert refusal(lambda: commons._append(changed(draft, payload=said))) == stay
    release = commons.release("spam", "1.1.0")
    more = payloads.Enacted(number=number, releases=(release,))
    assert refusal(lambda: commons._append(changed(draft, payload=more))) == stay
    move = Move(ref=MAIN, old=commons.state.refs[MAIN], new=oid(9))
    assert refusal(lambda: commons._append(changed(draft, moves=(move,)))) == stay
    commons.enact(number)
    gone = commons.state.withdrawn["spam@1.0.0"]
    assert (gone.since, gone.until, gone.seq) == (commons.at, None, commons.state.seq)
    assert gone.reason == commons.over(number).title
    assert not gone.counts(commons.at - 1)
    assert gone.counts(commons.at + 10**9)
    assert commons.over(number).undo_until is None


def test_a_charter() -> None:
    """Another charter counts from then on."""
    commons = circle()
    text = commons.charter("circle@1", {"class.policy.voting": 60})
    number = accepted_by_all(commons, charter=text)
    event = commons.enact(number)
    assert (commons.state.charter, event.charter != commons.state.charter) == (text.blob, True)
    assert commons.state.charter_rules.classes.policy.voting == 60
    assert commons.over(number).undo_until is None


def test_a_charter_that_fits_no_more() -> None:
    """Where the members could not live by it by now, it goes back to review."""
    commons = circle()
    text = commons.charter("circle@1", {"class.entrenched.quorum": {"share": "2/3", "floor": 3}})
    number = accepted_by_all(commons, charter=text)
    commons.act("cy", payloads.Left())
    assert refusal(lambda: commons.enact(number)).startswith("the charter does not fit any more: ")
    commons.send_back(number, "charter-unreachable")
    proposal = commons.open(number)
    assert (proposal.stage, proposal.returned) == (Stage.REVIEW, "charter-unreachable")


def test_only_what_is_accepted() -> None:
    """Nothing comes into force that was not accepted, or twice."""
    commons = circle()
    number = commons.propose("bo")
    assert refusal(lambda: commons.enact(number)).startswith("proposal 1 is in review")
    commons.approve(number, "ana", "cy")
    draft = changed(commons.enacting(number), moves=())
    commons.enact(number)
    assert refusal(lambda: commons._append(draft)) == "proposal 1 is over: enacted. Open another."
    none = Draft(type="enacted", actor="registry", payload=payloads.Enacted(number=9))
    assert refusal(lambda: commons._append(none)) == "there is no proposal 9. Name an open one."


# The line


def in_comment(commons: Assembly, by: str, *what: Any) -> int:
    number = commons.propose(by, *what)
    commons.approve(number, *(who for who in ("cy", "di") if who != by))
    commons.wait(3)
    assert commons.stage(number) is Stage.COMMENT
    return number


def test_a_decision_keeps_its_place() -> None:
    """A change decided on later waits, even if it was accepted before."""
    commons = circle()
    contested = commons.propose("bo")
    commons.approve(contested, "cy")
    routine = accepted_by_all(commons, commons.change(*ROUTINE), by="ana")
    commons.wait(1)
    assert commons.ready() == []
    assert refusal(lambda: commons.enact(routine)) == (
        "proposal 1 changes the same, and its decision opened earlier. Wait until that one is over."
    )
    commons.wait(20)
    commons.enact(contested)
    proposal = commons.open(routine)
    assert (proposal.stage, proposal.returned) == (Stage.REVIEW, "base-moved")


def test_the_line_moves_on() -> None:
    """What waits comes into force once the decision before it has failed."""
    commons = circle()
    contested = commons.propose("bo")
    commons.approve(contested, "cy")
    commons.object("ana", contested)
    routine = accepted_by_all(commons, commons.change(*ROUTINE), by="ana")
    commons.wait(21)
    assert commons.stage(contested) is Stage.VOTING
    assert commons.ready() == []
    commons.wait(72)
    assert commons.stage(contested) is Stage.NO_QUORUM
    commons.enact(routine)


def test_reviews_hold_nothing_up() -> None:
    """What is in review has no place: others change the policy below it, and it waits for a revision."""
    commons = circle()
    open_one = commons.propose("bo")
    routine = accepted_by_all(commons, commons.change(*ROUTINE), by="ana")
    commons.enact(routine)
    commons.approve(open_one, "cy", "ana")
    commons.wait(50)
    assert commons.stage(open_one) is Stage.REVIEW
    commons.revise("bo", open_one)
    commons.approve(open_one, "cy", "ana")
    assert commons.stage(open_one) is Stage.ACCEPTED


def test_other_policies_do_not_wait() -> None:
    """A line is about one policy: two that share none do not wait for each other."""
    commons = circle()
    contested = commons.propose("bo")
    commons.approve(contested, "cy")
    other = accepted_by_all(commons, commons.change("scams"), by="ana")
    commons.enact(other)
    both = commons.propose("cy", commons.change("scams"), commons.change("spam"))
    commons.approve(both, "ana")
    assert first_in_line(commons.state, commons.open(both)).number == contested


def test_ties() -> None:
    """Of two whose decisions opened in one second the lower number goes first."""
    commons = circle()
    first = commons.propose("bo", commons.change(*ROUTINE))
    second = commons.propose("cy", commons.change(*ROUTINE))
    assert commons.open(first).accepted_at == commons.open(second).accepted_at
    assert commons.ready() == [first]


def test_a_pause_keeps_its_place() -> None:
    """An acceptance that waits for a panel keeps its place as well."""
    commons = village()
    number = in_comment(commons, "bo")
    commons.wait(6)
    for who in ("ed", "fi", "gu"):
        commons.act(who, payloads.Challenged(number=number, reason=sha(1)))
    later = commons.propose("ana", commons.change(*ROUTINE))
    commons.approve(later, "ha")
    commons.wait(5)
    assert (commons.stage(number), commons.stage(later)) == (Stage.STAYED, Stage.ACCEPTED)
    assert commons.ready() == []


def test_two_charters() -> None:
    """Two charters stand in one line; the second waits for a revision that starts from the first."""
    commons = circle()
    texts = [commons.charter("circle@1", {"class.policy.voting": hours}) for hours in (60, 90)]
    numbers = [commons.propose(who, charter=text) for who, text in zip(("bo", "cy"), texts, strict=True)]
    commons.wait(24)
    for number in numbers:
        commons.vote(number, "yes", "ana", "bo", "cy")
    assert changes(commons.open(numbers[0])) == (CHARTER,)
    assert commons.ready() == [numbers[0]]
    commons.enact(numbers[0])
    second = commons.open(numbers[1])
    assert (second.stage, second.returned) == (Stage.REVIEW, "base-moved")
    commons.revise("cy", numbers[1], charter=texts[1])
    commons.wait(24)
    assert commons.stage(numbers[1]) is Stage.VOTING


def test_a_charter_below_open_proposals() -> None:
    """What is in review goes on under the new charter, what is being decided under its own."""
    commons = circle()
    decided = commons.propose("bo")
    commons.approve(decided, "cy")
    waiting = commons.propose("cy")
    text = commons.charter("circle@1", {"class.policy.objection": 30})
    commons.enact(accepted_by_all(commons, charter=text, by="ana"))
    commons.approve(waiting, "bo")
    frozen = commons.open(waiting).frozen
    assert frozen is not None
    assert frozen.ends == commons.at + 30 * HOUR
    assert commons.stage(decided) is Stage.ACCEPTED


def test_the_owner_publishes_meanwhile() -> None:
    """Where an owner decides, a release moves the base of what was proposed or accepted."""
    commons = solo().join("bo")
    accepted = commons.propose("bo")
    commons.approve(accepted, "ana")
    commons.publish("spam", "1.1.0")
    assert (commons.stage(accepted), commons.open(accepted).returned) == (Stage.REVIEW, "base-moved")
    open_one = commons.propose("bo")
    commons.publish("spam", "1.2.0")
    commons.approve(open_one, "ana")
    # It was never accepted, or it would have come back from there.
    assert (commons.stage(open_one), commons.open(open_one).returned) == (Stage.REVIEW, None)


def test_an_import_meanwhile() -> None:
    """So does an import."""
    commons = solo().join("bo")
    number = commons.propose("bo")
    commons.approve(number, "ana")
    release = commons.release("spam", "1.1.0")
    said = payloads.Imported(kind="git", source=sha(1), commits=(release.commit,), releases=(release,))
    commons.act("ana", said, *commons.release_moves((release,), release.commit))
    assert commons.open(number).returned == "base-moved"


def test_a_nested_commons_takes_the_name() -> None:
    """A new policy whose name a nested commons took meanwhile goes back to review, and holds up nothing."""
    commons = circle()
    number = accepted_by_all(commons, commons.change("kids"))
    commons.act("ana", payloads.ChildFounded(name="roost/kids", founding=sha(1)))
    assert (commons.stage(number), commons.open(number).returned) == (Stage.REVIEW, "base-moved")


def test_a_base_that_moves_in_the_comment_period() -> None:
    """It goes back to review at once, rather than at the end of a period for nothing."""
    commons = circle()
    first = commons.propose("bo")
    commons.approve(first, "cy")
    commons.wait(1)
    second = commons.propose("cy")
    commons.approve(second, "bo")
    commons.approve(first, "ana")
    commons.enact(first)
    proposal = commons.open(second)
    assert (proposal.stage, proposal.returned, proposal.since) == (Stage.REVIEW, "base-moved", commons.at)
    assert (proposal.reviews, proposal.frozen) == ((), None)


# Sent back by the host


def test_blocked() -> None:
    """The host sends back what holds something that was redacted since it was made, and nothing else."""
    commons = circle()
    number = accepted_by_all(commons)
    assert refusal(lambda: commons.send_back(number, "blocked")) == (
        "nothing was redacted since proposal 1 was last revised. Bring it into force."
    )
    erased = payloads.Redacted(ground="illegal", authority="steward", kinds=("texts",))
    commons.act("ana", erased)
    commons.send_back(number, "blocked")
    assert commons.open(number).returned == "blocked"
    commons.revise("bo", number)
    commons.approve(number, "ana", "cy")
    assert refusal(lambda: commons.send_back(number, "blocked")).startswith("nothing was redacted since")


def test_sent_back_without_a_reason() -> None:
    """A charter that fits is not sent back, nor anything before it could come into force."""
    commons = village()
    number = commons.propose("bo", charter=commons.charter(*CHARTERS["circle"]))
    early = "proposal 1 is not about to come into force. Wait until it is."
    commons.wait(3)
    assert refusal(lambda: commons.send_back(number, "charter-unreachable")).startswith(
        "proposal 1 is in voting"
    )
    commons.vote(number, "yes", *["ana", "bo", "cy", "di", "ed", "fi", "gu", "ha", "ira"])
    assert refusal(lambda: commons.send_back(number, "charter-unreachable")) == (
        "its charter fits. Bring it into force."
    )
    returned = payloads.Returned(number=number, why="charter-unreachable", due=commons.at + 1)
    draft = Draft(type="returned", actor="registry", payload=returned)
    assert refusal(lambda: commons._append(draft)) == early
    policy = commons.propose("cy")
    commons.approve(policy, "di")
    commons.wait(3)
    assert refusal(lambda: commons.send_back(policy, "blocked")) == early.replace("1", str(policy))
    commons.wait(7)
    assert refusal(lambda: commons.send_back(policy, "blocked")) == early.replace("1", str(policy))
    commons.wait(12)
    assert refusal(lambda: commons.send_back(policy, "charter-unreachable")) == (
        "its charter fits. Bring it into force."
    )
