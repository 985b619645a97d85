"""Runs a policy's cases through an engine, and keeps the run on the runs chain."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from evaluations.engines.base import Engine, Task
from evaluations.engines.catalogue import DEFAULT_ENGINE, engine_named
from evaluations.keys import run_key
from evaluations.run_record import Environment, PolicyRef
from evaluations.running import Plan, Run, plan_run, run_suite
from evaluations.standing import SHARED_MODEL, is_scripted
from evaluations.suites import Suite, suite_of
from evaluations.verdicts import LASTING_FAILURES, Answer, Failed
from governance.commons import Commons, RunState
from governance.events import Draft
from governance.payloads import Move, RunRecorded
from policies.canonical import sha256_hex
from policies.digest import content_digest
from policies.folder import PolicyFolder
from policies.prompt import prompt_text
from registry.services.acting import act
from registry.services.classify import template_for
from registry.services.errors import InputRefusedError
from registry.services.reading import find_policy, read_policy
from registry.store.objects import Change
from registry.store.refs import RUNS
from registry.store.repository import Repository

SALT_BYTES = 16
NVIDIA = Path("/proc/driver/nvidia/gpus")


class RunClock:
    """The machine's clocks, as a run needs them."""

    def now(self) -> int:
        """Whole UTC seconds."""
        return int(time.time())

    def monotonic_ms(self) -> int:
        """Milliseconds that never go backwards."""
        return time.monotonic_ns() // 1_000_000


class Benched(NamedTuple):
    """A policy's run: just made, or found on the runs chain under the same key."""

    state: RunState
    fresh: bool


def environment() -> Environment:
    """What this run runs on."""
    gpus = gpus_here(NVIDIA)
    return Environment(
        versions={"policy-commons": version("policy-commons"), "python": platform.python_version()},
        hardware={
            "machine": platform.machine(),
            "cpus": str(os.cpu_count() or 1),
            **({"gpus": ", ".join(gpus)} if gpus else {}),
        },
    )


def gpus_here(driver: Path) -> list[str]:
    """The models of this machine's NVIDIA GPUs, one name for each, as their driver tells them."""
    names = []
    for stated in sorted(driver.glob("*/information")):
        try:
            lines = stated.read_text("utf-8", "replace").splitlines()
        except OSError:
            continue
        names += [line.partition(":")[2].strip()[:100] for line in lines if line.startswith("Model:")]
    return names


def bench_folder(
    folder: PolicyFolder,
    engine: Engine,
    *,
    address: str,
    version_: str | None = None,
    commit: str | None = None,
    template: str | None = None,
    suite: Suite | None = None,
    repeats: int = 1,
    on_answer: Callable[[Answer], None] | None = None,
    plan: Plan | None = None,
) -> Run:
    """One run of a folder's own cases, or of `suite`. Raises what the engine and the suite refuse.

    `plan` is what `plan_folder` gave for the same, where it was asked already.
    """
    digest = plan.parts.policy if plan else content_digest(folder)
    ref = PolicyRef(address=address, digest=digest, version=version_, commit=commit)
    return run_suite(
        policy=folder.document.policy,
        policy_text=prompt_text(folder),
        ref=ref,
        suite=suite or suite_of(folder),
        engine=engine,
        environment=environment(),
        clock=RunClock(),
        salt=os.urandom(SALT_BYTES),
        template=template_for(engine, folder, template),
        repeats=repeats,
        on_answer=on_answer,
        plan=plan,
    )


def plan_folder(
    folder: PolicyFolder, engine: Engine, *, template: str | None = None, suite: Suite | None = None
) -> Plan:
    """What `bench_folder` would do, without doing it. Raises what it raises before a case is asked."""
    asked = suite or suite_of(folder)
    task = Task(
        policy=folder.document.policy,
        policy_text=prompt_text(folder),
        template=template_for(engine, folder, template),
        suite=asked,
    )
    return plan_run(task, asked, engine, content_digest(folder))


def left_unanswered(run: Run) -> int:
    """How many cases have no answer that might have one if they were asked again, all repeats counted."""
    errors = (row.verdict.error for row in run.rows if isinstance(row.verdict, Failed))
    return sum(error not in LASTING_FAILURES for error in errors)


def bench_policy(
    repository: Repository,
    slug: str,
    *,
    actor: str,
    engine: Engine | None = None,
    again: bool = False,
    on_answer: Callable[[Answer], None] | None = None,
) -> Benched:
    """Runs the latest release and records the run; the same key is not run twice unless `again`."""
    chosen = engine or engine_named(DEFAULT_ENGINE)
    view = read_policy(repository, slug)
    state = repository.state()
    if not again:
        key = _key(view.folder, chosen)
        known = [run for run in state.runs.values() if run.key == key]
        if known:
            return Benched(known[-1], fresh=False)
    run = bench_folder(
        view.folder,
        chosen,
        address=f"{state.name}/{slug}",
        version_=view.release.version,
        commit=view.release.commit,
        on_answer=on_answer,
    )
    return Benched(record_run(repository, slug, run, actor=actor), fresh=True)


def _key(folder: PolicyFolder, engine: Engine) -> str:
    """The key that a run would have, without running it."""
    return run_key(plan_folder(folder, engine).parts)


def record_run(repository: Repository, slug: str, run: Run, *, actor: str) -> RunState:
    """Puts a run on the runs chain, one commit of its own, and says so in the log.

    Raises `InputRefusedError` for what a script answered under the shared model's name.
    """
    record = run.record
    if is_scripted(record) and SHARED_MODEL in record.parts.model.id:
        raise InputRefusedError(
            record.parts.model.id,
            "a scripted server answered under this name: a commons keeps no such figures.",
            "Run it on the model itself, or name the script: --model mock/scripted.",
        )

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        find_policy(state, slug)
        old = state.refs.get(RUNS)
        commit = change.commit(
            tree=change.files(run.files),
            parents=() if old is None else (old,),
            handle=actor,
            at=at,
            message=f"Run {record.key[:12]} of {record.parts.engine} on {slug}",
        )
        payload = RunRecorded(
            slug=slug,
            content=record.policy.digest,
            key=record.key,
            engine=record.parts.engine,
            commit=commit,
            record=sha256_hex(run.files["record.json"]),
            predictions=record.rows,
        )
        moves = (Move(ref=RUNS, old=old, new=commit),)
        return Draft(type="run_recorded", actor=actor, payload=payload, moves=moves)

    acted = act(repository, decide)
    made = acted.entry.event.payload
    assert isinstance(made, RunRecorded)
    return acted.state.runs[made.commit]


def baselines_due(state: Commons, slugs: Iterable[str] | None = None) -> list[str]:
    """The policies whose latest release has no run yet."""
    run = {state.current_content(item.content) for item in state.runs.values()}
    wanted = state.policies if slugs is None else slugs
    return [slug for slug in wanted if state.policies[slug].latest.content not in run]
