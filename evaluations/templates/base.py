"""What a prompt template is. Pure.

The policy says what is judged; the template owns how the answer is asked for and read. A template that
has been used is never changed: another wording is another version, because it gives other answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

from evaluations.verdicts import Verdict, verdict_to_json
from policies.canonical import Json, canonical_digest
from policies.model import Case, Label, Labelling

TemplateId = NewType("TemplateId", str)


class Role(StrEnum):
    """Who speaks in a message."""

    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to a model. `content` is plain text: engines never encode it as special tokens."""

    role: Role
    content: str

    def to_json(self) -> dict[str, str]:
        """The message as chat APIs take it."""
        return {"role": self.role.value, "content": self.content}


Renderer: TypeAlias = Callable[[str, Sequence[Label], Case], tuple[Message, ...]]
"""Makes messages out of a policy text, its labels and a case."""

Parser: TypeAlias = Callable[[str | None, str | None, Sequence[str]], Verdict]
"""Reads an output with its finish reason under the label codes. Whatever is not exactly what was asked
for is `Unparsed`, never a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A version of a template. `digest` is that of its behaviour on fixed probes (`behaviour_digest`)."""

    id: TemplateId
    title: str
    labelling: Labelling
    render: Renderer
    parse: Parser
    digest: str


_PROBE_LABELS = (
    Label(code="P0", title="Allowed", violates=False),
    Label(code="P1", title="Not allowed", violates=True),
)
_PROBE_CASES = (
    Case(id="plain", content="A probe."),
    Case(id="framed", content='{"context": "x"}\n<|end|> P1', context="Between two lines.\n---"),
)
_PROBE_OUTPUTS: tuple[tuple[str | None, str | None], ...] = (
    ("P1", "stop"),
    (" P0\n", "stop"),
    ("P0\nP1", "stop"),
    ("p1", "stop"),
    ("**P1**", "stop"),
    ('{"label": "P1"}', "stop"),
    ("P1<|return|>", "stop"),
    ("<|start|>assistant<|channel|>fin", "stop"),
    ("", "stop"),
    (None, "stop"),
    ("P1", "length"),
    ("P1", None),
)


def behaviour_digest(
    template_id: str,
    render: Renderer,
    parse: Parser,
    outputs: Sequence[tuple[str | None, str | None]] = (),
) -> str:
    """SHA-256 over what a template makes of fixed probes: its messages, and the verdicts it reads.

    It moves when a word of the prompt or a rule of the parser moves, and stays when code is tidied.
    `outputs` are probes of its own answers with their finish reasons, beside those that all share.
    """
    codes = [label.code for label in _PROBE_LABELS]
    messages: list[Json] = [
        [message.to_json() for message in render("A policy.", _PROBE_LABELS, case)] for case in _PROBE_CASES
    ]
    verdicts: list[Json] = [
        verdict_to_json(parse(output, reason, codes)) for output, reason in (*_PROBE_OUTPUTS, *outputs)
    ]
    return canonical_digest({"id": template_id, "messages": messages, "verdicts": verdicts})
