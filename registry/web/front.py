"""What stands before the routes and holds for every answer.

Addresses and bodies are checked, visitors held to their budgets; git is sent its own way. It is settled who
asks: a viewer is given nothing that was made for somebody else, nobody is given what was made for them, and
what their browser sends must come from a page of theirs. What was answered to anybody before and still holds
is given out here, on the event loop, without a thread or a route: that is most of what a site is asked. On
the way out every answer gets the security headers, GET answers a strong ETag and, asked with it, a 304; then
whoever listens hears of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from policies.names import RESERVED
from registry.web.addresses import check_address
from registry.web.answered import REQUEST_ID, Answered, Listener, request_id_of
from registry.web.bodies import BODILESS, most_bytes, whole_body
from registry.web.budgets import budget_of
from registry.web.errors import ErrorAnswers
from registry.web.finishing import Finishing, send_rendered
from registry.web.git_http import GitHttp
from registry.web.identifying import Identifying
from registry.web.inflating import DisconnectedError
from registry.web.limiting import Limiter
from registry.web.refusals import RateLimitedError
from registry.web.rendered import TEXT, Rendered
from registry.web.settings import RequestLimits
from registry.web.site import ANSWER_KEY
from registry.web.viewer import VIEWER, Viewer, viewer_of
from registry.web.visit import AnswerKey, Library
from registry.web.visitors import FORWARDED_BELIEVED, visitor_of, was_forwarded
from registry.web.written import BODY, written_of

ASKED = "registry.asked"
"""The scope's key for the path as the visitor sent it."""

ROUTE = "path_template"
"""The scope's key for the route that answers; Litestar's."""

_log = logging.getLogger("registry.web")

_API = ("api", "v1", "commons")
_NEW_SECONDS = 1.0
_STALE_SECONDS = 5.0
_GIT = ".git"
_PUSH = ("git-receive-pack",)
_GIT_ROUTES = {
    ("info", "refs"): "/{commons}.git/info/refs",
    ("git-upload-pack",): "/{commons}.git/git-upload-pack",
    _PUSH: "/{commons}.git/git-receive-pack",
}


class Front:
    """An ASGI application around the site and git."""

    def __init__(
        self,
        site: ASGIApp,
        git: GitHttp,
        library: Library,
        errors: ErrorAnswers,
        *,
        identifying: Identifying,
        limits: RequestLimits,
        limiter: Limiter | None,
        listeners: Sequence[Listener],
    ) -> None:
        self._site = site
        self._git = git
        self._library = library
        self._catalogue = library.catalogue
        self._errors = errors
        self._identifying = identifying
        self._limits = limits
        self._limiter = limiter
        self._listeners = tuple(listeners)
        self._looking = False
        self._noted = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._site(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = request_id_of(scope["headers"])
        finishing = Finishing(scope, send, [(b"x-request-id", request_id.encode())])
        asked: dict[str, Any] = {**scope, ASKED: scope["path"]}
        if scope["method"] == "HEAD":
            # The routes know GET; what HEAD leaves out is left out on the way back.
            asked["method"] = "GET"
        try:
            await self._serve(asked, receive, finishing, request_id)
        finally:
            answered = Answered(
                scope["method"],
                asked.get(ROUTE, ""),
                scope["path"],
                finishing.status,
                finishing.sent,
                time.perf_counter() - began,
                request_id,
                visitor_of(scope),
            )
            for listener in self._listeners:
                listener(answered)

    async def _serve(
        self, asked: dict[str, Any], receive: Receive, finishing: Finishing, request_id: str
    ) -> None:
        path = asked["path"]
        parts = [part for part in path.split("/") if part]
        git_at = _git_at(parts) if _GIT in path else None
        viewer: Viewer | None = None
        try:
            self._charge(asked, parts, finishing)
            host = check_address(asked, self._limits)
            viewer = await self._identifying.viewer_of(asked, parts, git=git_at is not None)
            asked[VIEWER] = viewer
            finishing.private = viewer is not None
            if git_at is not None:
                REQUEST_ID.set(request_id)
                await self._serve_git(asked, receive, finishing, parts, git_at)
                return
            if asked["method"] == "GET":
                if path.endswith("/") and path != "/":
                    await send_rendered(finishing, 308, _redirect(path, asked["query_string"]))
                    return
                await self._refresh(parts[3:] if tuple(parts[:3]) == _API else parts)
                # Kept answers are found by their address alone, so a viewer neither gets one nor leaves one.
                if viewer is None:
                    key = AnswerKey(asked["scheme"], host, path, asked["query_string"])
                    kept = self._library.kept(key)
                    if kept is not None:
                        asked[ROUTE] = kept.route
                        await finishing.send_sealed(kept.sealed)
                        return
                    asked[ANSWER_KEY] = key
            REQUEST_ID.set(request_id)
            if asked["method"] not in BODILESS:
                most = most_bytes(self._limits, parts, signed_in=viewer is not None)
                body, receive = await whole_body(asked, receive, self._limits, most)
                asked[BODY] = body
                if viewer is not None:
                    # Here, once and for every route: none can forget it.
                    await self._charge_account(asked, viewer, finishing)
            asked["path"] = self._routed(parts)
            asked["raw_path"] = asked["path"].encode()
        except DisconnectedError:
            return
        except Exception as error:  # noqa: BLE001 - every error becomes an answer in errors.py
            if git_at is None:
                await send_rendered(finishing, *self._errors.answer(error, path, viewer, written_of(asked)))
            else:
                await send_rendered(finishing, *self._errors.line(error, path))
            return
        try:
            await self._site(asked, receive, finishing)  # type: ignore[arg-type]
        except Exception as error:
            # What escapes the site's own handlers is answered like everything else, unless it began to be.
            if finishing.started:
                raise
            await send_rendered(finishing, *self._errors.answer(error, path, viewer, written_of(asked)))

    def _charge(self, asked: dict[str, Any], parts: Sequence[str], finishing: Finishing) -> None:
        budget = budget_of(asked["method"], parts) if self._limiter else None
        if self._limiter is None or budget is None:
            return
        taken = self._limiter.take(budget, visitor_of(asked))
        finishing.headers.extend(taken.headers)
        if not taken.allowed:
            self._note_proxy(asked)
            raise RateLimitedError(budget, taken.quota, taken.window, taken.seconds)

    async def _charge_account(self, asked: dict[str, Any], viewer: Viewer, finishing: Finishing) -> None:
        taken = await self._identifying.taken(asked, viewer, asked[BODY])
        if taken is None:
            return
        finishing.headers.extend(taken.headers)
        if not taken.allowed:
            raise RateLimitedError("writing", taken.quota, taken.window, taken.seconds, who="account")

    def _note_proxy(self, asked: Mapping[str, Any]) -> None:
        """Says once that everybody behind a proxy that nobody named is counted as one visitor."""
        if not self._noted and not asked.get(FORWARDED_BELIEVED) and was_forwarded(asked):
            self._noted = True
            _log.warning(
                "what a proxy at %s passes on is counted as one visitor's: name it with --trusted-proxy",
                visitor_of(asked),
            )

    async def _serve_git(
        self, asked: dict[str, Any], receive: Receive, finishing: Finishing, parts: Sequence[str], at: int
    ) -> None:
        viewer = viewer_of(asked)
        name = "/".join(parts[: at + 1]).removesuffix(_GIT)
        rest = tuple(parts[at + 1 :])
        asked[ROUTE] = _GIT_ROUTES.get(rest, "/{commons}.git")
        if viewer is not None and rest == _PUSH and asked["method"] not in BODILESS:
            asked[BODY] = b""
            await self._charge_account(asked, viewer, finishing)
        await self._refresh(name.split("/"))
        await self._git.serve(asked, receive, finishing, name, rest)

    def _routed(self, parts: Sequence[str]) -> str:
        """The path as the routes have it."""
        is_api = tuple(parts[:3]) == _API
        named = parts[3:] if is_api else parts
        if named and (is_api or named[0] not in RESERVED):
            resolved = self._catalogue.resolve(named)
            if resolved is not None:
                leading = _API if is_api else ()
                return "/" + "/".join((*leading, resolved.name.replace("/", ":"), *resolved.rest))
        return "/" + "/".join(parts)

    async def _refresh(self, named: Sequence[str]) -> None:
        """Looks for commons that were founded or removed while we serve."""
        if not self._catalogue.is_older(_NEW_SECONDS):
            return
        unknown = bool(named) and named[0] not in RESERVED and self._catalogue.resolve(named) is None
        older_than = _NEW_SECONDS if unknown else _STALE_SECONDS
        if not self._catalogue.is_older(older_than) or (self._looking and not unknown):
            # One look serves all: who asks for what is known already goes on meanwhile.
            return
        self._looking = True
        try:
            await asyncio.to_thread(self._catalogue.rescan, older_than)
        finally:
            self._looking = False


def _git_at(parts: Sequence[str]) -> int | None:
    """Which part of an address is the name of a repository, if one is."""
    return next((at for at, part in enumerate(parts) if part.endswith(_GIT)), None)


def _redirect(path: str, query: bytes) -> Rendered:
    location = path.rstrip("/") + ("?" + query.decode("ascii", "replace") if query else "")
    return Rendered.of(b"", TEXT, {"location": location})
