"""The templates there are, by id. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evaluations.errors import TemplateError
from evaluations.templates.base import Message, Template
from evaluations.templates.chat_label_1 import CHAT_LABEL_1
from evaluations.templates.cope_1 import COPE_1
from evaluations.templates.safeguard_flags_1 import SAFEGUARD_FLAGS_1
from evaluations.templates.safeguard_json_1 import SAFEGUARD_JSON_1
from evaluations.templates.safeguard_label_1 import SAFEGUARD_LABEL_1
from evaluations.templates.safeguard_label_2 import SAFEGUARD_LABEL_2
from policies.model import Case, Label, Labelling

DEFAULT_TEMPLATE = SAFEGUARD_LABEL_1

TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        template.id: template
        for template in (
            SAFEGUARD_LABEL_1,
            SAFEGUARD_LABEL_2,
            SAFEGUARD_JSON_1,
            SAFEGUARD_FLAGS_1,
            COPE_1,
            CHAT_LABEL_1,
        )
    }
)


def default_template(labelling: Labelling) -> Template:
    """What a policy of this labelling is asked with unless somebody chooses another."""
    return SAFEGUARD_FLAGS_1 if labelling is Labelling.MULTI else DEFAULT_TEMPLATE


def template_named(template_id: str) -> Template:
    """The template with this id. Raises `TemplateError` naming those there are."""
    template = TEMPLATES.get(template_id)
    if template is None:
        raise TemplateError(template_id, "is not known.", f"Use one of: {', '.join(sorted(TEMPLATES))}.")
    return template


def render_messages(
    template: Template, policy_text: str, labels: tuple[Label, ...], labelling: Labelling, case: Case
) -> tuple[Message, ...]:
    """Exactly what is sent to a model for one case.

    Raises `TemplateError` when the template asks for another kind of answer than the policy wants.
    """
    if template.labelling is not labelling:
        raise TemplateError(
            template.id,
            f"answers a policy of {template.labelling} labelling, and this one's is {labelling}.",
            f"Use a template for {labelling} labelling, or make the labels exclude one another.",
        )
    return template.render(policy_text, labels, case)
