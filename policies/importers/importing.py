"""Import: files as found to packs, with an account of every file and row. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from policies.errors import PolicyError
from policies.importers.assemble import assemble_pack
from policies.importers.model import (
    FileRole,
    FileSeen,
    ImportRefusedError,
    ImportResult,
    Notice,
    Pack,
    RowCount,
    RowProblem,
)
from policies.importers.naming import slug_of
from policies.importers.plan import PackPlan, plan_packs
from policies.importers.readers import READABLE, read_file
from policies.importers.reading import FileReading

FOLDERS = "folders"


class UnknownPresetError(PolicyError):
    """A preset that no importer knows; `preset` is what was given."""

    def __init__(self, preset: str) -> None:
        self.preset = preset
        super().__init__(
            f"unknown preset {preset!r}: use 'folders' (each first-level folder is a submitter) or "
            "'folders:some/path' (each folder under that path is)"
        )


def import_files(name: str, files: Mapping[str, bytes], *, preset: str | None = None) -> ImportResult:
    """Reads files, known by their paths with forward slashes, into packs.

    `name` names what lies at the top. With the preset `folders` each first-level folder is a
    submitter, and its packs carry the folder's name as their group; `folders:a/b` looks below `a/b`.
    The same files always give the same result, byte for byte. Raises `ImportRefusedError` when
    nothing can be imported, and `UnknownPresetError`.
    """
    packs: list[Pack] = []
    seen: list[FileSeen] = []
    problems: list[RowProblem] = []
    notices: list[Notice] = []
    unpacked = RowCount()
    for group, members in _grouped(files, preset):
        readings = [read_file(file, raw) for file, raw in members]
        plan = plan_packs(group or name, readings)
        for pack_plan in plan.packs:
            pack = assemble_pack(pack_plan, group)
            packs.append(pack)
            seen.extend(_seen(pack_plan))
            problems.extend(pack.problems)
            notices.extend(pack.notices)
        left = {entry.file for entry in plan.left}
        seen.extend(plan.left)
        for reading in readings:
            if reading.file in left:
                problems.extend(reading.problems)
                notices.extend(reading.notices)
                unpacked += _rows_of(reading)
    ordered = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    if not packs:
        reason = f"none of {len(files)} file(s) holds a policy or labelled cases; {READABLE} are read."
        raise ImportRefusedError(name, reason, ordered or _as_problems(seen))
    return ImportResult(
        name=name,
        packs=tuple(packs),
        unpacked=unpacked,
        problems=ordered,
        notices=tuple(notices),
        files_seen=tuple(sorted(seen, key=lambda entry: entry.file)),
    )


def _grouped(
    files: Mapping[str, bytes], preset: str | None
) -> list[tuple[str | None, list[tuple[str, bytes]]]]:
    """The files of each submitter, in the order of their names; one nameless group without a preset."""
    ordered = sorted(files.items())
    if preset is None:
        return [(None, ordered)]
    kind, _, below = preset.partition(":")
    if kind != FOLDERS:
        raise UnknownPresetError(preset)
    prefix = f"{below.strip('/')}/" if below.strip("/") else ""
    folders: dict[str, list[tuple[str, bytes]]] = {}
    outside: list[tuple[str, bytes]] = []
    for path, raw in ordered:
        folder, slash, _ = path.removeprefix(prefix).partition("/")
        if slash and path.startswith(prefix) and not folder.startswith("."):
            folders.setdefault(folder, []).append((path, raw))
        else:
            outside.append((path, raw))
    groups: list[tuple[str | None, list[tuple[str, bytes]]]] = [(None, outside)] if outside else []
    taken: set[str] = set()
    for folder, members in folders.items():
        slug = slug_of(folder, taken)
        taken.add(slug)
        groups.append((slug, members))
    return groups


def _rows_of(reading: FileReading) -> RowCount:
    """The rows of a table that went into no pack; no row of it is a case."""
    if not reading.rows:
        return RowCount()
    skipped = sum(skip.rows for skip in reading.skipped)
    return RowCount(read=reading.rows, skipped=skipped, unread=reading.rows - skipped)


def _seen(plan: PackPlan) -> list[FileSeen]:
    """What each file of a pack was taken for."""

    def entry(reading: FileReading, role: FileRole) -> FileSeen:
        why = plan.paired.get(reading.file, reading.why)
        return FileSeen(file=reading.file, role=role, reader=reading.reader, pack=plan.slug, why=why)

    entries = [entry(reading, reading.role) for reading in (*plan.tables, *plan.reports)]
    entries += [entry(reading, FileRole.ATTACHMENT) for reading in plan.attachments]
    if plan.policy is not None:
        entries.append(entry(plan.policy, FileRole.POLICY))
    return entries


def _as_problems(seen: list[FileSeen]) -> tuple[RowProblem, ...]:
    return tuple(RowProblem(file=entry.file, line=0, reason=f"{entry.role}: {entry.why}") for entry in seen)
