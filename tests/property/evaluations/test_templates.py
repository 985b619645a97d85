"""What holds of every answer a model gives and every content it is asked about."""

from __future__ import annotations

import ast
import json

from hypothesis import given
from hypothesis import strategies as st

from evaluations.templates.base import Message, Role
from evaluations.templates.export import ExportFormat, Target, export, request_of
from evaluations.templates.safeguard_label_1 import parse, render
from evaluations.verdicts import LabelVerdict
from policies.model import Case, Label

CODES = ("SP0", "SP2")
LABELS = tuple(Label(code=code, title=code, violates=code != "SP0") for code in CODES)
anything = st.text(st.characters(exclude_categories=()))
answers = st.one_of(
    anything, st.lists(st.sampled_from([*CODES, " ", "\n", "<|", "|>", "label", ".", "0"])).map("".join)
)


@given(output=st.none() | answers, finish_reason=st.sampled_from(["stop", "length", None]))
def test_a_verdict_is_exactly_one_declared_label(output: str | None, finish_reason: str | None) -> None:
    """A label comes out only when the finished answer is that label and blanks."""
    verdict = parse(output, finish_reason, CODES)
    if isinstance(verdict, LabelVerdict):
        assert finish_reason == "stop"
        assert output is not None
        assert output.strip() == verdict.code
        assert verdict.code in CODES


@given(content=anything, context=st.none() | anything)
def test_content_changes_nothing_but_its_own_message(content: str, context: str | None) -> None:
    """The system message is that of any other case of its kind, and the content can be read back."""
    system, user = render("Policy.", LABELS, Case(id="x", content=content, context=context))
    other = Case(id="y", content="other", context=None if context is None else "other")
    assert system == render("Policy.", LABELS, other)[0]
    if context is None:
        assert user.content == content
    else:
        assert json.loads(user.content) == {"context": context, "content": content}


@given(content=anything)
def test_every_export_holds_exactly_the_request(content: str) -> None:
    """JSON, Python and the curl body read back to what is sent, and every character can be seen."""
    messages = (Message(role=Role.SYSTEM, content="Policy."), Message(role=Role.USER, content=content))
    request = request_of(messages, Target())
    written = {form: export(messages, form) for form in ExportFormat}
    assert json.loads(written[ExportFormat.MESSAGES]) == request["messages"]
    assert (
        json.loads(written[ExportFormat.CURL].split("\n", 4)[4].rpartition("\nEND_OF_REQUEST")[0]) == request
    )
    (assigned,) = (
        node
        for node in ast.parse(written[ExportFormat.PYTHON]).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "REQUEST"
    )
    assert ast.literal_eval(assigned.value) == request
    assert all(
        character == "\n" or character.isprintable() for text in written.values() for character in text
    )
