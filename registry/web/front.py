"""What stands before the routes and holds for every answer.

Addresses are checked against the few characters that any address here has, so that traversal, NUL and
double encoding end here; nested commons become one part of the path; git is sent its own way. On the
way out every answer gets the security headers, GET answers a strong ETag and, asked with it, a 304.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from policies.names import RESERVED
from registry.web.catalogue import Catalogue
from registry.web.errors import ErrorAnswers
from registry.web.finishing import Finishing, send_rendered
from registry.web.git_http import GitHttp
from registry.web.refusals import AddressTooLongError, NoSuchPageError
from registry.web.rendered import TEXT, Rendered
from registry.web.settings import RequestLimits

ASKED = "registry.asked"
"""The scope's key for the path as the visitor sent it."""

_PATH = re.compile(r"[A-Za-z0-9._~@/+-]*")
_API = ("api", "v1", "commons")
_STALE_SECONDS = 5.0
_GIT = ".git"


class Front:
    """An ASGI application around the site and git."""

    def __init__(
        self, site: ASGIApp, git: GitHttp, catalogue: Catalogue, errors: ErrorAnswers, limits: RequestLimits
    ) -> None:
        self._site = site
        self._git = git
        self._catalogue = catalogue
        self._errors = errors
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._site(scope, receive, send)
            return
        path = scope["path"]
        finishing = Finishing(scope, send)
        asked: dict[str, Any] = {**scope, ASKED: path}
        if scope["method"] == "HEAD":
            # The routes know GET; what HEAD leaves out is left out on the way back.
            asked["method"] = "GET"
        try:
            self._check_address(scope)
            parts = [part for part in path.split("/") if part]
            git_at = next((index for index, part in enumerate(parts) if part.endswith(_GIT)), None)
            if git_at is not None:
                name = "/".join(parts[: git_at + 1]).removesuffix(_GIT)
                await self._refresh(name.split("/"))
                await self._git.serve(asked, receive, finishing, name, tuple(parts[git_at + 1 :]))
                return
            if path.endswith("/") and path != "/" and asked["method"] == "GET":
                await send_rendered(finishing, 308, _redirect(path, scope["query_string"]))
                return
            asked["path"] = await self._routed(parts)
            asked["raw_path"] = asked["path"].encode()
        except Exception as error:  # noqa: BLE001 - every error becomes an answer in errors.py
            status, rendered = self._errors.answer(error, path)
            await send_rendered(finishing, status, rendered)
            return
        await self._site(asked, receive, finishing)  # type: ignore[arg-type]

    def _check_address(self, scope: HTTPScope) -> None:
        path = scope["path"]
        if len(path) > self._limits.path:
            raise AddressTooLongError("path", self._limits.path)
        if len(scope["query_string"]) > self._limits.query:
            raise AddressTooLongError("query", self._limits.query)
        if not _PATH.fullmatch(path):
            raise NoSuchPageError(
                "No address here holds such a character.", "Names are a-z, 0-9 and hyphens."
            )
        inner = path.strip("/") if path.count("/") > 1 else path[1:]
        if "//" in path or any(part in (".", "..") for part in inner.split("/")):
            raise NoSuchPageError("No address here has an empty part or a dot for a part.")

    async def _routed(self, parts: Sequence[str]) -> str:
        """The path as the routes have it."""
        is_api = tuple(parts[:3]) == _API
        named = parts[3:] if is_api else parts
        if not named or (not is_api and named[0] in RESERVED):
            return "/" + "/".join(parts)
        await self._refresh(named)
        resolved = self._catalogue.resolve(named)
        if resolved is None:
            return "/" + "/".join(parts)
        leading = _API if is_api else ()
        return "/" + "/".join((*leading, resolved.name.replace("/", ":"), *resolved.rest))

    async def _refresh(self, named: Sequence[str]) -> None:
        """Looks for commons that were founded or removed while we serve."""
        older_than = 1.0 if self._catalogue.resolve(named) is None else _STALE_SECONDS
        if self._catalogue.is_older(older_than):
            await asyncio.to_thread(self._catalogue.rescan, older_than)


def _redirect(path: str, query: bytes) -> Rendered:
    location = path.rstrip("/") + ("?" + query.decode("ascii", "replace") if query else "")
    return Rendered.of(b"", TEXT, {"location": location})
