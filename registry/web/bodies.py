"""The body of a request that brings one: read whole, within its limits, before anybody works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from litestar.types import HTTPReceiveMessage, Receive

from registry.web.inflating import DisconnectedError
from registry.web.refusals import BodyNotJsonError, BodyTooLargeError, BodyTypeError, SlowBodyError
from registry.web.settings import RequestLimits

BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods whose body, if a visitor sends one, nobody here reads."""

# Last parts of addresses that take policies in.
_TAKE_POLICIES = frozenset({"proposals", "revisions", "suggest", "upstream"})
# And the one before the last, where that names a policy.
_TAKE_ONE = frozenset({"revise"})
_TAKE_RUNS = frozenset({"evidence"})

_JSON = "application/json"
TYPES = frozenset({_JSON, "application/x-www-form-urlencoded", "multipart/form-data"})


class Whole(NamedTuple):
    """A body that is all there, and a `receive` that gives it at once."""

    body: bytes
    receive: Receive


def most_bytes(limits: RequestLimits, parts: Sequence[str], *, signed_in: bool) -> int:
    """How much a request to these parts of a path may bring."""
    if not signed_in:
        return limits.body
    if not _TAKE_RUNS.isdisjoint(parts[-1:]):
        return limits.runs
    takes = not _TAKE_POLICIES.isdisjoint(parts[-1:]) or not _TAKE_ONE.isdisjoint(parts[-2:-1])
    return limits.policies if takes else limits.body


async def whole_body(
    scope: Mapping[str, Any], receive: Receive, limits: RequestLimits, most: int | None = None
) -> Whole:
    """The whole body of a request, of at most so many bytes (`limits.body` unless it is said).

    One without a type is left to whoever reads it. The server below holds a body to the length it stated
    (RFC 9112, 6.3), so one that ends too early only stalls. Raises `BodyTooLargeError`, `BodyTypeError`,
    `BodyNotJsonError`, `SlowBodyError`, `DisconnectedError`.
    """
    most = limits.body if most is None else most
    headers: dict[bytes, bytes] = dict(scope["headers"])
    stated = headers.get(b"content-length", b"")
    if stated.isdigit() and int(stated[:20]) > most:
        raise BodyTooLargeError(most)
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    packed = headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b"")
    if packed or (kind and kind not in TYPES):
        raise BodyTypeError(packed=packed)
    try:
        # Over all of it and not over each piece: a byte a second would hold a place for a day.
        async with asyncio.timeout(limits.body_seconds):
            body = await _read(receive, most)
    except TimeoutError:
        raise SlowBodyError(limits.body_seconds) from None
    if kind == _JSON:
        _check_json(body)
    return Whole(body, _again(body, receive))


def _check_json(body: bytes) -> None:
    """Refuses what a reader of JSON would fail on in ways of its own. Raises `BodyNotJsonError`."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BodyNotJsonError from None


async def _read(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise DisconnectedError
        body += message["body"]
        more = message["more_body"]
        if len(body) > limit:
            raise BodyTooLargeError(limit)
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_again() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        message: HTTPReceiveMessage = {"type": "http.request", "body": body, "more_body": False}
        return message

    return receive_again
