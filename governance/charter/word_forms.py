"""Times, numbers, fractions and lists as a person would say them. Pure."""

from __future__ import annotations

from fractions import Fraction

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "twelve",
)
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}
_MANY = {2: "halves"}
_DAY, _WEEK, _YEAR = 24, 168, 8760
_MOST_WEEKS = 8
"""Longer times are easier to picture in days: 90 days, 180 days."""


def number(count: int) -> str:
    """`one`, `two`, `12` from thirteen on; `no` for 0."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """`one member`, `two members`."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def span(hours: int) -> str:
    """`20 hours`, `one day`, `two weeks`, `180 days`, `one year`, `four days and four hours`."""
    if hours and hours % _YEAR == 0:
        return counted(hours // _YEAR, "year")
    if hours and hours % _WEEK == 0 and hours // _WEEK <= _MOST_WEEKS:
        return counted(hours // _WEEK, "week")
    days, rest = divmod(hours, _DAY)
    if not days or (rest and days == 1):
        return counted(hours, "hour")
    return counted(days, "day") + (f" and {counted(rest, 'hour')}" if rest else "")


def every(hours: int) -> str:
    """`every hour`, `every day`, `every week`, `every two days`."""
    words = span(hours)
    return f"every {words.removeprefix('one ')}"


def share(value: Fraction) -> str:
    """`half`, `one third`, `two thirds`, `7 of 20`, `all`."""
    if value == 1:
        return "all"
    part = _PARTS.get(value.denominator)
    if part is None:
        return f"{value.numerator} of {value.denominator}"
    if value == Fraction(1, 2):
        return part
    return f"{number(value.numerator)} {part}{'' if value.numerator == 1 else 's'}"


def times(value: Fraction) -> str:
    """`the square root` with its factor before it: ``, `twice`, `one and a half times`, `5/4 times`."""
    words = {Fraction(1): "", Fraction(2): "twice ", Fraction(3, 2): "one and a half times "}
    if value in words:
        return words[value]
    return f"{number(value.numerator) if value.denominator == 1 else value} times "


def listed(names: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`; all of them, since a rule that is left out is not said."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def capital(sentence: str) -> str:
    """The sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]
