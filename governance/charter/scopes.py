"""Which class an amendment of the charter is of, by the keys that it touches. Pure.

Protected keys are those by which the members could take a decision back, check it or appeal: whoever
could change them as easily as any other rule could make that change the last one.
"""

from __future__ import annotations

from governance.charter.model import ChangeClass, Charter
from governance.charter.resolve import plain_values

PROTECTED: tuple[str, ...] = (
    "class.entrenched",  # this table itself, or the protection could be voted away with less
    "ballot.method",  # how a ballot is counted decides what every quorum and threshold means
    "panel",  # who rules on a challenge, and by when
    "nesting.locked",  # what binds the commons within this one
    "nesting.child_may",
    "audit",  # how soon a rewritten log would be seen
)
"""Keys, and tables of keys, whose change is of class entrenched. Every other key is of class charter.

`ballot.visibility` and `ballot.change_allowed` are not among them: whichever way they are set, the count
stays one that anybody can check.
"""


def is_protected(key: str) -> bool:
    """Whether a change of this key is of class entrenched."""
    return covered(key, PROTECTED)


def covered(key: str, names: tuple[str, ...]) -> bool:
    """Whether a key is one of these, or stands in one of these tables."""
    return any(key == name or key.startswith(f"{name}.") for name in names)


def changed_keys(before: Charter, after: Charter) -> tuple[str, ...]:
    """The keys in which two charters differ, those of groups included, in the order of writing."""
    old, new = plain_values(before), plain_values(after)
    return tuple(key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key))


def class_of_amendment(before: Charter, after: Charter) -> ChangeClass:
    """The class of going from one charter to the other; a change of comments alone is of class charter."""
    protected = any(is_protected(key) for key in changed_keys(before, after))
    return ChangeClass.ENTRENCHED if protected else ChangeClass.CHARTER
