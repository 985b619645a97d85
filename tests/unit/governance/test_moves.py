"""Which refs an event moves: its own, from where they stand, each once."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest

from governance import payloads
from governance.authority import ATTIC, MAIN, RUNS, TEXTS, head_ref
from governance.moves import MOVABLE
from governance.payloads import TYPES, Move
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal
from tests.support.made import oid, sha

EVERY = (
    MAIN,
    RUNS,
    TEXTS,
    ATTIC,
    "refs/tags/spam/v9.9.9",
    head_ref(1),
    "refs/commons/log",
    "refs/heads/other",
)


def test_every_type() -> None:
    """Each type has its list, in the order of the types, and words come with those that name any."""
    assert list(MOVABLE) == list(TYPES)
    for type_, schema in TYPES.items():
        names = {"reason", "text", "remedy", "title"} & set(schema.__struct_fields__)
        assert (TEXTS in MOVABLE[type_]) == bool(names)


def one_of_many() -> tuple[Assembly, int]:
    commons = circle()
    return commons, commons.propose("bo")


@pytest.mark.parametrize("ref", EVERY)
def test_a_comment_moves_words_alone(ref: str) -> None:
    """An act has authority over its own refs and no others."""
    commons, number = one_of_many()
    move = Move(ref=ref, old=commons.state.refs.get(ref), new=oid(9))
    draft = commons.draft("cy", payloads.Commented(number=number, text=sha(1)), move)
    if ref == TEXTS:
        commons._append(draft)
        assert commons.state.refs[TEXTS] == oid(9)
    else:
        assert refusal(lambda: commons._append(draft)) == (
            f"commented may not move {ref}. It moves its own refs only."
        )


def test_each_once_and_from_where_it_stands() -> None:
    """A ref is moved once, from where it stands, and is not taken away."""
    commons, number = one_of_many()
    said = payloads.Commented(number=number, text=sha(1))
    first, again = Move(ref=TEXTS, old=None, new=oid(8)), Move(ref=TEXTS, old=oid(8), new=oid(9))
    assert (
        refusal(lambda: commons.act("cy", said, first, again))
        == f"{TEXTS} is moved twice. Move each ref once."
    )
    commons.act("cy", said, first)
    assert (
        refusal(lambda: commons.act("cy", said, first)) == f"{TEXTS} stands at {oid(8)}. Move it from there."
    )
    gone = Move(ref=TEXTS, old=oid(8), new=None)
    assert refusal(lambda: commons.act("cy", said, gone)) == f"{TEXTS} may not be deleted. Move it elsewhere."
    nothing = Move(ref=head_ref(7), old=None, new=None)
    draft = commons.draft("bo", payloads.ProposalWithdrawn(number=number), nothing)
    assert refusal(lambda: commons._append(draft)).startswith(f"{head_ref(7)} may not be deleted.")


def test_released_tags_stay() -> None:
    """A tag that was released is not moved by a release."""
    commons = circle()
    number = commons.propose("bo", commons.change("spam", "cases_added"))
    draft = commons.enacting(number)
    tag = "refs/tags/spam/v1.0.0"
    stray = Move(ref=tag, old=commons.state.refs[tag], new=oid(9))
    assert refusal(lambda: commons._append(changed(draft, moves=(*draft.moves, stray)))) == (
        f"{tag} was released. Release a new version."
    )


def test_another_proposals_head() -> None:
    """An event about one proposal leaves the heads of others."""
    commons = circle()
    mine, other = commons.propose("bo"), commons.propose("cy")
    clearing = commons.clearing(commons.state, commons.open(mine))
    stray = Move(ref=head_ref(other), old=commons.state.refs[head_ref(other)], new=None)
    draft = commons.draft("bo", payloads.ProposalWithdrawn(number=mine), *clearing, stray)
    assert refusal(lambda: commons._append(draft)) == (
        "proposal_withdrawn moves the head of another proposal. Move its own only."
    )
    imported = commons.draft("bo", payloads.ProposalWithdrawn(number=9), stray)
    assert "there is no proposal 9." in refusal(lambda: commons._append(imported))


def test_what_goes_on_keeps_its_head() -> None:
    """An event that ends nothing leaves the head, and puts nothing in the attic."""
    commons = circle()
    number = commons.propose("xo")
    commons.act("cy", payloads.Adopted(number=number))
    said = payloads.ProposalWithdrawn(number=number)
    head, attic = commons.clearing(commons.state, commons.open(number))
    assert refusal(lambda: commons.act("xo", said, head)) == "the head of proposal 1 stays. Leave it."
    assert refusal(lambda: commons.act("xo", said, attic)) == (
        "the attic keeps what has ended, and nothing ends here. Leave it."
    )
    commons.act("xo", said)


def test_an_end_without_a_head() -> None:
    """What never had a head leaves nothing for the attic."""
    commons = circle()
    number = commons.propose_withdrawal("bo")
    attic = Move(ref=ATTIC, old=None, new=oid(9))
    said = payloads.ProposalWithdrawn(number=number)
    assert refusal(lambda: commons.act("bo", said, attic)).startswith("the attic keeps what has ended")
    commons.act("bo", said)


def test_a_lapse_clears_up() -> None:
    """A proposal that lapses, or fails in a vote, leaves no head."""
    commons = circle()
    number = commons.propose("bo")
    commons.at += 2161 * 3600
    draft = commons.owed()
    assert draft is not None
    assert draft.type == "lapsed"
    assert refusal(lambda: commons._append(changed(draft, moves=()))) == (
        f"proposal {number} is over, and its head stays where it is. "
        "Remove the head, and keep its revisions in the attic."
    )
    commons._append(draft)
    assert head_ref(number) not in commons.state.refs
