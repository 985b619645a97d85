"""The last step of every answer: security headers, ETag and 304, no body for HEAD."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from litestar.types import HTTPScope, Message, Send

from registry.web.rendered import PRIVATE, Rendered

Header = tuple[bytes, bytes]

_PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"

SECURITY: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)

_KEPT_IN_304 = frozenset(
    (b"etag", b"cache-control", b"vary", b"x-robots-tag", *(name for name, _ in SECURITY))
)


_NONE: frozenset[bytes] = frozenset()


class Finishing:
    """A `send` that finishes what passes through it. Answers in one piece are tagged, streams are not.

    `headers` go on whatever is answered; `status` and `sent` (bytes of the body) say what was. Once `private`
    is set, whatever is answered is for one viewer: nobody may keep it, and it is never a 304.
    """

    def __init__(self, scope: HTTPScope, send: Send, headers: Iterable[Header] = ()) -> None:
        self.headers = list(headers)
        self.status = 0
        self.sent = 0
        self._send = send
        self._headers_only = scope["method"] == "HEAD"
        # Only what is fetched can be unchanged (RFC 9110, 15.4.5): a POST is answered whatever its tags say.
        self._is_fetch = scope["method"] in ("GET", "HEAD")
        self._matches = _wanted_tags(scope["headers"]) if self._is_fetch else _NONE
        self._start: dict[str, Any] | None = None
        self._over = False
        self.started = False
        self.private = False

    async def __call__(self, message: Message) -> None:
        """Passes one ASGI message on."""
        if self._over:
            return
        if message["type"] == "http.response.start":
            # Held back until the body is seen: only then is it known whether it comes in one piece.
            self._start = dict(message)
            self.started = True
            return
        if message["type"] == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
            return
        if message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
        await self._send(message)

    async def send_sealed(self, sealed: Sealed) -> None:
        """A whole answer that was finished before, for everybody."""
        assert not self.private
        self.started = True
        if self._is_unchanged(sealed.etag):
            self.status, headers, body = 304, sealed.unchanged, b""
        else:
            self.status, headers, body = 200, sealed.headers, b"" if self._headers_only else sealed.body
        self.sent = len(body)
        await self._send(
            {"type": "http.response.start", "status": self.status, "headers": [*headers, *self.headers]}
        )
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    def _is_unchanged(self, tag: bytes) -> bool:
        return bool(self._matches) and (tag in self._matches or b"*" in self._matches)

    async def _begin(self, start: dict[str, Any], body: Any) -> None:
        headers = _with_security(start["headers"])
        payload, more = body.get("body", b""), body.get("more_body", False)
        if self.private:
            headers = [pair for pair in headers if pair[0] != b"cache-control"]
            headers.append((b"cache-control", PRIVATE.encode()))
        elif start["status"] == 200 and not more and self._is_fetch:
            tag = _header(headers, b"etag")
            if tag is None:
                tag = b'"' + hashlib.sha256(payload).hexdigest()[:32].encode() + b'"'
                headers.append((b"etag", tag))
            if self._is_unchanged(tag):
                start["status"] = 304
                headers = _unchanged(headers)
                payload = b""
        if self._headers_only:
            # Whoever asked for the head of a stream has it now; the stream might never end.
            payload, more, self._over = b"", False, True
        headers += self.headers
        self.status, self.sent = start["status"], len(payload)
        await self._send(cast("Message", {**start, "headers": headers}))
        await self._send({"type": "http.response.body", "body": payload, "more_body": more})


class Sealed(NamedTuple):
    """A whole answer in the form in which it is sent, made once and sent many times."""

    etag: bytes
    headers: tuple[Header, ...]
    unchanged: tuple[Header, ...]
    body: bytes


def seal(rendered: Rendered) -> Sealed:
    """A 200 of this, and its 304."""
    stated = [*_stated(rendered), (b"etag", rendered.etag.encode())]
    headers = tuple(_with_security(stated))
    return Sealed(rendered.etag.encode(), headers, tuple(_unchanged(headers)), rendered.body)


async def send_rendered(send: Send | Finishing, status: int, rendered: Rendered) -> None:
    """A whole answer that no route made."""
    await send({"type": "http.response.start", "status": status, "headers": _stated(rendered)})
    await send({"type": "http.response.body", "body": rendered.body, "more_body": False})


def _stated(rendered: Rendered) -> list[Header]:
    is_text = rendered.media_type.startswith("text/")
    headers = {
        "content-type": rendered.media_type + ("; charset=utf-8" if is_text else ""),
        "content-length": str(len(rendered.body)),
        **rendered.headers,
    }
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _unchanged(headers: Iterable[Header]) -> list[Header]:
    return [pair for pair in headers if pair[0] in _KEPT_IN_304]


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
    stated = b""
    for name, value in headers:
        if name == b"if-none-match":
            stated += value + b","
    if not stated:
        return _NONE
    return frozenset(tag.strip().removeprefix(b"W/") for tag in stated.split(b",")) - {b""}
