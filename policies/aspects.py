"""What a change touches of a policy, in words of a closed vocabulary, from its difference. Pure.

Governance decides by these words how a change is decided (`governance/proposals/kinds.py`): it never sees
the texts themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.diff import PolicyDiff
from policies.digest import NOT_CONTENT

CREATED, LABELS, STRUCTURE, WORDING, ATTACHMENTS = "created", "labels", "structure", "wording", "attachments"
CASES_ADDED, CASES_CHANGED, METADATA, RIGHTS = "cases_added", "cases_changed", "metadata", "rights"

_STRUCTURE = frozenset({"language", "labelling", "subject", "applies_to", "translation_of"})
"""Front matter that says what the policy is for and how it is answered."""
_RIGHTS = frozenset({"licenses", "terms", "maintainers", "status", "support"})
"""Front matter that says what may be done with it, who answers for it and whether it is to be used."""
_ELSEWHERE = frozenset({"labels", "attachments"})
"""Front matter whose changes are told by name."""


def aspects_of(diff: PolicyDiff, *, is_new: bool) -> tuple[str, ...]:
    """What differs, each word once, in a fixed order; empty where only numbers and spelling differ."""
    return tuple(dict.fromkeys(_aspects(diff, is_new=is_new)))


def _aspects(diff: PolicyDiff, *, is_new: bool) -> Iterator[str]:
    if is_new:
        yield CREATED
        return
    keys = {change.key for change in diff.front_matter} - NOT_CONTENT - _ELSEWHERE
    if diff.labels_added or diff.labels_removed or diff.labels_redefined:
        yield LABELS
    if diff.sections_added or diff.sections_removed or keys & _STRUCTURE:
        yield STRUCTURE
    if diff.text_changed or diff.sections_changed:
        yield WORDING
    if diff.attachments_added or diff.attachments_removed or diff.attachments_changed:
        yield ATTACHMENTS
    if diff.cases_added:
        yield CASES_ADDED
    if diff.cases_removed or diff.cases_relabelled or diff.cases_edited:
        yield CASES_CHANGED
    if keys - _STRUCTURE - _RIGHTS:
        yield METADATA
    if keys & _RIGHTS:
        yield RIGHTS
