"""What a redaction does to proposals: their revisions stand elsewhere, and what was said goes along. Pure.

Taking something out of a revision for good is nobody's edit: reviews, evidence and ballots stay with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from immutables import Map
from msgspec.structs import replace

from governance.authority import ATTIC, PROPOSALS, refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.payloads import PolicyChange, Revision
from governance.proposals.state import Proposal
from governance.proposals.subject import content_of


def refuse_stray_moves(state: Commons, event: Event, rewritten: Mapping[str, str]) -> None:
    """Refuses to move a proposal's head or the attic but to what each became, or to leave one behind."""
    moves = {move.ref: move.new for move in event.moves}
    for ref, stands in state.refs.items():
        if ref == ATTIC or ref.startswith(PROPOSALS):
            refuse_unless(
                moves.get(ref) == rewritten.get(stands),
                f"{ref} does not move to what {stands} became.",
                "Rewrite what holds the erased bytes, and nothing else.",
            )


def with_erased(
    proposals: Map[int, Proposal], rewritten: Mapping[str, str], contents: Mapping[str, str]
) -> Map[int, Proposal]:
    """The open proposals after commits and contents became others."""
    after = proposals.mutate()
    for number, proposal in proposals.items():
        if proposal.revision is not None:
            after[number] = _erased(proposal, proposal.revision, rewritten, contents)
    return after.finish()


def _erased(
    proposal: Proposal, revision: Revision, rewritten: Mapping[str, str], contents: Mapping[str, str]
) -> Proposal:
    revision = Revision(
        head=rewritten.get(revision.head, revision.head),
        base=rewritten.get(revision.base, revision.base),
        changes=tuple(_change(change, contents) for change in revision.changes),
        charter=revision.charter,
    )
    old, new = proposal.content, content_of(revision)
    proposal = replace(
        proposal,
        revision=revision,
        revisions=tuple(rewritten.get(commit, commit) for commit in proposal.revisions),
        content=new,
    )
    if old == new:
        return proposal
    frozen = proposal.frozen
    return replace(
        proposal,
        reviews=tuple(_following(one, old, new) for one in proposal.reviews),
        evidence=tuple(_following(one, old, new) for one in proposal.evidence),
        frozen=replace(frozen, content=new) if frozen is not None else None,
    )


def _change(change: PolicyChange, contents: Mapping[str, str]) -> PolicyChange:
    return PolicyChange(
        slug=change.slug,
        base=change.base,
        head=contents.get(change.head, change.head),
        touches=change.touches,
        declared=change.declared,
    )


def _following(said: object, old: str, new: str) -> object:
    return replace(said, content=new) if said.content == old else said  # type: ignore[attr-defined,type-var]
