"""`commons clone`, `backup` and `restore`: a commons in another place. Write that place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import CommonsPath, Json

if TYPE_CHECKING:
    from registry.services.archive import Manifest

BackupFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The backup, such as demo.backup."),
]


def clone(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A commons: a folder, or an address ending in .git.")
    ],
    to: Annotated[
        Path, typer.Argument(metavar="REPOSITORY", help="Where to put it; nothing may be there yet.")
    ],
    json: Json = False,
) -> None:
    """Copy a whole commons: content, log, runs and words. `commons verify` then recounts it offline."""
    from registry.services.clone import clone as clone_commons

    output = Output(json=json)
    with output.progress("Cloning"):
        made = clone_commons(source, to)

    def show() -> None:
        output.line(f"Cloned {made.name} to {to}: {plural(made.events, 'event')}, log head {made.head}.")
        output.line(f"Next: commons verify {to}")

    output.answer({"path": str(to), "name": made.name, "events": made.events, "head": made.head}, show)


def backup(
    repository: CommonsPath,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to write it; nothing may be there yet.")
    ],
    json: Json = False,
) -> None:
    """Write a commons to one file, while it is in use: the registry's secret included, so keep it safe.

    Accounts belong to the site and not to a commons: `commons account backup` copies them.
    """
    from registry.services.backup import backup as back_up

    output = Output(json=json)
    with output.progress("Backing up"):
        made = back_up(repository, file)
    output.answer(
        {"file": str(file), "bytes": made.size, **_manifest(made.manifest)},
        lambda: output.line(f"Wrote {file} ({made.size:,} bytes). {made.manifest}"),
    )


def restore(
    file: BackupFile,
    to: Annotated[
        Path, typer.Argument(metavar="REPOSITORY", help="Where to put it; nothing may be there yet.")
    ],
    json: Json = False,
) -> None:
    """Rebuild a commons from a backup, once everything in it was checked."""
    from registry.services.restore import restore as rebuild

    output = Output(json=json)
    with output.progress("Restoring"):
        made = rebuild(file, to)

    def show() -> None:
        output.line(f"Restored to {to}. {made.manifest}")
        for what in made.done:
            output.line(f"{what[:1].upper()}{what[1:]}.")

    output.answer({"path": str(to), "done": list(made.done), **_manifest(made.manifest)}, show)


def _manifest(manifest: Manifest) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "events": manifest.events,
        "last_event_at": manifest.last_at,
        "head": manifest.head,
        "refs": manifest.refs,
    }


COMMANDS = (
    Command("clone", clone, Panel.CARE, ("commons clone demo.git copy.git",)),
    Command("backup", backup, Panel.CARE, ("commons backup demo.git demo.backup",)),
    Command("restore", restore, Panel.CARE, ("commons restore demo.backup demo.git",)),
)
