"""Opening a proposal: what may be proposed, by whom, and how much of others' attention it may ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from governance import payloads
from governance.authority import head_ref
from governance.charter.model import ChangeClass
from governance.payloads import Move, PolicyChange
from governance.proposals.state import Stage
from policies.canonical import canonical_digest
from tests.support.assembly import Assembly
from tests.support.communities import VILLAGERS, circle, refusal, village
from tests.support.made import oid, sha


def changed(change: PolicyChange, **fields: Any) -> PolicyChange:
    return replace(change, **fields)


def test_opened() -> None:
    """A proposal begins in review, by its author, who stands behind it."""
    commons = circle()
    change = commons.change()
    number = commons.propose("bo", change, lineage=("zoe",))
    proposal = commons.open(number)
    assert (proposal.number, proposal.stage, proposal.kind) == (1, Stage.REVIEW, ChangeClass.POLICY)
    assert {proposal.opener, proposal.author, proposal.maker, proposal.sponsor} == {"bo"}
    assert (proposal.makers, proposal.authors) == ({"bo"}, {"bo", "zoe"})
    assert proposal.content == canonical_digest({"policies": {"spam": change.head}, "charter": None})
    assert proposal.revisions == (commons.state.refs[head_ref(1)],)
    assert {proposal.opened_at, proposal.active_at, proposal.revised_at, proposal.since} == {commons.at}
    assert (proposal.revised_seq, proposal.charter) == (commons.state.seq, commons.state.charter)
    assert commons.state.texts[proposal.title] == commons.state.seq


def test_from_outside() -> None:
    """Anybody may propose a change; it waits for a member to stand behind it."""
    commons = village()
    number = commons.propose("xo")
    commons.approve(number, "bo")
    commons.wait(100)
    assert (commons.stage(number), commons.open(number).sponsor) == (Stage.REVIEW, None)
    commons.act("cy", payloads.Adopted(number=number))
    assert commons.stage(number) is Stage.COMMENT


def test_affiliations_of_authors() -> None:
    """The sides of all its authors count, of those whom others name as well."""
    commons = village(affiliations={"bo": "acme", "cy": "beta"})
    number = commons.propose("bo", lineage=("cy", "xo"))
    assert commons.open(number).affiliations == {"acme", "beta"}


def propose(
    commons: Assembly, actor: str = "bo", *moves: Move, number: int = 1, **said: Any
) -> Callable[[], object]:
    """A proposal as it is said, with its head unless other moves are given."""
    revision = said.get("revision")
    if revision is not None and not moves:
        moves = (Move(ref=head_ref(number), old=None, new=revision.head),)
    payload = payloads.Proposed(number=number, title=sha(1), **said)
    return lambda: commons.act(actor, payload, *moves)


WITHDRAWAL = payloads.Withdrawal(slug="spam", version="1.0.0")


def test_one_thing() -> None:
    """A proposal proposes a revision, a withdrawal or an admission, and exactly one of them."""
    commons = circle()
    revision = commons.revision(commons.change())
    expected = "a proposal proposes one thing. Propose one at a time."
    assert refusal(propose(commons)) == expected
    assert refusal(propose(commons, revision=revision, withdrawal=WITHDRAWAL)) == expected
    assert refusal(propose(commons, admission="joy", withdrawal=WITHDRAWAL)) == expected


@pytest.mark.parametrize("number", [2, 7])
def test_numbers(number: int) -> None:
    """Proposals are numbered without a gap."""
    commons = circle()
    assert refusal(propose(commons, number=number, withdrawal=WITHDRAWAL)) == (
        "the next proposal is number 1. Give it that number."
    )
    propose(commons, number=1, withdrawal=WITHDRAWAL)()
    assert refusal(propose(commons, number=1, withdrawal=WITHDRAWAL)) == (
        "the next proposal is number 2. Give it that number."
    )


SPOILT: dict[str, tuple[Callable[[PolicyChange], tuple[PolicyChange, ...]], str]] = {
    "nothing": (lambda _: (), "the revision changes nothing. Change something."),
    "twice": (
        lambda one: (one, one),
        "policies are not named once, in order. Sort them by name.",
    ),
    "out of order": (
        lambda one: (one, changed(one, slug="scams", base=None, touches=("created",), declared="first")),
        "policies are not named once, in order. Sort them by name.",
    ),
    "the same": (
        lambda one: (changed(one, head=one.base),),
        "spam does not change. Leave it out, or change it.",
    ),
    "from something else": (
        lambda one: (changed(one, base=sha(77)),),
        "spam is not what this was made from: it changed on main meanwhile. Begin from what main holds now.",
    ),
    "from nothing": (
        lambda one: (changed(one, base=None, declared="first", touches=("created",)),),
        "spam is not what this was made from: it changed on main meanwhile. Begin from what main holds now.",
    ),
    "no difference": (
        lambda one: (changed(one, touches=()),),
        "spam: nothing is said to differ. Say what differs.",
    ),
    "a first version of what was released": (
        lambda one: (changed(one, declared="first"),),
        "spam: a first version is declared `first`, and only that. Declare what it is.",
    ),
    "a new policy as a minor change": (
        lambda one: (changed(one, slug="scams", base=None, touches=("created",)),),
        "scams: a first version is declared `first`, and only that. Declare what it is.",
    ),
    "created again": (
        lambda one: (changed(one, touches=("created",)),),
        "spam: a new policy is `created`, and only that. Say what differs.",
    ),
    "a new policy as metadata": (
        lambda one: (changed(one, slug="scams", base=None, declared="first", touches=("metadata",)),),
        "scams: a new policy is `created`, and only that. Say what differs.",
    ),
    "the name of a nested commons": (
        lambda one: (changed(one, slug="kids", base=None, declared="first", touches=("created",)),),
        (
            "the name kids is taken by a nested commons. "
            "Policies and nested commons share one set of names; choose another."
        ),
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_refused_revisions(name: str) -> None:
    """A revision states what differs from what main holds now, each policy once."""
    spoil, expected = SPOILT[name]
    commons = circle()
    commons.act("ana", payloads.ChildFounded(name="roost/kids", founding=sha(5)))
    revision = commons.revision(*spoil(commons.change()))
    assert refusal(propose(commons, revision=revision)) == expected


@pytest.mark.parametrize("moves", ["none", "elsewhere", "from something", "another's"])
def test_its_head(moves: str) -> None:
    """The proposal's head goes to its revision."""
    commons = circle()
    revision = commons.revision(commons.change())
    chosen = {
        "none": (Move(ref="refs/commons/texts", old=None, new=oid(7)),),
        "elsewhere": (Move(ref=head_ref(1), old=None, new=oid(7)),),
        "another's": (Move(ref=head_ref(2), old=None, new=revision.head),),
        "from something": (),
    }[moves]
    expected = "the head of proposal 1 does not go to its revision. Move it there."
    if moves == "from something":
        work = propose(commons, withdrawal=WITHDRAWAL)
        moved = Move(ref=head_ref(1), old=None, new=oid(7))
        work = propose(commons, "bo", moved, withdrawal=WITHDRAWAL)
    else:
        work = propose(commons, "bo", *chosen, revision=revision)
    assert refusal(work) == expected


def test_words_come_along() -> None:
    """The words of a title are stored with the opening."""
    commons = circle()
    revision = commons.revision(commons.change())
    head = Move(ref=head_ref(1), old=None, new=revision.head)
    propose(commons, "bo", head, Move(ref="refs/commons/texts", old=None, new=oid(7)), revision=revision)()
    assert commons.state.refs["refs/commons/texts"] == oid(7)


def test_withdrawals() -> None:
    """A withdrawal names a release, is a change of policy, and takes a member."""
    commons = circle()
    for slug, version in (("spam", "9.9.9"), ("scams", "1.0.0")):
        withdrawal = payloads.Withdrawal(slug=slug, version=version)
        assert refusal(propose(commons, withdrawal=withdrawal)) == (
            f"{slug} {version} was never released. Name a release."
        )
    assert refusal(propose(commons, "eve", withdrawal=WITHDRAWAL)).startswith("eve is not a member")
    number = commons.propose_withdrawal("bo")
    assert commons.open(number).kind is ChangeClass.POLICY
    assert commons.open(number).content == canonical_digest({"withdrawal": "spam@1.0.0"})


def test_open_at_a_time() -> None:
    """A member, or somebody from outside, has so many proposals open at a time."""
    for who in ("bo", "xo"):
        commons = village(
            {"attention.open_proposals_per_member": 2, "attention.reviews_owed_per_proposal": 0}
        )
        first = commons.propose(who)
        commons.propose(who)
        assert refusal(lambda who=who, commons=commons: commons.propose(who)) == (
            f"{who} has 2 open proposals, the most there may be (attention.open_proposals_per_member). "
            "Bring one of them to its end first."
        )
        commons.give_up(who, first)
        commons.propose(who)


def test_reviews_are_owed() -> None:
    """After the first proposal each is paid for with a review of somebody else's, once for each of them."""
    commons = village()
    commons.propose("bo")
    owes = (
        "bo has reviewed 0 proposals of others and owes 1 (attention.reviews_owed_per_proposal). "
        "Review what others proposed first."
    )
    assert refusal(lambda: commons.propose("bo")) == owes
    other = commons.propose("cy")
    commons.approve(other, "bo")
    commons.revise("cy", other)
    commons.approve(other, "bo")
    commons.propose("bo")
    assert refusal(lambda: commons.propose("bo")) == owes.replace("reviewed 0", "reviewed 1").replace(
        "owes 1", "owes 2"
    )


def test_nothing_is_owed_alone_or_from_outside() -> None:
    """Whoever has nobody to review, and whoever may not review, owes nothing."""
    commons = village()
    for _ in range(3):
        commons.propose("xo")
    for who in VILLAGERS[1:]:
        commons.act(who, payloads.Left())
    for _ in range(3):
        commons.propose("ana")


def test_a_charter() -> None:
    """A charter that members could not live by is not even proposed, nor the one in force."""
    commons = circle()
    same = replace(commons.charter("circle@1"), blob=commons.state.charter)
    assert refusal(lambda: commons.propose("bo", charter=same)) == (
        "the charter does not change. Change something."
    )
    assert "cannot be lived by" in refusal(
        lambda: commons.propose("bo", charter=commons.charter("commons@1"))
    )
    assert "the charter is none" in refusal(
        lambda: commons.propose("bo", charter=commons.charter("monarchy@1"))
    )
    number = commons.propose("bo", charter=commons.charter("solo@1"))
    assert commons.open(number).kind is ChangeClass.ENTRENCHED
