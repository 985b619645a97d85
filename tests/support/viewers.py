"""People who are signed in: who knows their secrets, and what their browsers and programs send."""

from __future__ import annotations

import base64
import random
from typing import NamedTuple

from registry.accounts.scopes import IN_SESSION, Scope
from registry.accounts.secret_text import SecretKind, new_secret
from registry.web.credentials import Credential, cookie_name
from registry.web.csrf import csrf_of
from registry.web.refusals import BadTokenError
from registry.web.viewer import Viewer


def same_secret(kind: SecretKind, seed: int = 7) -> str:
    """A secret that is the same in every process: for names of tests that hold one."""
    return new_secret(kind, random.Random(seed).randrange)


class SignedIn(NamedTuple):
    """A session: its secret, what its forms send back, and the headers that its browser sends."""

    secret: str
    csrf: str
    headers: dict[str, str]


class Known:
    """Stands for accounts where only what follows from a viewer is looked at."""

    def __init__(self) -> None:
        self._viewers: dict[str, tuple[str, Viewer]] = {}

    async def __call__(self, credential: Credential, /) -> Viewer | None:
        handle, viewer = self._viewers.get(credential.secret, ("", None))
        if viewer is None and credential.kind is SecretKind.TOKEN:
            raise BadTokenError("Unknown.", "Make one.")
        return viewer if credential.handle in (None, handle) else None

    def sign_in(self, handle: str, scheme: str = "http") -> SignedIn:
        """Begins a session."""
        secret = new_secret(SecretKind.SESSION)
        self._viewers[secret] = (handle, Viewer(handle, IN_SESSION, "session", csrf_of(secret)))
        return SignedIn(secret, csrf_of(secret), {"cookie": f"{cookie_name(scheme)}={secret}"})

    def token(self, handle: str, *scopes: Scope) -> str:
        """Makes a token."""
        secret = new_secret(SecretKind.TOKEN)
        self._viewers[secret] = (handle, Viewer(handle, frozenset(scopes), "token"))
        return secret


def bearer(token: str) -> dict[str, str]:
    """What a program sends."""
    return {"authorization": f"Bearer {token}"}


def basic(handle: str, token: str) -> dict[str, str]:
    """What git sends."""
    return {"authorization": "Basic " + base64.b64encode(f"{handle}:{token}".encode()).decode()}
