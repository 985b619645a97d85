"""Which addresses can be asked at all: the few characters that any address here has. Touches nothing.

Traversal, NUL and double encoding end here, before a route or a disk is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from registry.web.refusals import AddressTooLongError, BadHostError, NoSuchPageError
from registry.web.settings import RequestLimits

_PATH = re.compile(r"[A-Za-z0-9._~@/+-]*")
_DOTS = frozenset({".", ".."})
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?")
_MOST_PORT = 65_535


def check_address(scope: Mapping[str, Any], limits: RequestLimits) -> bytes:
    """The host asked for. Raises `AddressTooLongError`, `BadHostError`, `NoSuchPageError`."""
    path = scope["path"]
    if len(path) > limits.path:
        raise AddressTooLongError("path", limits.path)
    if len(scope["query_string"]) > limits.query:
        raise AddressTooLongError("query", limits.query)
    if not _PATH.fullmatch(path):
        raise NoSuchPageError("No address here holds such a character.", "Names are a-z, 0-9 and hyphens.")
    if "//" in path or ("/." in path and not _DOTS.isdisjoint(path.split("/"))):
        raise NoSuchPageError("No address here has an empty part or a dot for a part.")
    return _host(scope)


def _host(scope: Mapping[str, Any]) -> bytes:
    """The one Host field (RFC 9112, 3.2): pages print it, and two could be read in two ways."""
    hosts: list[bytes] = []
    for name, value in scope["headers"]:
        if name == b"host":
            hosts.append(value)
    if not hosts and scope["http_version"] == "1.0":
        return b""
    host = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if host is None or int(host[1] or 0) > _MOST_PORT:
        raise BadHostError
    return hosts[0]
