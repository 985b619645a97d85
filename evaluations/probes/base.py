"""What a probe is. Pure.

A probe changes a policy in a known way and says how each verdict ought to move. Both texts are put to one
engine on the same cases, so what is measured is whether verdicts follow the text, not whether they are right.
A probe that was used is never changed: another wording is another version, since it gives other answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from evaluations.errors import EvaluationError
from policies.canonical import Json, canonical_digest
from policies.codec import parse_policy
from policies.folder import POLICY_FILE, PolicyFolder
from policies.model import Case, Label, Labelling, Policy
from policies.names import Slug
from policies.prompt import prompt_text

ProbeId = NewType("ProbeId", str)


class ProbeError(EvaluationError):
    """A probe that makes no sense here (`probe`, `rule`, `remedy`)."""

    def __init__(self, probe: str, rule: str, remedy: str) -> None:
        self.probe = probe
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"probe {probe}: {rule} {remedy}")


class Move(StrEnum):
    """What the changed text makes of a case, told from the verdict under the unchanged one."""

    TURN = "turn"
    ALLOW = "allow"
    STAY = "stay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Two texts for the same cases: as it is (`control`), and changed.

    `moves[i]` is what the change makes of `cases[i]`. The cases may differ from the policy's own in their
    context, never in their content.
    """

    control: PolicyFolder
    changed: PolicyFolder
    cases: tuple[Case, ...]
    moves: tuple[Move, ...]


Prepare = Callable[[PolicyFolder, Sequence[Case]], Arms]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A version of a probe.

    `asks` says what is done, `shows` what it can tell and what it cannot. `digest` is that of what it makes
    of fixed policies and cases (`behaviour_digest`).
    """

    id: ProbeId
    title: str
    asks: str
    shows: str
    prepare: Prepare
    digest: str


def with_text(folder: PolicyFolder, raw: bytes, *, attachments: bool = True) -> PolicyFolder:
    """The folder with another `policy.md`; without `attachments`, with that file and its cases alone."""
    files = {name: held for name, held in folder.files.items() if attachments or not name.endswith(".md")}
    return replace(folder, files={**files, POLICY_FILE: raw}, document=parse_policy(raw))


def around_body(folder: PolicyFolder, before: str = "", after: str = "") -> bytes:
    """`policy.md` with words before and after its text; the front matter stays as it is, to the byte."""
    raw, body = folder.document.raw, folder.document.policy.body.encode("utf-8")
    head = raw.removesuffix(body)
    return head + before.encode() + body.rstrip(b"\n") + b"\n" + after.encode()


def sides(probe: str, policy: Policy) -> tuple[list[Label], list[Label]]:
    """The labels that violate and those that do not, mildest first.

    Raises `ProbeError` where content cannot be called both: there is nothing to turn.
    """
    violating = [label for label in policy.meta.labels if label.violates]
    allowed = [label for label in policy.meta.labels if not label.violates]
    if not violating or (not allowed and policy.meta.labelling is Labelling.SINGLE):
        raise ProbeError(
            probe,
            "the policy needs a label that violates and one that does not.",
            "Declare both in its front matter.",
        )
    return violating, allowed


def codes(labels: Sequence[Label]) -> str:
    """Label codes for a text."""
    return ", ".join(label.code for label in labels)


_SAMPLE = """---
title: A probe's sample
licenses: {{text: CC0-1.0}}
labels:
{labels}
labelling: {labelling}
---
# Goal
Decide.

## {first} First
Plain talk.

## {second} Second
Anything else.
"""
_SAMPLES = (
    ("single", (("P0", False), ("P1", True), ("P2", True))),
    ("multi", (("F1", True), ("F2", True))),
)
_CASES = tuple(
    Case(id=f"sample-{n}", content=f"Sample {n}.", context="In a thread." if n % 2 else None)
    for n in range(8)
)


def behaviour_digest(probe_id: str, prepare: Prepare) -> str:
    """SHA-256 over what a probe makes of fixed policies and cases: both texts, contexts and moves."""
    made: list[Json] = []
    for labelling, labels in _SAMPLES:
        told = "\n".join(
            f"  - {{code: {code}, title: Label {code}, violates: {str(violates).lower()}}}"
            for code, violates in labels
        )
        raw = _SAMPLE.format(labels=told, labelling=labelling, first=labels[0][0], second=labels[1][0])
        document = parse_policy(raw.encode())
        folder = PolicyFolder(
            slug=Slug("sample"), files={POLICY_FILE: raw.encode()}, document=document, cases=()
        )
        arms = prepare(folder, _CASES)
        made.append(
            {
                "control": prompt_text(arms.control),
                "changed": prompt_text(arms.changed),
                "labels": [[label.code, label.title] for label in arms.changed.document.policy.meta.labels],
                "contexts": [case.context for case in arms.cases],
                "moves": [move.value for move in arms.moves],
            }
        )
    return canonical_digest({"id": probe_id, "made": made})
