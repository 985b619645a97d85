"""What a request asks before it is carried out: `If-Match` and `Idempotency-Key`. Touches nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from registry.web.refusals import BadHeaderError
from registry.web.written import BODY

IF_MATCH, IDEMPOTENCY_KEY = b"if-match", b"idempotency-key"

_KEY = re.compile(rb"[!-~]{1,255}")
_TAG = re.compile(rb'"([0-9a-f]{64})"')


def expected_content(scope: Mapping[str, Any]) -> str | None:
    """The content that an act is of: None where the request says none, or any (`*`).

    A weak tag, or one of another form, is of no content that there could be: the act is refused as stale.
    Raises `BadHeaderError` for more than one.
    """
    stated = _one(scope, IF_MATCH)
    if stated is None or stated == b"*":
        return None
    tag = _TAG.fullmatch(stated)
    return tag[1].decode() if tag else ""


def refuse_content(scope: Mapping[str, Any]) -> None:
    """Raises `BadHeaderError` for an `If-Match` where an act is of no content: it would be passed over."""
    if _one(scope, IF_MATCH) is not None:
        raise BadHeaderError("This act is of no content, so If-Match says nothing.", "Leave it out.")


def idempotency_key(scope: Mapping[str, Any]) -> str | None:
    """The key under which an answer is kept. Raises `BadHeaderError`."""
    key = _one(scope, IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise BadHeaderError(
            "An Idempotency-Key has 1 to 255 visible ASCII characters.", "Send a random one, such as a UUID."
        )
    return key.decode("ascii")


def request_digest(scope: Mapping[str, Any], path: str) -> str:
    """What was asked, in one piece: the same key with anything else is a mistake of whoever sends it."""
    parts = (scope["method"].encode(), path.encode(), _one(scope, IF_MATCH) or b"", scope.get(BODY, b""))
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _one(scope: Mapping[str, Any], name: bytes) -> bytes | None:
    values: list[bytes] = [value for known, value in scope["headers"] if known == name]
    if len(values) > 1 or (name == IF_MATCH and any(b"," in value for value in values)):
        raise BadHeaderError(f"{name.decode()} has more than one value.", "Send one.")
    return values[0].strip() if values else None
