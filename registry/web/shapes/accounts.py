"""Who asks, and their tokens, as the API has them. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from registry.accounts.scopes import MEANS, Scope
from registry.accounts.tokens import ListedToken, NewToken
from registry.web.shapes.base import Moment, Shape, moment
from registry.web.viewer import Viewer

Handle = Annotated[str, msgspec.Meta(description="As the logs name them.", examples=["ana"])]
TokenId = Annotated[
    str,
    msgspec.Meta(description="Names a token and opens nothing.", examples=["3f9a1c52d07be684"]),
]
Scopes = Annotated[
    tuple[Scope, ...],
    msgspec.Meta(
        description="; ".join(f"`{scope}`: {means}" for scope, means in MEANS.items()) + ".",
        examples=[["read", "propose"]],
    ),
]
Name = Annotated[str, msgspec.Meta(description="What it is for.", examples=["nightly import"])]


class ViewerShape(Shape, frozen=True):
    """Whose token this is, and what it may be used for."""

    handle: Handle
    scopes: Scopes
    token: TokenId
    expires_at: Moment


class TokenShape(Shape, frozen=True):
    """A token, without what opens anything."""

    id: TokenId
    name: Name
    hint: Annotated[str, msgspec.Meta(description="How it begins.", examples=["pc_4Zk1"])]
    scopes: Scopes
    created_at: Moment
    expires_at: Annotated[Moment, msgspec.Meta(description="In the past for one that expired lately.")]
    used_at: Annotated[
        Moment | None, msgspec.Meta(description="When it was last used, to the minute; null for never.")
    ]


class TokensShape(Shape, frozen=True):
    """Every token of an account, newest first."""

    items: tuple[TokenShape, ...]


class NewTokenShape(Shape, frozen=True):
    """A token that was just made."""

    secret: Annotated[
        str,
        msgspec.Meta(
            description="The token itself. It is told this once, and kept here as a digest only.",
            examples=["pc_" + "4Zk1" * 9],
        ),
    ]
    token: TokenShape


class TokenRequest(Shape, frozen=True):
    """What a new token is to be."""

    name: Name
    scopes: Scopes
    days: Annotated[
        int | None,
        msgspec.Meta(
            description="How long it lasts, 1 to 365; 90, or as long as the token that asks, when left out.",
            examples=[30],
        ),
    ] = None


def viewer_shape(viewer: Viewer) -> ViewerShape:
    """Whoever asks with a token."""
    assert viewer.token is not None
    return ViewerShape(
        handle=viewer.handle,
        scopes=tuple(scope for scope in Scope if scope in viewer.scopes),
        token=viewer.token.ref,
        expires_at=moment(viewer.token.ends_at),
    )


def token_shape(token: ListedToken) -> TokenShape:
    """A token as its owner sees it."""
    return TokenShape(
        id=token.ref,
        name=token.name,
        hint=token.hint,
        scopes=token.scopes,
        created_at=moment(token.created_at),
        expires_at=moment(token.ends_at),
        used_at=None if token.used_at is None else moment(token.used_at),
    )


def new_token_shape(made: NewToken) -> NewTokenShape:
    """A token with its secret."""
    return NewTokenShape(secret=made.secret, token=token_shape(made.listed))
