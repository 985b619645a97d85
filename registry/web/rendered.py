"""A finished answer: its bytes and the headers that say what they are. Touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from litestar import Response

from policies.canonical import sha256_hex

HTML = "text/html"
JSON = "application/json"
TEXT = "text/plain"
"""Media types without their charset: everything is UTF-8, and what sends it says so."""

REVALIDATE = "no-cache"
"""Keep it, but ask every time: a commons may move on, and a redaction must take hold at once."""

NOT_KEPT = "no-store"
"""Rests on what a visitor wrote: no cache on the way may keep it."""

PRIVATE = "private, no-store"
"""Made for one viewer: it may be kept nowhere, also not by their own browser once they have signed out."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""What is named by its own bytes or by a commit cannot change."""


class Rendered(NamedTuple):
    """The body with its type, its strong ETag and further headers."""

    body: bytes
    media_type: str
    etag: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Rendered:
        """An answer whose ETag is the digest of its bytes."""
        return cls(body, media_type, f'"{sha256_hex(body)[:32]}"', dict(headers or {}))


def html(body: bytes, *, sensitive: bool = False) -> Rendered:
    """A page. Search engines are asked to leave those with sensitive texts out."""
    # Whoever signs in is shown something else at the same address.
    headers = {"cache-control": REVALIDATE, "vary": "cookie"}
    if sensitive:
        headers["x-robots-tag"] = "noindex"
    return Rendered.of(body, HTML, headers)


def json(value: msgspec.Struct, *, immutable: bool = False) -> Rendered:
    """A value of the API."""
    headers = {"cache-control": IMMUTABLE if immutable else REVALIDATE}
    return Rendered.of(msgspec.json.encode(value), JSON, headers)


def respond(rendered: Rendered, status: int = 200) -> Response[Any]:
    """The answer as Litestar sends it."""
    # What nobody may keep has nothing to be compared with later.
    is_kept = status == 200 and rendered.headers.get("cache-control") != NOT_KEPT
    headers = {"etag": rendered.etag, **rendered.headers} if is_kept else dict(rendered.headers)
    return Response(rendered.body, status_code=status, media_type=rendered.media_type, headers=headers)
