"""`commons bench`: runs a policy's cases through an engine. Reads a folder; may write a repository."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.opening import acting, opened
from registry.cli.options import As, Json
from registry.cli.scores import UNTESTED, show_scores

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from evaluations.running import Run
    from policies.folder import PolicyFolder


class EngineName(StrEnum):
    """The engines that need nothing but the folder or a repository."""

    LEXICAL = "lexical"
    LEXICAL_CV = "lexical-cv"
    REPLAY = "replay"


def bench(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The policy folder.")],
    engine: Annotated[EngineName, typer.Option(help="What answers the cases.")] = EngineName.LEXICAL,
    record_to: Annotated[
        Path | None, typer.Option(metavar="REPOSITORY", help="Keep the run in this commons.")
    ] = None,
    replay_from: Annotated[
        Path | None,
        typer.Option("--from", metavar="REPOSITORY", help="With replay: the commons that has the run."),
    ] = None,
    run_key: Annotated[
        str | None,
        typer.Option("--run", metavar="KEY", help="With replay: the run whose answers are scored again."),
    ] = None,
    handle: As = None,
    json: Json = False,
) -> None:
    """Run a policy's own cases through an engine and show the scores, with 95 % Wilson intervals."""
    from policies.findings import errors_in
    from policies.folder import load_folder
    from policies.lint import lint_folder
    from registry.services.bench import bench_folder
    from registry.services.folders import read_policy_folder

    output = Output(json=json)
    chosen = _engine(engine, replay_from, run_key)
    slug, files = read_policy_folder(folder)
    read = load_folder(slug, files)
    faults = len(errors_in(lint_folder(slug, files)))
    if faults:
        output.note(
            f"{plural(faults, 'lint error')}: these scores may mean nothing. Run commons lint {folder}.",
            style="yellow",
        )
    if record_to is not None:
        _refuse_unreleased(record_to, read)
    with output.progress(f"Running {engine.value}", len(read.cases)) as progress:
        answered = 0

        def count(_answer: object) -> None:
            nonlocal answered
            answered += 1
            progress(answered)

        run = bench_folder(
            read, chosen, address=str(read.slug), version_=read.document.policy.meta.version, on_answer=count
        )
    recorded = _record(record_to, read, run, handle) if record_to is not None else None
    output.answer(
        {**_document(run, chosen, recorded), "lint_errors": faults},
        lambda: _show(output, run, chosen, record_to, recorded=recorded),
    )


def _engine(name: EngineName, replay_from: Path | None, run_key: str | None) -> Engine:
    from evaluations.engines.base import EngineSettings
    from evaluations.engines.catalogue import engine_named
    from evaluations.engines.replay import ReplayEngine, recordings_of_run
    from evaluations.records import read_record
    from registry.services.reading import find_run, run_files

    if name is not EngineName.REPLAY:
        if replay_from is not None or run_key is not None:
            raise typer.BadParameter("--from and --run go with --engine replay.")
        return engine_named(name.value)
    if replay_from is None or run_key is None:
        raise typer.BadParameter("replay needs a recorded run: give --from REPOSITORY and --run KEY.")
    with opened(replay_from) as commons:
        files = run_files(commons, find_run(commons.state(), run_key))
    parts = read_record(files).parts
    settings = EngineSettings(
        model=parts.model, effort=parts.effort, sampling=parts.sampling, config=parts.config
    )
    return ReplayEngine(recordings_of_run(files), settings)


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


def _document(run: Run, engine: Engine, recorded: str | None) -> dict[str, Any]:
    import msgspec

    return {
        "key": run.record.key,
        "engine": engine.info.name,
        "summary": engine.info.summary,
        "tested_with_shared_model": False,
        "recorded": recorded is not None,
        "record": msgspec.to_builtins(run.record),
    }


def _show(output: Output, run: Run, engine: Engine, repository: Path | None, *, recorded: str | None) -> None:
    record = run.record
    output.line(UNTESTED, style="bold")
    output.line()
    suite = record.suite
    output.line(f"{suite.id} {suite.version}: {plural(suite.n, 'case')}, engine {engine.info.name}")
    output.line(engine.info.summary)
    output.line()
    show_scores(output, record)
    if recorded is not None:
        output.line(f"Recorded in {repository} as run {recorded[:12]}.")


COMMAND = Command(
    "bench",
    bench,
    Panel.WRITE,
    (
        "commons bench my-policy",
        "commons bench my-policy --engine lexical-cv --json",
        "commons bench my-policy --record-to demo.git",
        "commons bench my-policy --engine replay --from demo.git --run 5cb93044f733",
    ),
)
