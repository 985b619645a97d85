"""What an operator wants to know of accounts: counted, and noted. Writes to the log; holds no secret.

A handle is noted where it is an account's. What somebody typed is not: people type their password into the
wrong field.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum

LOGGER = "registry.security"

_log = logging.getLogger(LOGGER)


class Act(StrEnum):
    """What was done, or tried."""

    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    PASSWORD = "password"  # noqa: S105 - a name
    RESET = "reset"
    SESSION_ENDED = "session-ended"
    TOKEN_MADE = "token-made"  # noqa: S105 - a name
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - a name
    TOKEN = "token"  # noqa: S105 - a name
    FORM = "form"
    KEY = "key"
    DELETED = "deleted"


class Result(StrEnum):
    """How it went."""

    DONE = "done"
    REFUSED = "refused"
    LIMITED = "limited"


class Watch:
    """Counts acts by how they went, for `/metrics`, and notes them. Safe for threads, give or take one."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(((act, result) for act in Act for result in Result), 0)

    @property
    def counts(self) -> Mapping[tuple[Act, Result], int]:
        """Since the start."""
        return self._counts

    def count(self, act: Act, result: Result) -> None:
        """Counts what happens too often to be noted."""
        self._counts[act, result] += 1

    def note(self, act: Act, result: Result, **facts: str | None) -> None:
        """Counts and notes; `facts` without a value are left out. `address` is noted where addresses are."""
        self.count(act, result)
        known = {name: value for name, value in facts.items() if value is not None}
        level = logging.INFO if result is Result.DONE else logging.WARNING
        _log.log(level, "%s %s", act, result, extra={"facts": {"act": act, "result": result, **known}})
