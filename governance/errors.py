"""What the rules refuse, and why. Pure."""

from __future__ import annotations


class GovernanceError(Exception):
    """Root of every error this package raises on purpose."""


class MalformedEventError(GovernanceError):
    """Bytes that are not an event of the closed type list.

    `place` names the field, `rule` what it breaks.
    """

    def __init__(self, place: str, rule: str) -> None:
        self.place = place
        self.rule = rule
        super().__init__(f"{place}: {rule}")


class RefusedError(GovernanceError):
    """An act or event that the rules do not allow.

    `rule` says which rule, `remedy` what would be allowed; `seq` is the event's number when it is an
    event of a log that was refused, and None when a new act was.
    """

    def __init__(self, rule: str, remedy: str, *, seq: int | None = None) -> None:
        self.rule = rule
        self.remedy = remedy
        self.seq = seq
        where = "" if seq is None else f"event {seq}: "
        super().__init__(f"{where}{rule} {remedy}")

    def at_event(self, seq: int | None) -> RefusedError:
        """The same refusal of an event with this number, or of an act that has none yet."""
        return type(self)(self.rule, self.remedy, seq=seq)


class ClockBehindError(RefusedError):
    """Something that the clock owes is missing, so nothing else may come before it."""
