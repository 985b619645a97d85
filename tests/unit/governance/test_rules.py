"""What stewards and owners set: the charter, a parent's charter; and how a commons begins."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.authority import MAIN
from governance.charter.model import Mode
from governance.payloads import Move
from governance.replay import apply
from governance.rules import rules_of, text_of
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal, solo, village
from tests.support.made import oid, sha


def found(**said: Any) -> str:
    """Why a founding with these fields is refused."""
    event = Assembly(name="nest/roost", parent="nest").events[0]
    fields = {name: said.pop(name) for name in ("actor", "moves", "seq", "prev") if name in said}
    event = changed(event, payload=replace(event.payload, **said), **fields)
    return refusal(lambda: apply(None, event, "0" * 64))


def test_founded() -> None:
    """A founder is the one member, under the charter that is stated."""
    commons = Assembly("zoe", name="nest/roost", parent="nest", preset="solo@1")
    state = commons.state
    assert (state.name, state.founder, state.parent, state.preset) == ("nest/roost", "zoe", "nest", "solo@1")
    assert (state.mode, state.stewards, state.charter) == (Mode.OWNER, ("zoe",), commons.events[0].charter)
    (zoe,) = state.people.members.values()
    assert (zoe.handle, zoe.joined_at, zoe.active_at, state.people.count) == (
        "zoe",
        commons.at,
        commons.at,
        1,
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"founder": "eve"}, "only the founder founds. Name the actor as founder."),
        (
            {"founder": "registry", "actor": "registry"},
            "registry is the registry itself. Choose another handle.",
        ),
        ({"parent": "other"}, "nest/roost is not within other. Nest it by name."),
        ({"moves": ()}, "a founding begins main. Move main and no other."),
        (
            {
                "moves": (
                    Move(ref=MAIN, old=None, new=oid(1)),
                    Move(ref="refs/tags/x/v1.0.0", old=None, new=oid(1)),
                )
            },
            "a founding begins main. Move main and no other.",
        ),
        ({"seq": 2}, "a log begins with the founding. Start from the first event."),
        ({"prev": sha(1)}, "a log begins with the founding. Start from the first event."),
        (
            {"parent": None, "parent_charter": payloads.CharterText(blob=oid(5), preset="circle@1")},
            "only a parent's charter binds another. Leave out `parent_charter`.",
        ),
    ],
)
def test_refused_foundings(said: dict[str, Any], expected: str) -> None:
    """A log begins with its founding, by its founder, with main."""
    assert found(**said) == expected


def test_a_founding_that_cannot_be_lived_by() -> None:
    """A founder alone cannot live by the rules of many."""
    assert "cannot be lived by" in found(preset="commons@1")
    assert "the charter is none" in found(preset="monarchy@1")
    assert "the charter is none" in found(overrides={"class.policy.colour": "red"})


def test_founded_once() -> None:
    """A commons is founded once."""
    commons = solo()
    again = commons.draft("ana", commons.events[0].payload)
    assert refusal(lambda: commons._append(again)) == "a commons is founded once. Found another one."


# The charter


def test_the_owner_amends() -> None:
    """Where that kind of change is the owner's, the owner puts another charter in force at once."""
    commons = solo().join("bo", "cy")
    text = commons.charter("circle@1")
    move = Move(ref=MAIN, old=commons.state.refs[MAIN], new=commons.oid())
    commons.act("ana", payloads.CharterAmended(charter=text), move)
    assert (commons.state.charter, commons.state.preset) == (text.blob, "circle@1")
    assert commons.state.refs[MAIN] == move.new


def test_refused_amendments() -> None:
    """Nobody else amends at once, nor the owner where it is decided together; and main moves with it."""
    commons = solo().join("bo", "cy")
    assert refusal(lambda: commons.amend("circle@1", by="bo")) == "bo is no owner of roost. Ask ana, or fork."
    text = commons.charter("circle@1")
    amended = payloads.CharterAmended(charter=text)
    assert (
        refusal(lambda: commons.act("ana", amended)) == "a charter stands on main. Move main, and no other."
    )
    same = payloads.CharterAmended(charter=replace(text, blob=commons.state.charter))
    move = Move(ref=MAIN, old=commons.state.refs[MAIN], new=commons.oid())
    assert refusal(lambda: commons.act("ana", same, move)) == "the charter does not change. Change something."
    friends = circle()
    assert refusal(lambda: friends.amend("solo@1")) == (
        "a change of the kind entrenched is decided together here (class.entrenched.mode is vote). "
        "Propose it."
    )


def test_open_proposals_look_again() -> None:
    """What is in review goes on under the rules that came into force, from that second on."""
    commons = solo().join("bo", "cy")
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    commons.wait(10)
    commons.amend("circle@1")
    assert commons.open(number).accepted_at == commons.at


# Nested


def test_a_parents_charter_binds() -> None:
    """What a parent locked is not loosened from the second on at which it is quoted."""
    commons = Assembly(name="nest/roost", parent="nest")
    commons.publish()
    commons.join("bo", "cy")
    locked = commons.charter("circle@1", {"nesting.locked": ("class.entrenched",)})
    quoted = payloads.ParentQuoted(parent="nest", seq=7, digest=sha(1), charter=locked)
    assert refusal(lambda: commons.act("bo", quoted)) == "bo is no owner of nest/roost. Ask ana, or fork."
    other = replace(quoted, parent="other")
    assert refusal(lambda: commons.act("ana", other)) == (
        "other is not the parent of nest/roost. Quote the parent."
    )
    commons.act("ana", quoted)
    assert commons.state.parent_rules == rules_of(locked)
    loose = {"class.entrenched.threshold": "2/3"}
    assert "class.entrenched.threshold" in refusal(lambda: commons.amend("circle@1", loose))
    commons.amend("circle@1")


def test_a_founding_under_a_parent() -> None:
    """A nested commons begins under what its parent locked."""
    text = payloads.CharterText(
        blob=oid(5), preset="circle@1", overrides={"nesting.locked": ("evidence.suites",)}
    )
    assert "evidence" in found(parent_charter=text, overrides={"evidence.suites": ()})


def test_an_older_charter_of_the_parent() -> None:
    """What a parent's log said later is not undone by quoting what it said before."""
    commons = Assembly(name="nest/roost", parent="nest")
    quoted = payloads.ParentQuoted(parent="nest", seq=7, digest=sha(1), charter=commons.charter("circle@1"))
    commons.act("ana", quoted)
    for seq in (6, 7):
        assert refusal(lambda seq=seq: commons.act("ana", replace(quoted, seq=seq))) == (
            f"event {seq} of nest does not come after the one that was quoted, 7. Quote a later one."
        )
    commons.act("ana", replace(quoted, seq=8))


def test_texts_there_and_back() -> None:
    """A charter's facts and the rules in force say the same."""
    text = payloads.CharterText(
        blob=oid(5), preset="circle@1", overrides={"class.policy.voting": 60, "membership.stewards": ("bo",)}
    )
    assert text_of(rules_of(text)) == replace(
        text, overrides={**text.overrides, "membership.stewards": ["bo"]}
    )


def test_children() -> None:
    """A nested commons takes a name that no policy has, by a steward's act."""
    commons = village()
    child = payloads.ChildFounded(name="roost/kids", founding=sha(1))
    assert refusal(lambda: commons.act("bo", child)) == "bo is no steward of roost. Ask ana, or fork."
    commons.act("ana", child)
    assert list(commons.state.children) == ["roost/kids"]
    assert refusal(lambda: commons.act("ana", child)).startswith("the name roost/kids is taken.")


def test_nobody_publishes_where_all_decide() -> None:
    """Where changes are decided together, nobody publishes or imports at once."""
    commons = circle()
    assert refusal(lambda: commons.publish("spam", "1.1.0")) == (
        "policies are decided together here (class.policy.mode is consent_then_vote). Propose the change."
    )
    release = commons.release("spam", "1.1.0")
    said = payloads.Imported(kind="git", source=sha(1), commits=(release.commit,), releases=(release,))
    work = lambda: commons.act("ana", said, *commons.release_moves((release,), release.commit))  # noqa: E731
    assert refusal(work).startswith("policies are decided together here")


def test_runs_of_what_is_proposed() -> None:
    """A run may be of what an open proposal would make of a policy, of nothing else unreleased."""
    commons = circle()
    change = commons.change()
    unknown = f"no release of spam has the content {change.head[:12]}. "
    remedy = "Measure a released version, or what an open proposal would make of it."
    assert refusal(lambda: commons.run(change.head)) == unknown + remedy
    number = commons.propose("bo", change)
    commons.run(change.head)
    assert refusal(lambda: commons.run(change.head, "scams")).startswith("no policy scams is here.")
    scores = payloads.ScoresReported(slug="spam", content=change.head, source=sha(1), scores=())
    assert refusal(lambda: commons.act("ana", scores)) == unknown + remedy
    commons.give_up("bo", number)
    assert refusal(lambda: commons.run(change.head)) == unknown + remedy
