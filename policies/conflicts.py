"""What two versions of a policy both changed, and how a person may decide on it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Side(StrEnum):
    """Whose version of a place is taken; both, ours first, only of lines."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Written(NamedTuple):
    """What somebody wrote to stand in a place instead, where its kind takes words."""

    text: str


class Kind(StrEnum):
    """What stands in a place: lines of a text, one value that is a text, a case, or anything else."""

    LINES = "lines"
    WORDS = "words"
    CASE = "case"
    OTHER = "other"

    def takes(self, decision: Decision) -> bool:
        """Whether this can be decided on such a place."""
        if isinstance(decision, Written):
            return self in (Kind.LINES, Kind.WORDS)
        return decision is not Side.BOTH or self is Kind.LINES


class Clash(NamedTuple):
    """Lines that both sides changed, and not alike."""

    base: str
    ours: str
    theirs: str


TextMerge: TypeAlias = Callable[[str, str, str], Sequence[str | Clash]]
"""Merges ours and theirs over their base, in this order: base, ours, theirs."""


class Conflict(NamedTuple):
    """One place to be decided, numbered from 1 in the order in which places are looked at.

    A side is None where it does not have the place at all. `sensitive`: it shows content that pages hide.
    Texts of the front matter are as they are, its other values in YAML's short form, cases as in their file.
    """

    number: int
    place: str
    base: str | None
    ours: str | None
    theirs: str | None
    sensitive: bool = False
    kind: Kind = Kind.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """`files` are the merged folder's, None while a conflict is open; `taken` counts what came over."""

    files: Mapping[str, bytes] | None
    conflicts: tuple[Conflict, ...]
    taken: int


Decision: TypeAlias = Side | Written
Choose: TypeAlias = Callable[[Conflict], Decision | None]
