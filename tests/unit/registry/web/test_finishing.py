from __future__ import annotations

import asyncio
from typing import Any

from registry.web.finishing import SECURITY, Finishing

START = {"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", b"text/html")]}


def _finish(
    messages: list[dict[str, Any]], method: str = "GET", tags: bytes | None = None
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def run() -> None:
        headers = [(b"if-none-match", tags)] if tags else []
        finishing = Finishing({"method": method, "headers": headers}, send)  # type: ignore[typeddict-item]
        for message in messages:
            await finishing(message)  # type: ignore[arg-type]

    asyncio.run(run())
    return sent


def _body(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def test_whole_answer_gets_a_strong_tag() -> None:
    """An answer in one piece is tagged by its bytes: equal bytes, equal tag."""
    tags = [dict(_finish([START, _body(data)])[0]["headers"])[b"etag"] for data in (b"a", b"a", b"b")]
    assert tags[0] == tags[1] != tags[2]
    assert tags[0].startswith(b'"')


def test_stream_passes_through_untagged() -> None:
    """An answer in several pieces is passed on piece by piece, without a tag."""
    sent = _finish([START, _body(b"a", more=True), _body(b"b")])
    assert [message.get("body") for message in sent] == [None, b"a", b"b"]
    assert b"etag" not in dict(sent[0]["headers"])


def test_every_answer_has_the_security_headers() -> None:
    """Security headers are on answers of any status, and on a 304 too."""
    refused = START | {"status": 500}
    tag = dict(_finish([START, _body(b"a")])[0]["headers"])[b"etag"]
    for sent in (
        _finish([START, _body(b"a")]),
        _finish([refused, _body(b"a")]),
        _finish([START, _body(b"a")], tags=tag),
    ):
        assert set(SECURITY) <= set(sent[0]["headers"])


def test_error_is_never_a_304() -> None:
    """Only a 200 can be unchanged."""
    assert _finish([START | {"status": 404}, _body(b"a")], tags=b"*")[0]["status"] == 404


def test_head_sends_no_body() -> None:
    """HEAD gets the headers of the whole answer and no byte of it, streamed or not."""
    assert [message.get("body") for message in _finish([START, _body(b"abc")], method="HEAD")] == [None, b""]
    sent = _finish([START, _body(b"a", more=True), _body(b"b")], method="HEAD")
    assert [message.get("body") for message in sent] == [None, b""]
