"""`commons new`: starts a policy folder. Writes that folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.options import Json


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to make it; its name is the policy's.")
    ],
    title: Annotated[
        str | None, typer.Option(help="The policy's title. By default made of the name.")
    ] = None,
    json: Json = False,
) -> None:
    """Start a policy: a folder from a template, to be filled in."""
    from registry.services.new import new_policy

    output = Output(json=json)
    made = new_policy(folder, title=title)

    def show() -> None:
        output.line(f"Made {made.path} with {' and '.join(made.files)}.")
        output.line("Next:")
        output.line(f"  1. Replace the {made.placeholders} places that say TODO.")
        output.line(f"  2. commons lint {made.path}      says what is left, with file and line")
        output.line(f"  3. commons bench {made.path}     gives a first table of scores")
        output.line(f"  4. commons publish REPOSITORY {made.path}")

    output.answer(
        {
            "path": str(made.path),
            "slug": made.slug,
            "title": made.title,
            "files": list(made.files),
            "placeholders": made.placeholders,
        },
        show,
    )


COMMAND = Command(
    "new", new, Panel.WRITE, ("commons new hate-speech", "commons new policies/spam --title 'Spam and scams'")
)
