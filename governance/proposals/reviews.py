"""Which reviews count: of this content, by somebody without a stake in it, from several sides. Pure.

Conflicts of interest are computed, never declared: who made or stood behind any revision or what a fork
brought along, and whoever acts for the same organisation as one of them, or did so lately. An author may
vote, never review.
"""

from __future__ import annotations

from collections.abc import Iterator

from governance.charter.formulas import affiliation_cap
from governance.charter.model import Charter
from governance.membership.affiliation import counted_by_affiliation
from governance.proposals.state import Proposal, Review


def has_conflict(proposal: Proposal, handle: str, acts_for: frozenset[str]) -> bool:
    """Whether somebody may not review it."""
    return handle in proposal.authors or bool(acts_for & proposal.affiliations)


def approvals(proposal: Proposal) -> Iterator[Review]:
    """The approvals of the content at hand by people without a conflict: each reviewer's last word."""
    last = {review.by: review for review in proposal.reviews}
    for review in last.values():
        if (
            review.verdict == "approve"
            and review.content == proposal.content
            and not has_conflict(proposal, review.by, review.acts_for)
        ):
            yield review


def counted_approvals(proposal: Proposal, rules: Charter, needed: int) -> int:
    """How many approvals count, when no organisation may give more than its share of those needed."""
    at_most = affiliation_cap(rules.membership.max_affiliation_share, needed)
    return counted_by_affiliation((review.affiliation for review in approvals(proposal)), at_most)


def standing_behind(proposal: Proposal) -> frozenset[str]:
    """Who approved this very content, made it, or stands behind it.

    Whoever made an earlier revision, or is named as an author by somebody else, has not agreed to this one.
    """
    sponsor = {proposal.sponsor} if proposal.sponsor is not None else set()
    return frozenset({proposal.maker, *sponsor, *(review.by for review in approvals(proposal))})
