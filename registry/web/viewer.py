"""Who asks: the seam between accounts and every route. Touches nothing.

A route takes `viewer: NamedDependency[Viewer | None]`; None is somebody who is not signed in. `require` asks
for one, with a scope. The web layer adds no more than that: who may do what in a commons is decided by its
rules, over the handle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, cast

from registry.accounts.scopes import Scope
from registry.accounts.tokens import KnownToken
from registry.web.refusals import NotSignedInError, PasswordNeededError, ScopeError

VIEWER = "registry.viewer"
"""The scope's key for the `Viewer` of a request; the front puts it there."""

__all__ = ["VIEWER", "Scope", "Viewer", "known", "require", "viewer_of"]


class Viewer(NamedTuple):
    """Somebody with an account.

    `csrf` is what each form of a session must send back; `token` is what a program brought.
    """

    handle: str
    scopes: frozenset[Scope]
    via: Literal["session", "token"]
    csrf: str | None = None
    token: KnownToken | None = None


def viewer_of(scope: Mapping[str, Any]) -> Viewer | None:
    """Whose request this is."""
    return cast("Viewer | None", scope.get(VIEWER))


def known(viewer: Viewer | None) -> Viewer:
    """The viewer, if there is one. Raises `NotSignedInError`."""
    if viewer is None:
        raise NotSignedInError
    return viewer


def require(viewer: Viewer | None, scope: Scope) -> Viewer:
    """The viewer, if there is one who may do this kind of act.

    Raises `NotSignedInError`, `ScopeError`, and `PasswordNeededError` for what a session alone may not do.
    """
    someone = known(viewer)
    if scope not in someone.scopes:
        raise PasswordNeededError if someone.via == "session" else ScopeError(scope)
    return someone
