"""Holds recorded evidence against its two runs: who answered what, on which cases, and what came out.

Part of `commons verify`. What a redaction took out of the runs or the policy can be counted no more; what is
left is still held.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from evaluations.comparing.comparison import Side
from evaluations.comparing.gate import has_erased
from evaluations.comparing.joining import join
from evaluations.errors import EvaluationError
from evaluations.flips import comparable
from evaluations.record_check import checked_run
from evaluations.suites import suite_of
from governance.commons import Commons
from governance.payloads import EvidenceRecorded, PolicyChange, Revision
from policies.errors import PolicyError
from registry.services.comparing_plan import suite_under
from registry.services.errors import BrokenError, InputRefusedError
from registry.services.evidence import PUBLIC, base_folder, evidence_of, facts_in, head_folder
from registry.store.errors import StoreError
from registry.store.repository import Repository


class Stated(NamedTuple):
    """An event's evidence, and what it was recorded under: its number, the revision, the charter's margin."""

    seq: int
    said: EvidenceRecorded
    revision: Revision
    margin: Fraction


def check_evidence(repository: Repository, state: Commons, stated: Stated, moved: Mapping[str, str]) -> None:
    """Raises `BrokenError` for evidence that its runs do not give; `moved` says where redacted runs went."""
    place = f"event {stated.seq}, evidence on {stated.said.slug}"
    try:
        old, new = (
            _side(repository, state, commit, moved) for commit in (stated.said.base, stated.said.head)
        )
        facts = facts_in(new.record)
        if facts != {name: getattr(stated.said, name) for name in facts}:
            raise BrokenError(place, "its runs were made by another model, or asked in another way.")
        if not comparable(old.record, new.record):
            raise BrokenError(place, "its two runs were not asked in the same way.")
        if has_erased(old) or has_erased(new):
            return
        if stated.said.digest != new.record.parts.suite:
            raise BrokenError(place, "its runs were asked another suite than it says.")
        _check_suite(repository, state, place, stated, old, new)
        found = evidence_of(old, new, stated.margin)
    except (StoreError, PolicyError, EvaluationError, InputRefusedError) as error:
        raise BrokenError(place, str(error)) from error
    if found != (stated.said.missed, stated.said.flagged):
        raise BrokenError(place, "its runs give other counts, or another judgement.")


def _side(repository: Repository, state: Commons, commit: str, moved: Mapping[str, str]) -> Side:
    while commit in moved:
        commit = moved[commit]
    run = state.runs[commit]
    reader = repository.reader
    record, rows = checked_run(reader.files(reader.commit(run.commit).tree))
    return Side(record=record, rows=rows)


def _check_suite(
    repository: Repository, state: Commons, place: str, stated: Stated, old: Side, new: Side
) -> None:
    """Both runs were asked what both versions' own cases give together: none was left away, none added."""
    if stated.said.suite != PUBLIC:
        raise BrokenError(place, f"no suite {stated.said.suite} is kept here.")
    change = next(one for one in stated.revision.changes if one.slug == stated.said.slug)
    if _was_redacted(state, change):
        return
    before = base_folder(repository, state, change)
    after = head_folder(repository, state, stated.revision, change)
    joint = join(suite_of(before), suite_of(after))
    asked = tuple(suite_under(one, before, joint).digest for one in (before, after))
    if asked != (old.record.parts.suite, new.record.parts.suite):
        raise BrokenError(place, "its runs were asked other cases than the two versions have.")


def _was_redacted(state: Commons, change: PolicyChange) -> bool:
    return any(
        content is not None and state.current_content(content) != content
        for content in (change.base, change.head)
    )
