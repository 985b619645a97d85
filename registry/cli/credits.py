"""`commons credits`: the attribution that licences ask for, as Markdown. Changes nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.options import Json


def credits_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="A project with commons.lock, a bundle, a policy folder, or a commons."
        ),
    ] = Path(),
    json: Json = False,
) -> None:
    """Print whom to credit and under which licences, as Markdown to put beside your product."""
    from registry.services.credit_lines import credit_lines
    from registry.services.credits import gather_credits

    output = Output(json=json)
    gathered = gather_credits(path)

    def show() -> None:
        for line in credit_lines(gathered):
            output.line(line)

    output.answer({"policies": [dataclasses.asdict(policy) for policy in gathered]}, show)


COMMAND = Command(
    "credits",
    credits_,
    Panel.USE,
    ("commons credits . > CREDITS.md", "commons credits demo.git", "commons credits my-policy --json"),
)
