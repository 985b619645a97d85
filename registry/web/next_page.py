"""Where somebody goes on after they signed in: a page of ours, and nowhere else. Touches nothing."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_OURS = re.compile(r"/(?![/\\])[A-Za-z0-9._~@/+-]*(?:\?[A-Za-z0-9._~@/+%&=;:,-]*)?")
_LONGEST = 1_024
# To be sent there would sign out again, or ask for what was just done.
_NOT_BACK_TO = ("/sign-in", "/sign-up", "/sign-out", "/reset")


def safe_next(stated: str | None, usual: str = "/") -> str:
    """`stated` if it is an address of this site, else `usual`.

    Only a path and a query of the characters that addresses here have: no host, no scheme, no fragment, no
    backslash, which browsers take for a slash.
    """
    if not stated or len(stated) > _LONGEST or not _OURS.fullmatch(stated):
        return usual
    path = stated.partition("?")[0]
    return usual if path in _NOT_BACK_TO or "//" in path else stated


def page_of_referer(referer: str | None, host: str | None) -> str | None:
    """The page that a visitor came from, if it is one of ours."""
    try:
        parts = urlsplit(referer or "")
    except ValueError:
        return None
    if not host or parts.netloc.lower() != host.lower():
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def sign_in_address(path: str, query: bytes) -> str:
    """Where to sign in so that one comes back here."""
    wanted = safe_next(path + ("?" + query.decode("latin-1") if query else ""))
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='/')}"
