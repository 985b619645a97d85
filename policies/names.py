"""Names of policies and commons, and addresses made of them. Pure.

    roost                    a commons
    roost/spam               a policy in it
    roost/teen-safety/spam   a policy in a nested commons
    ~ana/spam@1.2.0          a policy in a personal commons, at a version
    roost/spam@latest        the newest release
    roost/spam@<40 hex>      the policy as it was at a commit

Names become folder names, ref names and web paths, so one rule serves all three: lower-case ASCII,
which also leaves no room for look-alike letters, bidi marks or names that differ in case only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType

from policies.errors import InvalidNameError
from policies.versions import parse_version

Slug = NewType("Slug", str)
CommonsPath = NewType("CommonsPath", str)

MAX_NESTING = 8
LATEST = "latest"

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_COMMIT = re.compile(r"[0-9a-f]{40}")

# Device names that Windows gives a meaning whatever their extension: a clone there would fail.
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
# First or last parts of addresses of the site and the repository layout.
_ROUTES = {
    "about",
    "account",
    "admin",
    "api",
    "assets",
    "auth",
    "badges",
    "bots",
    "changes",
    "charter",
    "diff",
    "docs",
    "events",
    "feeds",
    "found",
    "git",
    "governance",
    "head",
    "health",
    "healthz",
    "help",
    "inbox",
    "index",
    "latest",
    "ledger",
    "log",
    "login",
    "logout",
    "main",
    "members",
    "metrics",
    "new",
    "ostrom",
    "policies",
    "proposals",
    "raw",
    "readyz",
    "refs",
    "register",
    "releases",
    "reset",
    "robots",
    "runs",
    "search",
    "settings",
    "sign-in",
    "sign-out",
    "sign-up",
    "signup",
    "sitemap",
    "static",
    "tags",
    "undefined",
    "versions",
}
RESERVED = frozenset(_DEVICES | _ROUTES)

_SLUG_REMEDY = "Use 1 to 63 lower-case letters a-z, digits and single hyphens inside, such as 'hate-speech'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A commons (`slug` None) or one of its policies, perhaps at a version.

    `version` is a semantic version, a 40-digit commit id, `latest`, or None.
    """

    commons: CommonsPath
    slug: Slug | None = None
    version: str | None = None

    def __str__(self) -> str:
        path = f"{self.commons}/{self.slug}" if self.slug else self.commons
        return f"{path}@{self.version}" if self.version else path


def check_slug(text: str) -> Slug:
    """`text` as a policy's or commons' name. Raises `InvalidNameError`."""
    if not _SLUG.fullmatch(text):
        raise InvalidNameError(_shown(text), "is not a name.", _SLUG_REMEDY)
    if "--" in text:
        # Two hyphens look like one in many fonts, and like a command-line option.
        raise InvalidNameError(text, "holds two hyphens in a row.", "Use a single hyphen.")
    if text in RESERVED:
        raise InvalidNameError(text, "is a reserved name.", "Add a word, such as 'spam-policies'.")
    return Slug(text)


def check_commons_path(text: str) -> CommonsPath:
    """`text` as the path of a commons: names parted by slashes; the first may begin with `~`.

    Raises `InvalidNameError`.
    """
    parts = text.removeprefix("~").split("/")
    if len(parts) > MAX_NESTING:
        raise InvalidNameError(
            _shown(text), f"is nested more than {MAX_NESTING} deep.", "Use a commons higher up."
        )
    for part in parts:
        check_slug(part)
    return CommonsPath(text)


def parse_address(text: str) -> Address:
    """Reads an address. One name alone is a commons; of several the last is the policy.

    Whether `roost/teens` is a policy or a nested commons is for the registry to know: they share one
    namespace. Raises `InvalidNameError`.
    """
    path, at, version = text.partition("@")
    commons, slash, slug = path.rpartition("/")
    if not slash:
        if at:
            raise InvalidNameError(
                _shown(text), "gives a commons a version.", "Name a policy: 'commons/policy@1.0.0'."
            )
        return Address(commons=check_commons_path(path))
    return Address(
        commons=check_commons_path(commons),
        slug=check_slug(slug),
        version=check_version(version) if at else None,
    )


def check_version(text: str) -> str:
    """`text` as what may follow the `@` of an address. Raises `InvalidNameError`."""
    if text == LATEST or _COMMIT.fullmatch(text):
        return text
    return str(parse_version(text))


def look_alike_key(slug: str) -> str:
    """Equal for two names that a hurried reader takes for one another (`rnail` and `mail`, `g0` and `go`)."""
    key = slug.replace("-", "").replace("rn", "m").replace("vv", "w").replace("cl", "d")
    return key.translate(str.maketrans("01i5", "olls"))


def _shown(text: str) -> str:
    """`text` cut to a length that fits an error message."""
    return text if len(text) <= 80 else f"{text[:77]}..."
