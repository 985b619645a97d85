"""Which reviews count: of this content, by somebody without a stake in it, from several sides. Pure.

Conflicts of interest are computed, never declared: who made any revision or what a fork brought along, and
whoever acts for the same organisation as one of them. An author may vote, never review.
"""

from __future__ import annotations

from collections.abc import Iterator

from governance.charter.formulas import affiliation_cap
from governance.charter.model import Charter
from governance.membership.roll import counted_by_affiliation, same_affiliation
from governance.proposals.state import Proposal, Review


def has_conflict(proposal: Proposal, handle: str, affiliation: str) -> bool:
    """Whether somebody may not review it."""
    return handle in proposal.authors or any(
        same_affiliation(affiliation, other) for other in proposal.affiliations
    )


def approvals(proposal: Proposal) -> Iterator[Review]:
    """The approvals of the content at hand by people without a conflict: each reviewer's last word."""
    last = {review.by: review for review in proposal.reviews}
    for review in last.values():
        if (
            review.verdict == "approve"
            and review.content == proposal.content
            and not has_conflict(proposal, review.by, review.affiliation)
        ):
            yield review


def counted_approvals(proposal: Proposal, rules: Charter, needed: int) -> int:
    """How many approvals count, when no organisation may give more than its share of those needed."""
    at_most = affiliation_cap(rules.membership.max_affiliation_share, needed)
    return counted_by_affiliation((review.affiliation for review in approvals(proposal)), at_most)


def approved_by_all(proposal: Proposal, roll: frozenset[str]) -> bool:
    """Whether everybody on the roll stands behind this very content; its authors do by having made it."""
    approving = {review.by for review in approvals(proposal)}
    return bool(roll) and all(handle in approving or handle in proposal.authors for handle in roll)
