"""Runs that the exporters' tests give away."""

from __future__ import annotations

from dataclasses import replace

from evaluations.exports.gathering import Disclosure, ExportedRun, gather
from evaluations.records import read_rows, read_words
from evaluations.running import Run
from evaluations.suites import Visibility
from evaluations.templates.registry import template_named
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict, Tokens, Unparsed, UnparsedReason
from policies.model import Case, CaseStatus
from tests.unit.evaluations.builders import FLAGS_TEXT, case_of, policy_of, replay_of, run_of

CASES = (
    case_of("a", "Plain talk about the weather", label="AD0", slices=("short",)),
    case_of("b", "=HYPERLINK(1) nobody asked for", label="AD0", slices=("short", "joke"), context="a thread"),
    case_of("c", "Cheap watches, come and see them", label="AD1", sensitive=True),
    case_of("d", "A candle shop opens on Monday", label="AD1"),
    case_of("e", "Forward it or lose everything", label="AD2", status=CaseStatus.TODO),
)

ANSWERS = (
    Answer(
        case_id="a",
        verdict=LabelVerdict(code="AD0"),
        finish_reason="stop",
        output="AD0",
        reasoning="The weather sells nothing.",
        tokens=Tokens(input=100, output=7, cached=64, reasoning=5),
        latency_ms=250,
        prompt_hash="a" * 64,
    ),
    Answer(case_id="b", verdict=LabelVerdict(code="AD1"), finish_reason="stop", output="AD1"),
    Answer(
        case_id="c",
        verdict=LabelVerdict(code="AD1"),
        finish_reason="stop",
        output="AD1",
        reasoning="Watches are quoted here.",
    ),
    Answer(
        case_id="d",
        verdict=Unparsed(reason=UnparsedReason.NOT_A_LABEL),
        finish_reason="stop",
        output="perhaps AD1",
    ),
    Answer(case_id="e", verdict=Failed(error="timeout")),
)


def labels_run(repeats: int = 1) -> Run:
    """Four counted cases and a known failure: two right, one wrong, one unparsed."""
    template = template_named("safeguard-label@1")
    return run_of(policy_of(), CASES, replay_of(ANSWERS), repeats=repeats, template=template)


def flags_run() -> Run:
    """Two cases of flags, one with a gap."""
    cases = (
        Case(id="x", content="first", labels={"H": True, "V": False, "Q": None}),
        Case(id="y", content="second", labels={"H": False, "V": False, "Q": True}),
    )
    answers = {
        "x": FlagsVerdict(flags={"H": True, "V": False, "Q": False}),
        "y": FlagsVerdict(flags={"H": True, "V": False, "Q": True}),
    }
    return run_of(policy_of(FLAGS_TEXT), cases, replay_of(answers))


def exported(
    run: Run, disclose: Disclosure = Disclosure.FACTS, cases: tuple[Case, ...] = CASES
) -> ExportedRun:
    """The run as it leaves its record."""
    return gather(
        run.record, read_rows(run.files), words=read_words(run.files), cases=cases, disclose=disclose
    )


def sealed(run: Run) -> Run:
    """The run, of a suite that nobody may read."""
    suite = replace(run.record.suite, visibility=Visibility.SEALED)
    return replace(run, record=replace(run.record, suite=suite))
