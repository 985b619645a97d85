"""A run that was just made, as a document and for people. Touches nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.cli.apart import show_apart
from registry.cli.console import Output, plural
from registry.cli.scores import SCRIPTED, UNTESTED, show_scores

if TYPE_CHECKING:
    from evaluations.apart import Apart
    from evaluations.engines.base import Engine
    from evaluations.running import Run


def run_document(run: Run, engine: Engine, recorded: str | None) -> dict[str, Any]:
    """The run for programs. `recorded` is its key where a commons keeps it."""
    import msgspec

    from evaluations.standing import RunClass, class_of

    return {
        "key": run.record.key,
        "engine": engine.info.name,
        "summary": engine.info.summary,
        "tested_with_shared_model": class_of(run.record) is RunClass.SHARED,
        "recorded": recorded is not None,
        "record": msgspec.to_builtins(run.record),
    }


def show_run(
    output: Output,
    run: Run,
    apart: Apart | None,
    engine: Engine,
    repository: Path | None,
    *,
    recorded: str | None,
    same: tuple[int, int] | None = None,
    kept: bool = False,
) -> None:
    """The run's figures for people; `same` are its answers that are those of an earlier run, of how many."""
    from evaluations.standing import RunClass, class_of, is_scripted

    record = run.record
    if class_of(record) is not RunClass.SHARED:
        output.line(UNTESTED, style="bold")
        if is_scripted(record):
            output.line(SCRIPTED)
        output.line()
    suite = record.suite
    model = f", model {record.parts.model.id}" if engine.info.needs.network else ""
    output.line(f"{suite.id} {suite.version}: {plural(suite.n, 'case')}, engine {engine.info.name}{model}")
    output.line(engine.info.summary)
    output.line()
    show_scores(output, record)
    show_apart(output, apart)
    if record.repeats > 1:
        told = "Answers are averaged within each case first; counts are of answers, intervals of cases."
        output.line(f"Each case was asked {record.repeats} times. {told}")
    if same is not None:
        output.line(f"Asked before: {same[0]:,} of {plural(same[1], 'answer')} are what they were.")
    if recorded is not None:
        output.line(f"Recorded in {repository} as run {recorded[:12]}.")
    if kept:
        output.line(f"Yours as run:{record.key[:12]}; `commons runs` lists your runs.")
