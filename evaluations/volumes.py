"""What a run's figures mean for a stream of posts: of N a day, p % violating. Pure.

The share caught among violating posts and the share flagged among allowed ones are measured apart, so
their Wilson intervals carry over to any prevalence: each bound times the posts of its kind, widened to
whole posts. What is right among the flagged rests on both: its bounds take the unfavourable ends of both
intervals together, so they are wide rather than too narrow (Zou and Donner, Statistics in Medicine 27,
2008, derive narrower ones; nobody should have to trust them here).

An answer that could not be read flags nothing: it is a miss where the post violates, and no false alarm
where it does not. `unread` says how many such posts there would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from evaluations.figures import ratio, written
from evaluations.intervals import Proportion, proportion
from evaluations.rates import Counts, negatives, positives

METHOD = "wilson-per-rate"
"""How the bounds were made, for whoever stores or compares them."""

MAX_POSTS = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Whole posts a day, with bounds that hold the 95 % interval of the rate behind it."""

    value: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with six decimals; `value` is None where the measured rates flag nothing at all."""

    value: str | None
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """What would become of `posts` a day, `violating` of which violate.

    None is undefined: the run holds no case of a kind that these posts would have. `caught` and `missed`
    add up to `violating`.
    """

    posts: int
    violating: int
    allowed: int
    caught: Estimate | None
    missed: Estimate | None
    wrongly_flagged: Estimate | None
    unread: Estimate | None
    right_when_flagged: Share | None


def volumes_of(counts: Counts, posts: int, share: Fraction, repeats: int = 1) -> Volumes:
    """Of `posts` a day the share `share` violates; `counts` are a run's in the binary view.

    Raises `ValueError` for fewer than 0 or more than `MAX_POSTS` posts, or a share outside 0 to 1.
    """
    if not 0 <= posts <= MAX_POSTS:
        raise ValueError(f"{posts} posts a day; use 0 to {MAX_POSTS}")
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} violating; use 0 to 1")
    violating = round(posts * share)
    allowed = posts - violating
    caught_rate = proportion(counts.tp, positives(counts), repeats=repeats)
    flagged_rate = proportion(counts.fp, negatives(counts), repeats=repeats)
    caught = _estimate(caught_rate, violating)
    return Volumes(
        posts=posts,
        violating=violating,
        allowed=allowed,
        caught=caught,
        missed=caught and _rest(caught, violating),
        wrongly_flagged=_estimate(flagged_rate, allowed),
        unread=_unread(counts, violating, allowed, repeats),
        right_when_flagged=_right(caught_rate, flagged_rate, violating, allowed),
    )


def _estimate(rate: Proportion, posts: int) -> Estimate | None:
    """A rate of this many posts; of none it is 0 whatever the rate."""
    if posts == 0:
        return Estimate(value=0, low=0, high=0)
    exact = ratio(rate.count, rate.n)
    if exact is None or rate.interval is None:
        return None
    low, high = Fraction(rate.interval.low), Fraction(rate.interval.high)
    return Estimate(value=round(posts * exact), low=_floor(posts * low), high=_ceiling(posts * high))


def _rest(part: Estimate, whole: int) -> Estimate:
    return Estimate(value=whole - part.value, low=whole - part.high, high=whole - part.low)


def _unread(counts: Counts, violating: int, allowed: int, repeats: int) -> Estimate | None:
    lost = counts.unparsed_positive + counts.failed_positive
    among = _estimate(proportion(lost, positives(counts), repeats=repeats), violating)
    lost = counts.unparsed_negative + counts.failed_negative
    other = _estimate(proportion(lost, negatives(counts), repeats=repeats), allowed)
    if among is None or other is None:
        return None
    return Estimate(value=among.value + other.value, low=among.low + other.low, high=among.high + other.high)


def _right(caught: Proportion, flagged: Proportion, violating: int, allowed: int) -> Share | None:
    """Of the flagged, those that violate."""
    if violating + allowed == 0:
        return None
    if (violating and caught.interval is None) or (allowed and flagged.interval is None):
        return None
    # A kind of which there are no posts adds nothing, so any rate does for it.
    catch = _ends(caught) if violating else _NO_ENDS
    alarm = _ends(flagged) if allowed else _NO_ENDS
    value = _flagged_rightly(violating * catch[1], allowed * alarm[1])
    low = _flagged_rightly(violating * catch[0], allowed * alarm[2])
    high = _flagged_rightly(violating * catch[2], allowed * alarm[0])
    # With one kind of posts only, whatever is flagged is right, or wrong.
    alone = Fraction(1 if violating else 0)
    return Share(
        value=written(value),
        low=written(alone if low is None else low) or "",
        high=written(alone if high is None else high) or "",
    )


_NO_ENDS = (Fraction(0), Fraction(0), Fraction(0))


def _ends(rate: Proportion) -> tuple[Fraction, Fraction, Fraction]:
    """Low bound, value, high bound."""
    assert rate.interval is not None
    return Fraction(rate.interval.low), Fraction(rate.count, rate.n), Fraction(rate.interval.high)


def _flagged_rightly(right: Fraction, wrong: Fraction) -> Fraction | None:
    return right / (right + wrong) if right + wrong else None


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
