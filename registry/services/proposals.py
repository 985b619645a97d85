"""Finds proposals, open or over. Changes nothing."""

from __future__ import annotations

from governance.commons import Commons
from governance.proposals.state import Ended, Proposal
from registry.services.errors import UnknownProposalError


def open_proposal(state: Commons, number: int) -> Proposal:
    """An open proposal. Raises `UnknownProposalError`, which says how an ended one ended."""
    found = find_proposal(state, number)
    if isinstance(found, Ended):
        raise UnknownProposalError(f"proposal {number}", f"It is over ({found.stage}); open another.")
    return found


def find_proposal(state: Commons, number: int) -> Proposal | Ended:
    """A proposal, or in brief what became of it. Raises `UnknownProposalError`."""
    found = state.proposals.get(number) or state.ended.get(number)
    if found is None:
        known = f"They are numbered 1 to {state.proposed}." if state.proposed else "There is none yet."
        raise UnknownProposalError(f"proposal {number}", known)
    return found
