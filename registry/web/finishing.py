"""The last step of every answer: security headers, ETag and 304, no body for HEAD."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, cast

from litestar.types import HTTPScope, Message, Send

from registry.web.rendered import Rendered

Header = tuple[bytes, bytes]

_PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
_DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"

SECURITY: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)

_KEPT_IN_304 = frozenset((b"etag", b"cache-control", b"x-robots-tag", *(name for name, _ in SECURITY)))


class Finishing:
    """A `send` that finishes what passes through it. Answers in one piece are tagged, streams are not."""

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self._send = send
        self._headers_only = scope["method"] == "HEAD"
        self._matches = _wanted_tags(scope["headers"])
        self._start: dict[str, Any] | None = None
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Passes one ASGI message on."""
        if message["type"] == "http.response.start":
            # Held back until the body is seen: only then is it known whether it comes in one piece.
            self._start = dict(message)
            self.started = True
            return
        if message["type"] == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
            return
        if message["type"] == "http.response.body" and self._headers_only:
            message = {**message, "body": b""}
        await self._send(message)

    async def _begin(self, start: dict[str, Any], body: Any) -> None:
        headers = _with_security(start["headers"])
        payload, more = body.get("body", b""), body.get("more_body", False)
        if start["status"] == 200 and not more:
            tag = _header(headers, b"etag")
            if tag is None:
                tag = b'"' + hashlib.sha256(payload).hexdigest()[:32].encode() + b'"'
                headers.append((b"etag", tag))
            if self._matches and (tag in self._matches or b"*" in self._matches):
                start["status"] = 304
                headers = [pair for pair in headers if pair[0] in _KEPT_IN_304]
                payload = b""
        if self._headers_only:
            payload = b""
        await self._send(cast("Message", {**start, "headers": headers}))
        await self._send({"type": "http.response.body", "body": payload, "more_body": more})


async def send_rendered(send: Send | Finishing, status: int, rendered: Rendered) -> None:
    """A whole answer that no route made."""
    is_text = rendered.media_type.startswith("text/")
    headers = {
        "content-type": rendered.media_type + ("; charset=utf-8" if is_text else ""),
        "content-length": str(len(rendered.body)),
        **rendered.headers,
    }
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": rendered.body, "more_body": False})


def _with_security(headers: Iterable[Header]) -> list[Header]:
    result = [(name.lower(), value) for name, value in headers]
    is_page = (_header(result, b"content-type") or b"").startswith(b"text/html")
    result += SECURITY
    result.append((b"content-security-policy", _PAGE_POLICY if is_page else _DATA_POLICY))
    return result


def _header(headers: Iterable[Header], wanted: bytes) -> bytes | None:
    return next((value for name, value in headers if name == wanted), None)


def _wanted_tags(headers: Iterable[Header]) -> frozenset[bytes]:
    """The tags of If-None-Match; a weak one matches its strong form (RFC 9110, 13.1.2)."""
    stated = b",".join(value for name, value in headers if name == b"if-none-match")
    return frozenset(tag.strip().removeprefix(b"W/") for tag in stated.split(b",")) - {b""}
