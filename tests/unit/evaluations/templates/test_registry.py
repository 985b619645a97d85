"""The templates there are."""

from __future__ import annotations

import pytest

from evaluations.errors import TemplateError
from evaluations.templates.registry import (
    DEFAULT_TEMPLATE,
    TEMPLATES,
    default_template,
    render_messages,
    template_named,
)
from evaluations.templates.safeguard_label_1 import SAFEGUARD_LABEL_1
from policies.model import Labelling
from tests.unit.evaluations.builders import FLAGS_TEXT, case_of, policy_of


def test_a_template_is_found_by_its_id() -> None:
    """The default is among those there are, under its own id."""
    assert template_named("safeguard-label@1") is SAFEGUARD_LABEL_1
    assert TEMPLATES[DEFAULT_TEMPLATE.id] is DEFAULT_TEMPLATE


def test_each_labelling_has_its_default() -> None:
    """A policy of either labelling is asked with a template that answers it."""
    assert [default_template(labelling).labelling for labelling in Labelling] == list(Labelling)


def test_an_unknown_template_is_refused_with_those_there_are() -> None:
    """The message lists the ids."""
    with pytest.raises(TemplateError, match=r"@9: is not known\. Use one of: chat-label@1, cope@1, saf"):
        template_named("safeguard-label@9")


def test_a_template_asks_only_for_what_the_policy_wants() -> None:
    """Messages are rendered for a single-label policy, and refused for one of flags."""
    meta, flags = policy_of().meta, policy_of(FLAGS_TEXT).meta
    messages = render_messages(SAFEGUARD_LABEL_1, "Text", meta.labels, meta.labelling, case_of("x", "Hi"))
    assert messages[1].content == "Hi"
    with pytest.raises(TemplateError, match="answers a policy of single labelling, and this one's is multi"):
        render_messages(SAFEGUARD_LABEL_1, "Text", flags.labels, flags.labelling, case_of("x"))
