"""Holm's correction, margins, and what a suite can resolve."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from evaluations.statistics.holm import holm
from evaluations.statistics.margins import Judgement, no_worse
from evaluations.statistics.mcnemar import mid_p
from evaluations.statistics.power import more_cases, resolution
from evaluations.statistics.tango import difference


@settings(max_examples=25)
@given(st.lists(st.integers(min_value=0, max_value=1_000), min_size=1, max_size=30))
def test_holm_is_that_of_statsmodels(thousandths: list[int]) -> None:
    """Adjusted values agree with statsmodels, in the order given."""
    values = {f"slice {index}": Decimal(value) / 1000 for index, value in enumerate(thousandths)}
    expected = multipletests([float(value) for value in values.values()], method="holm")[1]
    assert [float(value) for value in holm(values).values()] == pytest.approx(list(expected))


def test_holm_of_nothing_is_nothing() -> None:
    """Without slices there is nothing to correct."""
    assert holm({}) == {}


@pytest.mark.parametrize(
    ("flips", "margin", "judgement"),
    [
        ((0, 0, 200), "0.03", Judgement.PASS),
        ((0, 0, 40), "0.03", Judgement.INCONCLUSIVE),
        ((0, 30, 100), "0.03", Judgement.BLOCK),
        ((1, 4, 60), "0.03", Judgement.INCONCLUSIVE),
        ((0, 0, 0), "0.03", Judgement.INCONCLUSIVE),
    ],
)
def test_a_margin_is_passed_blocked_or_open(
    flips: tuple[int, int, int], margin: str, judgement: Judgement
) -> None:
    """All above minus the margin passes, all below blocks, anything else is not known."""
    assert no_worse(difference(*flips), margin) is judgement


@pytest.mark.parametrize("margin", ["0", "1", "-0.1"])
def test_a_margin_that_is_no_share_is_refused(margin: str) -> None:
    """Margins outside 0 to 1 raise with what was given."""
    with pytest.raises(ValueError, match="is not between 0 and 1"):
        no_worse(difference(0, 0, 10), margin)


def test_what_a_suite_resolves() -> None:
    """40 cases leave 8.8 points unseen at best, 200 leave 1.9 and find 6.2 with a tenth of them flipping."""
    assert (resolution(40).unseen, resolution(40).detectable) == ("0.087622", None)
    assert (resolution(200).unseen, resolution(200).detectable) == ("0.018845", "0.062277")
    assert (resolution(0).unseen, resolution(0).detectable) == (None, None)


def test_the_detectable_change_is_found_as_often_as_said() -> None:
    """Of simulated suites with the smallest detectable change, about four in five are found."""
    n, flips = 400, 0.10
    net = float(resolution(n).detectable or 0)
    generator = np.random.Generator(np.random.PCG64(7))
    draws = generator.multinomial(n, [(flips + net) / 2, (flips - net) / 2, 1 - flips], size=2_000)
    found = sum(float(mid_p(int(fixed), int(broken))) < 0.05 for fixed, broken, _ in draws)
    assert 0.77 < found / 2_000 < 0.85


def test_more_cases_settle_what_is_open() -> None:
    """As many more cases as said settle the margin at the same rates, and one fewer does not."""
    more = more_cases(0, 0, 40, "0.03")
    assert more is not None
    assert no_worse(difference(0, 0, 40 + more), "0.03") is Judgement.PASS
    assert no_worse(difference(0, 0, 40 + more - 1), "0.03") is Judgement.INCONCLUSIVE


def test_what_is_settled_needs_no_more_and_what_stands_at_the_margin_never_settles() -> None:
    """0 when the margin is passed or blocked already; None when the loss is the margin itself."""
    assert more_cases(0, 0, 400, "0.03") == 0
    assert more_cases(0, 3, 100, "0.03") is None
    assert more_cases(0, 0, 0, "0.03") is None
