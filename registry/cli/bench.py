"""`commons bench`: runs a policy's cases through an engine. Reads a folder; may write a repository."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.apart import apart_document
from registry.cli.bench_probe import ProbeName, Probing, run_probe
from registry.cli.bench_run import Ask, agreement, made_run
from registry.cli.bench_text import run_document, show_run
from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.engine_options import EngineSettings, Revision, Wishes, chosen_engine, refuse_unused
from registry.cli.exit_codes import ExitCode
from registry.cli.journal_place import JournalFile, same_command
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
from registry.cli.opening import acting, opened
from registry.cli.options import As, Json
from registry.cli.places import Keep, keep_run

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from evaluations.running import Run
    from evaluations.suites import Suite
    from policies.folder import PolicyFolder


class EngineName(StrEnum):
    """The engines that run a policy's cases."""

    LEXICAL = "lexical"
    LEXICAL_CV = "lexical-cv"
    EMBEDDING = "embedding"
    VLLM = "vllm"
    OPENAI = "openai"
    REPLAY = "replay"


def bench(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The policy folder.")],
    engine: Annotated[EngineName, typer.Option(help="What answers the cases.")] = EngineName.LEXICAL,
    suite: Annotated[
        Path | None,
        typer.Option(metavar="SUITE", help="Run this suite, or another policy's cases, in place of its own."),
    ] = None,
    record_to: Annotated[
        Path | None, typer.Option(metavar="REPOSITORY", help="Keep the run in this commons.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the run's files into this folder.")
    ] = None,
    replay_from: Annotated[
        Path | None,
        typer.Option("--from", metavar="REPOSITORY", help="With replay: the commons that has the run."),
    ] = None,
    run_key: Annotated[
        str | None,
        typer.Option("--run", metavar="KEY", help="With replay: the run whose answers are scored again."),
    ] = None,
    base_url: BaseUrl = None,
    model: Model = None,
    effort: AskedEffort = None,
    template: TemplateName = None,
    stated: Stated = [],  # noqa: B006 - typer reads it and makes a list of its own
    revision: Revision = None,
    settings: EngineSettings = [],  # noqa: B006
    concurrency: Concurrency = CONCURRENCY,
    timeout: Seconds = SECONDS,
    journal: JournalFile = None,
    repeats: Annotated[
        int,
        typer.Option(min=1, max=100, help="How often each case is asked; averaged within it."),
    ] = 1,
    again: Annotated[
        bool, typer.Option("--again", help="Ask a model again though this very run was made before.")
    ] = False,
    probe: ProbeName = None,
    keep: Keep = True,
    handle: As = None,
    json: Json = False,
) -> None:
    """Run a policy's cases, or a suite, through an engine and show the scores, with 95 % Wilson intervals.

    Where several people annotated the cases, contested ones are shown apart, beside what people reach.
    A model's answers are kept in a journal as they come: after Ctrl-C, a crash or a full disk the same
    command goes on, and asks no case twice. A run that was made before is shown as it is kept. Exits 1 when
    a model left cases without an answer; such a run is neither written nor kept, and the same command
    asks for what is missing.

    With --probe the policy is changed in a known way, and what is shown is how far the verdicts follow.
    """
    from evaluations.apart import figures_apart
    from policies.findings import errors_in
    from policies.folder import load_folder
    from policies.lint import lint_folder
    from registry.services.bench import left_unanswered
    from registry.services.exporting import refuse_taken, write_export
    from registry.services.folders import read_policy_folder
    from registry.services.journal import discard

    output = Output(json=json)
    if suite is not None and record_to is not None:
        raise typer.BadParameter(
            "a commons keeps runs of a policy's own cases; with --suite, write the run with --out FOLDER."
        )
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
    chosen, template = _engine(engine, wishes, replay_from, run_key)
    if journal is not None and (engine is EngineName.REPLAY or not chosen.info.needs.template):
        raise typer.BadParameter("--journal goes with --engine openai or vllm.")
    if again and chosen.info.promises.deterministic:
        raise typer.BadParameter("--again goes with an engine that may answer one question in two ways.")
    slug, files = read_policy_folder(folder)
    read = load_folder(slug, files)
    if probe is not None:
        _refuse_beside_probe(record_to, journal)
        run_probe(
            output,
            context,
            Probing(probe, read, chosen, template, _suite(suite, read), again=again, out=out, keep=keep),
        )
        return
    faults = len(errors_in(lint_folder(slug, files)))
    if faults:
        output.note(
            f"{plural(faults, 'lint error')}: these scores may mean nothing. Run commons lint {folder}.",
            style="yellow",
        )
    if record_to is not None:
        _refuse_unreleased(record_to, read)
    if out is not None:
        refuse_taken(out)
    asked = _suite(suite, read)
    made = made_run(
        output,
        context,
        Ask(
            folder=read,
            engine=chosen,
            template=template,
            suite=asked,
            repeats=repeats,
            again=again,
            journal=journal,
        ),
    )
    run = made.run
    missing = left_unanswered(run)
    if out is not None and not missing:
        write_export(out, run.files)
    apart = figures_apart(run.rows, asked)
    recorded = _record(record_to, read, run, handle) if record_to is not None and not missing else None
    kept = keep and not missing and (not made.fresh or keep_run(output, run.record, run.files, asked.cases))
    if made.journal is not None and not missing and kept is keep:
        discard(made.journal)
    same = agreement(run, made.earlier) if made.fresh and made.earlier is not None else None
    output.answer(
        {
            **run_document(run, chosen, recorded),
            "made_now": made.fresh,
            "kept": kept,
            "unanswered": missing,
            "lint_errors": faults,
            "same_as_before": None if same is None else {"count": same[0], "n": same[1]},
            "apart": apart_document(apart),
        },
        lambda: show_run(output, run, apart, chosen, record_to, recorded=recorded, same=same, kept=kept),
    )
    if missing:
        lost = " The run was not kept." if record_to is not None or out is not None else ""
        output.note(
            f"{plural(missing, 'answer')} never came; each counts as wrong.{lost} "
            f"To ask for what is missing: {same_command(context)}",
            style="yellow",
        )
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _suite(path: Path | None, folder: PolicyFolder) -> Suite:
    """The suite that is asked for, under the policy's labels; by default the policy's own cases."""
    from evaluations.suites import suite_of
    from registry.services.suites import suite_at, under_policy

    if path is None:
        return suite_of(folder)
    return under_policy(suite_at(path), folder.document.policy)


def _refuse_beside_probe(record_to: Path | None, journal: Path | None) -> None:
    if record_to is not None or journal is not None:
        raise typer.BadParameter("a probe makes two runs of texts that are no policy: use --out FOLDER.")


def _refuse_replay(replay_from: Path | None, run_key: str | None) -> None:
    if replay_from is not None or run_key is not None:
        raise typer.BadParameter("--from and --run go with --engine replay.")


def _engine(
    name: EngineName, wishes: Wishes, replay_from: Path | None, run_key: str | None
) -> tuple[Engine, str | None]:
    """The engine, and the template that it asks with or by which recorded answers are read again."""
    from evaluations.engines.base import EngineSettings
    from evaluations.engines.replay import ReplayEngine, recordings_of_run
    from evaluations.records import read_record
    from registry.services.reading import find_run, run_files

    if name is not EngineName.REPLAY:
        _refuse_replay(replay_from, run_key)
        return chosen_engine(name.value, wishes), wishes.template
    refuse_unused(name.value, wishes)
    if replay_from is None or run_key is None:
        raise typer.BadParameter("replay needs a recorded run: give --from REPOSITORY and --run KEY.")
    with opened(replay_from) as commons:
        files = run_files(commons, find_run(commons.state(), run_key))
    parts = read_record(files).parts
    settings = EngineSettings(
        model=parts.model, effort=parts.effort, sampling=parts.sampling, config=parts.config
    )
    replay = ReplayEngine(recordings_of_run(files), settings)
    return replay, parts.template if replay.info.needs.template else None


def _refuse_unreleased(repository: Path, folder: PolicyFolder) -> None:
    """A run binds to a content digest: one of a text that is no release would stand for nothing."""
    from policies.digest import content_digest
    from registry.services.errors import InputRefusedError
    from registry.services.reading import find_policy

    with opened(repository) as commons:
        state = commons.state()
        digests = {
            state.current_content(release.content) for release in find_policy(state, folder.slug).releases
        }
    if content_digest(folder) not in digests:
        raise InputRefusedError(
            str(folder.slug),
            "it is not what any release of it in the commons says, so a run of it cannot be kept.",
            f"Publish it first: commons publish {repository} FOLDER.",
        )


def _record(repository: Path, folder: PolicyFolder, run: Run, handle: str | None) -> str:
    from registry.services.bench import record_run

    with opened(repository) as commons:
        return record_run(commons, folder.slug, run, actor=acting(commons, handle)).key


COMMAND = Command(
    "bench",
    bench,
    Panel.WRITE,
    (
        "commons bench my-policy",
        "commons bench my-policy --engine lexical-cv --json",
        "commons bench my-policy --engine openai --base-url http://localhost:8000/v1 --model ID",
        "commons bench my-policy --engine vllm --model openai/gpt-oss-safeguard-20b --effort low",
        "commons bench my-policy --record-to demo.git",
        "commons bench my-policy --probe inversion",
        "commons bench my-policy --suite my-suite@1 --out my-run",
        "commons bench my-policy --engine replay --from demo.git --run 5cb93044f733",
    ),
)
