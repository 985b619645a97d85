"""`commons pull`: takes a released policy into a project. Writes its folder and `commons.lock`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.documents import licence_words, locked_document
from registry.cli.options import Json, LockFile
from registry.cli.where import Registry, Where, Within, asked


def pull(
    context: typer.Context,
    where: Where = None,
    policy: Within = None,
    registry: Registry = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to put it. By default a folder of its name, beside the lock.",
            show_default=False,
        ),
    ] = None,
    lock: LockFile = Path("commons.lock"),
    force: Annotated[bool, typer.Option("--force", help="Lose changes made in the folder.")] = False,
    json: Json = False,
) -> None:
    """Take a released policy into your project, and lock it by its digests.

    Without a version the newest is taken; without an address, all that commons.lock names, as it is
    locked. A version that is locked already is taken as it was locked: if the registry has other bytes
    under its number, and no redaction explains it, nothing is taken.
    """
    from registry.services.consume import pull as pull_policy

    output = Output(json=json)
    if where is None:
        if to is not None:
            raise typer.BadParameter("--to goes with an address, such as starter/spam@1.0.0.")
        _pull_locked(output, lock, force=force)
        return
    with asked(output, context, where, policy, registry) as (origin, address):
        if address is None or address.slug is None:
            raise typer.BadParameter("name a policy, such as starter/spam@1.0.0.")
        with output.progress(f"Taking {address}"):
            made = pull_policy(origin, address, to=to, lock=lock, force=force)

    def show() -> None:
        verb = "Pulled" if made.written else "Already there:"
        output.line(f"{verb} {made.entry.address} to {made.folder}, locked in {lock}.")
        if made.notice:
            output.line(f"Note: {made.notice}.", style="yellow")
        licences = licence_words(made.entry.text_license, made.entry.cases_license)
        output.line(f"Licences: {licences}. `commons credits .` says whom to name.")

    document = {
        **locked_document(made.entry),
        "path": str(made.folder),
        "written": made.written,
        "notice": made.notice,
    }
    output.answer(document, show)


def _pull_locked(output: Output, lock: Path, *, force: bool) -> None:
    """Puts every locked folder right, each from the place that the lock names for it."""
    from registry.client.opening import OpenOrigins
    from registry.services.consume import locked_policies
    from registry.services.locked import put_right

    entries = locked_policies(lock)
    with (
        OpenOrigins(told=lambda said: output.note(said, style="dim")) as origins,
        output.progress("Taking", len(entries)) as told,
    ):
        made = put_right(entries, lock, origins, force=force, told=told)

    def show() -> None:
        for one in made:
            verb = "Pulled" if one.written else "Already there:"
            note = f" Note: {one.notice}." if one.notice else ""
            output.line(f"{verb} {one.entry.address} to {one.folder}.{note}")

    document = {
        "pulled": [
            {
                **locked_document(one.entry),
                "path": str(one.folder),
                "written": one.written,
                "notice": one.notice,
            }
            for one in made
        ]
    }
    output.answer(document, show)


COMMAND = Command(
    "pull",
    pull,
    Panel.USE,
    (
        "commons pull starter/spam@1.0.0 --registry http://127.0.0.1:8000",
        "commons pull starter/spam --registry policies.bundle --to policies/spam",
        "commons pull",
        "commons pull demo.git spam",
    ),
)
