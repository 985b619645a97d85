"""`commons init`: founds a commons. Writes that repository."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import Json

NOBODY = "founder"
"""The founder's handle when none is given: a pseudonym that says nothing about anybody."""


def init(
    repository: Annotated[
        Path, typer.Argument(metavar="REPOSITORY", help="Where to found it, such as demo.git.")
    ],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Policy folders to begin with.")
    ] = None,
    founder: Annotated[
        str,
        typer.Option(metavar="HANDLE", envvar="COMMONS_HANDLE", help="Who founds it; may be a pseudonym."),
    ] = NOBODY,
    name: Annotated[
        str | None, typer.Option(help="The commons' name, such as roost or ~ana. By default the folder's.")
    ] = None,
    within: Annotated[
        Path | None,
        typer.Option(
            metavar="PARENT", help="The commons to nest it in, such as roost.git: what that locks binds it."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Found a commons: a bare Git repository with its event log.

    One that is nested keeps to the rules that its parent locks, and both logs say so; the parent's rules
    decide who may found one.
    """
    from registry.services.folders import policy_folders, read_policy_folder
    from registry.services.starting import start

    output = Output(json=json)
    if within is not None:
        _nested(output, repository, within, founder, name, source)
        return
    folders = [read_policy_folder(path) for path in policy_folders(source)] if source else []
    with output.progress("Founding", len(folders) or None) as progress:
        made = start(repository, founder=founder, name=name, folders=folders, progress=progress)

    def show() -> None:
        output.line(f"{made.founder} founded the commons {made.name} in {made.path}.")
        if made.releases:
            listed = ", ".join(f"{slug} {version}" for slug, version in made.releases)
            output.line(f"It holds {plural(len(made.releases), 'policy')}: {listed}.")
        if founder == NOBODY:
            output.note("No handle was given. Next time, name one with --founder or COMMONS_HANDLE.")
        output.line(f"Next: commons show {made.path}, or commons publish {made.path} FOLDER")

    document = {
        "path": str(made.path),
        "name": made.name,
        "founder": made.founder,
        "releases": [{"slug": slug, "version": version} for slug, version in made.releases],
    }
    output.answer(document, show)


def _nested(
    output: Output, repository: Path, within: Path, founder: str, name: str | None, source: Path | None
) -> None:
    from registry.cli.opening import opened
    from registry.services.errors import InputRefusedError
    from registry.services.founding import found_within, wanted

    if source is not None:
        raise InputRefusedError(
            "--from", "a nested commons is founded empty.", "Publish its policies with `commons publish`."
        )
    with opened(within) as parent:
        asked = wanted(name or repository.name.removesuffix(".git"), parent.state().name)
        made = found_within(parent, repository, asked, founder=founder)
    document = {"path": str(repository), "name": made.wanted.name, "founder": founder, "releases": []}

    def show() -> None:
        output.line(f"{founder} founded the commons {made.wanted.name} in {repository}.")
        output.line(f"Next: commons charter show {repository}, or commons publish {repository} FOLDER")

    output.answer(document, show)


COMMAND = Command(
    "init",
    init,
    Panel.KEEP,
    (
        "commons init demo.git --founder ana",
        "commons init demo.git --from policies/library",
        "commons init roost/teen-safety.git --within roost.git --founder ana",
    ),
)
