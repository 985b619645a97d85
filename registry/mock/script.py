"""How the scripted server behaves: what it answers, how slowly, how often it has a bad moment. Pure."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from policies.canonical import sha256_hex
from registry.mock.answers import Answers
from registry.mock.behaviours import completion, dies_after, gives, sends
from registry.mock.server import Asked, Behaviour, ModelServer, Script

OWNER = "policy-commons-mock"
"""Whom the scripted server calls the owner of its models: it is how a run of it is told from a model's."""

_TOKENS_PER_CHARACTER = 4


def script(answers: Answers, *, delay_ms: int = 0, faults: int = 0) -> Script:
    """Answers by `answers`, after a delay; of a hundred questions `faults` fail when they first come.

    A failing one is answered by one of: 429 with a second to wait, 503, a page of HTML with 502, or half a
    JSON and a broken connection. Asked again, it is answered.
    """

    def decide(asked: Asked) -> Behaviour:
        draw = int(sha256_hex(asked.body)[:8], 16)
        if not asked.before and draw % 100 < faults:
            return _BAD_MOMENTS[draw // 100 % len(_BAD_MOMENTS)]
        said = answers.answer(asked.document["messages"], asked.before)
        usage = {
            "prompt_tokens": len(asked.body) // _TOKENS_PER_CHARACTER,
            "completion_tokens": 1 + len(said.reasoning + said.content) // _TOKENS_PER_CHARACTER,
        }
        answer = completion(said.content, reasoning=said.reasoning, usage=usage)
        return _after(gives(answer | {"model": asked.document.get("model")}), delay_ms)

    return decide


def models(*names: str) -> list[dict[str, Any]]:
    """The list of models, each owned by nobody's model."""
    return [{"id": name, "object": "model", "owned_by": OWNER, "max_model_len": 131_072} for name in names]


def _after(behaviour: Behaviour, delay_ms: int) -> Behaviour:
    if not delay_ms:
        return behaviour

    async def behave(request: web.Request, server: ModelServer) -> web.StreamResponse:
        await asyncio.sleep(delay_ms / 1000)
        return await behaviour(request, server)

    return behave


_HALF = json.dumps(completion("SP")).encode()[:40]
_BAD_MOMENTS: tuple[Behaviour, ...] = (
    gives({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "1"}),
    gives({"error": {"message": "overloaded"}}, status=503),
    sends(b"<html><body>Bad gateway</body></html>", status=502, content_type="text/html"),
    dies_after(_HALF),
)
