"""What the page of an account shows of tokens and sessions. Pure."""

from __future__ import annotations

from typing import NamedTuple

from registry.accounts.sessions import ListedSession
from registry.accounts.tokens import ListedToken
from registry.web.shapes.base import moment

NOTES = {
    "password": "Your password is changed. Every other session of yours has ended.",
    "session": "The session has ended.",
    "token": "The token is revoked: nothing takes it any more.",
}
"""What was done, by what the address says of it: nobody can make the page say anything else."""


class TokenLine(NamedTuple):
    """A token, times in ISO 8601."""

    ref: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    ends_at: str
    expired: bool
    used_at: str | None


class SessionLine(NamedTuple):
    """A session; `this` is the one that looks."""

    ref: str
    agent: str
    created_at: str
    seen_at: str
    this: bool


def token_line(token: ListedToken, now: int) -> TokenLine:
    """A token as the page lists it."""
    return TokenLine(
        token.ref,
        token.name,
        token.hint,
        token.scopes,
        moment(token.ends_at),
        token.ends_at <= now,
        None if token.used_at is None else moment(token.used_at),
    )


def session_line(session: ListedSession, this: str) -> SessionLine:
    """A session as the page lists it."""
    return SessionLine(
        session.ref, session.agent, moment(session.created_at), moment(session.seen_at), session.ref == this
    )
