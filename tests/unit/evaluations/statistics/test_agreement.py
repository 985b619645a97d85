"""Agreement of annotators, against the `krippendorff` package and published examples."""

from __future__ import annotations

from collections import Counter

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from evaluations.statistics.agreement import agreement_of, alpha
from evaluations.statistics.kappa import weighted_kappa

RATINGS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.dictionaries(st.sampled_from("pqrst"), st.sampled_from(("x", "y", "z")), max_size=5),
    max_size=12,
)


@given(RATINGS)
def test_alpha_is_that_of_the_krippendorff_package(ratings: dict[str, dict[str, str]]) -> None:
    """With gaps and any number of raters, alpha agrees with the reference implementation."""
    labels = {"x": 0, "y": 1, "z": 2}
    matrix = np.array(
        [
            [float(labels[by[rater]]) if rater in by else np.nan for by in ratings.values()]
            for rater in "pqrst"
        ]
    )
    pairable = [by for by in ratings.values() if len(by) >= 2]
    assume(len({label for by in pairable for label in by.values()}) > 1)
    expected = krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal")
    found = agreement_of(ratings).alpha
    assert found is not None
    assert float(found) == pytest.approx(expected, abs=6e-7)


def test_the_published_example_of_alpha() -> None:
    """Krippendorff's four coders and twelve units, nominal: 0.743 (Computing Krippendorff's Alpha, 2011)."""
    rows = [
        (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
        (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
    ]
    units = [Counter(str(row[unit]) for row in rows if row[unit] is not None) for unit in range(12)]
    found = alpha(units)
    assert found is not None
    assert float(found) == pytest.approx(0.743, abs=5e-4)


def test_ac1_holds_where_a_label_is_rare() -> None:
    """Gwet's 125 cases, 118 agreed yes, 7 split: kappa is about -0.03, AC1 0.94."""
    ratings = {f"both {case}": {"a": "yes", "b": "yes"} for case in range(118)}
    ratings |= {f"first {case}": {"a": "no", "b": "yes"} for case in range(5)}
    ratings |= {f"second {case}": {"a": "yes", "b": "no"} for case in range(2)}
    found = agreement_of(ratings)
    assert found.ac1 is not None
    assert found.alpha is not None
    assert float(found.ac1) == pytest.approx(0.9408, abs=1e-4)
    assert float(found.alpha) < 0


def test_contested_cases_have_no_majority() -> None:
    """Two of four is no absolute majority; a single rating is no agreement; the ceiling leaves ties out."""
    ratings = {
        "split": {"a": "x", "b": "y", "c": "x", "d": "y"},
        "clear": {"a": "x", "b": "x", "c": "y"},
        "alone": {"a": "x"},
        "none": {},
    }
    found = agreement_of(ratings)
    assert (found.cases, found.raters, found.contested) == (2, 4, ("split",))
    # clear: c's others agree on x, which c did not give; a's and b's others are split.
    # split: each rater's three others have a majority of the label that it did not give.
    assert found.ceiling == "0.000000"


def test_of_nothing_nothing_is_known() -> None:
    """Without two ratings of one case every figure is None; one label in use leaves alpha undefined."""
    empty = agreement_of({})
    assert (empty.cases, empty.alpha, empty.ac1, empty.observed, empty.ceiling) == (0, None, None, None, None)
    same = agreement_of({"1": {"a": "x", "b": "x"}})
    assert (same.alpha, same.observed) == (None, "1.000000")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("0123"), st.sampled_from("0123")),
        st.integers(1, 50),
        min_size=2,
        max_size=16,
    )
)
def test_weighted_kappa_is_that_of_scikit_learn(pairs: dict[tuple[str, str], int]) -> None:
    """Quadratic-weighted kappa agrees with scikit-learn's."""
    gold = [true for (true, _), count in pairs.items() for _ in range(count)]
    said = [told for (_, told), count in pairs.items() for _ in range(count)]
    assume(len({*gold, *said}) > 1)
    found = weighted_kappa(pairs, "0123")
    assert found is not None
    expected = cohen_kappa_score(gold, said, labels=list("0123"), weights="quadratic")
    assert float(found) == pytest.approx(expected, abs=1e-9)


def test_weighted_kappa_refuses_what_is_not_on_the_scale() -> None:
    """A label outside the order raises with its name; one label on both sides leaves kappa undefined."""
    with pytest.raises(ValueError, match="the label 9 is not one of 0, 1"):
        weighted_kappa({("0", "9"): 1}, "01")
    assert weighted_kappa({("0", "0"): 3}, "01") is None
