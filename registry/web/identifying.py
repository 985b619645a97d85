"""Tells whose a request is, and whether what it sends was meant, before any route is asked. Keeps nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from registry.web.credentials import Credential, credential_of, place_of
from registry.web.csrf import check_csrf
from registry.web.limiting import Taken
from registry.web.refusals import CsrfError
from registry.web.security import Act, Result, Watch
from registry.web.viewer import Viewer


class Identify(Protocol):
    """Knows secrets."""

    async def __call__(self, credential: Credential, /) -> Viewer | None:
        """Whose it is; None for a session that is over.

        Raises `BadTokenError` for a token that does not count: whoever sends one means to be known.
        """
        ...


DrawWrite = Callable[[Viewer], Awaitable[Taken | None]]
"""Draws on what an account may write; None where nobody is counted."""


async def nobody(_credential: Credential) -> Viewer | None:
    """Where there are no accounts."""
    return None


async def uncounted(_viewer: Viewer) -> Taken | None:
    """Where nobody is counted."""
    return None


class Identifying:
    """Put together in `app.py`."""

    def __init__(self, identify: Identify, draw_write: DrawWrite, watch: Watch) -> None:
        self._identify = identify
        self._draw_write = draw_write
        self._watch = watch

    async def viewer_of(self, scope: Mapping[str, Any], parts: Sequence[str], *, git: bool) -> Viewer | None:
        """Whose this request is. For one that brings nothing, that costs a look at its headers."""
        place = place_of(parts, git=git)
        credential = credential_of(scope, place) if place is not None else None
        return await self._identify(credential) if credential is not None else None

    async def taken(self, scope: Mapping[str, Any], viewer: Viewer, body: bytes) -> Taken | None:
        """Draws on the account's budget for what it writes, if the request was meant by its owner.

        Raises `CsrfError`, `CrossSiteError`.
        """
        try:
            check_csrf(scope, viewer, body)
        except CsrfError:
            self._watch.note(Act.FORM, Result.REFUSED, handle=viewer.handle)
            raise
        return await self._draw_write(viewer)
