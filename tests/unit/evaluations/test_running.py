"""A run: what is put to the engine, what is left out, and what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from evaluations.engines.base import Task
from evaluations.engines.lexical import LexicalEngine
from evaluations.errors import EngineError, SuiteError, TemplateError
from evaluations.run_record import Environment, PolicyRef
from evaluations.running import plan_run, run_suite
from evaluations.suites import LeftOutReason, make_suite
from evaluations.templates.safeguard_label_1 import SAFEGUARD_LABEL_1
from evaluations.verdicts import Answer, FlagsVerdict, LabelVerdict
from policies.model import Case
from tests.unit.evaluations.builders import (
    ANSWERED,
    FLAGS_TEXT,
    LABELLED,
    SALT,
    TEXT,
    Ticking,
    case_of,
    policy_of,
    replay_of,
    run_of,
)


def test_a_run_records_what_was_run_and_what_came_out() -> None:
    """Key parts, times, versions, counts and rows are in the record."""
    record = run_of(policy_of(), LABELLED, replay_of(ANSWERED)).record
    assert (record.parts.engine, record.parts.model.id, record.parts.template) == ("replay", "scripted", None)
    assert (record.policy.address, record.suite.id, record.suite.n) == ("demo/advertising", "advertising", 5)
    assert record.suite.prevalence == "0.600000"
    assert record.started <= record.ended
    assert (record.timing.load_ms, record.timing.answer_ms) == (250, 250)
    assert record.environment.versions == {"policy-commons": "0.1.0"}
    assert record.metrics.headline.accuracy.count == 2


def test_the_same_run_has_the_same_files() -> None:
    """With one clock and salt, a run of the same cases in another order is the same to the byte."""
    once = run_of(policy_of(), LABELLED, replay_of(ANSWERED))
    again = run_of(policy_of(), tuple(reversed(LABELLED)), replay_of(dict(reversed(ANSWERED.items()))))
    assert once.files == again.files


def test_cases_that_stand_in_the_policy_text_are_left_out() -> None:
    """A quoted and a nearly quoted case are reported and never scored; so is one without a label."""
    cases = (
        *LABELLED,
        case_of("p", "What a RAINY morning; my garden is soaked!", label="AD0"),
        case_of("q", "Cheap watches for sale, buy one now.", label="AD1"),
        case_of("r", "No label yet"),
    )
    run = run_of(policy_of(), cases, replay_of(ANSWERED), text=TEXT.split("---\n", 2)[2])
    assert [(left.item.id, left.reason) for left in run.record.left_out] == [
        ("p", LeftOutReason.QUOTED),
        ("q", LeftOutReason.NEARLY_QUOTED),
        ("r", LeftOutReason.UNLABELLED),
    ]
    assert run.record.metrics.headline.n == 5


def test_a_plan_says_what_would_be_run() -> None:
    """Without loading anything, the cases that would be put to the engine are known."""
    policy = policy_of()
    suite = make_suite("s", policy, (*LABELLED, case_of("z")))
    plan = plan_run(Task(policy=policy, policy_text="Text.", suite=suite), suite, replay_of(ANSWERED), "d")
    assert [case.id for case in plan.cases] == ["a", "b", "c", "d", "e"]
    assert [left.item.id for left in plan.left_out] == ["z"]


def test_a_plan_that_was_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run under its plan is the run without it to the byte, and planning is left out."""
    policy = policy_of()
    suite = make_suite("advertising", policy, LABELLED)
    plan = plan_run(
        Task(policy=policy, policy_text="A policy text.", suite=suite), suite, replay_of(ANSWERED), "d" * 64
    )
    without = run_of(policy, LABELLED, replay_of(ANSWERED))
    monkeypatch.setattr("evaluations.running.plan_run", None)
    assert run_of(policy, LABELLED, replay_of(ANSWERED), plan=plan).files == without.files


def test_a_plan_of_another_suite_is_refused() -> None:
    """A plan says what is left out and under which key: another suite's would make a wrong record."""
    policy = policy_of()
    suite = make_suite("s", policy, LABELLED[:2])
    plan = plan_run(Task(policy=policy, policy_text="", suite=suite), suite, replay_of(ANSWERED), "d" * 64)
    with pytest.raises(ValueError, match="another policy or suite"):
        run_of(policy, LABELLED, replay_of(ANSWERED), plan=plan)


def test_repeats_give_a_row_each() -> None:
    """Three repeats of five cases are fifteen rows, and figures of five cases."""
    record = run_of(policy_of(), LABELLED, replay_of(ANSWERED), repeats=3)
    assert len(record.rows) == 15
    assert record.record.metrics.headline.n == 5
    assert record.record.metrics.self_agreement is not None
    assert record.record.metrics.self_agreement.count == 5


@dataclass
class _Backwards(Ticking):
    """A wall clock that is set back while the run goes on."""

    def now(self) -> int:
        return self.at - self.ticks


def test_a_clock_that_is_set_back_does_not_end_a_run_before_it_began() -> None:
    """The end is never before the start."""

    policy = policy_of()
    run = run_suite(
        policy=policy,
        policy_text="Text.",
        ref=PolicyRef(address="x", digest="d" * 64),
        suite=make_suite("s", policy, LABELLED),
        engine=replay_of(ANSWERED),
        environment=Environment(versions={}, hardware={}),
        clock=_Backwards(),
        salt=SALT,
    )
    assert run.record.ended == run.record.started


def test_nothing_to_run_is_refused() -> None:
    """A suite of which no case is left is no run."""
    with pytest.raises(SuiteError, match="No case is left to run"):
        run_of(policy_of(), [case_of("x")], replay_of(ANSWERED))


def test_a_short_salt_or_no_repeat_is_refused_before_anything_runs() -> None:
    """What would fail at the end fails at the start."""
    with pytest.raises(ValueError, match="0 repeats are no run"):
        run_of(policy_of(), LABELLED, replay_of(ANSWERED), repeats=0)
    with pytest.raises(ValueError, match="the salt has 3 bytes"):
        run_of(policy_of(), LABELLED, _Broken([]), salt=b"abc")


class _Broken:
    """An engine that gives the same answers whatever it is asked."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers
        sound = replay_of(ANSWERED)
        self.info, self.settings, self.versions = sound.info, sound.settings, sound.versions

    def load(self, task: Task) -> _Broken:
        return self

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        return iter(self._answers)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "left 5 of 5 cases unanswered"),
        ([Answer(case_id="a", verdict=LabelVerdict(code="AD0"))] * 2, "answered case a twice"),
        ([Answer(case_id="z", verdict=LabelVerdict(code="AD0"))], "answered case z without being asked"),
        ([Answer(case_id="a", verdict=LabelVerdict(code="XX"))], "with XX, which is none of its labels"),
        ([Answer(case_id="a", verdict=FlagsVerdict(flags={"AD0": True}))], "with AD0, which is none"),
    ],
)
def test_an_engine_that_breaks_its_promise_ends_the_run(answers: Sequence[Answer], said: str) -> None:
    """Every case has exactly one answer out of the suite's labels, or there is no record."""
    with pytest.raises(EngineError, match=said):
        run_of(policy_of(), LABELLED, _Broken(answers))


def test_a_template_is_asked_for_where_one_is_needed() -> None:
    """Raw outputs need a template of the policy's labelling; the lexical engine needs none."""
    answers = [Answer(case_id="a", verdict=LabelVerdict(code="AD0"), output="AD0", finish_reason="stop")]
    with pytest.raises(TemplateError, match="engine replay needs one"):
        run_of(policy_of(), LABELLED[:1], replay_of(answers))
    flags = [case_of("a", labels={"H": True})]
    with pytest.raises(TemplateError, match="answers a policy of single labelling"):
        run_of(policy_of(FLAGS_TEXT), flags, replay_of(answers), template=SAFEGUARD_LABEL_1)
    policy = policy_of()
    suite = make_suite("s", policy, LABELLED)
    task = Task(policy=policy, policy_text="Text.", suite=suite, template=SAFEGUARD_LABEL_1)
    assert plan_run(task, suite, LexicalEngine(), "d").parts.template is None


def test_progress_is_told_of_every_answer() -> None:
    """`on_answer` is called once per case and repeat."""
    told: list[str] = []
    policy = policy_of()
    base = run_of(policy, LABELLED, replay_of(ANSWERED)).record
    run_suite(
        policy=policy,
        policy_text="Text.",
        ref=base.policy,
        suite=make_suite("s", policy, LABELLED),
        engine=replay_of(ANSWERED),
        environment=base.environment,
        clock=Ticking(),
        salt=SALT,
        repeats=2,
        on_answer=lambda answer: told.append(answer.case_id),
    )
    assert sorted(told) == sorted("aabbccddee")
