"""`commons import`: brings in policies and cases that exist elsewhere. Writes folders or a repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.opening import acting, opened
from registry.cli.options import As, Json

if TYPE_CHECKING:
    from policies.importers.model import ImportResult
    from registry.services.import_packs import PackedIn
    from registry.services.sources import Written

SHOWN = 20
"""How many problems are listed for people; `--json` and `--all` give every one."""


def import_(
    source: Annotated[Path, typer.Argument(metavar="PATH", help="A file, a folder, or a Git clone.")],
    into: Annotated[
        Path | None, typer.Option(metavar="REPOSITORY", help="Release what is found in this commons.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Else write policy folders here.")] = Path(),
    preset: Annotated[
        str | None,
        typer.Option(
            help="'folders': each first-level folder is a submitter. With --into and a Git clone, each gets "
            "a nested commons with its history."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report; write nothing.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List every problem, not the first 20, and every file left out.")
    ] = False,
    handle: As = None,
    json: Json = False,
) -> None:
    """Import policies and cases: spreadsheets, JSON lines, Markdown, whole community repositories.

    Every row that cannot be read is reported with its line, and the rest is imported. Scores that came
    along are kept as reported, apart from runs. Run again, it changes nothing.
    """
    output = Output(json=json)
    if into is not None and not dry_run:
        if preset is not None:
            _into_nested(output, source, into, preset, handle, everything=everything)
        else:
            _into_one(output, source, into, handle, everything=everything)
        return
    _to_folders(output, source, None if dry_run else out, preset, everything=everything)


def _to_folders(
    output: Output, source: Path, out: Path | None, preset: str | None, *, everything: bool
) -> None:
    from policies.importers import describe, import_files
    from registry.services.sources import read_source_tree, write_packs

    with output.progress("Reading") as progress:
        tree = read_source_tree(source, progress)
    result = import_files(tree.name, tree.files, preset=preset)
    written = write_packs(result, out) if out is not None else ()

    def show() -> None:
        _show_result(output, result, everything=everything)
        _show_passed_over(output, tree.passed_over)
        _show_written(output, result, written, dry_run=out is None)

    document = {
        "dry_run": out is None,
        **describe(result),
        "passed_over": _pairs(tree.passed_over),
        "written": [{"slug": item.slug, "path": str(item.path), "fresh": item.fresh} for item in written],
    }
    output.answer(document, show)


def _into_one(output: Output, source: Path, into: Path, handle: str | None, *, everything: bool) -> None:
    from registry.services.import_packs import import_packs
    from registry.services.sources import read_source_tree

    with opened(into) as commons:
        actor = acting(commons, handle)
        with output.progress("Reading") as progress:
            tree = read_source_tree(source, progress)
        with output.progress("Importing"):
            packed = import_packs(commons, tree.name, tree.files, actor=actor)

    def show() -> None:
        _show_result(output, packed.result, everything=everything)
        _show_passed_over(output, tree.passed_over)
        _show_packed(output, packed, actor)

    output.answer({**_packed_document(packed), "passed_over": _pairs(tree.passed_over)}, show)


def _into_nested(
    output: Output, source: Path, into: Path, preset: str, handle: str | None, *, everything: bool
) -> None:
    from registry.services.errors import InputRefusedError
    from registry.services.import_packs import import_clone
    from registry.store.foreign import find_git_dir

    git_dir = find_git_dir(source)
    if preset != "folders" or git_dir is None:
        raise InputRefusedError(
            str(source),
            "--into with --preset takes 'folders' and a Git clone, whose history and authors are kept.",
            "Give a clone, or import one folder at a time.",
        )
    with opened(into) as commons:
        actor = acting(commons, handle)
        with output.progress("Importing revisions") as progress:
            done, left = import_clone(
                commons, git_dir, actor=actor, progress=lambda _folder, revisions: progress(revisions)
            )

    def show() -> None:
        for packed in done:
            _show_result(output, packed.result, everything=everything)
            _show_packed(output, packed, actor)
        for folder, why in left:
            output.note(f"{folder}: left out. {why}", style="yellow")
        output.line(f"{plural(len(done), 'folder')} imported as nested commons, {len(left)} left out.")

    output.answer({"imported": [_packed_document(packed) for packed in done], "left_out": _pairs(left)}, show)


def _show_result(output: Output, result: ImportResult, *, everything: bool) -> None:
    columns = ("policy", "cases", "rows", "imported", "skipped", "unread", "reported", "answers")
    rows = [
        (
            f"{pack.group}/{pack.slug}" if pack.group else pack.slug,
            pack.cases,
            pack.rows.read,
            pack.rows.imported,
            pack.rows.skipped,
            pack.rows.unread,
            len(pack.reported),
            len(pack.answers),
        )
        for pack in result.packs
    ]
    output.table(columns, rows, right=columns[1:])
    for style, kind, said in (
        ("yellow", "problem", [str(problem) for problem in result.problems]),
        (None, "notice", [str(notice) for notice in result.notices]),
    ):
        shown = said if everything else said[:SHOWN]
        for text in shown:
            output.note(text, style=style)
        if len(said) > len(shown):
            output.note(f"... and {plural(len(said) - len(shown), kind)} more. --all lists them.")
    _show_left(output, result, everything=everything)


def _show_left(output: Output, result: ImportResult, *, everything: bool) -> None:
    """Files that went into no policy; a licence and a report with scores did their part."""
    from policies.importers.model import FileRole

    used = (FileRole.LICENCE, FileRole.REPORT)
    left = [seen for seen in result.files_seen if seen.pack is None and seen.role not in used]
    if everything:
        for seen in left:
            output.note(f"{seen.file}: in no policy: {seen.why}.")
    elif left:
        output.note(f"{plural(len(left), 'file')} went into no policy. --all names them.")


def _show_passed_over(output: Output, passed_over: tuple[tuple[str, str], ...]) -> None:
    for file, why in passed_over:
        output.note(f"{file}: passed over, {why}.", style="yellow")


def _show_written(
    output: Output, result: ImportResult, written: tuple[Written, ...], *, dry_run: bool
) -> None:
    for item in written:
        output.line(f"{'Wrote' if item.fresh else 'Already there:'} {item.path}")
    if dry_run:
        output.line("A dry run: nothing was written.")
    elif any(pack.reported or pack.answers for pack in result.packs):
        output.note(
            "Reported scores and recorded answers are kept by --into REPOSITORY only.", style="yellow"
        )


def _show_packed(output: Output, packed: PackedIn, actor: str) -> None:
    for slug, version in packed.releases:
        output.line(f"{actor} imported {packed.commons}/{slug}@{version}")
    for slug in packed.unchanged:
        output.line(f"{packed.commons}/{slug}: nothing new")
    for key in packed.runs:
        output.line(f"Recorded answers as run {key[:12]}")
    if packed.revisions:
        output.line(f"{plural(packed.revisions, 'revision')} by {', '.join(packed.authors)}")
    for said in packed.unkept:
        output.note(f"{said}; not kept.", style="yellow")


def _packed_document(packed: PackedIn) -> dict[str, Any]:
    from policies.importers import describe

    return {
        "commons": packed.commons,
        "releases": [{"slug": slug, "version": version} for slug, version in packed.releases],
        "unchanged": list(packed.unchanged),
        "runs": list(packed.runs),
        "unkept_scores": list(packed.unkept),
        "revisions": packed.revisions,
        "authors": list(packed.authors),
        **describe(packed.result),
    }


def _pairs(items: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"file": file, "why": why} for file, why in items]


COMMAND = Command(
    "import",
    import_,
    Panel.WRITE,
    (
        "commons import spreadsheets/ --dry-run",
        "commons import cases.csv --out policies",
        "commons import spreadsheets/ --into demo.git",
        "commons import community-clone --preset folders --into demo.git",
    ),
)
