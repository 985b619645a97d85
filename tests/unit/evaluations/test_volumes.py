from __future__ import annotations

from fractions import Fraction

import pytest

from evaluations.intervals import wilson
from evaluations.rates import Counts
from evaluations.volumes import MAX_POSTS, Estimate, Share, volumes_of

COUNTS = Counts(tp=38, fn=2, tn=30, fp=10)
PERCENT = Fraction(1, 100)


def test_posts_are_the_rates_times_the_posts_of_each_kind() -> None:
    """Of 10,000 posts, 1 % violating, a recall of 38/40 and 10 of 40 allowed ones flagged give these."""
    found = volumes_of(COUNTS, 10_000, PERCENT)
    assert (found.violating, found.allowed) == (100, 9_900)
    assert found.caught == Estimate(value=95, low=83, high=99)
    assert found.missed == Estimate(value=5, low=1, high=17)
    assert found.wrongly_flagged == Estimate(value=2475, low=1404, high=3980)
    assert found.right_when_flagged == Share(value="0.036965", low="0.020552", high="0.065608")


def test_bounds_are_those_of_wilson_outwards_to_whole_posts() -> None:
    """A bound times the posts is never rounded towards the value."""
    interval = wilson(38, 40)
    assert interval is not None
    found = volumes_of(COUNTS, 1_000_000, PERCENT)
    assert found.caught is not None
    assert found.caught.low <= Fraction(interval.low) * 10_000 <= found.caught.low + 1
    assert found.caught.high - 1 <= Fraction(interval.high) * 10_000 <= found.caught.high


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1, 1000), Fraction(1, 3), Fraction(1)])
@pytest.mark.parametrize("posts", [0, 1, 7, 10_000, MAX_POSTS])
def test_bounds_hold_the_value_and_add_up(posts: int, share: Fraction) -> None:
    """Every value lies within its bounds, within its posts, and caught and missed make all violating."""
    found = volumes_of(COUNTS, posts, share)
    assert found.violating + found.allowed == posts
    assert found.caught is not None
    assert found.missed is not None
    assert found.wrongly_flagged is not None
    for value, whole in (
        (found.caught, found.violating),
        (found.missed, found.violating),
        (found.wrongly_flagged, found.allowed),
    ):
        assert 0 <= value.low <= value.value <= value.high <= whole
    assert found.caught.value + found.missed.value == found.violating
    right = found.right_when_flagged
    assert (right is None) == (posts == 0)
    if right is not None and right.value is not None:
        assert Fraction(right.low) <= Fraction(right.value) <= Fraction(right.high)


def test_more_posts_and_more_violations_never_lower_what_follows() -> None:
    """Caught grows with the posts, and what is right when it flags with the share that violates."""
    grown = [volumes_of(COUNTS, posts, PERCENT).caught for posts in (100, 1_000, 5_000, 100_000)]
    values = [(one.low, one.value, one.high) for one in grown if one is not None]
    assert len(values) == 4
    assert values == sorted(values)
    shares = [volumes_of(COUNTS, 10_000, Fraction(n, 100)).right_when_flagged for n in (1, 2, 10, 50, 99)]
    rights = [(one.low, one.value, one.high) for one in shares if one is not None and one.value is not None]
    assert len(rights) == 5
    assert rights == sorted(rights)


def test_posts_of_one_kind_only() -> None:
    """With nothing violating all that is flagged is wrong, with everything violating all of it is right."""
    none, every = (volumes_of(COUNTS, 500, Fraction(n)) for n in (0, 1))
    assert none.caught == none.missed == Estimate(value=0, low=0, high=0)
    assert none.right_when_flagged == Share(value="0.000000", low="0.000000", high="0.000000")
    assert every.wrongly_flagged == Estimate(value=0, low=0, high=0)
    assert every.right_when_flagged == Share(value="1.000000", low="1.000000", high="1.000000")


def test_what_the_cases_do_not_say_is_undefined() -> None:
    """Without violating cases nothing is known of catching, nor of being right; of allowed posts still."""
    found = volumes_of(Counts(tn=30, fp=10), 1_000, PERCENT)
    assert (found.caught, found.missed, found.right_when_flagged) == (None, None, None)
    assert found.wrongly_flagged is not None
    assert volumes_of(Counts(tn=30, fp=10), 1_000, Fraction(0)).caught == Estimate(value=0, low=0, high=0)


def test_a_run_that_flags_nothing_has_no_share_of_right() -> None:
    """Where the measured rates flag nothing the share has bounds and no value."""
    right = volumes_of(Counts(fn=20, tn=20), 1_000, PERCENT).right_when_flagged
    assert right is not None
    assert right.value is None
    assert Fraction(right.low) < Fraction(right.high)


def test_an_unread_answer_flags_nothing() -> None:
    """An unread answer is a miss on a violating post and no false alarm on an allowed one; both are told."""
    counts = Counts(tp=8, unparsed_positive=2, tn=5, fp=2, failed_negative=3)
    found = volumes_of(counts, 200, Fraction(1, 2))
    assert found.caught is not None
    assert found.wrongly_flagged is not None
    assert found.unread is not None
    assert (found.caught.value, found.wrongly_flagged.value, found.unread.value) == (80, 20, 20 + 30)


@pytest.mark.parametrize(("posts", "share"), [(-1, PERCENT), (MAX_POSTS + 1, PERCENT), (1, Fraction(2))])
def test_what_cannot_be_is_refused(posts: int, share: Fraction) -> None:
    """Fewer posts than none, more than the limit, or more than all of them violating are errors."""
    with pytest.raises(ValueError, match="use 0 to"):
        volumes_of(COUNTS, posts, share)
