"""`commons serve`: the site, the API and read-only Git for the commons in some folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import Json


def serve(
    roots: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER", help="Commons, or folders that hold some (*.git, nested too)."),
    ],
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for every network.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = 8000,
    starter: Annotated[
        bool,
        typer.Option(
            "--starter",
            help="Found starter.git in the first folder: the shipped policies and their baselines.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Serve commons on the web until Ctrl-C: pages, JSON and `git clone`, read-only."""
    from registry.services.errors import InputRefusedError
    from registry.web.server import serve as serve_roots

    output = Output(json=json)
    if starter:
        _ensure_starter(output, roots[0])
    for root in roots:
        if not root.is_dir():
            raise InputRefusedError(
                str(root), "there is no such folder.", "Name one, or begin with --starter."
            )
    said: list[str] = []

    def announce(line: str) -> None:
        said.append(line)
        if not output.json:
            output.line(line)
        elif line.startswith("Serving on "):
            output.answer(
                {"roots": [str(root) for root in roots], "said": said, "address": line.split()[2]}, _nothing
            )
        # Whoever waits for the address in a pipe must get it now, not when the server ends.
        sys.stdout.flush()

    serve_roots(roots, host=host, port=port, announce=announce)


def _nothing() -> None:
    """There is no text beside the document."""


def _ensure_starter(output: Output, root: Path) -> None:
    from registry.services.starter import ensure_starter

    root.mkdir(parents=True, exist_ok=True)
    with output.steps() as told:
        made = ensure_starter(root, told=told)
    if made.founded or made.runs:
        output.note(f"{made.path}: {plural(made.policies, 'policy')}, {plural(made.runs, 'new run')}.")


COMMAND = Command(
    "serve",
    serve,
    Panel.KEEP,
    ("commons serve data --starter", "commons serve demo.git --port 8080"),
)
