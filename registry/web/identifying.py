"""Tells whose a request is, before any route is asked. Keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from registry.web.credentials import Credential, credential_of, place_of
from registry.web.viewer import Viewer


class Identify(Protocol):
    """Knows secrets."""

    async def __call__(self, credential: Credential, /) -> Viewer | None:
        """Whose it is; None for a session that is over.

        Raises `BadTokenError` for a token that does not count: whoever sends one means to be known.
        """
        ...


async def viewer_of_request(
    scope: Mapping[str, Any], parts: Sequence[str], identify: Identify, *, git: bool
) -> Viewer | None:
    """Whose request this is. For a request that brings nothing, that costs a look at its headers."""
    place = place_of(parts, git=git)
    credential = credential_of(scope, place) if place is not None else None
    return await identify(credential) if credential is not None else None


async def nobody(_credential: Credential) -> Viewer | None:
    """Where there are no accounts."""
    return None
