"""A run: a suite put to an engine, and the record of what came back. Pure: the caller brings the clock.

The salt comes from the caller too, because it must be random and this package draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from evaluations.engines.base import Engine, Session, Task
from evaluations.errors import EngineError, SuiteError, TemplateError
from evaluations.keys import KeyParts, run_key
from evaluations.metrics import Metrics, metrics_of
from evaluations.outcomes import is_answer
from evaluations.record_check import suite_figures
from evaluations.record_files import Words, check_salt, predictions_bytes, reasoning_bytes, record_files
from evaluations.rows import Row, row_of
from evaluations.run_record import (
    FORMAT,
    Environment,
    PolicyRef,
    RunRecord,
    RunStatus,
    SuiteRef,
    latency_of,
    timing_of,
    tokens_of,
)
from evaluations.suites import LeftOut, LeftOutReason, Suite, is_labelled
from evaluations.templates.base import Template
from evaluations.verdicts import Answer, said
from policies.canonical import sha256_hex
from policies.lint.leak import find_leaks
from policies.model import Case, Policy


class Clock(Protocol):
    """What time it is, and how long something took."""

    def now(self) -> int:
        """Whole UTC seconds."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds since some moment; never goes backwards."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run: its record, its rows, and the three files that hold both."""

    record: RunRecord
    rows: tuple[Row, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will do: the cases it puts to the engine, those it leaves out, and its key."""

    parts: KeyParts
    cases: tuple[Case, ...]
    left_out: tuple[LeftOut, ...]


def plan_run(task: Task, suite: Suite, engine: Engine, policy_digest: str) -> Plan:
    """Says what a run would do, without loading anything.

    Left out are unlabelled cases and, for an engine that reads the policy, cases that its text quotes or
    nearly quotes. Raises `TemplateError` when the engine needs a template for this labelling and has
    none, and `SuiteError` when nothing is left to run.
    """
    _check_template(task, engine)
    reads_policy = engine.info.promises.reads_policy
    left_out = _left_out(suite, task.policy, task.policy_text if reads_policy else "")
    skipped = {left.item.id for left in left_out}
    cases = tuple(case for case in suite.cases if case.id not in skipped)
    if not cases:
        raise SuiteError((), "No case is left to run.", "Add labelled cases that the policy does not quote.")
    settings = engine.settings
    template = task.template if engine.info.needs.template else None
    parts = KeyParts(
        policy=policy_digest,
        suite=suite.digest,
        engine=engine.info.name,
        model=settings.model,
        template=template.id if template else None,
        template_digest=template.digest if template else None,
        effort=settings.effort,
        sampling=settings.sampling,
        config=settings.config,
    )
    return Plan(parts=parts, cases=cases, left_out=left_out)


def run_suite(
    *,
    policy: Policy,
    policy_text: str,
    ref: PolicyRef,
    suite: Suite,
    engine: Engine,
    environment: Environment,
    clock: Clock,
    salt: bytes,
    template: Template | None = None,
    repeats: int = 1,
    on_answer: Callable[[Answer], None] | None = None,
    plan: Plan | None = None,
) -> Run:
    """Puts every case of `suite` to `engine` and makes the record.

    `policy_text` is what a model reads (`policies.prompt.prompt_text`), `ref.digest` the policy's content
    digest, `salt` at least 16 random bytes. `on_answer` is told of each answer as it comes. `plan` is what
    `plan_run` gave for the same, where it was asked already.

    Raises `EngineError` when the engine cannot take the policy on, leaves a case unanswered or answers
    one twice; `TemplateError` and `SuiteError` as `plan_run`.
    """
    if repeats < 1:
        raise ValueError(f"{repeats} repeats are no run; use at least 1")
    check_salt(salt)  # Before the run, not after hours of it.
    task = Task(policy=policy, policy_text=policy_text, template=template, suite=suite)
    if plan is None:
        plan = plan_run(task, suite, engine, ref.digest)
    elif (plan.parts.policy, plan.parts.suite) != (ref.digest, suite.digest):
        raise ValueError("the plan is of another policy or suite than the run")
    started, begun = clock.now(), clock.monotonic_ms()
    session = engine.load(task)
    loaded = clock.monotonic_ms()
    answers = [_answers(engine, session, plan.cases, suite, on_answer) for _ in range(repeats)]
    done, ended = clock.monotonic_ms(), clock.now()
    item_of = {item.id: item for item in suite.items}
    rows = tuple(
        row_of(item_of[case.id], repeat, given[case.id])
        for case in plan.cases
        for repeat, given in enumerate(answers, start=1)
    )
    predictions, reasoning = predictions_bytes(rows), reasoning_bytes(_words(answers), salt)
    metrics = metrics_of(rows, suite.labels, suite.labelling)
    record = RunRecord(
        v=FORMAT,
        key=run_key(plan.parts),
        parts=plan.parts,
        status=RunStatus.COMPLETE,
        started=started,
        ended=max(started, ended),  # A wall clock may be set back during a run.
        engine_version=engine.info.version,
        policy=ref,
        suite=_suite_ref(suite, metrics),
        environment=replace(environment, versions={**environment.versions, **engine.versions}),
        repeats=repeats,
        left_out=plan.left_out,
        metrics=metrics,
        tokens=tokens_of(rows),
        latency=latency_of(rows),
        timing=timing_of(loaded - begun, done - loaded, len(rows)),
        rows=sha256_hex(predictions),
        reasoning=sha256_hex(reasoning),
    )
    return Run(record=record, rows=rows, files=record_files(record, predictions, reasoning))


def _suite_ref(suite: Suite, metrics: Metrics) -> SuiteRef:
    n, prevalence = suite_figures(metrics)
    return SuiteRef(
        id=suite.id,
        version=suite.version,
        digest=suite.digest,
        split=suite.split,
        visibility=suite.visibility,
        labelling=suite.labelling,
        labels=suite.labels,
        n=n,
        prevalence=prevalence,
    )


def _words(answers: Sequence[Mapping[str, Answer]]) -> Iterator[Words]:
    for repeat, given in enumerate(answers, start=1):
        for answer in given.values():
            yield Words(case=answer.case_id, repeat=repeat, reasoning=answer.reasoning, output=answer.output)


def _check_template(task: Task, engine: Engine) -> None:
    if not engine.info.needs.template:
        return
    if task.template is None:
        raise TemplateError("none", f"engine {engine.info.name} needs one.", "Name a template.")
    if task.template.labelling is not task.policy.meta.labelling:
        raise TemplateError(
            task.template.id,
            f"answers a policy of {task.template.labelling} labelling, and this one's is not.",
            f"Use a template for {task.policy.meta.labelling} labelling.",
        )


def _left_out(suite: Suite, policy: Policy, text: str) -> tuple[LeftOut, ...]:
    reasons = {item.id: LeftOutReason.UNLABELLED for item in suite.items if not is_labelled(item)}
    if text:
        examples = [example for section in policy.sections for example in section.examples]
        for leak in find_leaks(text, examples, [case.content for case in suite.cases]):
            reason = LeftOutReason.QUOTED if leak.exact else LeftOutReason.NEARLY_QUOTED
            reasons.setdefault(suite.cases[leak.position].id, reason)
    return tuple(LeftOut(item=item, reason=reasons[item.id]) for item in suite.items if item.id in reasons)


def _answers(
    engine: Engine,
    session: Session,
    cases: Sequence[Case],
    suite: Suite,
    on_answer: Callable[[Answer], None] | None,
) -> dict[str, Answer]:
    """Every case's answer by id."""
    asked = {case.id for case in cases}
    result: dict[str, Answer] = {}
    for answer in session.classify(cases):
        if answer.case_id not in asked or answer.case_id in result:
            why = "twice" if answer.case_id in result else "without being asked"
            raise EngineError(
                engine.info.name, f"answered case {answer.case_id} {why}.", "Report the engine."
            )
        if not is_answer(answer.verdict, suite.codes, suite.labelling):
            told = f"answered case {answer.case_id} with {said(answer.verdict)}, which is none of its labels."
            raise EngineError(engine.info.name, told, "Report the engine.")
        result[answer.case_id] = answer
        if on_answer is not None:
            on_answer(answer)
    missing = len(asked) - len(result)
    if missing:
        raise EngineError(
            engine.info.name, f"left {missing} of {len(asked)} cases unanswered.", "Run it again."
        )
    return result
