"""`commons runs`: the runs that you made on this machine. Reads them; with --forget deletes some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, one_line, plural
from registry.cli.options import Json
from registry.cli.places import own_runs
from registry.cli.scores import short

if TYPE_CHECKING:
    from registry.services.run_store import KeptRun


def runs(
    forget: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="Delete the runs whose key begins so, all repeats.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """List the runs that you made on this machine, newest first, or forget one.

    `bench` and `compare` keep every whole run here, with its cases and what the model wrote, readable by you
    alone. It is what `run:KEY` means without a repository, and what is not made again.
    """
    output = Output(json=json)
    own = own_runs()
    if forget is not None:
        gone = own.forget(forget.removeprefix("run:"))
        output.answer({"forgotten": gone}, lambda: output.line(f"Forgot {plural(gone, 'run')}."))
        return
    kept = list(own.runs())

    def show() -> None:
        if not kept:
            output.line("No run is kept. `commons bench FOLDER` makes one.")
            return
        columns = ("run", "policy", "engine", "model", "started (UTC)", "cases", "exact")
        output.table(columns, [_row(run) for run in kept], right=("cases", "exact"))

    output.answer({"folder": str(own.folder), "runs": [_document(run) for run in kept]}, show)


def _row(run: KeptRun) -> tuple[object, ...]:
    from evaluations.standing import is_scripted

    record = run.record
    again = f" (repeat {run.repeat})" if run.repeat > 1 else ""
    return (
        f"run:{record.key[:12]}{again}",
        one_line(f"{record.policy.address} {record.policy.version or ''}", 40),
        record.parts.engine,
        one_line(record.parts.model.id, 40) + (" (scripted)" if is_scripted(record) else ""),
        moment(record.started),
        record.suite.n,
        short(record.metrics.headline.accuracy.value),
    )


def _document(run: KeptRun) -> dict[str, Any]:
    import msgspec

    record = run.record
    return {
        "key": record.key,
        "repeat": run.repeat,
        "place": str(run.path),
        "policy": msgspec.to_builtins(record.policy),
        "suite": {"id": record.suite.id, "version": record.suite.version, "n": record.suite.n},
        "engine": record.parts.engine,
        "model": record.parts.model.id,
        "started": record.started,
        "accuracy": msgspec.to_builtins(record.metrics.headline.accuracy),
    }


COMMAND = Command("runs", runs, Panel.WRITE, ("commons runs", "commons runs --forget run:ab12cd34"))
