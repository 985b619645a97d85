"""`commons score`: reads a run's stored outputs again and scores them. Reads a run; may write a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import Json
from registry.cli.run_source import chosen_run
from registry.cli.scores import UNTESTED, show_scores

if TYPE_CHECKING:
    from evaluations.rescoring import Reread, Rescored

_SHOWN = 200


def score(
    run: Annotated[str, typer.Argument(metavar="RUN", help="run:KEY, or a run's folder.")],
    repository: Annotated[
        Path | None,
        typer.Argument(
            metavar="REPOSITORY", help="With run:KEY: the commons that has it.", show_default=False
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The template that reads the outputs; by default the run's own."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the run as it is scored now to this folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Score a run again without a model: read its stored outputs with a template, and tell what changes.

    Read by another template than the one that asked, the run becomes a replay with a key of its own, since
    the model was never asked that way.
    """
    import msgspec

    from evaluations.rescoring import rescore
    from registry.services.exporting import refuse_taken, write_export

    output = Output(json=json)
    if out is not None:
        refuse_taken(out)
    stored = chosen_run(run, repository)
    rescored = rescore(stored.files, template)
    if out is not None:
        write_export(out, rescored.run.files)
    record = rescored.run.record

    def show() -> None:
        _show(output, rescored, same_key=record.key == stored.record.key)
        if out is not None:
            output.line(f"Wrote {out}")

    output.answer(
        {
            "run": stored.record.key,
            "key": record.key,
            "template": record.parts.template,
            "parsed": rescored.parsed,
            "changed": [_document(change) for change in rescored.changed],
            "record": msgspec.to_builtins(record),
        },
        show,
    )


def _document(change: Reread) -> dict[str, Any]:
    from evaluations.verdicts import verdict_to_json

    return {
        "case": change.case,
        "repeat": change.repeat,
        "old": verdict_to_json(change.old),
        "new": verdict_to_json(change.new),
        "was_right": change.was_right,
        "is_right": change.is_right,
    }


def _show(output: Output, rescored: Rescored, *, same_key: bool) -> None:
    from evaluations.standing import RunClass, class_of
    from evaluations.verdicts import said

    record = rescored.run.record
    if class_of(record) is not RunClass.SHARED:
        output.line(UNTESTED, style="bold")
        output.line()
    by = f" by {record.parts.template}" if rescored.parsed else ""
    output.line(f"{rescored.parsed:,} of {plural(len(rescored.run.rows), 'answer')} read again{by}.")
    if not same_key:
        output.line(
            f"A replay: the model was asked with {record.parts.config['asked-with'] or 'no template'}."
        )
    output.line()
    show_scores(output, record)
    output.line()
    output.line(f"{plural(len(rescored.changed), 'answer')} changed.", style="bold")
    for change in rescored.changed[:_SHOWN]:
        repeat = f" (repeat {change.repeat})" if record.repeats > 1 else ""
        effect = {(True, False): "now wrong", (False, True): "now right"}.get(
            (change.was_right, change.is_right), "as right or wrong as before"
        )
        output.line(f"  {change.case}{repeat}: {said(change.old)} -> {said(change.new)}, {effect}")
    if len(rescored.changed) > _SHOWN:
        output.line(f"  {plural(len(rescored.changed) - _SHOWN, 'more answer')}: --json has them all.")


COMMAND = Command(
    "score",
    score,
    Panel.WRITE,
    (
        "commons score run:ab12 demo.git",
        "commons score my-run --template chat-label@1 --out my-run-read-again",
    ),
)
