"""Takes the head of a proposal that ends away, and keeps its revisions in the attic. Adds to a change."""

from __future__ import annotations

from collections.abc import Callable

from governance.authority import head_ref
from governance.commons import Commons
from governance.payloads import Move
from governance.proposals.state import Proposal
from governance.registrar import REGISTRAR
from registry.store.attic import keep_revisions
from registry.store.objects import Change
from registry.store.refs import ATTIC


def clearing(
    change: Change, at: int, actor: str = REGISTRAR
) -> Callable[[Commons, Proposal], tuple[Move, ...]]:
    """The moves for a proposal that ends, their objects added to the change when they are asked for."""

    def moves(state: Commons, proposal: Proposal) -> tuple[Move, ...]:
        head = head_ref(proposal.number)
        previous = state.refs.get(ATTIC)
        kept = keep_revisions(change, previous, proposal.revisions, actor=actor, at=at)
        return Move(ref=head, old=state.refs[head], new=None), kept

    return moves
