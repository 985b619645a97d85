"""The kind of a change: from what it touches, and from what evidence and people made of it. Pure.

A mixed change takes the strictest kind (principle 1B). Once a decision has opened its kind is frozen with it:
what comes later can send it a longer way, and never counts a vote by other rules.
"""

from __future__ import annotations

from governance.charter.model import ChangeClass, Charter, ClassRules, Mode, strictest
from governance.charter.modes import READS
from governance.charter.scopes import class_of_amendment
from governance.commons import Commons
from governance.payloads import PolicyChange, Revision
from governance.proposals.evidence import Says, says, shows_neutral
from governance.proposals.state import Proposal
from governance.rules import rules_of

ROUTINE = frozenset({"cases_added", "metadata"})
"""What moves nobody's verdicts: cases that are added, and what describes a policy."""


def kind_of(state: Commons, revision: Revision) -> ChangeClass:
    """The kind that a revision's difference makes it, under the charter in force."""
    kinds = [_of_policy(change) for change in revision.changes]
    if revision.charter is not None:
        kinds.append(class_of_amendment(state.charter_rules, rules_of(revision.charter).charter))
    return strictest(kinds)


def effective_kind(proposal: Proposal, rules: Charter) -> ChangeClass:
    """The kind that counts: the one frozen with its decision, or else what it is now."""
    return proposal.frozen.kind if proposal.frozen is not None else kind_now(proposal, rules)


def kind_now(proposal: Proposal, rules: Charter) -> ChangeClass:
    """The kind as things stand: raised by people or evidence, or lowered for wording that moves nothing."""
    kind = proposal.kind
    if proposal.raised is not None:
        kind = strictest((kind, proposal.raised))
    elif kind is ChangeClass.POLICY and shows_neutral(proposal, rules):
        kind = ChangeClass.ROUTINE
    mode = rules.rules(kind).mode
    asks_more = says(proposal, rules) is Says.VOTE or (mode is Mode.DIRECT and proposal.opposed)
    # Where evidence or an objection may ask for more than a kind's mode can give, a charter has a vote on
    # changes of policies (`charter/coherence.py`).
    if asks_more and mode in (Mode.DIRECT, Mode.CONSENT):
        return strictest((kind, ChangeClass.POLICY))
    return kind


def hours(rules: ClassRules, what: str) -> int:
    """The hours that a kind of change gives to something; none where its mode does not read that key."""
    given: int = getattr(rules, what)
    return given if what in READS[rules.mode] else 0


def is_stricter(kind: ChangeClass, than: ChangeClass) -> bool:
    """Whether one kind is stricter than another."""
    return kind is not than and strictest((kind, than)) is kind


def _of_policy(change: PolicyChange) -> ChangeClass:
    return ChangeClass.ROUTINE if set(change.touches) <= ROUTINE else ChangeClass.POLICY
