"""Whether two runs are of what a proposal changes: both its versions, on all cases that both have. Reads."""

from __future__ import annotations

from evaluations.comparing.joining import join
from evaluations.run_record import RunRecord
from evaluations.suites import suite_of
from governance.commons import Commons
from governance.payloads import PolicyChange, Revision
from policies.digest import content_digest
from registry.services.comparing_plan import suite_under
from registry.services.evidence import (
    base_folder,
    head_folder,
)
from registry.store.repository import Repository

ASKED_APART = "its two runs were not asked in the same way."


def asked_otherwise(
    repository: Repository,
    state: Commons,
    revision: Revision,
    change: PolicyChange,
    old: RunRecord,
    new: RunRecord,
) -> str | None:
    """What is wrong with them, in a sentence; None where nothing is.

    By what the records state alone: who does not believe them counts the rows, too. Neither version may
    have been redacted since it was run. Raises `MissingObjectError`.
    """
    versions = (
        base_folder(repository, state, change),
        head_folder(repository, state, revision, change),
    )
    records = (old, new)
    ran = [record.policy.digest for record in records]
    if ran != [content_digest(version) for version in versions]:
        return "its runs are of other texts or cases than the two versions."
    joint = join(suite_of(versions[0]), suite_of(versions[1]))
    due = [suite_under(version, versions[0], joint).digest for version in versions]
    if due != [record.parts.suite for record in records]:
        return "its runs were asked other cases than the two versions have."
    return None
