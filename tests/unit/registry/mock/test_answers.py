"""The scripted server's answers: in every template's form, mostly known, and the same each time."""

from __future__ import annotations

import pytest

from evaluations.templates.base import Template
from evaluations.templates.registry import TEMPLATES
from evaluations.verdicts import FlagsVerdict, LabelVerdict, Verdict
from policies.model import Case, Label, Labelling
from registry.mock.answers import Answers, answers_of

TWO = (Label(code="A", title="Fine", violates=False), Label(code="B", title="Not fine", violates=True))
FLAGS = (Label(code="H", title="Hateful", violates=True), Label(code="V", title="Violent", violates=True))
CASES = (Case(id="1", content="A {walk}.", label="B"), Case(id="2", content="Rain.", label="A"))
FLAGGED = (Case(id="3", content="Stones.", labels={"H": False, "V": True}),)


def _answers(**options: int) -> Answers:
    return answers_of([(TWO, CASES), (FLAGS, FLAGGED)], **{"wrong": 0, "wobble": 0, **options})


def _asked(template: Template, case: Case, answers: Answers, before: int = 0) -> Verdict:
    labels = FLAGS if template.labelling is Labelling.MULTI else TWO
    messages = [message.to_json() for message in template.render("The policy.", labels, case)]
    said = answers.answer(messages, before)
    assert "no model read this" in said.reasoning
    return template.parse(said.content, "stop", [label.code for label in labels])


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
@pytest.mark.parametrize("context", [None, "In a thread about {braces}."])
def test_every_template_reads_what_is_known(template: Template, context: str | None) -> None:
    """Content is found whatever frame it stands in, and answered in the form asked for."""
    if template.labelling is Labelling.MULTI:
        case = Case(id="3", content="Stones.", labels={}, context=context)
        expected: Verdict = FlagsVerdict(flags={"H": False, "V": True})
    else:
        case, expected = Case(id="1", content="A {walk}.", context=context), LabelVerdict(code="B")
    assert _asked(template, case, _answers()) == expected


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
def test_what_is_not_known_is_answered_in_form_too(template: Template) -> None:
    """With the mildest label, or no flag."""
    verdict = _asked(template, Case(id="9", content="Unheard of."), _answers())
    assert verdict in (LabelVerdict(code="A"), FlagsVerdict(flags={"H": False, "V": False}))


def test_so_many_are_wrong_and_always_the_same() -> None:
    """Of a thousand contents a fifth or so, by their text and the policy's; asked again, some waver."""
    cases = tuple(Case(id=str(n), content=f"Content {n}.", label="B") for n in range(1000))
    answers = answers_of([(TWO, cases)], wrong=20, wobble=5)
    template = TEMPLATES["safeguard-label@1"]
    first, again = ([_asked(template, case, answers, before) for case in cases] for before in (0, 1))
    wrong = sum(verdict == LabelVerdict(code="A") for verdict in first)
    assert 150 < wrong < 250
    assert first == [_asked(template, case, answers) for case in cases]
    assert 20 < sum(one != other for one, other in zip(first, again, strict=True)) < 90
