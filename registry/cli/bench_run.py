"""Makes the run that `commons bench` asks for, or finds it among one's own. Reads and writes journals."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from registry.cli.console import Output, moment, plural
from registry.cli.journal_place import journal_place, same_command
from registry.cli.places import own_runs

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from evaluations.running import Plan, Run
    from evaluations.suites import Suite
    from policies.folder import PolicyFolder
    from registry.services.exporting import StoredRun
    from registry.services.journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is to be run. `again`: though it was before; `journal`: where answers are kept, None as usual."""

    folder: PolicyFolder
    engine: Engine
    template: str | None
    suite: Suite
    repeats: int = 1
    again: bool = False
    journal: Path | None = None


class Made(NamedTuple):
    """A run. `fresh`: it was made now; `earlier`: one of the same key from before; `journal`: its own."""

    run: Run
    fresh: bool
    earlier: StoredRun | None
    journal: Path | None


def made_run(output: Output, context: typer.Context, ask: Ask) -> Made:
    """The run, from one's own unless the engine gives the same answers anyway, or `again` is asked for.

    Raises what planning and running raise; Ctrl-C says how to go on.
    """
    from evaluations.keys import run_key
    from evaluations.running import Run
    from registry.services.bench import plan_folder
    from registry.services.journal import whole_run

    engine = ask.engine
    if engine.info.promises.deterministic:
        with ExitStack() as stack:
            return Made(_bench(output, stack, ask, engine), fresh=True, earlier=None, journal=None)
    plan = plan_folder(ask.folder, engine, template=ask.template, suite=ask.suite)
    known = own_runs().find(run_key(plan.parts))
    if known is not None and not ask.again and known.record.repeats >= ask.repeats and ask.journal is None:
        output.note(f"This run was made on {moment(known.record.started)} UTC. --again asks the model anew.")
        kept = Run(record=known.record, rows=known.rows, files=known.files)
        return Made(kept, fresh=False, earlier=known, journal=None)
    with ExitStack() as stack:
        if not engine.info.needs.template:
            return Made(_bench(output, stack, ask, engine, plan), fresh=True, earlier=known, journal=None)
        journal = _journal(output, stack, plan, ask)
        from registry.services.journalled import JournalledEngine

        try:
            run = _bench(output, stack, ask, JournalledEngine(engine, journal), plan)
        except KeyboardInterrupt:
            answers = plural(journal.count, "answer")
            output.note(f"{answers} kept in {journal.path}. To go on: {same_command(context)}")
            raise
        return Made(whole_run(run, journal), fresh=True, earlier=known, journal=journal.path)


def agreement(run: Run, earlier: StoredRun) -> tuple[int, int]:
    """Of how many cases, that both runs were asked, the first answers are the same; and of how many."""
    before = {row.item.id: row for row in earlier.rows if row.repeat == 1}
    now = {row.item.id: row for row in run.rows if row.repeat == 1}
    shared = [case for case in now if case in before and before[case].item.input == now[case].item.input]
    return sum(before[case].verdict == now[case].verdict for case in shared), len(shared)


def _bench(output: Output, stack: ExitStack, ask: Ask, engine: Engine, plan: Plan | None = None) -> Run:
    from registry.services.bench import bench_folder

    total = len(ask.suite.cases) * ask.repeats
    progress = stack.enter_context(output.progress(f"Running {engine.info.name}", total))
    answered = 0

    def count(_answer: object) -> None:
        nonlocal answered
        answered += 1
        progress(answered)

    return bench_folder(
        ask.folder,
        engine,
        address=str(ask.folder.slug),
        version_=ask.folder.document.policy.meta.version,
        template=ask.template,
        suite=ask.suite,
        repeats=ask.repeats,
        on_answer=count,
        plan=plan,
    )


def _journal(output: Output, stack: ExitStack, plan: Plan, ask: Ask) -> Journal:
    from evaluations.keys import run_key
    from registry.services.bench import RunClock
    from registry.services.journal import Journal

    place = ask.journal if ask.journal is not None else journal_place(run_key(plan.parts))
    journal = stack.enter_context(Journal(place, plan.parts, now=RunClock().now()))
    if journal.kept:
        total = plural(len(plan.cases) * ask.repeats, "answer")
        output.note(f"Going on with {len(journal.kept):,} of {total} from {place}.")
    return journal
