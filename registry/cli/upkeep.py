"""`commons gc`, `recover` and `clock`: what an operator does now and then. Write the repository."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment
from registry.cli.exit_codes import ExitCode
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json


def recover(repository: CommonsPath, json: Json = False) -> None:
    """Finish or undo what a crash left behind. Other commands that open a commons do the same."""
    from registry.store.repository import Repository

    output = Output(json=json)
    with Repository(repository, processes=1) as commons:
        commons.state()
        done = commons.recover()

    def show() -> None:
        for what in done:
            output.line(f"{what[:1].upper()}{what[1:]}.")
        if not done:
            output.line("Nothing was left behind.")

    output.answer({"done": done}, show)


def gc(
    repository: CommonsPath,
    keep_days: Annotated[
        int, typer.Option(min=0, help="Keep what nothing reaches for this many days, as Git does.")
    ] = 14,
    json: Json = False,
) -> None:
    """Pack a commons and clear what nothing reaches. Readers and clones go on meanwhile."""
    from registry.services.gc import gc as collect

    output = Output(json=json)
    with output.progress("Packing"):
        made = collect(repository, grace_seconds=keep_days * 24 * 3600)

    def show() -> None:
        for what in made.done:
            output.line(f"{what[:1].upper()}{what[1:]}.")
        output.table(
            ("", "before", "after"),
            [
                (name.replace("_", " "), f"{before:,}", f"{after:,}")
                for (name, before), after in zip(made.before._asdict().items(), made.after, strict=True)
            ],
            right=("before", "after"),
        )

    output.answer(
        {"before": made.before._asdict(), "after": made.after._asdict(), "done": list(made.done)}, show
    )


def clock(
    repository: CommonsPath,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Vouch for a clock that stands far past the last act.")
    ] = False,
    handle: As = None,
    json: Json = False,
) -> None:
    """Show how the host's clock stands to the log, or vouch for it after a jump. Exits 1 while acts wait."""
    from registry.services.clock import confirm_clock, read_clock

    output = Output(json=json)
    confirmed = False
    with opened(repository) as commons:
        if confirm:
            confirmed = confirm_clock(commons, actor=acting(commons, handle))
        reading = read_clock(commons)
    document: dict[str, Any] = {
        "ok": reading.refused is None,
        "now": reading.now,
        "last_act": reading.last,
        "last_event": reading.last_event,
        "refused": reading.refused,
        "confirmed": confirmed,
    }

    def show() -> None:
        output.facts(
            {
                "now": f"{moment(reading.now)} UTC",
                "last act": f"{moment(reading.last)} UTC"
                if reading.last is not None
                else "none on this host",
                "last event": f"{moment(reading.last_event)} UTC",
            }
        )
        if confirmed:
            output.line("Confirmed, and recorded in the log.")
        elif confirm:
            output.line("Nothing had to be confirmed.")
        if reading.refused:
            output.line(reading.refused, style="red")

    output.answer(document, show)
    if reading.refused:
        raise typer.Exit(ExitCode.CHECK_FAILED)


COMMANDS = (
    Command("gc", gc, Panel.CARE, ("commons gc demo.git", "commons gc demo.git --keep-days 0")),
    Command("recover", recover, Panel.CARE, ("commons recover demo.git",)),
    Command("clock", clock, Panel.CARE, ("commons clock demo.git", "commons clock demo.git --confirm")),
)
