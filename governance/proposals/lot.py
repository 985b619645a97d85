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
from governance.membership.affiliation import acts_for, counts_for
from governance.membership.roll import can_vote, roll_at
from governance.membership.state import INDEPENDENT
from governance.proposals.state import Proposal
from policies.canonical import sha256_hex


def parties(proposal: Proposal) -> frozenset[str]:
    """Who has a stake by their own act: who made or stood behind a revision, and who challenges.

    Those whom somebody else names as authors of what a fork brings along are none: or whoever proposes could
    keep everybody off the panel who might rule against it.
    """
    return proposal.makers | set(proposal.challengers)


def is_eligible(state: Commons, proposal: Proposal, rules: Charter, handle: str, at: int) -> bool:
    """Whether somebody may rule: a voter who is no party and acts for no party's organisation."""
    member = state.people.members.get(handle)
    return (
        member is not None
        and can_vote(member, rules.membership, at)
        and handle not in parties(proposal)
        and acts_for(member, at).isdisjoint(_organisations(state, proposal, at))
    )


def draw(state: Commons, proposal: Proposal, rules: Charter, at: int) -> tuple[str, ...]:
    """The panel, sorted; empty when too few are eligible, so that the pause ends by its deadline."""
    members = state.people.members
    involved, organisations = parties(proposal), _organisations(state, proposal, at)
    eligible = (
        handle
        for handle in roll_at(state.people, rules.membership, at) - involved
        if acts_for(members[handle], at).isdisjoint(organisations)
    )
    seed = "".join(proposal.seeds)
    at_most = affiliation_cap(rules.membership.max_affiliation_share, rules.panel.size)
    taken: Counter[str] = Counter()
    panel: list[str] = []
    for handle in sorted(eligible, key=lambda handle: sha256_hex(f"{seed} {handle}".encode())):
        affiliation = counts_for(members[handle], at)
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


def _organisations(state: Commons, proposal: Proposal, at: int) -> frozenset[str]:
    members = state.people.members
    involved = (members[handle] for handle in parties(proposal) if handle in members)
    return frozenset[str]().union(*(acts_for(member, at) for member in involved))
