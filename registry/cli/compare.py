"""`commons compare`: whether a policy got better. Reads two runs or two policies; may ask a model server."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.compare_sides import Wanted, Where, is_run, two_policies, two_runs
from registry.cli.compare_terms import ExpectFile, Margin, Primary, PrimaryQuestion, terms
from registry.cli.console import Output, plural
from registry.cli.engine_options import EngineSettings, Revision, Wishes, chosen_engine, refuse_unused
from registry.cli.exit_codes import ExitCode
from registry.cli.journal_place import same_command
from registry.cli.model_options import (
    CONCURRENCY,
    SECONDS,
    AskedEffort,
    BaseUrl,
    Concurrency,
    Model,
    Seconds,
    Stated,
    TemplateName,
)
from registry.cli.options import Json
from registry.cli.places import Keep, keep_run
from registry.cli.where import Registry

if TYPE_CHECKING:
    from registry.services.comparing import Compared


class Judge(StrEnum):
    """The engines that can judge two versions alike."""

    LEXICAL = "lexical"
    EMBEDDING = "embedding"
    VLLM = "vllm"
    OPENAI = "openai"


def compare(
    context: typer.Context,
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="run:KEY, a run's folder, a policy folder, or starter/spam@1.0.0."
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, for the new version.")],
    repository: Annotated[
        Path | None,
        typer.Argument(
            metavar="REPOSITORY",
            help="The commons that has the runs, or the releases; runs it keeps are not made again.",
            show_default=False,
        ),
    ] = None,
    registry: Registry = None,
    engine: Annotated[Judge, typer.Option(help="With two policies: what answers the cases.")] = Judge.LEXICAL,
    base_url: BaseUrl = None,
    model: Model = None,
    effort: AskedEffort = None,
    template: TemplateName = None,
    stated: Stated = [],  # noqa: B006 - typer reads it and makes a list of its own
    revision: Revision = None,
    settings: EngineSettings = [],  # noqa: B006
    concurrency: Concurrency = CONCURRENCY,
    timeout: Seconds = SECONDS,
    margin: Margin = "0.03",
    primary: PrimaryQuestion = Primary.MISSED,
    expect: ExpectFile = None,
    shared_only: Annotated[
        bool, typer.Option("--shared-only", help="With two runs: compare on the cases that both were asked.")
    ] = False,
    again: Annotated[
        bool | None,
        typer.Option(
            "--again/--no-again",
            help="Run the old version twice, to see what changes by itself; an engine that may answer one "
            "question in two ways does so unless told not to.",
            show_default=False,
        ),
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="With run folders: the policy or suite that has the content."),
    ] = None,
    reasoning: Annotated[
        bool, typer.Option("--reasoning/--no-reasoning", help="Show what the model wrote about each flip.")
    ] = True,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the content of sensitive cases.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the whole comparison as one page.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the runs made here, below this folder.")
    ] = None,
    keep: Keep = True,
    json: Json = False,
) -> None:
    """Compare two versions of a policy, or two runs: what got better, what got worse, what is not known.

    Two policies are run on the old version's cases and on those that the new one adds, by one engine; what
    the cases can resolve is said first, and runs that you have are not made again. Two runs must have been
    asked the same cases. A model's answers are kept as they come: after a stop, the same command goes on.

    Exits 1 when the new version misses more violations, or flags more harmless content, than the margin
    allows, or when a model left cases unanswered; never 1 by what a baseline says. Exits 3 when two
    runs were not asked the same.
    """
    from registry.cli.compare_document import compared_document
    from registry.cli.compare_text import show_compared
    from registry.services.journal import discard

    output = Output(json=json)
    wanted = Wanted(terms(margin, primary, expect), shared_only, again, cases)
    if html is not None:
        _refuse_standing(html)
    runs = [is_run(words) for words in (old, new)]
    if runs[0] is not runs[1]:
        raise typer.BadParameter("compare two runs or two policies: one of these is a run, the other is not.")
    if engine is not Judge.LEXICAL and runs[0]:
        raise typer.BadParameter("two runs are compared as they are; --engine goes with two policies.")
    wishes = Wishes(
        base_url=base_url,
        model=model,
        effort=effort,
        template=template,
        stated=stated,
        revision=revision,
        settings=settings,
        concurrency=concurrency,
        timeout=timeout,
    )
    refuse_unused(engine.value, wishes)
    if runs[0]:
        compared = two_runs(old, new, repository, wanted)
    else:
        if shared_only:
            raise typer.BadParameter("--shared-only goes with two runs; two policies get the same cases.")
        where = Where(context, repository, registry)
        judge = chosen_engine(engine.value, wishes)
        compared = two_policies(output, where, (old, new), judge, template, wanted)
    kept = not compared.unanswered and _keep(output, compared, out, own=keep)
    if html is not None:
        from registry.cli.compare_report import report
        from registry.services.folders import write_file

        write_file(html, report(compared, reveal=reveal).encode())
    output.answer(
        compared_document(compared, reveal=reveal),
        lambda: show_compared(output, compared, reveal=reveal, reasoning=reasoning),
    )
    if html is not None:
        output.note(f"Wrote {html}")
    if compared.unanswered:
        output.note(
            f"{plural(compared.unanswered, 'answer')} never came and count as wrong. To ask for what is "
            f"missing: {same_command(context)}",
            style="yellow",
        )
    for path in compared.journals if kept else ():
        discard(path)
    if compared.blocks or compared.unanswered:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _refuse_standing(path: Path) -> None:
    """Said before hours are spent; a report of ours may be written again."""
    from registry.services.errors import InputRefusedError

    if path.is_dir() or path.is_symlink():
        raise InputRefusedError(
            str(path), "no file can be written here.", "Name a file, such as report.html."
        )
    if not path.absolute().parent.is_dir():
        raise InputRefusedError(str(path), "the folder does not exist.", "Make it first, or name another.")


def _keep(output: Output, compared: Compared, folder: Path | None, *, own: bool) -> bool:
    """Keeps the runs that were made: the user's own, and in `folder` where one is named.

    Whether nothing is left to be kept.
    """
    from registry.services.exporting import write_export

    kept = True
    made = [("old", compared.old), ("new", compared.new), ("again", compared.again)]
    for name, run in made:
        if run is None or not run.fresh:
            continue
        if own:
            kept &= keep_run(output, run.record, run.files, compared.cases.values())
        if folder is not None and name != "again":
            write_export(folder / name, run.files)
            output.note(f"Wrote {folder / name}")
    return kept


COMMAND = Command(
    "compare",
    compare,
    Panel.WRITE,
    (
        "commons compare starter/spam@1.0.0 my-spam --registry http://127.0.0.1:8000",
        "commons compare spam@1.0.0 my-spam demo.git --html report.html",
        "commons compare spam my-spam --engine openai --base-url http://localhost:8000/v1 --model ID --again",
        "commons compare run:ab12 run:cd34 demo.git --shared-only",
    ),
)
