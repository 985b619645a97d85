"""The API's accounts: who asks, and their tokens. Everything here takes a token."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from registry.accounts import tokens
from registry.accounts.errors import FieldError
from registry.accounts.scopes import Scope
from registry.accounts.sessions import DAY
from registry.accounts.tokens import MOST_DAYS, USUAL_DAYS, KnownToken
from registry.web.desk import Desk
from registry.web.handlers.api_parameters import (
    NEW_TOKEN_REFUSALS,
    REVOKING_REFUSALS,
    SECURED,
    TOKEN_REFUSALS,
    UNSIGNED,
    TokenPath,
)
from registry.web.refusals import NotSignedInError
from registry.web.rendered import JSON, PRIVATE, Rendered, respond
from registry.web.security import Act, Result
from registry.web.shapes.accounts import (
    NewTokenShape,
    TokenRequest,
    TokensShape,
    ViewerShape,
    new_token_shape,
    token_shape,
    viewer_shape,
)
from registry.web.viewer import Viewer, known, require

_TAG = ["Accounts"]


@get("/viewer", tags=_TAG, summary="Who asks", security=SECURED, responses=UNSIGNED)
async def who_asks(viewer: NamedDependency[Viewer | None]) -> Response[ViewerShape]:
    """Whose token this is, what it may be used for, and until when."""
    return _own(viewer_shape(known(viewer)))


@get("/tokens", tags=_TAG, summary="Tokens of an account", security=SECURED, responses=TOKEN_REFUSALS)
async def list_tokens(
    desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None]
) -> Response[TokensShape]:
    """Every token of whoever asks, newest first. Takes the scope `admin`."""
    handle = require(viewer, Scope.ADMIN).handle
    kept = await desk.ask(partial(tokens.listed, desk.accounts, handle))
    return _own(TokensShape(items=tuple(token_shape(token) for _, token in kept)))


@post("/tokens", tags=_TAG, summary="Make a token", security=SECURED, responses=NEW_TOKEN_REFUSALS)
async def make_token(
    desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None], data: JSONBody[TokenRequest]
) -> Response[NewTokenShape]:
    """A token made by a token: it has no scope that this one lacks and ends no later. Takes `admin`."""
    asks = require(viewer, Scope.ADMIN)
    for scope in data.scopes:
        require(asks, scope)
    days = _days(_token(asks), data.days, desk.accounts.clock())
    verb = partial(tokens.create, desk.accounts, asks.handle, data.name, frozenset(data.scopes), days=days)
    made = await desk.ask(verb)
    desk.watch.note(Act.TOKEN_MADE, Result.DONE, handle=asks.handle, token=made.listed.ref)
    return _own(new_token_shape(made), 201)


@delete(
    "/tokens/{token:str}",
    tags=_TAG,
    summary="Revoke a token",
    status_code=204,
    security=SECURED,
    responses=REVOKING_REFUSALS,
)
async def revoke_token(
    desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None], token: TokenPath
) -> None:
    """Nothing takes it from now on. A token may revoke itself; for others it takes the scope `admin`.

    The answer is the same for what is no token of yours.
    """
    asks = known(viewer)
    if token != _token(asks).ref:
        require(asks, Scope.ADMIN)
    await desk.ask(partial(tokens.revoke, desk.accounts, token, asks.handle))
    desk.watch.note(Act.TOKEN_REVOKED, Result.DONE, handle=asks.handle, token=_token(asks).ref)


def _token(viewer: Viewer) -> KnownToken:
    if viewer.token is None:
        raise NotSignedInError
    return viewer.token


def _days(asks: KnownToken, wanted: int | None, now: int) -> int:
    most = min(MOST_DAYS, (asks.ends_at - now) // DAY)
    if (wanted is not None and wanted > most) or most < 1:
        raise FieldError(
            "days",
            f"A token made by a token ends no later: this one has {most} whole days left.",
            "Ask for fewer, or make it on your account's page.",
        )
    return min(USUAL_DAYS, most) if wanted is None else wanted


def _own(shape: msgspec.Struct, status: int = 200) -> Response[Any]:
    rendered = Rendered.of(msgspec.json.encode(shape), JSON, {"cache-control": PRIVATE})
    return respond(rendered, status)


ROUTES: list[Any] = [who_asks, list_tokens, make_token, revoke_token]
