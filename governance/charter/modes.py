"""Which of a class's keys each mode of deciding reads. Pure.

A key that a class's mode does not read changes nothing: the words leave it out, and setting it is
refused (`coherence.py`), so that nobody believes in a rule that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from governance.charter.model import ChangeClass, Charter, Join, Mode

_REVIEW = ("reviews", "review_min", "edit_freeze")
_VOTE = ("voting", "quorum", "threshold", "group_gate")
_CHALLENGE = ("challenge", "stay")

READS: Mapping[Mode, frozenset[str]] = MappingProxyType(
    {
        Mode.OWNER: frozenset(),
        Mode.DIRECT: frozenset({"undo"}),
        Mode.CONSENT: frozenset({*_REVIEW, "objection", "undo", *_CHALLENGE}),
        Mode.CONSENT_THEN_VOTE: frozenset({*_REVIEW, "objection", "call_vote", "undo", *_VOTE, *_CHALLENGE}),
        Mode.VOTE: frozenset({*_REVIEW, "notice", *_VOTE, *_CHALLENGE}),
        Mode.ALL_APPROVE: frozenset({*_REVIEW, "notice", "voting"}),
    }
)
"""What each mode reads beside `mode` itself."""

CAN_VOTE = frozenset({Mode.CONSENT_THEN_VOTE, Mode.VOTE, Mode.ALL_APPROVE})
"""Modes in which the members may come to vote."""

TALLIED = frozenset({Mode.CONSENT_THEN_VOTE, Mode.VOTE})
"""Modes whose votes are counted against a quorum and a threshold."""

DISCUSSED = frozenset({Mode.CONSENT, Mode.CONSENT_THEN_VOTE, Mode.VOTE, Mode.ALL_APPROVE})
"""Modes in which a change is a proposal that others see before it is in force."""

OBJECTED = frozenset({Mode.CONSENT, Mode.CONSENT_THEN_VOTE})
"""Modes in which members may object."""


def classes_in_use(charter: Charter) -> tuple[ChangeClass, ...]:
    """The classes that something can fall in: members are voted on only where one joins by vote."""
    by_vote = charter.membership.join is Join.BY_VOTE
    return tuple(
        change_class for change_class in ChangeClass if by_vote or change_class is not ChangeClass.MEMBERSHIP
    )


def any_mode(charter: Charter, modes: frozenset[Mode]) -> bool:
    """Whether a class in use is decided in one of these modes."""
    return any(charter.rules(change_class).mode in modes for change_class in classes_in_use(charter))
