"""The cookie of a session: set, and taken back. Touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.accounts.sessions import LONGEST_SECONDS
from registry.web.credentials import cookie_name


def begun(scope: Mapping[str, Any], secret: str) -> str:
    """The `Set-Cookie` that begins a session."""
    return _cookie(scope, secret, LONGEST_SECONDS)


def ended(scope: Mapping[str, Any]) -> str:
    """The `Set-Cookie` that takes it back."""
    return _cookie(scope, "", 0)


def _cookie(scope: Mapping[str, Any], value: str, seconds: int) -> str:
    # No script reads it, no other site's form brings it along, and over https it never goes out in the clear.
    secure = "; Secure" if scope["scheme"] == "https" else ""
    name = cookie_name(scope["scheme"])
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
