"""Finds proposals, open or over. Changes nothing."""

from __future__ import annotations

from governance.commons import Commons
from governance.proposals.state import Ended, Proposal
from registry.services.errors import EndedProposalError, OtherContentError, UnknownProposalError
from registry.store.repository import Repository
from registry.store.texts import read_text


def open_proposal(state: Commons, number: int, content: str | None = None) -> Proposal:
    """An open proposal; with `content`, only while it proposes exactly that.

    Raises `UnknownProposalError`, `EndedProposalError`, which says how it ended, and `OtherContentError`.
    """
    found = find_proposal(state, number)
    if isinstance(found, Ended):
        raise EndedProposalError(number, found.stage)
    if content is not None and content != found.content:
        raise OtherContentError(number, found.content)
    return found


def find_proposal(state: Commons, number: int) -> Proposal | Ended:
    """A proposal, or in brief what became of it. Raises `UnknownProposalError`."""
    found = state.proposals.get(number) or state.ended.get(number)
    if found is None:
        known = f"They are numbered 1 to {state.proposed}." if state.proposed else "There is none yet."
        raise UnknownProposalError(f"proposal {number}", known)
    return found


def title_of(repository: Repository, state: Commons, proposal: Proposal | Ended) -> str | None:
    """Its title as it is now; None where it was redacted."""
    text = read_text(repository.reader, state, proposal.title)
    return None if text is None else text.words
