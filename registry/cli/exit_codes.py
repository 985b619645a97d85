"""The exit codes of `commons`: what a program that calls it reads. Touches nothing.

They are a contract: `README.md` beside this file lists them, and a test holds the two together.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """0 is fine; every other code asks for another reaction."""

    FINE = 0
    CHECK_FAILED = 1
    WRONG_INPUT = 2
    REFUSED = 3
    NOT_FOUND = 4
    TRY_AGAIN = 5
    DAMAGED = 6
    BUG = 70  # EX_SOFTWARE of sysexits.h
    INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it
    PIPE_CLOSED = 141  # 128 + SIGPIPE
