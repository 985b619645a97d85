"""Tables that tell of the same cases become one: a suite and the sheet of its annotators. Pure.

Rows are joined by the source's own id, and only where their texts agree: two files that both count
from 1 are two sets of cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from policies.importers.model import FileRole, RowProblem, excerpt_of
from policies.importers.reading import CaseDraft, FileReading

Place: TypeAlias = tuple[str, int]
"""A row: its file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The cases of several tables. `joined` maps a row that told more of a case to that case's row."""

    drafts: tuple[CaseDraft, ...]
    joined: Mapping[Place, Place]
    problems: tuple[RowProblem, ...]


def tells_of_the_same(one: FileReading, other: FileReading) -> bool:
    """Whether two tables share cases: an id with the same text, or an id where one has no texts."""
    texts = {draft.key: draft.content for draft in one.drafts if draft.key is not None}
    for draft in other.drafts:
        known = texts.get(draft.key) if draft.key is not None else None
        if known is not None and (known == draft.content or not known or not draft.content):
            return True
    return False


def merge_tables(readings: Sequence[FileReading]) -> Merged:
    """Joins the rows of one pack's tables.

    The tables without annotations come first: they are the suite, and the others tell more of it.
    """
    ordered = sorted(readings, key=lambda reading: (_annotated(reading), reading.file))
    drafts: list[CaseDraft] = []
    places: dict[str, int] = {}
    joined: dict[Place, Place] = {}
    problems: list[RowProblem] = []
    for reading in ordered:
        for draft in reading.drafts:
            at = places.get(draft.key) if draft.key is not None else None
            known = drafts[at] if at is not None else None
            if at is None or known is None or not _same_case(known, draft):
                if draft.key is not None:
                    places.setdefault(draft.key, len(drafts))
                drafts.append(draft)
            elif known.gold is not None and draft.gold is not None and known.gold != draft.gold:
                reason = (
                    f"its gold label {draft.gold!r} contradicts {known.gold!r} in {known.file}:{known.line}"
                )
                problems.append(_problem(draft, reason))
            else:
                drafts[at] = _joined(known, draft)
                joined[draft.file, draft.line] = known.file, known.line
    complete = [draft for draft in drafts if draft.content]
    problems += [
        _problem(draft, f"no case has the id {draft.key!r}") for draft in drafts if not draft.content
    ]
    return Merged(drafts=tuple(complete), joined=joined, problems=tuple(problems))


def _annotated(reading: FileReading) -> int:
    if reading.role is FileRole.ANNOTATIONS:
        return 2
    return int(any(draft.annotations for draft in reading.drafts))


def _same_case(known: CaseDraft, draft: CaseDraft) -> bool:
    if known.file == draft.file:
        return False
    if not known.content or not draft.content:
        return True
    return known.content == draft.content and known.subject == draft.subject


def _joined(known: CaseDraft, other: CaseDraft) -> CaseDraft:
    """What both rows say; where both say something, the suite's word stands."""
    return known._replace(
        content=known.content or other.content,
        gold=known.gold if known.gold is not None else other.gold,
        flags=known.flags if known.flags is not None else other.flags,
        context=known.context or other.context,
        language=known.language or other.language,
        slices=tuple(dict.fromkeys((*known.slices, *other.slices))),
        source=known.source or other.source,
        license=known.license or other.license,
        note=known.note or other.note,
        annotations=(*known.annotations, *other.annotations),
        answers=(*known.answers, *other.answers),
    )


def _problem(draft: CaseDraft, reason: str) -> RowProblem:
    shown = draft.content or f"{draft.key}: {', '.join(label for _, label in draft.annotations)}"
    return RowProblem(file=draft.file, line=draft.line, reason=reason, excerpt=excerpt_of(shown))
