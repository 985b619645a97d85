"""`safeguard-label@2`: asks as `safeguard-label@1` does, and takes the code in quotes or marks, too. Pure.

Some models put their one label in bold, in quotes or before a full stop. That is still exactly one label and
no other word. Scoring a run again with this version tells how many of its unreadable answers were such.
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluations.templates.base import Template, TemplateId, behaviour_digest
from evaluations.templates.reading import finished
from evaluations.templates.safeguard_label_1 import render
from evaluations.verdicts import LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import Labelling

_ID = TemplateId("safeguard-label@2")
_SIGNS = "*_`\"'“”‘’«»()[]. "


def parse(output: str | None, finish_reason: str | None, codes: Sequence[str]) -> Verdict:
    """The label, if the finished answer is one declared label with nothing but signs around it."""
    answer = finished(output, finish_reason)
    if isinstance(answer, Unparsed):
        return answer
    for text in (answer.text, answer.text.strip(_SIGNS)):
        if text in codes:
            return LabelVerdict(code=text)
    return Unparsed(reason=UnparsedReason.NOT_A_LABEL)


_PROBES = (
    ("`P1`", "stop"),
    ('"P0".', "stop"),
    ("**P1**.", "stop"),
    ("(P1)", "stop"),
    ("“P0”", "stop"),
    ("P1, P0", "stop"),
    ("*P1*\n*P0*", "stop"),
    ("P1: Not allowed", "stop"),
    ("Label P1.", "stop"),
    ("- P1", "stop"),
)

SAFEGUARD_LABEL_2 = Template(
    id=_ID,
    title="One label, also in quotes or marks, policy in the system message",
    labelling=Labelling.SINGLE,
    render=render,
    parse=parse,
    digest=behaviour_digest(_ID, render, parse, _PROBES),
)
