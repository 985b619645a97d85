"""`commons index`: what the search index has taken in; builds it anew, or copies it for another host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import Json


def index(
    roots: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER", help="Commons, or folders that hold some, as for `serve`."),
    ],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Forget everything and take it in again from the logs.")
    ] = False,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a compact copy, to begin with as index.db on another host."),
    ] = None,
    json: Json = False,
) -> None:
    """Take what is new in the logs into the search index, and say what is in it.

    The index is a view: delete it, and the next `serve` or `index` builds it again.
    """
    from registry.index.index import Index
    from registry.services.errors import InputRefusedError
    from registry.web.catalogue import Catalogue
    from registry.web.settings import Settings
    from registry.web.tailing import Tailer

    output = Output(json=json)
    for root in roots:
        if not root.is_dir():
            raise InputRefusedError(
                str(root), "there is no such folder.", "Name a commons, or a folder of some."
            )
    if snapshot is not None and snapshot.exists():
        raise InputRefusedError(str(snapshot), "something is there already.", "Choose another place.")
    settings = Settings(roots=tuple(roots))
    catalogue = Catalogue(settings.roots, open_limit=settings.open_repositories)
    opened = Index.open(settings.index_path, note=output.note)
    try:
        if rebuild:
            opened.keep_only(())
        opened.keep_only(catalogue.names)
        tailer = Tailer(catalogue, opened)
        with output.steps() as told:
            taken = tailer.caught_up(told=lambda name, done, total: told(f"indexing {name}", done, total))
        if snapshot is not None:
            opened.snapshot(snapshot)
        document: dict[str, Any] = {
            "index": str(opened.path),
            "commons": {name: opened.count(name) for name in opened.names()},
            "policies": opened.count(),
            "taken_in": {"policies": taken.policies, "events": taken.events},
            "not_taken_in": {
                **{str(path): why for path, why in catalogue.troubles.items()},
                **tailer.troubles,
            },
            "snapshot": str(snapshot) if snapshot else None,
        }
    finally:
        opened.close()
        catalogue.close()
    output.answer(document, lambda: _show(output, document))
    if document["not_taken_in"]:
        raise typer.Exit(1)


def _show(output: Output, document: dict[str, Any]) -> None:
    output.table(("commons", "policies"), list(document["commons"].items()), right=("policies",))
    taken = document["taken_in"]
    if taken["events"]:
        output.line(f"Taken in: {plural(taken['policies'], 'policy')}, {plural(taken['events'], 'event')}.")
    else:
        output.line("Nothing new.")
    for name, why in document["not_taken_in"].items():
        output.line(f"Not taken in: {name}: {why}")
    output.line(f"The index is {document['index']}.")
    if document["snapshot"]:
        output.line(f"A copy is {document['snapshot']}.")


COMMAND = Command(
    "index",
    index,
    Panel.KEEP,
    ("commons index data", "commons index data --rebuild", "commons index data --snapshot index-copy.db"),
)
