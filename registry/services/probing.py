"""Puts a probe to an engine: both texts, the same cases, and how the verdicts moved. Records nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluations.engines.base import Engine
from evaluations.keys import RunKey, run_key
from evaluations.outcomes import gold_violates
from evaluations.probes.base import Arms, Probe, ProbeError
from evaluations.probes.reaction import Reaction, reaction
from evaluations.running import Plan, Run
from evaluations.statistics.power import Resolution, resolution
from evaluations.suites import Suite, labelled_suite
from evaluations.verdicts import LASTING_FAILURES, Answer, Failed
from policies.folder import PolicyFolder
from registry.services.bench import RunClock, bench_folder, plan_folder
from registry.services.comparing_known import Known, Ran, fresh_run, stored_run
from registry.services.journal import Journal, whole_run
from registry.services.journalled import JournalledEngine

JournalAt = Callable[[str], Path]

_RECORDED = frozenset({"replay"})
"""Engines that answer from what was recorded under another text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeArm:
    """One of the two texts with the cases that it is asked, planned."""

    folder: PolicyFolder
    suite: Suite
    plan: Plan

    @property
    def key(self) -> RunKey:
        """The key of its run."""
        return run_key(self.plan.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeTrial:
    """A probe, planned: both texts, the arms, and how many counted cases violate by their label."""

    probe: Probe
    arms: Arms
    engine: Engine
    template: str | None
    control: ProbeArm
    changed: ProbeArm
    counted: int
    violating: int

    @property
    def resolves(self) -> Resolution:
        """What so many cases can tell."""
        return resolution(self.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """Both runs and the reaction. `unanswered` and `journals` are those of `Compared`."""

    trial: ProbeTrial
    control: Ran
    changed: Ran
    reaction: Reaction
    unanswered: int
    journals: tuple[Path, ...]


def plan_probe(
    folder: PolicyFolder, probe: Probe, engine: Engine, suite: Suite, *, template: str | None = None
) -> ProbeTrial:
    """Plans both runs, on the cases that neither text quotes.

    Raises `ProbeError` for an engine that does not read the policy's text, and where nothing can turn; and
    what the engine and the suite refuse.
    """
    info = engine.info
    if not info.promises.reads_policy or info.name in _RECORDED:
        why = "answers from a recording" if info.name in _RECORDED else "does not read the policy's text"
        raise ProbeError(
            probe.id,
            f"engine {info.name} {why}, so no change of it can be followed.",
            "Use an engine that reads the policy, such as openai.",
        )
    plain = plan_folder(folder, engine, template=template, suite=suite)
    arms = probe.prepare(folder, plain.cases)
    suites = [_suite(held, arms, suite) for held in (arms.control, arms.changed)]
    control, changed = (
        ProbeArm(folder=held, suite=asked, plan=plan_folder(held, engine, template=template, suite=asked))
        for held, asked in zip((arms.control, arms.changed), suites, strict=True)
    )
    left_out = {left.item.id for arm in (control, changed) for left in arm.plan.left_out}
    counted = [item for item in suites[0].items if item.id not in left_out]
    violating = sum(gold_violates(item.gold, suites[0].labels) is True for item in counted)
    if not violating:
        raise ProbeError(
            probe.id, "no case violates by its label, so nothing could turn.", "Add cases that do."
        )
    return ProbeTrial(
        probe=probe,
        arms=arms,
        engine=engine,
        template=template,
        control=control,
        changed=changed,
        counted=len(counted),
        violating=violating,
    )


def run_probe(
    trial: ProbeTrial,
    *,
    known: Known,
    again: bool = False,
    journal_at: JournalAt | None = None,
    on_answer: Callable[[Answer], None] | None = None,
) -> Probed:
    """Makes the runs that are not `known` (with `again`, both) and tells the reaction."""
    journals: list[Path] = []

    def ran(arm: ProbeArm) -> Ran:
        found = None if again or known.own is None else known.own.find(arm.key)
        if found is not None:
            return stored_run(found)
        if journal_at is None:
            return fresh_run(_bench(arm, trial, trial.engine, on_answer))
        path = journal_at(arm.key)
        journals.append(path)
        with Journal(path, arm.plan.parts, now=RunClock().now()) as journal:
            made = _bench(arm, trial, JournalledEngine(trial.engine, journal), on_answer)
            return fresh_run(whole_run(made, journal))

    control, changed = ran(trial.control), ran(trial.changed)
    moves = {case.id: move for case, move in zip(trial.arms.cases, trial.arms.moves, strict=True)}
    labels = control.record.suite.labels
    errors = [
        row.verdict.error
        for run in (control, changed)
        for row in run.rows
        if isinstance(row.verdict, Failed) and row.verdict.error not in LASTING_FAILURES
    ]
    return Probed(
        trial=trial,
        control=control,
        changed=changed,
        reaction=reaction(control.rows, changed.rows, moves, labels),
        unanswered=len(errors),
        journals=tuple(journals),
    )


def _suite(folder: PolicyFolder, arms: Arms, suite: Suite) -> Suite:
    meta = folder.document.policy.meta
    return labelled_suite(
        suite.id,
        suite.version,
        labels=meta.labels,
        labelling=meta.labelling,
        cases=arms.cases,
        split=suite.split,
        visibility=suite.visibility,
    )


def _bench(
    arm: ProbeArm, trial: ProbeTrial, engine: Engine, on_answer: Callable[[Answer], None] | None
) -> Run:
    changed = arm is trial.changed
    return bench_folder(
        arm.folder,
        engine,
        # A text that nobody published: its run is told by the probe's name.
        address=f"{arm.folder.slug}+{trial.probe.id}" if changed else str(arm.folder.slug),
        version_=None if changed else arm.folder.document.policy.meta.version,
        template=trial.template,
        suite=arm.suite,
        on_answer=on_answer,
    )
