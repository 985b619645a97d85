"""Which files belong together: one plan for each policy folder to be. Pure.

A policy takes the cases beside it, those named like it, or those that carry its codes, in that
order; what belongs to no policy becomes a pack of cases alone. Each pairing that was not told by the
folder is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.importers.labels import map_to_schema
from policies.importers.merge import tells_of_the_same
from policies.importers.model import FileRole, FileSeen
from policies.importers.naming import GENERIC, case_stem, folder_of, slug_of, stem_of
from policies.importers.reading import FileReading
from policies.importers.vocabulary import is_code


@dataclass(slots=True, kw_only=True)
class PackPlan:
    """The files of one pack. `paired` says of a table's file why it is here, where the folder does not."""

    slug: str
    policy: FileReading | None = None
    tables: list[FileReading] = field(default_factory=list)
    attachments: list[FileReading] = field(default_factory=list)
    reports: list[FileReading] = field(default_factory=list)
    licence: FileReading | None = None
    paired: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The folder of the pack's first file."""
        first = self.policy or self.tables[0]
        return folder_of(first.file)

    @property
    def codes(self) -> frozenset[str]:
        """The codes that the pack's policy defines."""
        draft = self.policy.policy if self.policy else None
        return frozenset(label.code for label in draft.labels) if draft else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The packs of one submitter, and the files that went into none."""

    packs: tuple[PackPlan, ...]
    left: tuple[FileSeen, ...]


class _Shelf:
    """The packs so far, findable by folder and by name, so that many policies stay quick to place."""

    def __init__(self) -> None:
        self.plans: list[PackPlan] = []
        self.slugs: dict[str, PackPlan] = {}
        self.policies_in: dict[str, list[PackPlan]] = {}

    def add(self, wanted: str, **members: Any) -> None:
        plan = PackPlan(slug=slug_of(wanted, self.slugs), **members)
        self.plans.append(plan)
        self.slugs[plan.slug] = plan
        if plan.policy is not None:
            self.policies_in.setdefault(plan.folder, []).append(plan)

    def policy_at(self, folder: str) -> PackPlan | None:
        """The one policy of a folder, or of the folder above when this one has none."""
        for place in (folder, folder_of(folder)):
            if found := self.policies_in.get(place):
                return found[0] if len(found) == 1 else None
        return None


def plan_packs(name: str, readings: Sequence[FileReading]) -> Plan:
    """Puts the files of one submitter together. `name` names a pack at the top of the source."""
    shelf = _Shelf()
    prose = [reading for reading in readings if reading.role is FileRole.ATTACHMENT]
    policies = _by_folder(reading for reading in readings if reading.role is FileRole.POLICY)
    for folder, beside in policies.items():
        kept, companions = _companions(beside)
        prose += companions
        for reading in kept:
            stem = stem_of(reading.file)
            tells = slug_of(stem) not in GENERIC or len(kept) > 1
            shelf.add(stem if tells else _folder_name(folder) or name, policy=reading)
    tables = [reading for reading in readings if reading.role in (FileRole.CASES, FileRole.ANNOTATIONS)]
    alone = [table for table in tables if not _paired(table, shelf)]
    left = _packs_of_cases(name, alone, shelf)
    left += _rest(readings, prose, shelf)
    return Plan(packs=tuple(shelf.plans), left=tuple(left))


def _by_folder(readings: Iterable[FileReading]) -> dict[str, list[FileReading]]:
    folders: dict[str, list[FileReading]] = {}
    for reading in readings:
        folders.setdefault(folder_of(reading.file), []).append(reading)
    return folders


def _companions(beside: list[FileReading]) -> tuple[list[FileReading], list[FileReading]]:
    """The policies of one folder, and texts that only repeat codes of one of them: its annexes."""
    kept: list[FileReading] = []
    companions: list[FileReading] = []
    for reading in beside:
        outranked = any(_outranks(other, reading) for other in beside)
        (companions if outranked else kept).append(reading)
    return kept, companions


def _outranks(other: FileReading, reading: FileReading) -> bool:
    strong, weak = other.policy, reading.policy
    if strong is None or weak is None or strong is weak or not strong.labels or weak.ready is not None:
        return False
    theirs, ours = {label.code for label in strong.labels}, {label.code for label in weak.labels}
    if ours == theirs:
        return strong.strength > weak.strength
    return ours < theirs and strong.strength >= weak.strength


def _folder_name(folder: str) -> str | None:
    """The nearest folder whose name says something."""
    for part in reversed(folder.split("/") if folder else []):
        if slug_of(part) not in GENERIC:
            return part
    return None


def _paired(table: FileReading, shelf: _Shelf) -> bool:
    """Gives the table to the policy it belongs to, if there is exactly one."""
    folder = folder_of(table.file)
    beside = shelf.policies_in.get(folder, [])
    if len(beside) == 1:
        beside[0].tables.append(table)
        return True
    names = {case_stem(table.file), slug_of(_folder_name(folder) or stem_of(table.file))}
    named = [shelf.slugs[name] for name in sorted(names) if name in shelf.slugs]
    if len(named) == 1:
        return _pair(table, named[0], "it is named like the policy")
    words = {draft.gold for draft in table.drafts if draft.gold is not None}
    if any(map(is_code, words)):
        coded = [plan for plan in shelf.plans if words <= plan.codes]
        if len(coded) == 1:
            return _pair(table, coded[0], "its labels are this policy's codes")
    if len(shelf.plans) == 1 and words and _understood(words, shelf.plans[0], table):
        return _pair(table, shelf.plans[0], "it is the only policy, and defines every label of the cases")
    return False


def _pair(table: FileReading, plan: PackPlan, why: str) -> bool:
    plan.tables.append(table)
    plan.paired[table.file] = why
    return True


def _understood(words: set[str], plan: PackPlan, table: FileReading) -> bool:
    draft = plan.policy.policy if plan.policy else None
    return draft is not None and not map_to_schema(words, draft.labels, table.label_column).unknown


def _packs_of_cases(name: str, tables: Sequence[FileReading], shelf: _Shelf) -> list[FileSeen]:
    """Makes packs of cases that have no policy; tables that tell of the same cases share one."""
    left: list[FileSeen] = []
    for folder, beside in _by_folder(tables).items():
        clusters: list[list[FileReading]] = []
        for table in beside:
            known = (group for group in clusters if any(tells_of_the_same(one, table) for one in group))
            home = next(known, None)
            if home is None:
                clusters.append([table])
            else:
                home.append(table)
        whole = [
            cluster for cluster in clusters if any(draft.content for one in cluster for draft in one.drafts)
        ]
        for cluster in clusters:
            if cluster not in whole:
                why = "no row of it could be read as a case"
                left += [_left(table, FileRole.UNREAD, why) for table in cluster]
                continue
            only = len(whole) == 1
            shelf.add((_folder_name(folder) or name) if only else case_stem(cluster[0].file), tables=cluster)
    return left


_NO_PART = (FileRole.LICENCE, FileRole.REPORT, FileRole.DOCUMENTATION, FileRole.UNREAD)


def _rest(readings: Sequence[FileReading], prose: Sequence[FileReading], shelf: _Shelf) -> list[FileSeen]:
    """Gives annexes, licences and reports to their packs; says what is left over."""
    left: list[FileSeen] = []
    for reading in prose:
        plan = shelf.policy_at(folder_of(reading.file))
        if plan is not None:
            plan.attachments.append(reading)
        else:
            left.append(_left(reading, FileRole.DOCUMENTATION, "a text beside no policy, or beside several"))
    for reading in readings:
        if reading.role is FileRole.LICENCE:
            _give_licence(reading, shelf.plans)
        told_of = shelf.policy_at(folder_of(reading.file)) if reading.scores else None
        if reading.role not in _NO_PART:
            continue
        if told_of is not None:
            told_of.reports.append(reading)
        else:
            left.append(_left(reading, reading.role, reading.why))
    return left


def _left(reading: FileReading, role: FileRole, why: str) -> FileSeen:
    return FileSeen(file=reading.file, role=role, reader=reading.reader, why=why)


def _give_licence(reading: FileReading, plans: Sequence[PackPlan]) -> None:
    """A licence holds for its folder and those below, unless one of those has its own."""
    here = folder_of(reading.file)
    for plan in plans if reading.licence is not None else ():
        covered = not here or plan.folder == here or plan.folder.startswith(f"{here}/")
        nearer = plan.licence is None or len(folder_of(plan.licence.file)) < len(here)
        if covered and nearer:
            plan.licence = reading
