"""“Of N posts a day, p % violating”, as a visitor writes it. Touches nothing."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from evaluations.volumes import MAX_POSTS
from registry.web.refusals import BadQueryError

POSTS = "10000"
RATE = "1"

_POSTS = re.compile(r"[0-9]{1,13}|[0-9]{1,3}(?:[, ][0-9]{3}){1,4}")
_RATE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,6}))?")


class VolumeQuery(NamedTuple):
    """`rate` is a percentage as it was written, `share` the same from 0 to 1; `given` if a visitor asked."""

    posts: int
    rate: str
    share: Fraction
    given: bool


def read_volume_query(posts: str | None, rate: str | None) -> VolumeQuery:
    """What was asked for; what was left out is 10,000 posts and 1 %. Raises `BadQueryError`."""
    return VolumeQuery(
        _posts(POSTS if posts is None else posts.strip()),
        *_rate(RATE if rate is None else rate.strip()),
        given=posts is not None or rate is not None,
    )


def _posts(text: str) -> int:
    number = int(re.sub("[, ]", "", text)) if _POSTS.fullmatch(text) else 0
    if not 1 <= number <= MAX_POSTS:
        raise BadQueryError(
            "`posts` is how many posts there are a day.",
            f"Give a whole number from 1 to {MAX_POSTS:,}.",
        )
    return number


def _rate(text: str) -> tuple[str, Fraction]:
    found = _RATE.fullmatch(text)
    percent = Fraction(f"{found[1]}.{found[2] or 0}") if found else None
    if found is None or percent is None or percent > 100:
        raise BadQueryError(
            "`rate` is the percentage of posts that violate.",
            "Give a number from 0 to 100 with at most six decimals, such as 0.5.",
        )
    decimals = (found[2] or "").rstrip("0")
    return f"{int(found[1])}{'.' if decimals else ''}{decimals}", percent / 100
