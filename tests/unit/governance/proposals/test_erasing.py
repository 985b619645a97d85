"""What a redaction does to open proposals, and what it may move of theirs."""

from __future__ import annotations

from msgspec.structs import replace

from governance.authority import ATTIC, head_ref
from governance.payloads import Move, Redacted
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.communities import circle, refusal

SAID = Redacted(ground="personal-data", authority="steward", kinds=("cases",))


def reviewed() -> tuple[Assembly, int]:
    """A change of bo's in its comment period, with cy's approval, beside one of ana's in review."""
    commons = circle()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    assert commons.stage(number) is Stage.COMMENT
    commons.propose("ana")
    return commons, number


def test_what_was_said_stays() -> None:
    """The revision stands where it was rewritten, and reviews and the decision are of what it holds now."""
    commons, number = reviewed()
    before = commons.open(number)
    assert before.revision is not None
    (change,) = before.revision.changes
    head, content = commons.oid(), commons.sha()
    said = replace(SAID, rewritten=((before.revision.head, head),), contents=((change.head, content),))
    commons.act("ana", said, Move(ref=head_ref(number), old=before.revision.head, new=head))
    after = commons.open(number)
    assert after.revision is not None
    assert (after.revision.head, after.revisions) == (head, (head,))
    assert [one.head for one in after.revision.changes] == [content]
    assert after.content != before.content
    assert after.frozen is not None
    assert {after.content} == {after.frozen.content, *(one.content for one in after.reviews)}
    commons.approve(number, "ana")
    assert commons.stage(number) is Stage.ACCEPTED


def test_heads_and_the_attic() -> None:
    """A head or the attic moves to what it became, and only where it became something else."""
    commons, number = reviewed()
    given_up = commons.propose("cy")
    commons.give_up("cy", given_up)
    ref, other = head_ref(number), head_ref(number + 1)
    refs, new = commons.state.refs, commons.oid()
    head, attic = refs[ref], refs[ATTIC]
    rewritten = replace(SAID, rewritten=((head, new),))
    move = Move(ref=ref, old=head, new=new)
    refused = [
        (rewritten, (), ref),
        (rewritten, (replace(move, new=commons.oid()),), ref),
        (rewritten, (move, Move(ref=other, old=refs[other], new=new)), other),
        (rewritten, (move, Move(ref=ATTIC, old=attic, new=new)), ATTIC),
        (replace(SAID, rewritten=((attic, new),)), (), ATTIC),
        (SAID, (move,), ref),
    ]
    for said, moves, stays in refused:
        assert refusal(lambda said=said, moves=moves: commons.act("ana", said, *moves)) == (
            f"{stays} does not move to what {refs[stays]} became. "
            "Rewrite what holds the erased bytes, and nothing else."
        )
    commons.act("ana", rewritten, move)
