"""What a key may hold: reading a plain value as a typed one, and writing it back. Pure.

`read` takes what TOML or JSON gives and raises `WrongKindError` with what would be right; `write` gives
the one plain form that reads back as the same value. Fractions are text in lowest terms, so that one
rule has one spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeAlias

import msgspec

from governance.charter.model import Formula, Quorum
from governance.charter.values import Plain

NONE = "none"
"""The word for "there is none", where a key may go without; TOML has no other."""

Typed: TypeAlias = bool | int | str | Fraction | Quorum | tuple[str, ...] | None

_SHARE = re.compile(r"(0|[1-9][0-9]{0,3})(?:/([1-9][0-9]{0,3}))?")


class WrongKindError(ValueError):
    """A value that a key may not hold; `expected` says what it may, as "a whole number from 1 to 9"."""

    def __init__(self, expected: str) -> None:
        self.expected = expected
        super().__init__(expected)


class Kind(Protocol):
    """What a key may hold. `name` and `range` say it in the documentation."""

    @property
    def name(self) -> str:
        """The kind in a word or two."""
        ...

    @property
    def range(self) -> str:
        """Which values of the kind."""
        ...

    def read(self, value: object) -> Typed:
        """The typed value. Raises `WrongKindError`."""
        ...

    def write(self, value: Typed) -> Plain:
        """The plain form of a typed value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int
    most: int
    name: str = "whole number"

    @property
    def range(self) -> str:
        """`0 to 87,600`."""
        return f"{self.least:,} to {self.most:,}"

    def read(self, value: object) -> Typed:
        """An integer within the range; a flag is none."""
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value
        raise WrongKindError(f"a whole number from {self.least} to {self.most}")

    def write(self, value: Typed) -> Plain:
        """The integer."""
        assert isinstance(value, int)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A fraction from `least` to `most` as text, such as "1/3"; `over` leaves out `least` itself."""

    least: Fraction
    most: Fraction
    over: bool = False
    name: str = "fraction"

    @property
    def range(self) -> str:
        """`1/2 to 1`, `over 0, up to 1`."""
        return f"over {self.least}, up to {self.most}" if self.over else f"{self.least} to {self.most}"

    def read(self, value: object) -> Typed:
        """The fraction, which must be written in lowest terms."""
        match = _SHARE.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise WrongKindError(f'a fraction in quotes such as "1/3", {self.range}')
        share = Fraction(int(match[1]), int(match[2] or 1))
        if str(share) != value:
            raise WrongKindError(f'the fraction in lowest terms, "{share}"')
        if not self.least <= share <= self.most or (self.over and share == self.least):
            raise WrongKindError(f"a fraction {self.range}")
        return share

    def write(self, value: Typed) -> Plain:
        """`1/3`."""
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One word of an enumeration."""

    words: type[StrEnum]
    name: str = "word"

    @property
    def range(self) -> str:
        """The words."""
        return ", ".join(self.words)

    def read(self, value: object) -> Typed:
        """The member of the enumeration."""
        if isinstance(value, str) and value in self.words.__members__.values():
            return self.words(value)
        raise WrongKindError(f"one of {self.range}" if len(self.words) > 1 else f'"{self.range}"')

    def write(self, value: Typed) -> Plain:
        """The word."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    name: str = "flag"
    range: str = "true, false"

    def read(self, value: object) -> Typed:
        """The flag; 0, 1 and texts are none."""
        if isinstance(value, bool):
            return value
        raise WrongKindError("true or false, without quotes")

    def write(self, value: Typed) -> Plain:
        """The flag."""
        assert isinstance(value, bool)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A word of a shape that a msgspec type bounds; `what` describes it."""

    shape: object
    what: str
    name: str = "text"

    @property
    def range(self) -> str:
        """What it is."""
        return self.what

    def read(self, value: object) -> Typed:
        """The text."""
        try:
            text: str = msgspec.convert(value, self.shape)
        except msgspec.ValidationError:
            raise WrongKindError(self.what) from None
        return text

    def write(self, value: Typed) -> Plain:
        """The text."""
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A list of `least` to `most` different texts. Their order says nothing; they are kept sorted."""

    item: Text
    most: int
    least: int = 0
    name: str = "list of texts"

    @property
    def range(self) -> str:
        """How many, and of what."""
        return f"{self.least} to {self.most}: {self.item.what}"

    def read(self, value: object) -> Typed:
        """The texts, sorted."""
        if not isinstance(value, list | tuple) or not self.least <= len(value) <= self.most:
            raise WrongKindError(f"a list of {self.least} to {self.most}, each {self.item.what}")
        try:
            texts = [str(self.item.read(item)) for item in value]
        except WrongKindError:
            raise WrongKindError(f"a list of which each is {self.item.what}") from None
        if len(set(texts)) != len(texts):
            raise WrongKindError("a list that names each once")
        return tuple(sorted(texts))

    def write(self, value: Typed) -> Plain:
        """The texts."""
        assert isinstance(value, tuple)
        return value


@dataclass(frozen=True, slots=True)
class QuorumParts:
    """A quorum: a named formula with its factor, and a floor."""

    name: str = "quorum"
    range: str = '{formula = "sqrt", factor, floor} or {share, floor}'
    _factor: Share = field(default=Share(least=Fraction(0), most=Fraction(100), over=True), repr=False)
    _share: Share = field(default=Share(least=Fraction(0), most=Fraction(1), over=True), repr=False)
    _floor: Whole = field(default=Whole(least=1, most=10_000), repr=False)

    def read(self, value: object) -> Typed:
        """The quorum; a part that is missing, or one too many, is said by name."""
        if not isinstance(value, Mapping):
            raise WrongKindError('a quorum such as {formula = "sqrt", factor = "3/2", floor = 3}')
        parts: dict[str, Kind]
        if "share" in value:
            parts, formula = {"share": self._share, "floor": self._floor}, Formula.SHARE
        elif value.get("formula") == Formula.SQRT:
            parts, formula = {"factor": self._factor, "floor": self._floor}, Formula.SQRT
        elif "formula" in value:
            raise WrongKindError('a formula that exists: formula = "sqrt", or share = "1/4" in its place')
        else:
            raise WrongKindError('a formula: formula = "sqrt" with a factor, or share = "1/4"')
        _same_parts(value, ("formula", *parts) if formula is Formula.SQRT else tuple(parts))
        read: dict[str, Typed] = {}
        for part, kind in parts.items():
            try:
                read[part] = kind.read(value[part])
            except WrongKindError as error:
                raise WrongKindError(f"a quorum whose {part} is {error.expected}") from None
        factor, floor = read["share" if formula is Formula.SHARE else "factor"], read["floor"]
        assert isinstance(factor, Fraction)
        assert isinstance(floor, int)
        return Quorum(formula=formula, factor=factor, floor=floor)

    def write(self, value: Typed) -> Plain:
        """The parts, in the order in which they are written."""
        assert isinstance(value, Quorum)
        if value.formula is Formula.SHARE:
            return {"share": str(value.factor), "floor": value.floor}
        return {"formula": value.formula.value, "factor": str(value.factor), "floor": value.floor}


@dataclass(frozen=True, slots=True)
class Optional:
    """Another kind, or "none"."""

    kind: Kind

    @property
    def name(self) -> str:
        """The name of the other kind."""
        return self.kind.name

    @property
    def range(self) -> str:
        """The range of the other kind, or none."""
        return f"{self.kind.range}, or {NONE}"

    def read(self, value: object) -> Typed:
        """None for the word "none"."""
        if value == NONE:
            return None
        try:
            return self.kind.read(value)
        except WrongKindError as error:
            raise WrongKindError(f'{error.expected}, or "{NONE}"') from None

    def write(self, value: Typed) -> Plain:
        """The word "none" for None."""
        return NONE if value is None else self.kind.write(value)


def _same_parts(given: Mapping[object, object], known: tuple[str, ...]) -> None:
    missing = [part for part in known if part not in given]
    if missing:
        raise WrongKindError(f"a quorum with its {missing[0]}")
    unknown = sorted(str(part)[:40] for part in given if part not in known)
    if unknown:
        raise WrongKindError(f"a quorum of {', '.join(known)} and no {unknown[0]!r}")
