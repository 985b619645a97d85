"""Who rules on a paused acceptance: a panel drawn by lot, and what its rulings come to (principle 6). Pure.

The lot is `sortition@1`: every eligible member gets the SHA-256 of the seed and their handle, and the lowest
are drawn, no organisation beyond its share. The seed joins the digests of two events: the challenge that
paused it, and the first act of an uninvolved member a day later. Neither party can choose both.
"""

from __future__ import annotations

from collections import Counter

from governance.charter.formulas import affiliation_cap
from governance.charter.model import Charter
from governance.commons import Commons
from governance.membership.roll import roll_at, same_affiliation
from governance.membership.state import INDEPENDENT
from governance.proposals.state import Proposal
from policies.canonical import sha256_hex


def parties(proposal: Proposal) -> frozenset[str]:
    """Who has a stake: its authors, its sponsor, and those who challenge it."""
    sponsor = {proposal.sponsor} if proposal.sponsor else set()
    return proposal.authors | sponsor | set(proposal.challengers)


def eligible(state: Commons, proposal: Proposal, rules: Charter, at: int) -> tuple[str, ...]:
    """Who may be drawn: voters who are no party and act for no party's organisation."""
    members = state.people.members
    involved = parties(proposal)
    affiliations = [members[handle].affiliation for handle in involved if handle in members]
    return tuple(
        sorted(
            handle
            for handle in roll_at(state.people, rules.membership, at) - involved
            if not any(same_affiliation(members[handle].affiliation, other) for other in affiliations)
        )
    )


def draw(state: Commons, proposal: Proposal, rules: Charter, at: int) -> tuple[str, ...]:
    """The panel, sorted; empty when too few are eligible, so that the pause ends by its deadline."""
    seed = "".join(proposal.seeds)
    lots = sorted(
        eligible(state, proposal, rules, at), key=lambda handle: sha256_hex(f"{seed} {handle}".encode())
    )
    at_most = affiliation_cap(rules.membership.max_affiliation_share, rules.panel.size)
    taken: Counter[str] = Counter()
    panel: list[str] = []
    for handle in lots:
        affiliation = state.people.members[handle].affiliation
        if affiliation != INDEPENDENT and taken[affiliation] >= at_most:
            continue
        taken[affiliation] += 1
        panel.append(handle)
        if len(panel) == rules.panel.size:
            break
    return tuple(sorted(panel)) if len(panel) >= rules.panel.quorum else ()


def ruling_of(proposal: Proposal, rules: Charter, *, final: bool) -> str | None:
    """What the panel rules: what more than half of it say, or at the end more than half of a quorum."""
    counts = Counter(ruling for _, ruling in proposal.rulings)
    if not counts:
        return None
    ruling, most = counts.most_common(1)[0]
    if 2 * most > len(proposal.panel):
        return ruling
    given = len(proposal.rulings)
    return ruling if final and given >= rules.panel.quorum and 2 * most > given else None
