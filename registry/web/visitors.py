"""Who asks, as far as limits need to know: an address, or one subscriber's network. Touches nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from registry.web.settings import Network

UNKNOWN = "unknown"
"""Whoever has no address: a socket in the file system, or what a proxy could not name."""

_SUBSCRIBER = 64
_FORWARDED = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"})


def visitor_of(scope: Mapping[str, Any]) -> str:
    """The visitor that a request is counted for."""
    client = scope.get("client")
    return visitor(client[0]) if client else UNKNOWN


@lru_cache(maxsize=4_096)
def visitor(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one as its /64: a subscriber has 2^64 of those to choose from."""
    parsed = _address(address)
    if parsed is None:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.IPv6Network((parsed, _SUBSCRIBER), strict=False))


def is_from(scope: Mapping[str, Any], networks: Sequence[Network]) -> bool:
    """Whether a request comes straight from one of these networks.

    One that was passed on by a proxy that nobody named does not: its address is the proxy's.
    """
    client = scope.get("client")
    address = _address(client[0]) if client else None
    if address is None or not any(address in network for network in networks):
        return False
    return scope.get(FORWARDED_BELIEVED, False) or not was_forwarded(scope)


def was_forwarded(scope: Mapping[str, Any]) -> bool:
    """Whether a proxy says that it passes somebody else's request on."""
    return any(name in _FORWARDED for name, _ in scope["headers"])


FORWARDED_BELIEVED = "registry.forwarded"
"""The scope's key for: a proxy that the operator named has said whose request this is."""


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
