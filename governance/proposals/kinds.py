"""The kind of a change: from what it touches, and from what evidence and people made of it. Pure.

A mixed change takes the strictest kind (principle 1B). Once a decision has opened its kind is frozen with it:
what comes later can send it a longer way, and never counts a vote by other rules.
"""

from __future__ import annotations

from governance.charter.model import ChangeClass, Charter, Mode, strictest
from governance.charter.modes import CAN_VOTE
from governance.charter.scopes import amendment_class
from governance.commons import Commons
from governance.payloads import PolicyChange, Revision
from governance.proposals.evidence import Says, says, shows_neutral
from governance.proposals.state import Proposal
from governance.rules import rules_of

ROUTINE = frozenset({"cases_added", "metadata"})
"""What moves nobody's verdicts: cases that are added, and what describes a policy."""

_LADDER = (ChangeClass.ROUTINE, ChangeClass.POLICY, ChangeClass.CHARTER, ChangeClass.ENTRENCHED)
"""The kinds that a change of files can be raised through, mildest first."""


def kind_of(state: Commons, revision: Revision) -> ChangeClass:
    """The kind that a revision's difference makes it, under the charter in force."""
    kinds = [_of_policy(change) for change in revision.changes]
    if revision.charter is not None:
        kinds.append(amendment_class(state.charter_rules, rules_of(revision.charter).charter))
    return strictest(kinds)


def effective_kind(proposal: Proposal, rules: Charter) -> ChangeClass:
    """The kind that counts: the one frozen with its decision, or else what it is now."""
    return proposal.frozen.kind if proposal.frozen is not None else kind_now(proposal, rules)


def kind_now(proposal: Proposal, rules: Charter) -> ChangeClass:
    """The kind as things stand: raised by people or by evidence, or lowered for wording that moves nothing."""
    kind = proposal.kind
    if proposal.raised is not None:
        kind = strictest((kind, proposal.raised))
    elif kind is ChangeClass.POLICY and shows_neutral(proposal, rules):
        kind = ChangeClass.ROUTINE
    mode = rules.rules(kind).mode
    voted = says(proposal, rules) is Says.VOTE or (mode is Mode.DIRECT and proposal.opposed)
    return with_vote(kind, rules) or kind if voted and mode is not Mode.OWNER else kind


def with_vote(kind: ChangeClass, rules: Charter) -> ChangeClass | None:
    """This kind where it can be voted on, or else the next stricter one that can; None when none can."""
    if rules.rules(kind).mode in CAN_VOTE:
        return kind
    stricter = (one for one in _LADDER if strictest((kind, one)) is one)
    return next((one for one in stricter if rules.rules(one).mode in CAN_VOTE), None)


def is_stricter(kind: ChangeClass, than: ChangeClass) -> bool:
    """Whether one kind is stricter than another."""
    return kind is not than and strictest((kind, than)) is kind


def _of_policy(change: PolicyChange) -> ChangeClass:
    return ChangeClass.ROUTINE if set(change.touches) <= ROUTINE else ChangeClass.POLICY
