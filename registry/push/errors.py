"""Why a push was refused. Each becomes lines on the pusher's terminal, in `words.py` and nowhere else."""

from __future__ import annotations


class PushError(Exception):
    """Root of every error this package raises on purpose."""


class PushRefusedError(PushError):
    """Something in a push that is not taken: `place` in it, the `rule`, and what to do instead."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}")


class PackRefusedError(PushRefusedError):
    """The objects themselves cannot be taken: broken, or too many, or too large."""

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__("the objects", rule, remedy)


class UnreadablePushError(PushError):
    """Bytes that are no push of git's: nobody is there to read a report."""
