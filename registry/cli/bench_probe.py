"""`commons bench --probe`: whether verdicts follow the policy's text. Reads runs; may write some."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

import typer

from registry.cli.console import Output, plural
from registry.cli.exit_codes import ExitCode
from registry.cli.journal_place import journal_place, same_command, told_how_to_go_on
from registry.cli.places import keep_run, own_runs

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from evaluations.intervals import Proportion
    from evaluations.probes.reaction import Moved
    from evaluations.suites import Suite
    from policies.folder import PolicyFolder
    from registry.services.probing import Probed, ProbeTrial

_NAMED = 12


class Named(StrEnum):
    """The probes by their short names; each means its newest version."""

    INVERSION = "inversion"
    OFF_TOPIC = "off-topic"
    CARVE_OUT = "carve-out"


ProbeName: TypeAlias = Annotated[
    Named | None,
    typer.Option("--probe", help="Change the policy in a known way and see which verdicts follow."),
]


class Probing(NamedTuple):
    """What `bench` was asked to probe."""

    probe: Named
    folder: PolicyFolder
    engine: Engine
    template: str | None
    suite: Suite
    again: bool
    out: Path | None
    keep: bool


def run_probe(output: Output, context: typer.Context, asked: Probing) -> None:
    """Makes both runs and shows the reaction. Raises `typer.Exit` when answers are missing."""
    from evaluations.probes.registry import probe_named
    from registry.services import probing
    from registry.services.comparing_known import Known
    from registry.services.exporting import refuse_taken
    from registry.services.journal import discard

    engine = asked.engine
    trial = probing.plan_probe(
        asked.folder,
        probe_named(asked.probe.value),
        engine,
        asked.suite,
        template=asked.template,
    )
    if asked.out is not None:
        for name in ("control", "changed"):
            refuse_taken(asked.out / name)
    if not output.json:
        _show_before(output, trial)
    total = len(trial.control.plan.cases) + len(trial.changed.plan.cases)
    with ExitStack() as stack:
        progress = stack.enter_context(output.progress(f"Running {engine.info.name}", total))
        done = 0

        def count(_answer: object) -> None:
            nonlocal done
            done += 1
            progress(done)

        journalled = engine.info.needs.template
        with told_how_to_go_on(output, context, journal_place("").parent if journalled else None):
            probed = probing.run_probe(
                trial,
                known=Known(own=None if engine.info.promises.deterministic else own_runs()),
                again=asked.again,
                journal_at=journal_place if journalled else None,
                on_answer=count,
            )
    kept = not probed.unanswered and _keep(output, probed, asked)
    output.answer(_document(probed), lambda: _show(output, probed))
    if probed.unanswered:
        output.note(
            f"{plural(probed.unanswered, 'answer')} never came. To ask for what is missing: "
            f"{same_command(context)}",
            style="yellow",
        )
        raise typer.Exit(ExitCode.CHECK_FAILED)
    for path in probed.journals if kept else ():
        discard(path)


def _keep(output: Output, probed: Probed, asked: Probing) -> bool:
    """Keeps both runs where that is wanted; whether nothing is left to be kept."""
    from registry.services.exporting import write_export

    kept = True
    for name, run in (("control", probed.control), ("changed", probed.changed)):
        if run.fresh and asked.keep:
            kept &= keep_run(output, run.record, run.files, probed.trial.arms.cases)
        if asked.out is not None:
            write_export(asked.out / name, run.files)
            output.note(f"Wrote {asked.out / name}")
    return kept


def _show_before(output: Output, trial: ProbeTrial) -> None:
    probe = trial.probe
    output.line(f"Probe {probe.id}: {probe.title}.", style="bold")
    output.line(f"  {probe.asks}")
    output.line(
        f"  {plural(trial.counted, 'case')}, {trial.violating:,} of them violating by their label; by engine "
        f"{trial.engine.info.name}."
    )
    output.line()


def _show(output: Output, probed: Probed) -> None:
    told, engine = probed.reaction, probed.trial.engine.info
    turning = [one for one in told.moved if one.wanted is not one.flagged]
    staying = [one for one in told.moved if one.wanted is one.flagged]
    output.table(
        ("verdicts", "followed", "95 % interval", "count"),
        [
            ("that should turn", *_figure(told.turned)),
            *(_row(one) for one in turning),
            ("that should stay", *_figure(told.stayed)),
            *(_row(one) for one in staying),
        ],
        right=("followed", "95 % interval", "count"),
    )
    for one in told.moved:
        if one.others:
            more = f" and {len(one.others) - _NAMED:,} more" if len(one.others) > _NAMED else ""
            output.line(f"Did not follow, {_kind(one)}: {', '.join(one.others[:_NAMED])}{more}.")
    if told.no_start or told.unread:
        output.line(
            f"Without a readable answer: {told.no_start:,} under the unchanged text, in no rate; "
            f"{told.unread:,} under the changed one, counted as not following."
        )
    output.line(
        "Of whether content is flagged, held against what the same engine said under the unchanged text; "
        "intervals by Clopper and Pearson. Who pays no attention to the text turns no more than chance does."
    )
    output.line()
    output.line(f"What it shows: {probed.trial.probe.shows}")
    if not engine.promises.may_gate:
        output.line(f"Here: {engine.summary}")


def _row(one: Moved) -> tuple[str, str, str, str]:
    return (f"  {_kind(one)}", *_figure(one.figure))


def _kind(one: Moved) -> str:
    from evaluations.probes.base import Move

    was = "flagged" if one.flagged else "not flagged"
    now = "flagged" if one.wanted else "not flagged"
    where = {Move.ALLOW: ", where nothing may be flagged", Move.STAY: ", where nothing changed"}
    return f"{was} -> {now}{where.get(one.move, '')}"


def _figure(figure: Proportion) -> tuple[str, str, str]:
    from evaluations.comparing.telling import points

    if figure.interval is None:
        return "-", "-", "0 of 0"
    bounds = f"{points(figure.interval.low)} to {points(figure.interval.high)}"
    return f"{points(figure.value)} %", bounds, f"{figure.count:,} of {figure.n:,}"


def _document(probed: Probed) -> dict[str, Any]:
    import msgspec

    trial = probed.trial
    return {
        "probe": trial.probe.id,
        "probe_digest": trial.probe.digest,
        "engine": trial.engine.info.name,
        "model": trial.engine.settings.model.id,
        "n": trial.counted,
        "violating": trial.violating,
        "runs": {"control": probed.control.record.key, "changed": probed.changed.record.key},
        "unanswered": probed.unanswered,
        "reaction": msgspec.to_builtins(probed.reaction),
        "shows": trial.probe.shows,
    }
