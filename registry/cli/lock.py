"""`commons lock`: makes `commons.lock`, or holds a project against it. Writes that file only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.documents import locked_document
from registry.cli.exit_codes import ExitCode
from registry.cli.opening import opened
from registry.cli.options import Json, LockFile


def lock(
    repository: Annotated[
        Path | None,
        typer.Argument(
            metavar="REPOSITORY", help="The commons that the folders came from.", show_default=False
        ),
    ] = None,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", help="Folders that hold a release exactly.", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look; exits 1 for a folder that changed.")
    ] = False,
    lock_file: LockFile = Path("commons.lock"),
    json: Json = False,
) -> None:
    """Lock folders that hold releases, or check the folders that are locked.

    With REPOSITORY and FOLDERs it writes commons.lock for them; without, or with --check, it holds the
    locked folders against their digests and tells of newer releases.
    """
    if repository is None or check:
        if folders:
            raise typer.BadParameter("--check looks at every locked folder: name none.")
        _check(Output(json=json), lock_file)
        return
    if not folders:
        raise typer.BadParameter("name the folders to lock, after the repository.")
    _lock(Output(json=json), repository, folders, lock_file)


def _lock(output: Output, repository: Path, folders: list[Path], lock_file: Path) -> None:
    from registry.services.consume import lock_folders

    with opened(repository) as commons:
        entries = lock_folders(commons, folders, lock_file)

    def show() -> None:
        for entry in entries:
            output.line(f"Locked {entry.folder} as {entry.address} in {lock_file}.")

    output.answer({"locked": [locked_document(entry) for entry in entries]}, show)


def _check(output: Output, lock_file: Path) -> None:
    from registry.services.consume import State, check_lock

    checked = check_lock(lock_file)
    bad = [item for item in checked if item.state is not State.OK]
    document = {
        "ok": not bad,
        "policies": [
            {
                **locked_document(item.entry),
                "state": item.state.value,
                "detail": item.detail,
                "newer": item.newer,
                "notice": item.notice,
            }
            for item in checked
        ],
    }

    def show() -> None:
        output.table(
            ("folder", "locked", "state", "newer"),
            [(item.entry.folder, item.entry.address, item.state.value, item.newer) for item in checked],
        )
        for item in checked:
            for said in filter(None, (item.detail, item.notice)):
                output.line(f"{item.entry.folder}: {said}.", style="red" if item in bad else "yellow")
        verdict = f"{len(bad)} not as locked; `commons pull` puts them right" if bad else "as locked"
        output.line(f"{plural(len(checked), 'folder')}: {verdict}.")

    output.answer(document, show)
    if bad:
        raise typer.Exit(ExitCode.CHECK_FAILED)


COMMAND = Command(
    "lock",
    lock,
    Panel.USE,
    ("commons lock --check", "commons lock demo.git policies/spam policies/scams"),
)
