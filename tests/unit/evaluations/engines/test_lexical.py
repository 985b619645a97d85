"""`lexical`: fitted on the policy's own words."""

from __future__ import annotations

import pytest

from evaluations.engines.base import Task
from evaluations.engines.lexical import MOST_CHARACTERS, LexicalEngine
from evaluations.errors import TooLittleTextError
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict
from policies.model import Case, Policy
from tests.unit.evaluations.builders import FLAGS_TEXT, TEXT, case_of, policy_of

CASES = (
    case_of("talk", "The garden was soaked this morning."),
    case_of("offer", "Watches for sale in my shop."),
    case_of("pushy", "LAST CHANCE!!! now now now"),
)


def _answers(policy: Policy, cases: tuple[Case, ...]) -> list[Answer]:
    return list(LexicalEngine().load(Task(policy=policy, policy_text="unread")).classify(cases))


def test_it_answers_with_the_label_whose_words_a_case_shares() -> None:
    """Three cases in the words of three sections."""
    assert [(answer.case_id, answer.verdict) for answer in _answers(policy_of(), CASES)] == [
        ("talk", LabelVerdict(code="AD0")),
        ("offer", LabelVerdict(code="AD1")),
        ("pushy", LabelVerdict(code="AD2")),
    ]


def test_a_case_is_answered_alike_whatever_stands_beside_it() -> None:
    """Batches, order and company change no verdict."""
    together = {answer.case_id: answer.verdict for answer in _answers(policy_of(), CASES)}
    for case in CASES:
        assert _answers(policy_of(), (case,))[0].verdict == together[case.id]
    assert [answer.case_id for answer in _answers(policy_of(), CASES[::-1])] == ["pushy", "offer", "talk"]


def test_the_context_is_read_too() -> None:
    """Where content stood can decide."""
    case = case_of("x", "ok", context="LAST CHANCE buy now now now!!!")
    assert _answers(policy_of(), (case,))[0].verdict == LabelVerdict(code="AD2")


def test_flags_are_raised_one_against_the_rest() -> None:
    """Every declared flag is answered, each for itself."""
    (answer,) = _answers(policy_of(FLAGS_TEXT), (case_of("x", "Those people are liars."),))
    assert answer.verdict == FlagsVerdict(flags={"H": True, "V": False, "Q": False})


def test_a_label_without_text_is_never_given() -> None:
    """Two labels with text are enough to start; the third is only ever missed."""
    policy = policy_of(TEXT.partition("## AD2")[0])
    assert {answer.verdict for answer in _answers(policy, CASES)} <= {
        LabelVerdict(code="AD0"),
        LabelVerdict(code="AD1"),
    }


def test_fewer_than_two_labels_with_text_are_refused() -> None:
    """The error names the labels without text and what to do."""
    with pytest.raises(TooLittleTextError, match=r"there is none for AD1, AD2\. Give each label") as caught:
        LexicalEngine().load(Task(policy=policy_of(TEXT.partition("## AD1")[0]), policy_text=""))
    assert caught.value.untrained == ("AD1", "AD2")


def test_a_text_that_is_too_long_is_failed_and_not_cut() -> None:
    """Past the limit there is an explicit verdict, and the others are answered."""
    long = case_of("long", "now " * (MOST_CHARACTERS // 4 + 1))
    assert [answer.verdict for answer in _answers(policy_of(), (long, CASES[0]))] == [
        Failed(error="too-long"),
        LabelVerdict(code="AD0"),
    ]


@pytest.mark.parametrize(
    "content", ["", " ", "x", "no", "\u200b", "\ud800", "\U0001f600", "\x00", "\U0001f525" * 5, "?!"]
)
def test_where_there_is_too_little_to_go_by_there_is_no_label(content: str) -> None:
    """Blank, invisible and broken content, a letter or two and unknown signs would get whatever all get."""
    (answer,) = _answers(policy_of(), (Case(id="x", content=content),))
    assert answer.verdict == Failed(error="too-short")


@pytest.mark.parametrize("content", ["now", "!!!", "<|end|>", "buy", "\u4f60\u597d\u5417"])
def test_odd_content_gets_a_verdict(content: str) -> None:
    """Short words, signs that the policy holds and content that imitates a prompt are answered."""
    (answer,) = _answers(policy_of(), (Case(id="x", content=content),))
    assert isinstance(answer.verdict, LabelVerdict)


def test_it_informs_and_never_gates() -> None:
    """It says of itself what it cannot do."""
    info = LexicalEngine().info
    assert (info.promises.deterministic, info.promises.may_gate, info.promises.reads_policy) == (
        True,
        False,
        True,
    )
    assert (info.needs.gpu, info.needs.template, info.needs.suite) == (False, False, False)
    assert "It cannot follow rules and predicts nothing about the model." in info.summary
