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
from evaluations.errors import EvaluationError
from evaluations.flips import comparable
from evaluations.record_check import checked_run
from governance.commons import Commons
from governance.payloads import EvidenceRecorded, PolicyChange, Revision
from policies.errors import PolicyError
from registry.services.errors import BrokenError, InputRefusedError
from registry.services.evidence import (
    PUBLIC,
    evidence_of,
)
from registry.services.evidence_fit import ASKED_APART, asked_otherwise
from registry.services.evidence_words import (
    facts_in,
)
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
            raise BrokenError(place, ASKED_APART)
        if has_erased(old) or has_erased(new):
            return
        if stated.said.digest != new.record.parts.suite:
            raise BrokenError(place, "its runs were asked another suite than it says.")
        if stated.said.suite != PUBLIC:
            raise BrokenError(place, f"no suite {stated.said.suite} is kept here.")
        change = next(one for one in stated.revision.changes if one.slug == stated.said.slug)
        if not _was_redacted(state, change):
            other = asked_otherwise(repository, state, stated.revision, change, old.record, new.record)
            if other is not None:
                raise BrokenError(place, other)
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


def _was_redacted(state: Commons, change: PolicyChange) -> bool:
    return any(
        content is not None and state.current_content(content) != content
        for content in (change.base, change.head)
    )
