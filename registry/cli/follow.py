"""`commons follow`: follows a Git repository elsewhere, looks at it once, or stops. Writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, plural
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json

if TYPE_CHECKING:
    from registry.services.follow_record import Following
    from registry.services.import_history import ImportedHistory


def follow(
    repository: CommonsPath,
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="[URL]", help="What to follow from now on: http(s), ssh, or a path.", show_default=False
        ),
    ] = None,
    branch: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which branch; by default where its HEAD is.")
    ] = None,
    folder: Annotated[
        str, typer.Option(metavar="NAME", help="Only this folder at its top, such as policies.")
    ] = "",
    stop: Annotated[
        bool, typer.Option("--stop", help="Move here: what came stays, and is decided here from now on.")
    ] = False,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="The history there was rewritten: take what is there now, on top of what came before.",
        ),
    ] = False,
    handle: As = None,
    json: Json = False,
) -> None:
    """Follow a Git repository elsewhere, so that a community is present here before it moves here.

    Its commits come in as imported, with their authors and history, and policies as their next versions.
    Without an address it looks once; `commons serve` looks every ten minutes. Meanwhile policies are not
    changed here. A history that is rewritten there is refused, and nothing here is lost.
    """
    from registry.services import following as service

    output = Output(json=json)
    if stop and (url is not None or anew):
        raise typer.BadParameter("--stop takes no address, and nothing in.")
    with opened(repository) as commons:
        actor, name = acting(commons, handle), commons.state().name
        if stop:
            ended = service.stop(commons, actor=actor)
            output.answer(
                _document(name, ended, None, followed=False),
                lambda: output.line(f"{name} follows {ended.url} no more: it is decided here from now on."),
            )
            return
        with output.progress("Fetching"):
            if url is None:
                looked = service.look(commons, anew=anew)
            else:
                looked = service.follow(commons, url, actor=actor, branch=branch, folder=folder, anew=anew)

    def show() -> None:
        if url is not None:
            output.line(f"{name} follows {looked.following.url} from now on.")
        if looked.came is None:
            output.line(f"Nothing new there at {moment(looked.following.looked_at)}.")
            return
        revisions = plural(looked.came.revisions, "revision")
        output.line(f"{revisions} came in, by {', '.join(looked.came.authors)}.")
        for problem in looked.came.result.problems:
            output.note(str(problem), style="yellow")

    output.answer(_document(name, looked.following, looked.came, followed=True), show)


def _document(
    name: str, following: Following, came: ImportedHistory | None, *, followed: bool
) -> dict[str, Any]:
    return {
        "commons": name,
        "url": following.url,
        "branch": following.branch,
        "folder": following.folder,
        "follows": followed,
        "commit": following.came,
        "revisions": came.revisions if came else 0,
        "authors": list(came.authors) if came else [],
    }


COMMAND = Command(
    "follow",
    follow,
    Panel.WRITE,
    (
        "commons follow demo.git https://git.example.org/community/policies.git",
        "commons follow demo.git",
        "commons follow demo.git --stop",
    ),
)
