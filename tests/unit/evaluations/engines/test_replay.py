"""`replay`: recorded answers, scored again."""

from __future__ import annotations

import pytest

from evaluations.engines.base import EngineSettings, Task
from evaluations.engines.replay import Recording, ReplayEngine, recordings_of_answers, recordings_of_run
from evaluations.errors import EngineError
from evaluations.keys import ModelManifest
from evaluations.templates.safeguard_label_1 import SAFEGUARD_LABEL_1
from evaluations.verdicts import (
    Answer,
    Failed,
    FlagsVerdict,
    LabelVerdict,
    Tokens,
    Unparsed,
    UnparsedReason,
    Verdict,
)
from policies.importers.model import RecordedAnswer
from policies.model import Case
from tests.unit.evaluations.builders import (
    ANSWERED,
    FLAGS_TEXT,
    LABELLED,
    case_of,
    policy_of,
    replay_of,
    run_of,
)

SETTINGS = EngineSettings(model=ModelManifest(id="gpt-oss-safeguard"), effort="low")


def _verdicts(engine: ReplayEngine, *cases: Case, text: str | None = None) -> list[Verdict]:
    policy = policy_of() if text is None else policy_of(text)
    session = engine.load(Task(policy=policy, policy_text="", template=SAFEGUARD_LABEL_1))
    return [answer.verdict for answer in session.classify(cases)]


def test_it_answers_what_was_recorded() -> None:
    """Verdicts come back as given; a case without one is failed."""
    engine = replay_of(ANSWERED)
    assert _verdicts(engine, *LABELLED, case_of("z")) == [*ANSWERED.values(), Failed(error="not-recorded")]


def test_a_label_that_the_policy_does_not_declare_is_unparsed() -> None:
    """A sheet may hold anything; it is never taken for a label."""
    told = [RecordedAnswer(case_id="a", engine="m", label="SP9"), RecordedAnswer(case_id="b", engine="m")]
    assert _verdicts(ReplayEngine(recordings_of_answers(told), SETTINGS), *LABELLED[:2]) == [
        Unparsed(reason=UnparsedReason.NOT_A_LABEL),
        Unparsed(reason=UnparsedReason.EMPTY),
    ]


def test_recorded_flags_keep_what_was_not_answered_open() -> None:
    """A flag that is None in the source is missing in the verdict; an undeclared one makes it unparsed."""
    told = [
        RecordedAnswer(case_id="a", engine="m", labels={"H": True, "V": None}),
        RecordedAnswer(case_id="b", engine="m", labels={"X": True}),
    ]
    engine = ReplayEngine(recordings_of_answers(told), SETTINGS)
    assert _verdicts(engine, case_of("a"), case_of("b"), text=FLAGS_TEXT) == [
        FlagsVerdict(flags={"H": True}),
        Unparsed(reason=UnparsedReason.NOT_A_LABEL),
    ]


def test_outputs_are_parsed_by_the_template_at_hand() -> None:
    """What was recorded as a verdict does not matter where the output is there."""
    answer = Answer(case_id="a", verdict=Failed(error="unread"), output="AD2 ", finish_reason="stop")
    engine = ReplayEngine([Recording(answer=answer, parse=True)], SETTINGS)
    assert _verdicts(engine, LABELLED[0]) == [LabelVerdict(code="AD2")]
    with pytest.raises(EngineError, match="has raw outputs and no template"):
        engine.load(Task(policy=policy_of(), policy_text=""))


def test_a_stored_run_can_be_run_again() -> None:
    """Its answers, words and costs give the same rows."""
    answers = [
        Answer(
            case_id=case.id,
            verdict=Failed(error="unread"),
            output=output,
            finish_reason="stop",
            reasoning="Because.",
            tokens=Tokens(input=10, output=2),
            latency_ms=5,
            prompt_hash="f" * 64,
        )
        for case, output in zip(LABELLED, ["AD0", "AD1", "AD1", "AD", "AD2"], strict=True)
    ]
    first = run_of(policy_of(), LABELLED, replay_of(answers), template=SAFEGUARD_LABEL_1, repeats=2)
    engine = ReplayEngine(recordings_of_run(first.files), SETTINGS)
    again = run_of(policy_of(), LABELLED, engine, template=SAFEGUARD_LABEL_1, repeats=2)
    assert again.rows == first.rows
    assert again.record.reasoning == first.record.reasoning


def test_what_was_recorded_enters_the_run_key() -> None:
    """Two recordings of one model are two runs; the model's own settings are kept."""
    one, other = replay_of(ANSWERED).settings, replay_of({**ANSWERED, "a": Failed(error="timeout")}).settings
    assert one.config["recording"] != other.config["recording"]
    assert ReplayEngine([], SETTINGS).settings.effort == "low"
    half = Answer(case_id="a", verdict=Failed(error="unread"), output="\ud800")
    assert ReplayEngine([Recording(answer=half, parse=True)], SETTINGS).settings.config["recording"]


def test_a_case_recorded_twice_is_refused() -> None:
    """Nothing says which of two answers is meant."""
    twice = [Recording(answer=Answer(case_id="a", verdict=LabelVerdict(code="AD0")))] * 2
    with pytest.raises(EngineError, match="case a is recorded twice"):
        ReplayEngine(twice, SETTINGS)
