"""Smart HTTP: clone and fetch, by git's own `upload-pack`, streamed both ways; pushes go to `git_push.py`.

Protocol: git documentation, "gitprotocol-http" and "gitprotocol-v2". git is called by absolute path in
an environment of ours, in a process group of its own that ends with the visitor's connection. Nothing
else is offered: no dumb protocol (it would show every file of the repository's folder), no archive, and no
filter but `blob:none`, since others cost the server more than they save the visitor.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from litestar.types import Receive

from registry.push.packets import packet
from registry.store.process import git_command, git_environment
from registry.web.errors import ErrorAnswers
from registry.web.finishing import Finishing, send_rendered
from registry.web.git_places import Places
from registry.web.git_process import GitStream
from registry.web.git_push import PUSH_SERVICE, GitPush
from registry.web.git_refusals import GitBusyError, GitNotFoundError, GitRefusedError
from registry.web.git_request import NO_CACHE, body_of, require_method
from registry.web.inflating import plain_body
from registry.web.refusals import UnknownCommonsError
from registry.web.rendered import TEXT, Rendered
from registry.web.settings import GitLimits
from registry.web.visitors import visitor_of

_log = logging.getLogger("registry.web.git")

_SERVICE = "git-upload-pack"
_REQUEST_TYPE = f"application/x-{_SERVICE}-request"
_VERSION = re.compile(r"version=([12])(?::|\Z)")
_OPTIONS = (
    "-c",
    "uploadpack.allowFilter=true",
    "-c",
    "uploadpackfilter.allow=false",
    "-c",
    "uploadpackfilter.blob:none.allow=true",
)
_DUMB = ("Files of a repository are not served one by one.", "Use a git with smart HTTP (1.6.6 or newer).")

Locate = Callable[[str], Path]
"""Where the repository of a commons is; raises `UnknownCommonsError`."""


class GitHttp:
    """Serves what stands behind `/<commons>.git`."""

    def __init__(self, locate: Locate, errors: ErrorAnswers, limits: GitLimits, push: GitPush) -> None:
        self._locate = locate
        self._errors = errors
        self._limits = limits
        self._push = push
        self.places = Places(limits)

    async def serve(
        self, scope: Mapping[str, Any], receive: Receive, send: Finishing, name: str, rest: tuple[str, ...]
    ) -> None:
        """Answers one request; `rest` are the parts of the path behind the repository."""
        try:
            await self._serve(scope, receive, send, name, rest)
        except Exception as error:  # noqa: BLE001 - every error becomes an answer in errors.py
            if send.started:
                # Too late for a status: the answer is left unfinished, and the server cuts the connection.
                _log.warning("cut off %s: %r", scope["path"], error)
                return
            status, rendered = self._errors.line(error, scope["path"])
            await send_rendered(send, status, rendered)

    async def _serve(
        self, scope: Mapping[str, Any], receive: Receive, send: Finishing, name: str, rest: tuple[str, ...]
    ) -> None:
        try:
            repository = await asyncio.to_thread(self._locate, name)
        except UnknownCommonsError as error:
            raise GitNotFoundError(error.rule, error.remedy) from error
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        version = _VERSION.match(headers.get("git-protocol", ""))
        protocol = f"version={version[1]}" if version else None
        match rest:
            case ("info", "refs"):
                require_method(scope, "GET")
                if _service(scope["query_string"]) == PUSH_SERVICE:
                    await self._push.advertise(scope, send, name)
                    return
                async with self.places.one(visitor_of(scope)):
                    await self._advertise(repository, protocol, receive, send)
            case ("git-upload-pack",):
                require_method(scope, "POST")
                body = body_of(headers, receive, self._limits, _REQUEST_TYPE)
                async with self.places.one(visitor_of(scope)):
                    await self._upload(repository, protocol, body, receive, send)
            case ("git-receive-pack",):
                require_method(scope, "POST")
                await self._push.receive(scope, headers, receive, send, name)
            case ("git-upload-archive",):
                raise GitRefusedError("Archives are not made here.", "Clone the commons, then `git archive`.")
            case ():
                require_method(scope, "GET")
                page = Rendered.of(b"", TEXT, {"location": f"/{name}"})
                await send_rendered(send, 307, page)
            case _:
                raise GitRefusedError(*_DUMB)

    async def _advertise(
        self, repository: Path, protocol: str | None, receive: Receive, send: Finishing
    ) -> None:
        # Version 2 begins with its capabilities; before it, the service is named first.
        lead = b"" if protocol == "version=2" else packet(f"# service={_SERVICE}\n".encode()) + b"0000"
        await self._run(
            self._command(repository, "--http-backend-info-refs"),
            protocol,
            plain_body(receive, limit=0, idle=self._limits.idle_seconds),
            receive,
            send,
            media_type=f"application/x-{_SERVICE}-advertisement",
            lead=lead,
        )

    async def _upload(
        self, repository: Path, protocol: str | None, body: Any, receive: Receive, send: Finishing
    ) -> None:
        await self._run(
            self._command(repository),
            protocol,
            body,
            receive,
            send,
            media_type=f"application/x-{_SERVICE}-result",
        )

    async def _run(
        self,
        command: list[str],
        protocol: str | None,
        body: Any,
        receive: Receive,
        send: Finishing,
        *,
        media_type: str,
        lead: bytes = b"",
    ) -> None:
        try:
            environment = git_environment() | ({"GIT_PROTOCOL": protocol} if protocol else {})
            stream = GitStream(command, environment, {"content-type": media_type, **NO_CACHE}, lead)
            async with asyncio.timeout(self._limits.seconds):
                await stream.run(body, receive, send)
        except TimeoutError:
            raise GitBusyError(
                f"This clone took more than {self._limits.seconds:g} seconds.", self._limits.retry_after
            ) from None

    def _command(self, repository: Path, *options: str) -> list[str]:
        upload_pack = ("upload-pack", "--stateless-rpc", "--strict", *options, str(repository))
        return git_command(repository, *_OPTIONS, *upload_pack)


def _service(query: bytes) -> str:
    """The one service that is asked for. Raises `GitRefusedError`."""
    services = list(_services(query))
    if services not in ([_SERVICE], [PUSH_SERVICE]):
        raise GitRefusedError(*_DUMB)
    return services[0]


def _services(query: bytes) -> Iterator[str]:
    for field in query.decode("latin-1").split("&"):
        key, _, value = field.partition("=")
        if key == "service":
            yield value
