"""`commons export`: gives a run in a form that others read. Reads a run, writes files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import Json
from registry.cli.run_source import chosen_run

if TYPE_CHECKING:
    from evaluations.exports.gathering import ExportedRun
    from policies.model import Case
    from registry.services.exporting import StoredRun


class Form(StrEnum):
    """The forms that a run can be given in."""

    EEE = "eee"
    INSPECT = "inspect"
    HF = "hf"
    CSV = "csv"


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="run:KEY, or a run's folder.")],
    repository: Annotated[
        Path | None,
        typer.Argument(
            metavar="REPOSITORY", help="With run:KEY: the commons that has it.", show_default=False
        ),
    ] = None,
    to: Annotated[
        Form,
        typer.Option(
            help="eee: Every Eval Ever. inspect: a log of Inspect AI. hf: a file for .eval_results on the "
            "Hugging Face Hub. csv: tables of answers and figures."
        ),
    ] = Form.CSV,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the files go; by default export-KEY.", show_default=False),
    ] = None,
    with_content: Annotated[
        bool,
        typer.Option("--with-content", help="Also the content of cases and what the model wrote."),
    ] = False,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="With --with-content: those of sensitive cases too.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            "--cases",
            metavar="FOLDER",
            help="The suite or policy folder that was run: for content, and for what is contested.",
            show_default=False,
        ),
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(metavar="ORG/NAME", help="With hf: the benchmark dataset on the Hub.")
    ] = None,
    task: Annotated[str, typer.Option(metavar="ID", help="With hf: the task in its eval.yaml.")] = "default",
    figure: Annotated[
        str, typer.Option(metavar="FIGURE", help="With hf: which figure is the value.")
    ] = "accuracy",
    json: Json = False,
) -> None:
    """Export a run for other tools: facts only, unless content is asked for.

    Every figure is recomputed from the run's rows first. A figure without a denominator is left out or
    empty, never a number. The content of a sealed suite never leaves.
    """
    from evaluations.exports.gathering import Disclosure, gather
    from evaluations.records import read_rows, read_words
    from registry.services.exporting import write_export

    if reveal and not with_content:
        raise typer.BadParameter("--reveal goes with --with-content.")
    output = Output(json=json)
    stored = chosen_run(run, repository)
    cases = _cases(stored, source)
    disclose = Disclosure.FACTS
    if with_content:
        disclose = Disclosure.SENSITIVE if reveal else Disclosure.CONTENT
    gathered = gather(
        stored.record,
        read_rows(stored.files),
        words=read_words(stored.files) if with_content else (),
        cases=cases,
        disclose=disclose,
    )
    files = _files(to, gathered, cases, dataset=dataset, task=task, figure=figure, words=with_content)
    place = out if out is not None else Path(f"export-{stored.record.key[:12]}")
    written = write_export(place, files)

    def show() -> None:
        for path in written:
            output.line(f"Wrote {path}")
        if gathered.withheld:
            output.note(
                f"The words of {plural(gathered.withheld, 'answer')} stay here: the case is sensitive "
                "(--reveal), or its content is not the one that was run (--cases).",
                style="yellow",
            )

    output.answer(
        {
            "run": stored.record.key,
            "to": to.value,
            "answers": len(gathered.samples),
            "content": disclose.value,
            "withheld": gathered.withheld,
            "files": [str(path) for path in written],
        },
        show,
    )


def _cases(stored: StoredRun, source: Path | None) -> tuple[Case, ...]:
    from registry.services.suites import suite_at

    return stored.cases if source is None else suite_at(source).cases


def _files(
    to: Form,
    run: ExportedRun,
    cases: tuple[Case, ...],
    *,
    dataset: str | None,
    task: str,
    figure: str,
    words: bool,
) -> dict[str, bytes]:
    if to is Form.EEE:
        from evaluations.exports.every_eval_ever import every_eval_ever_files

        return every_eval_ever_files(run)
    if to is Form.INSPECT:
        from evaluations.exports.inspect_log import inspect_log_files

        return inspect_log_files(run)
    if to is Form.HF:
        from evaluations.exports.hugging_face import hugging_face_files

        if dataset is None:
            raise typer.BadParameter("the Hub files a value under a dataset: give --dataset ORG/NAME.")
        return hugging_face_files(run, dataset=dataset, task=task, figure=figure)
    from evaluations.contested import annotated_in, contested_in
    from evaluations.exports.table import table_files

    suite = run.record.suite
    contested = None
    if annotated_in(cases, suite.labels, suite.labelling):
        found = contested_in(cases, suite.labels, suite.labelling)
        contested = frozenset(entry.case for entry in found)
    return table_files(run, contested=contested, words=words)


COMMAND = Command(
    "export",
    export,
    Panel.WRITE,
    (
        "commons export run:5cb93044 demo.git --to csv",
        "commons export run:5cb93044 demo.git --to eee --out datastore",
        "commons export my-run --to inspect --with-content --cases my-suite@1",
        "commons export run:5cb93044 demo.git --to hf --dataset my-org/my-benchmark --task default",
    ),
)
