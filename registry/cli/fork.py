"""`commons fork` and `commons sync`: a policy of one's own, and what its origin changes. Writes a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, one_line, plural
from registry.cli.exit_codes import ExitCode
from registry.cli.options import Json
from registry.cli.where import Registry, Where, Within, asked

if TYPE_CHECKING:
    from policies.conflicts import Choose, Conflict
    from registry.services.upstream import Behind


def fork(
    context: typer.Context,
    where: Where = None,
    policy: Within = None,
    registry: Registry = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The new folder, whose name is the policy's. By default the name it has.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Make a policy of your own from a released one: a folder that says what it began from.

    Change it, publish it in a commons of yours, and take over what its origin changes with `commons sync`.
    """
    from registry.services.fork import fork as fork_policy

    output = Output(json=json)
    with asked(output, context, where, policy, registry) as (origin, address):
        if address is None or address.slug is None:
            raise typer.BadParameter("name a policy, such as starter/spam@1.0.0.")
        made = fork_policy(origin, address, to if to is not None else Path(address.slug))

    def show() -> None:
        output.line(f"Forked {made.taken.address} to {made.folder}.")
        if made.taken.notice:
            output.line(f"Note: {made.taken.notice}.", style="yellow")
        output.note(f"Change it; commons sync {made.folder} takes over what its origin changes.", style="dim")

    output.answer(
        {"path": str(made.folder), "upstream": made.taken.address, "notice": made.taken.notice}, show
    )


def sync(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The fork.")],
    context: typer.Context,
    registry: Registry = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="VERSION", help="Take over this release, by default the newest."),
    ] = None,
    ours: Annotated[
        list[str],
        typer.Option(
            "--ours", metavar="N", help="Keep your version of conflict N, or of `all`. May be repeated."
        ),
    ] = [],  # noqa: B006 - typer reads it and makes a list of its own
    theirs: Annotated[
        list[str],
        typer.Option("--theirs", metavar="N", help="Take the origin's version of conflict N, or of `all`."),
    ] = [],  # noqa: B006
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken over.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the content of sensitive cases.")] = False,
    json: Json = False,
) -> None:
    """Take over what the origin of a fork changed since, by a three-way merge.

    Front matter is merged key by key, labels by code, cases by id, texts by lines. What both sides changed is
    shown, and nothing is written until each conflict is decided. Exits 1 while one is open.
    """
    from registry.services.fork import look_upstream, take_over

    output = Output(json=json)
    with asked(output, context, None, None, registry) as (origin, _):
        behind = look_upstream(origin, folder, version=to, choose=_choose(ours, theirs))
    open_ = behind.merged.files is None
    written = not open_ and not dry_run and not behind.is_current
    if written:
        take_over(folder, behind)
    output.answer(
        _document(folder, behind, written=written, reveal=reveal),
        lambda: _show(output, folder, behind, written=written, reveal=reveal),
    )
    if open_:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _choose(ours: list[str], theirs: list[str]) -> Choose:
    from policies.conflicts import Side

    chosen: dict[str, Side] = {}
    for side, named in ((Side.OURS, ours), (Side.THEIRS, theirs)):
        for word in named:
            if word != "all" and not word.isdigit():
                raise typer.BadParameter(f"--{side} takes a conflict's number, or all; {word!r} is neither.")
            if chosen.setdefault(word, side) is not side:
                raise typer.BadParameter(f"{word} stands in both --ours and --theirs.")

    def choose(conflict: Conflict) -> Side | None:
        return chosen.get(str(conflict.number), chosen.get("all"))

    return choose


def _show(output: Output, folder: Path, behind: Behind, *, written: bool, reveal: bool) -> None:
    merged = behind.merged
    if behind.is_current:
        output.line(f"{folder} has all of {behind.theirs.address}.")
        return
    changes = plural(merged.taken, "change")
    if written:
        output.line(f"{folder} took over {changes} of {behind.theirs.address}.")
    elif merged.files is not None:
        output.line(f"{folder} would take over {changes} of {behind.theirs.address}.")
    else:
        output.line(f"{folder}: {changes} of {behind.theirs.address} fit; nothing was written.")
    for conflict in merged.conflicts:
        output.line()
        output.line(f"{conflict.number}. {one_line(conflict.place)}", style="bold")
        for name in ("base", "ours", "theirs"):
            output.line(f"   {name}: {_side(conflict, name, reveal=reveal)}")
    if merged.files is None:
        output.line()
        output.note(
            f"Both sides changed {plural(len(merged.conflicts), 'place')}. Decide each with --ours N or "
            "--theirs N (or all), or change the folder by hand first."
        )


def _side(conflict: Conflict, name: str, *, reveal: bool) -> str:
    text: str | None = getattr(conflict, name)
    if text is None:
        return "(not there)"
    if conflict.sensitive and not reveal:
        return "(sensitive; --reveal shows it)"
    return one_line(" / ".join(text.strip().split("\n")), 400) or "(nothing)"


def _document(folder: Path, behind: Behind, *, written: bool, reveal: bool) -> dict[str, Any]:
    merged = behind.merged
    return {
        "path": str(folder),
        "base": behind.base.address,
        "theirs": behind.theirs.address,
        "current": behind.is_current,
        "ahead": behind.ahead,
        "taken": merged.taken,
        "written": written,
        "conflicts": [
            {
                "number": conflict.number,
                "place": conflict.place,
                "sensitive": conflict.sensitive,
                **{
                    name: None if conflict.sensitive and not reveal else getattr(conflict, name)
                    for name in ("base", "ours", "theirs")
                },
            }
            for conflict in merged.conflicts
        ],
    }


COMMAND = Command(
    "fork",
    fork,
    Panel.WRITE,
    (
        "commons fork starter/spam --registry http://127.0.0.1:8000 --to our-spam",
        "commons fork demo.git spam@1.0.0",
    ),
)
SYNC = Command(
    "sync",
    sync,
    Panel.WRITE,
    (
        "commons sync our-spam --registry http://127.0.0.1:8000 --dry-run",
        "commons sync our-spam --registry demo.git --theirs 1 --ours 2",
    ),
)
