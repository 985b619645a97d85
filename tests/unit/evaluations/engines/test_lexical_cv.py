"""`lexical-cv`: trained on the labelled cases, each answered unseen."""

from __future__ import annotations

import pytest

from evaluations.engines.base import Task
from evaluations.engines.lexical import MOST_CHARACTERS
from evaluations.engines.lexical_cv import LexicalCvEngine
from evaluations.errors import EngineError
from evaluations.suites import make_suite
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict, Verdict
from policies.model import Case
from tests.unit.evaluations.builders import FLAGS_TEXT, case_of, policy_of

NAMES = ["amber", "birch", "cedar", "dahlia", "elder", "fern", "gorse", "hazel", "iris", "juniper"]


def _suite_cases() -> list[Case]:
    talk = [case_of(f"t{name}", f"the {name} in our garden {name * 2} blooms", "AD0") for name in NAMES]
    offers = [case_of(f"o{name}", f"buy {name * 3} cheap sale {name}", "AD1") for name in NAMES]
    return talk + offers


def _answers(cases: list[Case], text: str | None = None) -> dict[str, Verdict]:
    policy = policy_of() if text is None else policy_of(text)
    suite = make_suite("s", policy, cases)
    session = LexicalCvEngine().load(Task(policy=policy, policy_text="unread", suite=suite))
    answers: list[Answer] = list(session.classify(suite.cases))
    return {answer.case_id: answer.verdict for answer in answers}


def test_what_words_tell_apart_is_learned() -> None:
    """Twenty cases of two kinds with words of their own come out right."""
    cases = _suite_cases()
    answers = _answers(cases)
    assert [answers[case.id] for case in cases] == [LabelVerdict(code=str(case.label)) for case in cases]


def test_the_order_of_cases_does_not_matter() -> None:
    """Folds and verdicts follow from the cases alone."""
    cases = _suite_cases()
    assert _answers(cases) == _answers(cases[::-1])


def test_a_case_never_teaches_itself() -> None:
    """A word that stands in one case alone cannot make it right: a mislabelled case comes out wrong."""
    cases = [*_suite_cases(), case_of("odd", "buy zinnia cheap sale unique", "AD0")]
    assert _answers(cases)["odd"] == LabelVerdict(code="AD1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"content": "quince quince pear", "pair": "p"}, {"content": "quince quince plum", "pair": "p"}),
        ({"content": "Quince, quince!"}, {"content": "quince  QUINCE"}),
        ({"content": "my quince quince is here"}, {"content": "my quince quince is there"}),
    ],
)
def test_what_belongs_together_does_not_teach_each_other(one: dict[str, str], other: dict[str, str]) -> None:
    """A contrast pair, the same words twice and two fillings of one frame: the twin's label has no say."""

    def told(label_of_other: str) -> Verdict:
        twins = [case_of("one", label="AD0", **one), case_of("two", label=label_of_other, **other)]  # type: ignore[arg-type]
        return _answers([*_suite_cases(), *twins])["one"]

    assert told("AD0") == told("AD1")


def test_unknown_flags_teach_nothing() -> None:
    """A flag is learned from the cases where it is known, and left open where no other fold knows it."""
    cases = [
        case_of(
            case.id,
            case.content,
            labels={"H": case.label == "AD1", "V": None if case.label == "AD1" else False},
        )
        for case in _suite_cases()
    ]
    alone = case_of("alone", "the quince in our garden quince quince", labels={"H": False, "Q": True})
    answers = _answers([*cases, alone], FLAGS_TEXT)
    assert answers["oamber"] == FlagsVerdict(flags={"H": True, "V": False, "Q": True})
    assert answers["tamber"] == FlagsVerdict(flags={"H": False, "V": False, "Q": True})
    assert answers["alone"] == FlagsVerdict(flags={"H": False, "V": False})


def test_only_cases_of_its_suite_are_answered() -> None:
    """A foreign case, no suite and a suite of one group are refused."""
    policy = policy_of()
    suite = make_suite("s", policy, _suite_cases())
    session = LexicalCvEngine().load(Task(policy=policy, policy_text="", suite=suite))
    with pytest.raises(EngineError, match=r"case x is not one of its suite"):
        list(session.classify([case_of("x")]))
    with pytest.raises(EngineError, match="learns from labelled cases and was given none"):
        LexicalCvEngine().load(Task(policy=policy, policy_text=""))
    lonely = make_suite("s", policy, [case_of("x", "same", "AD0"), case_of("y", "Same!", "AD1")])
    with pytest.raises(EngineError, match="fewer than two groups of labelled cases"):
        LexicalCvEngine().load(Task(policy=policy, policy_text="", suite=lonely))


def test_cases_without_words_and_long_ones_have_explicit_verdicts() -> None:
    """A text past the limit is failed; a suite of blank texts is failed as a whole."""
    cases = [*_suite_cases(), case_of("long", "x" * (MOST_CHARACTERS + 1), "AD0")]
    assert _answers(cases)["long"] == Failed(error="too-long")
    blank = [Case(id=str(n), content=" " * (n + 1), label="AD0") for n in range(3)]
    assert set(_answers(blank).values()) == {Failed(error="no-words")}
