"""A run's figures on contested cases and on the others."""

from __future__ import annotations

from dataclasses import replace

from evaluations.apart import figures_apart
from evaluations.records import check_record, record_files
from evaluations.running import Run
from evaluations.suites import Suite, make_suite
from evaluations.verdicts import LabelVerdict
from policies.model import Annotation, Case, CaseStatus
from tests.unit.evaluations.builders import case_of, policy_of, replay_of, run_of


def said(*labels: str) -> tuple[Annotation, ...]:
    return tuple(Annotation(by=f"A{n}", label=label) for n, label in enumerate(labels, start=1))


CASES = (
    case_of("a", label="AD0", annotations=said("AD0", "AD0", "AD0")),
    case_of("b", label="AD1", annotations=said("AD1", "AD1", "AD1")),
    case_of("c", label="AD1", annotations=said("AD0", "AD1")),
    case_of("d", label="AD0", annotations=said("AD1", "AD1", "AD0")),
    case_of("e", label="AD0"),
    case_of("f", label="AD0", annotations=said("AD0", "AD1"), status=CaseStatus.TODO),
)


def ran(cases: tuple[Case, ...] = CASES, repeats: int = 1) -> tuple[Run, Suite]:
    verdicts = {case.id: LabelVerdict(code="AD0") for case in cases}
    return run_of(policy_of(), cases, replay_of(verdicts), repeats=repeats), make_suite(
        "advertising", policy_of(), cases
    )


def test_the_groups_share_no_case_and_hold_every_counted_one() -> None:
    """Contested, agreed and unannotated cases add up to the headline; a known failure is in none."""
    run, suite = ran(repeats=2)
    apart = figures_apart(run.rows, suite)
    assert apart is not None
    assert apart.contested is not None
    assert apart.agreed is not None
    assert apart.unannotated is not None
    parts = (apart.contested, apart.agreed, apart.unannotated)
    assert [scores.n for scores in parts] == [2, 2, 1]
    # Three cases right, each of them twice.
    assert sum(scores.accuracy.count for scores in parts) == run.record.metrics.headline.accuracy.count == 6
    assert (apart.contested.accuracy.count, apart.agreed.accuracy.count) == (2, 2)


def test_people_are_measured_on_the_cases_that_were_run() -> None:
    """The ceiling is that of the annotators of counted cases: 6 of 9 ratings, 8 of 11 as gold."""
    run, suite = ran()
    apart = figures_apart(run.rows, suite)
    assert apart is not None
    assert apart.people.exact is not None
    assert apart.people.annotated == 4
    # c: each of two sees the other alone and differs (0 of 2); d: AD1 twice against one each, a tie out.
    assert apart.people.exact.agreement.ceiling == "0.666667"
    assert apart.people.exact.gold == "0.727273"


def test_nothing_is_said_where_nobody_annotated() -> None:
    """Without annotations, and for cases that were edited since, there are no groups."""
    run, suite = ran(CASES[4:5])
    assert figures_apart(run.rows, suite) is None
    run, suite = ran(CASES[:4])
    edited = tuple(replace(case, content=f"{case.content} edited") for case in CASES[:4])
    assert figures_apart(run.rows, make_suite("advertising", policy_of(), edited)) is None


def test_a_group_without_a_case_is_none() -> None:
    """Where annotators agree on every case there are no contested figures, rather than zeros."""
    run, suite = ran(CASES[:2])
    apart = figures_apart(run.rows, suite)
    assert apart is not None
    assert (apart.contested, apart.unannotated) == (None, None)


def test_annotations_change_no_record() -> None:
    """A run of annotated cases is the run of the same cases without annotations, byte for byte."""
    bare, _ = ran(tuple(replace(case, annotations=()) for case in CASES))
    run, _ = ran()
    assert run.files == bare.files
    check_record(record_files(run.record, run.files["predictions.jsonl"], run.files["reasoning.jsonl"]))
