"""Addresses of a site and of a commons on it, such as `https://commons.example/roost`. Touches nothing."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from policies.names import check_commons_path
from registry.client.errors import NotARegistryError
from registry.services.errors import InputRefusedError

MEANT = "Name a site such as http://127.0.0.1:8000, where `commons serve` runs."

_PLAIN = re.compile(r"[!-~]+")
_ADDRESS = re.compile(r"(?P<site>https?://[^/?#@\s]+)/+(?P<commons>[^?#\s]*[^/?#\s])/*")


class SiteCommons(NamedTuple):
    """A commons where a site has it."""

    site: str
    name: str

    def __str__(self) -> str:
        return f"{self.site}/{self.name}"

    @property
    def quoted(self) -> str:
        """Its name as one part of a path."""
        return quote(self.name, safe="~")

    @property
    def is_readable_on_the_way(self) -> bool:
        """Whether what is sent there goes over a network as it is."""
        host = self.site.partition("://")[2].rpartition("@")[2]
        local = re.fullmatch(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]+)?", host)
        return self.site.startswith("http:") and local is None


def is_site_address(place: str) -> bool:
    """Whether a place is meant as an address, and not as a folder."""
    return re.match(r"https?:/", place) is not None


def parse_site_commons(place: str) -> SiteCommons:
    """The commons at an address. Raises `InputRefusedError`, and `InvalidNameError` for a bad name."""
    found = _ADDRESS.fullmatch(place)
    if found is None:
        raise InputRefusedError(
            "REPOSITORY",
            "this address names no commons.",
            "Name one as its page has it: http://127.0.0.1:8000/roost.",
        )
    return SiteCommons(found["site"], check_commons_path(found["commons"].removesuffix(".git")))


def checked_address(address: str) -> str:
    """A registry's address without a slash at its end.

    Raises `NotARegistryError` for another scheme, for a name or password in it, and for a query.
    """
    place = shown(address)
    try:
        parts = urlsplit(address)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        plain = None
    if not plain or not _PLAIN.fullmatch(address):
        raise NotARegistryError(place, "this is no http(s) address.", MEANT)
    if parts.username is not None or parts.password is not None:
        # It would be written to commons.lock, and sent to whoever answers there.
        raise NotARegistryError(
            parts.hostname or "", "the address holds a name or password.", "Leave it out."
        )
    if parts.query or parts.fragment:
        raise NotARegistryError(place, "the address has a query or a fragment.", MEANT)
    if parts.path.rstrip("/").endswith(".git"):
        raise NotARegistryError(
            place,
            "this is where Git clones a commons.",
            f"Name the site, {parts.scheme}://{parts.netloc}, or use `commons clone`.",
        )
    return address.rstrip("/")


def shown(text: str) -> str:
    """Text of somebody's as a message may repeat it: one short, printable piece."""
    return (text if text.isprintable() else ascii(text)[1:-1])[:160] or "nothing"
