"""`commons pull`: takes a released policy into a project. Writes its folder and `commons.lock`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.documents import licence_words, locked_document
from registry.cli.opening import opened
from registry.cli.options import CommonsPath, Json, LockFile


def pull(
    repository: CommonsPath,
    policy: Annotated[
        str,
        typer.Argument(metavar="SLUG[@VERSION]", help="Such as spam@1.0.0; without a version the newest."),
    ],
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to put it. By default its name, beside the lock."),
    ] = None,
    lock: LockFile = Path("commons.lock"),
    force: Annotated[bool, typer.Option("--force", help="Lose changes made in the folder.")] = False,
    json: Json = False,
) -> None:
    """Take a released policy into your project, and lock it by its digests."""
    from registry.services.consume import pull as pull_policy

    output = Output(json=json)
    slug, _, version = policy.partition("@")
    with opened(repository) as commons:
        made = pull_policy(commons, slug, version or None, to=to, lock=lock, force=force)

    def show() -> None:
        verb = "Pulled" if made.written else "Already there:"
        output.line(f"{verb} {made.entry.address} to {made.folder}, locked in {lock}.")
        licences = licence_words(made.entry.text_license, made.entry.cases_license)
        output.line(f"Licences: {licences}. `commons credits .` says whom to name.")

    output.answer({**locked_document(made.entry), "path": str(made.folder), "written": made.written}, show)


COMMAND = Command(
    "pull",
    pull,
    Panel.USE,
    (
        "commons pull demo.git spam",
        "commons pull demo.git spam@1.0.0 --to policies/spam",
    ),
)
