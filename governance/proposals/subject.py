"""TEMPORARY: replaced by the rules' own."""

from governance.payloads import Revision
from policies.canonical import canonical_digest


def content_of(revision: Revision) -> str:
    """What reviews, evidence and ballots bind to."""
    return canonical_digest(
        {
            "policies": {change.slug: change.head for change in revision.changes},
            "charter": revision.charter.blob if revision.charter else None,
        }
    )
