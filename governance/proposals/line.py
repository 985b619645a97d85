"""What a proposal would change, whether main moved below it, and whose turn it is to come into force. Pure.

What comes into force is what was accepted, to the byte; so another change of the same policy in the middle
of a vote would void that vote, and a member who minds its outcome could bring one about at will. Therefore a
proposal takes its place in line when its decision opens, with the comment period or the vote, and keeps it
until it is over: what changes one of the same policies and was decided on later waits until then. The first
in line is rejected, voided or in force within the charter's times, so the line always moves on.
"""

from __future__ import annotations

from governance.commons import Commons
from governance.proposals.state import Proposal, Stage

CHARTER = "governance/charter.toml"
"""What an amendment changes. No policy can have this name."""

IN_LINE = frozenset({Stage.COMMENT, Stage.VOTING, Stage.ACCEPTED, Stage.STAYED})


def changes(proposal: Proposal) -> tuple[str, ...]:
    """What it would change: policies, and the charter."""
    revision = proposal.revision
    return (*proposal.slugs, CHARTER) if revision and revision.charter else proposal.slugs


def place_in_line(proposal: Proposal) -> tuple[int, int]:
    """When its decision opened, or when it was accepted where none did; then its number."""
    since = proposal.frozen.since if proposal.frozen is not None else proposal.accepted_at
    assert since is not None
    return since, proposal.number


def first_in_line(state: Commons, proposal: Proposal) -> Proposal:
    """Which of the proposals that change one of the same things goes first; it itself, when no other does."""
    mine = set(changes(proposal))
    rivals = (
        other
        for other in state.proposals.values()
        if other.stage in IN_LINE and not mine.isdisjoint(changes(other))
    )
    return min([proposal, *rivals], key=place_in_line)


def in_line_on(state: Commons, slugs: tuple[str, ...]) -> Proposal | None:
    """The first proposal that is being decided on, or waits to come into force, on one of these policies."""
    wanted = set(slugs)
    found = (
        other
        for other in state.proposals.values()
        if other.stage in IN_LINE and not wanted.isdisjoint(other.slugs)
    )
    return min(found, key=place_in_line, default=None)


def moved_below(state: Commons, proposal: Proposal) -> tuple[str, ...]:
    """What it would change and that stands on main otherwise than when it began."""
    revision = proposal.revision
    if revision is None:
        return ()
    moved = tuple(
        change.slug
        for change in revision.changes
        if (change.base and state.current_content(change.base)) != standing_content(state, change.slug)
        or f"{state.name}/{change.slug}" in state.children
    )
    return (*moved, CHARTER) if revision.charter and proposal.charter != state.charter else moved


def standing_content(state: Commons, slug: str) -> str | None:
    """The content of a policy's newest release; None before the first."""
    policy = state.policies.get(slug)
    return state.current_content(policy.latest.content) if policy else None
