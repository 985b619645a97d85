"""Proxies that the operator named: they are believed about whose request they pass on, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from registry.web.settings import Network
from registry.web.visitors import FORWARDED_BELIEVED, is_from


class Proxies:
    """Reads X-Forwarded-For and X-Forwarded-Proto of trusted proxies into the scope.

    The visitor is the rightmost address that is not such a proxy itself: what stands further left was
    written by whoever asked.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)
        forwarded: Any = ProxyHeadersMiddleware(cast("Any", app), [str(network) for network in trusted])
        self._forwarded = forwarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        believed: Any = {**scope}
        if scope["type"] == ScopeType.HTTP:
            believed[FORWARDED_BELIEVED] = is_from({**scope, FORWARDED_BELIEVED: True}, self._trusted)
        await self._forwarded(believed, receive, send)
