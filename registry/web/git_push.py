"""Proposing by `git push`: who may, how much at a time; what is pushed is looked at in `registry/push`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any

from litestar.types import Receive

from registry.push.advertising import advertise
from registry.push.errors import UnreadablePushError
from registry.push.pushes import Pushes
from registry.store.repository import Repository
from registry.web.finishing import Finishing, send_rendered
from registry.web.git_places import Places
from registry.web.git_refusals import GitBusyError, GitRefusedError, GitUnreadableError
from registry.web.git_request import NO_CACHE, body_of
from registry.web.inflating import DisconnectedError
from registry.web.rendered import Rendered
from registry.web.settings import PushLimits
from registry.web.viewer import Scope, Viewer, require, viewer_of

PUSH_SERVICE = "git-receive-pack"

_TYPE = f"application/x-{PUSH_SERVICE}"
_READ_ONLY = ("This server is read-only over Git.", "Propose where this commons is looked after.")

Open = Callable[[str], Repository]
"""The commons, open; raises `UnknownCommonsError`."""


class GitPush:
    """Takes pushes where somebody can sign in (`is_open`); elsewhere it says that there are none."""

    def __init__(self, open_: Open, limits: PushLimits, *, is_open: bool) -> None:
        self._open = open_
        self._limits = limits
        self._is_open = is_open
        self._pushes = Pushes(limits.pack, seconds=limits.seconds)
        self.places = Places(limits, "pushes", who="account")

    def close(self) -> None:
        """Takes no more pushes."""
        self._pushes.close()

    async def advertise(self, scope: Mapping[str, Any], send: Finishing, name: str) -> None:
        """What git asks for before it pushes."""
        viewer = self._pusher(scope)
        async with self.places.one(viewer.handle):
            body = await asyncio.to_thread(lambda: advertise(self._writable(name)))
        await send_rendered(send, 200, Rendered.of(body, f"{_TYPE}-advertisement", NO_CACHE))

    async def receive(
        self,
        scope: Mapping[str, Any],
        headers: Mapping[str, str],
        receive: Receive,
        send: Finishing,
        name: str,
    ) -> None:
        """Takes a push, or refuses it in the words of its report."""
        viewer = self._pusher(scope)
        body = body_of(headers, receive, self._limits, f"{_TYPE}-request")
        address = f"{scope['scheme']}://{headers.get('host', '')}/{name}"
        try:
            async with self.places.one(viewer.handle):
                repository = await asyncio.to_thread(lambda: self._writable(name))
                answer = await self._pushes.take(repository, body, actor=viewer.handle, address=address)
        except DisconnectedError:
            return
        except UnreadablePushError:
            raise GitUnreadableError(
                "This is no push that can be read.", "Push with a current git."
            ) from None
        except TimeoutError:
            raise GitBusyError(
                f"Sending took more than {self._limits.seconds:g} seconds.",
                self._limits.retry_after,
            ) from None
        await send_rendered(send, 200, Rendered.of(answer, f"{_TYPE}-result", NO_CACHE))

    def _pusher(self, scope: Mapping[str, Any]) -> Viewer:
        """Raises `GitRefusedError`, `NotSignedInError`, `ScopeError`."""
        if not self._is_open:
            raise GitRefusedError(*_READ_ONLY)
        return require(viewer_of(scope), Scope.PROPOSE)

    def _writable(self, name: str) -> Repository:
        repository = self._open(name)
        if not os.access(repository.path / "objects", os.W_OK):
            raise GitRefusedError(*_READ_ONLY)
        return repository
