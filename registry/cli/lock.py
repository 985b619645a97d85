"""`commons lock`: makes `commons.lock`, or holds a project against it. Writes that file only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.documents import locked_document
from registry.cli.exit_codes import ExitCode
from registry.cli.options import Json, LockFile
from registry.cli.where import Registry

if TYPE_CHECKING:
    from registry.services.outdated import News

_QUICK = 5.0
"""Seconds to wait for a registry when a check only wants to know its news."""


def lock(
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REPOSITORY] FOLDER...",
            help="Folders that hold a release exactly; without --registry, after the commons they are from.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look; exits 1 for a folder that changed.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="With --check: do not ask for newer releases.")
    ] = False,
    registry: Registry = None,
    lock_file: LockFile = Path("commons.lock"),
    json: Json = False,
) -> None:
    """Lock folders that hold releases, or check the folders that are locked.

    Without folders, or with --check, the locked folders are held against their digests, for which no
    network is needed; where their registry answers, newer releases are told.
    """
    output = Output(json=json)
    if check or offline or not places:
        if places:
            raise typer.BadParameter("--check looks at every locked folder: name none.")
        _check(output, lock_file, offline=offline)
        return
    _lock(output, places, registry, lock_file)


def _lock(output: Output, places: list[str], registry: str | None, lock_file: Path) -> None:
    from registry.client.opening import open_origin
    from registry.services.consume import lock_folders
    from registry.services.finding import is_repository

    if is_repository(Path(places[0])) or registry is None:
        registry, *places = places
        if not places:
            raise typer.BadParameter("name the folders to lock, after the repository or with --registry.")
    origin = open_origin(registry, told=lambda said: output.note(said, style="dim"))
    try:
        entries = lock_folders(origin, [Path(place) for place in places], lock_file)
    finally:
        origin.close()

    def show() -> None:
        for entry in entries:
            output.line(f"Locked {entry.folder} as {entry.address} in {lock_file}.")

    output.answer({"locked": [locked_document(entry) for entry in entries]}, show)


def _check(output: Output, lock_file: Path, *, offline: bool) -> None:
    from registry.client.opening import OpenOrigins
    from registry.client.patience import Patience
    from registry.services.consume import State, locked_policies, standing_of
    from registry.services.outdated import News, news_of

    entries = locked_policies(lock_file)
    if offline:
        checked = tuple(News(standing=standing_of(entry, lock_file)) for entry in entries)
    else:
        quick = Patience(connect=_QUICK, silence=_QUICK, answer=2 * _QUICK, busy=0, tries=1)
        with OpenOrigins(patience=quick) as origins, output.progress("Looking", len(entries)) as told:
            checked = news_of(entries, lock_file, origins, whole=False, told=told)
    bad = [item for item in checked if item.standing.state is not State.OK]
    document = {"ok": not bad, "policies": [_document(item) for item in checked]}

    def show() -> None:
        output.table(
            ("folder", "locked", "state", "newer"),
            [
                (item.entry.folder, item.entry.address, item.standing.state.value, _newer(item))
                for item in checked
            ],
        )
        said: dict[str, None] = {}
        for item in checked:
            if item.standing.detail:
                output.line(f"{item.entry.folder}: {item.standing.detail.rstrip('.')}.", style="red")
            if item.wrong or item.redacted:
                output.line(
                    f"{item.entry.folder}: {(item.wrong or item.redacted).rstrip('.')}.", style="yellow"
                )
            said[item.unknown] = None
        for unknown in filter(None, said):
            output.line(f"{unknown.rstrip('.')}.", style="yellow")
        verdict = f"{len(bad)} not as locked; `commons pull` puts them right" if bad else "as locked"
        output.line(f"{plural(len(checked), 'folder')}: {verdict}.")

    output.answer(document, show)
    if bad:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _newer(item: News) -> str | None:
    return item.newest if item.change else None


def _document(item: News) -> dict[str, object]:
    return {
        **locked_document(item.entry),
        "state": item.standing.state.value,
        "detail": item.standing.detail,
        "newer": _newer(item),
        "notice": item.wrong or item.redacted or item.unknown,
    }


COMMAND = Command(
    "lock",
    lock,
    Panel.USE,
    (
        "commons lock --check",
        "commons lock policies/spam policies/scams --registry http://127.0.0.1:8000",
        "commons lock demo.git policies/spam",
    ),
)
