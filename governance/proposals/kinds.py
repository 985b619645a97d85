"""The kind of a change, from what it touches: a mixed change takes the strictest (principle 1B). Pure.

`proposals/evidence.py` says when wording counts as routine after all.
"""

from __future__ import annotations

from governance.charter.model import ChangeClass, strictest
from governance.charter.scopes import class_of_amendment
from governance.commons import Commons
from governance.payloads import PolicyChange, Revision
from governance.rules import rules_of

ROUTINE = frozenset({"cases_added", "metadata"})
"""What moves nobody's verdicts: cases that are added, and what describes a policy."""


def kind_of(state: Commons, revision: Revision) -> ChangeClass:
    """The kind that a revision's difference makes it, under the charter in force."""
    kinds = [_of_policy(change) for change in revision.changes]
    if revision.charter is not None:
        kinds.append(class_of_amendment(state.charter_rules, rules_of(revision.charter).charter))
    return strictest(kinds)


def _of_policy(change: PolicyChange) -> ChangeClass:
    return ChangeClass.ROUTINE if set(change.touches) <= ROUTINE else ChangeClass.POLICY
