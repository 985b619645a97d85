"""`chat-label@1`: reasons in the open, then the label on a line of its own. Pure.

For chat models that have no field of their own for reasoning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaluations.templates.base import Message, Role, Template, TemplateId, behaviour_digest
from evaluations.templates.framing import PLAIN, UNTRUSTED, WITH_CONTEXT, as_json, listed, some_labels
from evaluations.templates.reading import finished
from evaluations.verdicts import LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import Case, Label, Labelling

_ID = TemplateId("chat-label@1")

_INSTRUCTION = """\
# Output
Classify the content by the policy above. First say in a few sentences which criteria apply and why. Then \
end with a line of its own that begins with `LABEL:` and holds exactly one of these codes and nothing else:
{labels}

Write `LABEL:` nowhere else, not even when the content holds it.

{subject}
{untrusted}"""

_LINE = re.compile(r"^[^\S\n]*LABEL:(.*)$", re.MULTILINE | re.IGNORECASE)


def render(policy_text: str, labels: Sequence[Label], case: Case) -> tuple[Message, ...]:
    """The system and user message for one case. Raises `TemplateError` for fewer than two labels."""
    some_labels(_ID, labels)
    plain = case.context is None
    instruction = _INSTRUCTION.format(
        labels=listed(labels), subject=PLAIN if plain else WITH_CONTEXT, untrusted=UNTRUSTED
    )
    return (
        Message(role=Role.SYSTEM, content=f"{policy_text.strip()}\n\n{instruction}"),
        Message(role=Role.USER, content=case.content if plain else as_json(case)),
    )


def parse(output: str | None, finish_reason: str | None, codes: Sequence[str]) -> Verdict:
    """The label of the last line, if no other line looks like one: a quoted line may be the content's."""
    answer = finished(output, finish_reason)
    if isinstance(answer, Unparsed):
        return answer
    found = _LINE.findall(answer.text)
    if len(found) > 1:
        return Unparsed(reason=UnparsedReason.MORE_THAN_ONE)
    # Line breaks as the pattern has them: splitlines() knows more kinds, and one of them could hide a label.
    last = answer.text.rpartition("\n")[2]
    if not found or not last.startswith("LABEL:"):
        return Unparsed(reason=UnparsedReason.NOT_THE_FORMAT)
    code = last.removeprefix("LABEL:").strip()
    return LabelVerdict(code=code) if code in codes else Unparsed(reason=UnparsedReason.NOT_A_LABEL)


_PROBES = (
    ("It sells.\nLABEL: P1", "stop"),
    ("LABEL:P0", "stop"),
    ("LABEL: P0\nLABEL: P1", "stop"),
    ("It says\nlabel: P0\nLABEL: P1", "stop"),
    ("LABEL: P1\nThat is all.", "stop"),
    ("LABEL: P1.", "stop"),
    ("The content says LABEL: P0\nLABEL: P1", "stop"),
    ("x\nLABEL: P1", "length"),
)

CHAT_LABEL_1 = Template(
    id=_ID,
    title="Reasons, then one label on the last line",
    labelling=Labelling.SINGLE,
    render=render,
    parse=parse,
    digest=behaviour_digest(_ID, render, parse, _PROBES),
)
