"""What a request brings to say whose it is. Touches nothing.

Pages look at a cookie and nothing else, the API at `Authorization: Bearer`, git at a token sent as password
(or as bearer). So no page of another site can act through the API, and no header of a proxy names a viewer.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from registry.accounts.secret_text import SecretKind, is_well_formed
from registry.web.refusals import BadTokenError, TokenInAddressError

_TOKEN = re.compile(rb"pc_[0-9A-Za-z]{36}")
# What is the same for everybody, and what machines ask for again and again.
_NOBODYS = frozenset({"static", "healthz", "readyz", "metrics", "robots.txt", "sitemap.xml", "llms.txt"})


class Place(StrEnum):
    """Where a request goes, which decides what it may bring."""

    PAGE = "page"
    API = "api"
    GIT = "git"


class Credential(NamedTuple):
    """A secret that is well-formed. `handle` is the user name that git sent along, if it sent one."""

    kind: SecretKind
    secret: str
    handle: str | None = None


def place_of(parts: Sequence[str], *, git: bool) -> Place | None:
    """Where these parts of a path lead; None where nobody is told from anybody else."""
    if git:
        return Place.GIT
    if not parts:
        return Place.PAGE
    if parts[0] == "api":
        # The API's documentation is a page like any other.
        return Place.PAGE if list(parts[1:]) == ["v1", "docs"] else Place.API
    return None if parts[0] in _NOBODYS else Place.PAGE


def cookie_name(scheme: str) -> str:
    """What the session's cookie is called.

    With `__Host-`, browsers take it over https only, for this host only, so a neighbour under the same
    domain cannot set one. Over plain http it has another name: what was set there counts nowhere else.
    """
    return "__Host-commons" if scheme == "https" else "commons"


def credential_of(scope: Mapping[str, Any], place: Place) -> Credential | None:
    """What the request brings, if anything that counts at this place.

    Raises `BadTokenError` for a token that cannot be one, and `TokenInAddressError`.
    """
    if b"pc_" in scope["query_string"]:
        _refuse_in_query(scope["query_string"])
    wanted = b"cookie" if place is Place.PAGE else b"authorization"
    values = [value for name, value in scope["headers"] if name == wanted]
    if not values:
        return None
    return _session(values, scope["scheme"]) if place is Place.PAGE else _token(values, place)


def _session(values: Iterable[bytes], scheme: str) -> Credential | None:
    name = cookie_name(scheme).encode() + b"="
    pairs = [pair.strip() for value in values for pair in value.split(b";")]
    brought = [pair[len(name) :] for pair in pairs if pair.startswith(name)]
    if len(brought) != 1:
        # Of two, one was put there by somebody else, and nobody can say which.
        return None
    secret = brought[0].decode("latin-1")
    return Credential(SecretKind.SESSION, secret) if is_well_formed(SecretKind.SESSION, secret) else None


def _token(values: Sequence[bytes], place: Place) -> Credential | None:
    if len(values) > 1:
        raise BadTokenError("A request says once whose it is.", "Send one Authorization field.")
    scheme, _, given = values[0].strip().partition(b" ")
    given = given.strip()
    handle = None
    match scheme.lower(), place:
        case b"bearer", _:
            secret = given.decode("latin-1")
        case b"basic", Place.GIT:
            handle, secret = _basic(given)
        case _:
            # Meant for a proxy on the way, or of a kind that nobody here knows.
            return None
    if not is_well_formed(SecretKind.TOKEN, secret):
        raise BadTokenError(
            "This is no token: its form or its checksum does not fit.",
            "Copy it whole, from `pc_` on; make one on your account's page.",
        )
    return Credential(SecretKind.TOKEN, secret, handle)


def _basic(given: bytes) -> tuple[str, str]:
    try:
        handle, _, secret = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return handle, secret


def _refuse_in_query(query: bytes) -> None:
    for found in _TOKEN.findall(query):
        if is_well_formed(SecretKind.TOKEN, found.decode()):
            raise TokenInAddressError
