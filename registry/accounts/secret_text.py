"""Secrets as text: a prefix that says what it is, thirty random letters and digits, and a checksum.

Scanners find one by its prefix, and a slip in copying is told from the text alone, without a look into any
database. `private.db` keeps digests only; 178 random bits need no slow hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Callable
from enum import StrEnum

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 30, 6
_FORM = re.compile(r"p[cirs]_[0-9A-Za-z]{36}")

Random = Callable[[int], int]
"""A random number below this one, such as `secrets.randbelow`."""


class SecretKind(StrEnum):
    """What a secret opens; its prefix."""

    TOKEN = "pc_"  # noqa: S105 - a prefix
    SESSION = "ps_"
    INVITATION = "pi_"
    RESET = "pr_"


def new_secret(kind: SecretKind, random: Random = secrets.randbelow) -> str:
    """A secret that nobody had before."""
    body = kind + _text(random(len(_DIGITS) ** _RANDOM), _RANDOM)
    return body + _checksum(body)


def is_well_formed(kind: SecretKind, text: str) -> bool:
    """Whether `text` could be such a secret: its form and its checksum fit."""
    return (
        text.startswith(kind)
        and _FORM.fullmatch(text) is not None
        and _checksum(text[:-_CHECK]) == text[-_CHECK:]
    )


def digest(secret: str) -> str:
    """What is kept of it: SHA-256, as 64 hex digits."""
    return hashlib.sha256(secret.encode("ascii", "replace")).hexdigest()


def _checksum(body: str) -> str:
    return _text(zlib.crc32(body.encode("ascii")), _CHECK)


def _text(number: int, width: int) -> str:
    signs = ""
    for _ in range(width):
        number, sign = divmod(number, len(_DIGITS))
        signs = _DIGITS[sign] + signs
    return signs
