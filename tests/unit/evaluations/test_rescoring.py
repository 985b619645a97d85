"""A stored run read again: what a template makes of the same words, and that nothing else moves."""

from __future__ import annotations

import pytest

from evaluations.errors import TemplateError
from evaluations.records import REASONING_FILE, check_record
from evaluations.rescoring import rescore
from evaluations.running import Run
from evaluations.templates.registry import DEFAULT_TEMPLATE
from evaluations.verdicts import Answer, LabelVerdict
from tests.unit.evaluations.builders import ANSWERED, LABELLED, case_of, policy_of, replay_of, run_of

CHAT = "chat-label@1"


@pytest.fixture
def asked() -> Run:
    """Three answers that only the chat template reads, or only the default, and one that nothing reads."""
    outputs = {"a": "AD0", "b": "It offers nothing.\nLABEL: AD0", "c": "AD1 or AD2"}
    answers = [
        Answer(
            case_id=case,
            verdict=LabelVerdict(code="AD0"),
            finish_reason="stop",
            output=said,
            reasoning="I thought.",
        )
        for case, said in outputs.items()
    ]
    cases = [case_of("a", label="AD0"), case_of("b", label="AD0"), case_of("c", label="AD1")]
    return run_of(policy_of(), cases, replay_of(answers), template=DEFAULT_TEMPLATE, repeats=2)


def test_its_own_template_finds_the_same_run(asked: Run) -> None:
    """Same key, same bytes, nothing changed: the record already follows from its words."""
    again = rescore(asked.files)
    assert (again.run.files, again.changed, again.parsed) == (asked.files, (), 6)


def test_another_template_tells_which_answers_it_reads_differently(asked: Run) -> None:
    """Every repeat of a is lost and of b found, c fails otherwise; a sound replay under another key."""
    again = rescore(asked.files, CHAT)
    assert [(one.case, one.repeat, one.was_right, one.is_right) for one in again.changed] == [
        ("a", 1, True, False),
        ("a", 2, True, False),
        ("b", 1, False, True),
        ("b", 2, False, True),
        ("c", 1, False, False),
        ("c", 2, False, False),
    ]
    record = check_record(again.run.files)
    assert (record.parts.engine, record.parts.template) == ("replay", CHAT)
    assert record.parts.config["asked-with"] == DEFAULT_TEMPLATE.id
    assert record.key != asked.record.key
    assert (record.policy, record.suite, record.tokens) == (
        asked.record.policy,
        asked.record.suite,
        asked.record.tokens,
    )
    back = rescore(again.run.files, DEFAULT_TEMPLATE.id).run
    assert (back.rows, back.record.parts.config["asked-with"]) == (asked.rows, DEFAULT_TEMPLATE.id)


def test_verdicts_stand_where_the_words_were_erased(asked: Run) -> None:
    """There is nothing to read, so only the figures are worked out again; a template has no use."""
    files = {name: raw for name, raw in asked.files.items() if name != REASONING_FILE}
    again = rescore(files)
    assert (again.parsed, again.changed, again.run.rows) == (0, (), asked.rows)
    with pytest.raises(TemplateError, match="kept no output"):
        rescore(files, CHAT)


def test_an_engine_without_words_is_scored_as_it_stands() -> None:
    """A baseline's run comes out as it went in."""
    run = run_of(policy_of(), LABELLED, replay_of(ANSWERED))
    assert rescore(run.files).run.files == run.files


def test_a_template_of_another_labelling_is_refused(asked: Run) -> None:
    """Flags are no label, however the words look; an unknown template is named with those there are."""
    with pytest.raises(TemplateError, match="labelling"):
        rescore(asked.files, "safeguard-flags@1")
    with pytest.raises(TemplateError, match="not known"):
        rescore(asked.files, "nonesuch@9")
