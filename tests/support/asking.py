"""A small policy, and the `openai` engine that puts cases under it to a scripted server."""

from __future__ import annotations

from collections.abc import Sequence

from evaluations.engines.base import Task
from evaluations.engines.openai import OpenAIEngine
from evaluations.engines.openai_server import Patience, Server
from evaluations.engines.openai_session import OpenAISession
from evaluations.templates.base import Template
from evaluations.templates.registry import DEFAULT_TEMPLATE
from evaluations.verdicts import Answer
from policies.codec import parse_policy
from policies.model import Case
from tests.support.model_server import MODEL, ModelServer

POLICY = parse_policy(b"""---
title: Two labels
licenses: {text: CC-BY-4.0}
labels:
  - {code: SP0, title: Fine, violates: false}
  - {code: SP1, title: Spam, violates: true}
---
# Goal
Tell spam from talk.
""").policy
# Waits of milliseconds: what is tested is that there are tries, not how long people wait.
QUICK = Patience(seconds=5.0, tries=3, first_wait=0.001, longest_wait=0.002, longest_asked_wait=2.0)


def case(content: str, id_: str | None = None) -> Case:
    """A case whose id is its content unless it is given one."""
    return Case(id=id_ or content, content=content)


def run(
    server: ModelServer,
    cases: Sequence[Case],
    *,
    patience: Patience = QUICK,
    concurrency: int = 4,
    effort: str | None = None,
    key: str | None = None,
) -> dict[str, Answer]:
    """Every case's answer by its id."""
    asked = Server(base_url=server.base_url, model=MODEL, key=key, effort=effort)
    answers = list(session_of(asked, patience=patience, concurrency=concurrency).classify(cases))
    assert sorted(answer.case_id for answer in answers) == sorted(item.id for item in cases)
    return {answer.case_id: answer for answer in answers}


def session_of(
    server: Server, *, patience: Patience = QUICK, concurrency: int = 1, template: Template = DEFAULT_TEMPLATE
) -> OpenAISession:
    """The engine, loaded with the policy."""
    engine = OpenAIEngine(server=server, patience=patience, concurrency=concurrency)
    return engine.load(Task(policy=POLICY, policy_text=POLICY.body, template=template))
