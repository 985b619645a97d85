"""A model server that says one label to everything, in a process of its own: what asking is measured against.

`python -m tests.benchmarks.stub PORT DELAY_MS`. It reads no more of a request than where it ends, so that it
is never what is waited for.
"""

from __future__ import annotations

import asyncio
import json
import sys

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"

MODEL = "stub/model-1"


def _http(document: object) -> bytes:
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_MODELS = _http({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "stub"}]})
_ANSWER = _http(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {
                    "role": "assistant",
                    "content": "SP0",
                    "reasoning": "Nothing is advertised here.",
                },
            }
        ],
        "usage": {"prompt_tokens": 900, "completion_tokens": 12, "total_tokens": 912},
    }
)


class _Connection(asyncio.Protocol):
    """One client, one request at a time."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._heard = bytearray()
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head = self._heard.find(_END)
        if head < 0:
            return
        lower = bytes(self._heard[:head]).lower()
        at = lower.find(_LENGTH)
        length = int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._heard) < head + len(_END) + length:
            return
        asked = lower.startswith(b"post")
        self._heard.clear()
        if asked and self._delay:
            self._loop.call_later(self._delay, self._say, _ANSWER)
        else:
            self._say(_ANSWER if asked else _MODELS)

    def _say(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


async def _serve(port: int, delay: float) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(delay), "127.0.0.1", port, backlog=512
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
