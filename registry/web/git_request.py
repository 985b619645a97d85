"""What requests of git have in common: the method, the type and the body, within limits. Touches nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from litestar.types import Receive

from registry.web.git_refusals import GitEncodingError, GitMethodError, GitTooLargeError
from registry.web.inflating import plain_body, unpacked_body
from registry.web.settings import GitLimits

NO_CACHE = {"cache-control": "no-cache, max-age=0, must-revalidate", "pragma": "no-cache"}


def require_method(scope: Mapping[str, Any], method: str) -> None:
    """Raises `GitMethodError` for another one."""
    if scope["method"] != method:
        raise GitMethodError("GET, HEAD" if method == "GET" else method)


def body_of(
    headers: Mapping[str, str], receive: Receive, limits: GitLimits, media_type: str
) -> AsyncIterator[bytes]:
    """The body, unpacked. Raises `GitEncodingError`, `GitTooLargeError`; what it gives may raise more."""
    if headers.get("content-type", "").split(";")[0].strip() != media_type:
        raise GitEncodingError("This is not a git request.", f"Its content type is {media_type}.")
    stated = headers.get("content-length", "0")
    if stated.isdigit() and len(stated) < 20 and int(stated) > limits.request_bytes:
        raise GitTooLargeError("The request is too large.", f"At most {limits.request_bytes} bytes are read.")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return plain_body(receive, limit=limits.request_bytes, idle=limits.idle_seconds)
    if encoding in ("gzip", "x-gzip"):
        return unpacked_body(receive, limit=limits.request_bytes, idle=limits.idle_seconds)
    raise GitEncodingError(
        "The request is packed in a way that is not read here.", "Send it plain or as gzip."
    )
