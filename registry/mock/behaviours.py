"""What a scripted server may do with a request: answer as models do, or as on a bad day. Sends bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from registry.mock.server import LABEL, MODEL, Behaviour

if TYPE_CHECKING:
    from registry.mock.server import ModelServer


def completion(
    content: object = LABEL,
    *,
    reasoning: object = None,
    field_: str = "reasoning",
    finish_reason: object = "stop",
    **more: object,
) -> dict[str, Any]:
    """A chat completion as servers write it."""
    message = {"role": "assistant", "content": content, field_: reasoning}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    return {"object": "chat.completion", "model": MODEL, "choices": [choice], **more}


def gives(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Answers with JSON."""
    return sends(json.dumps(document).encode(), status=status, headers=headers)


def says(content: object = LABEL, **more: Any) -> Behaviour:
    """Answers with a completion."""
    return gives(completion(content, **more))


def sends(
    body: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Behaviour:
    """Answers with these bytes."""

    async def behave(_request: web.Request, _server: ModelServer) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=headers, content_type=content_type)

    return behave


def dies_after(part: bytes) -> Behaviour:
    """Begins an answer and breaks the connection."""

    async def behave(request: web.Request, _server: ModelServer) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": str(len(part) + 100)})
        await response.prepare(request)
        await response.write(part)
        assert request.transport is not None
        request.transport.close()
        return response

    return behave


async def never(_request: web.Request, server: ModelServer) -> web.StreamResponse:
    """Does not answer while the server lives."""
    server.holding.release()
    await server.ending.wait()
    return web.Response(status=503)


async def endlessly(request: web.Request, _server: ModelServer) -> web.StreamResponse:
    """Sends without an end, until nobody listens."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(b" " * 65536)
    except ConnectionError:
        return response
