"""Policies, cases and runs that the evaluation tests are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluations.engines.base import Engine, EngineSettings
from evaluations.engines.replay import Recording, ReplayEngine
from evaluations.keys import ModelManifest
from evaluations.run_record import Environment, PolicyRef
from evaluations.running import Plan, Run, run_suite
from evaluations.suites import make_suite
from evaluations.templates.base import Template
from evaluations.verdicts import Answer, Failed, LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.codec import parse_policy
from policies.model import Case, Policy

SALT = bytes(range(16))

TEXT = """\
---
title: Advertising
licenses: {text: CC-BY-4.0}
labels:
  - {code: AD0, title: Not advertising, violates: false}
  - {code: AD1, title: Advertising in the wrong place, violates: true}
  - {code: AD2, title: Pushy advertising, violates: true}
---
# Goal
Decide whether a text advertises.

## AD0 Not advertising
Plain talk about the weather, the garden and the neighbours.
- Small talk: “What a rainy morning, my garden is soaked.”
- Thanks: “Thank you for the lovely evening yesterday.”

## AD1 Advertising in the wrong place
A single offer to buy something, where nobody asked.
- Offer: “Cheap watches for sale, buy one today.”
- Link to a shop: “Visit my shop and buy a candle.”

## AD2 Pushy advertising
Repeated offers with pressure to buy at once.
- Pressure: “LAST CHANCE LAST CHANCE buy now now now!!!”
- Chain: “Forward this offer to ten friends or lose it.”
"""

FLAGS_TEXT = """\
---
title: Two flags
licenses: {text: CC-BY-4.0}
labels:
  - {code: H, title: Hateful, violates: true}
  - {code: V, title: Violent, violates: true}
  - {code: Q, title: A question, violates: false}
labelling: multi
---
## H Hateful
- “Those people are all liars.”

## V Violent
- “I will hit you with a stick.”

## Q A question
- “Where is the station?”
"""


def policy_of(text: str = TEXT) -> Policy:
    """The policy that a file with this text holds."""
    return parse_policy(text.encode()).policy


def case_of(case_id: str, content: str = "", label: str | None = None, **fields: object) -> Case:
    """A case; without a content it gets one that no policy quotes."""
    return Case(id=case_id, content=content or f"unquoted {case_id}", label=label, **fields)  # type: ignore[arg-type]


@dataclass(slots=True)
class Ticking:
    """A clock that starts at one moment and moves by a fixed step each time it is asked."""

    at: int = 1_700_000_000
    step_ms: int = 250
    ticks: int = field(default=0)

    def now(self) -> int:
        return self.at + self.ticks * self.step_ms // 1000

    def monotonic_ms(self) -> int:
        self.ticks += 1
        return self.ticks * self.step_ms


def replay_of(verdicts: Mapping[str, Verdict] | Sequence[Answer]) -> ReplayEngine:
    """An engine that gives these verdicts, or these answers whose outputs are parsed."""
    if isinstance(verdicts, Mapping):
        recordings = [
            Recording(answer=Answer(case_id=case_id, verdict=verdict))
            for case_id, verdict in verdicts.items()
        ]
    else:
        recordings = [Recording(answer=answer, parse=answer.output is not None) for answer in verdicts]
    return ReplayEngine(recordings, EngineSettings(model=ModelManifest(id="scripted")))


def run_of(
    policy: Policy,
    cases: Sequence[Case],
    engine: Engine,
    *,
    text: str = "A policy text.",
    repeats: int = 1,
    template: Template | None = None,
    salt: bytes = SALT,
    plan: Plan | None = None,
) -> Run:
    """A run of `cases` under a ticking clock."""
    return run_suite(
        policy=policy,
        policy_text=text,
        ref=PolicyRef(address="demo/advertising", digest="d" * 64, version="0.1.0"),
        suite=make_suite("advertising", policy, cases),
        engine=engine,
        environment=Environment(versions={"policy-commons": "0.1.0"}, hardware={"cpu": "one"}),
        clock=Ticking(),
        salt=salt,
        template=template,
        repeats=repeats,
        plan=plan,
    )


LABELLED = (
    case_of("a", label="AD0", slices=("short",)),
    case_of("b", label="AD0", slices=("short", "joke")),
    case_of("c", label="AD1"),
    case_of("d", label="AD1", slices=("joke",)),
    case_of("e", label="AD2"),
)

ANSWERED: Mapping[str, Verdict] = {
    "a": LabelVerdict(code="AD0"),
    "b": LabelVerdict(code="AD1"),
    "c": LabelVerdict(code="AD1"),
    "d": Unparsed(reason=UnparsedReason.NOT_A_LABEL),
    "e": Failed(error="timeout"),
}
