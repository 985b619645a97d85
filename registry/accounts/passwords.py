"""Hashes passwords with argon2id (RFC 9106) and holds others against the hash. Takes time on purpose."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cached_property
from typing import NamedTuple

import argon2
from argon2.exceptions import InvalidHashError, VerifyMismatchError


class Cost(NamedTuple):
    """What one hash takes: memory in KiB, passes over it, and threads.

    Measured (README.md): 79 ms on one core of a shared machine. Who guesses from the hashes pays the same for
    each guess; a host pays 32 MiB for each sign-in at work.
    """

    memory: int = 32 * 1024
    passes: int = 3
    threads: int = 1


class Passwords:
    """Hashes at one cost. Safe for threads."""

    def __init__(self, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        self._hasher = argon2.PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory, parallelism=cost.threads
        )

    @cached_property
    def decoy(self) -> str:
        """The hash of a password that nobody knows: what is tried where there is no account."""
        return self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(normal(password))

    def fits(self, stored: str, password: str) -> bool:
        """Whether this is the password. Takes as long when it is not."""
        try:
            return self._hasher.verify(stored, normal(password))
        except (VerifyMismatchError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed at another cost than passwords are now."""
        return self._hasher.check_needs_rehash(stored)


def normal(password: str) -> str:
    """A password as it is hashed: NFKC, so that it is the same from every keyboard (NIST SP 800-63B).

    A lone surrogate, which no keyboard gives, becomes a question mark.
    """
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode("utf-8")
