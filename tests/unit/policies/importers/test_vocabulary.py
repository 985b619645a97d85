"""Tests of `policies.importers.vocabulary`."""

from __future__ import annotations

import pytest

from policies.importers.vocabulary import is_code, is_metric, is_number, opposite_of, polarity


@pytest.mark.parametrize("text", ["SP0", "ARS2", "TVEC.01", "D-SP4", "GV1"])
def test_severity_codes_are_told(text: str) -> None:
    """The codes of published policies are codes."""
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "SP", "sp0", "SP0.a", "0", "12", "VALID", "SP0 ", "COVID-19 news"])
def test_other_words_are_no_codes(text: str) -> None:
    """A criterion, a number or a word is no code."""
    assert not is_code(text)


@pytest.mark.parametrize(
    ("label", "column", "violates"),
    [
        ("INVALID", "", True),
        ("valid", "label", False),
        ("1", "label", True),
        ("0", "toxic", False),
        ("1", "is_safe", False),
        ("0.0", "safe", True),
        ("yes", "violates", True),
        ("yes", "allowed", False),
        ("no", "is_safe", True),
        ("true", "flagged", True),
        ("yes", "label", None),
        ("true", "", None),
        ("non-hateful", "", False),
        ("not spam", "", False),
        ("unsafe", "", True),
        ("purple", "", None),
    ],
)
def test_a_word_violates_allows_or_does_not_say(label: str, column: str, violates: bool | None) -> None:
    """A yes means what its column asks, and nothing where the column asks nothing."""
    assert polarity(label, column=column) is violates


def test_scores_are_told_by_name_and_number() -> None:
    """Metric names in any spelling, numbers and percentages."""
    assert all(map(is_metric, ["Accuracy", "F1", "F1 Score", " recall:", "**Precision**"]))
    assert not any(map(is_metric, ["TVEC2 recall", "yes", ""]))
    assert all(map(is_number, ["0.9", "1", "90.5%", "0,8"]))
    assert not any(map(is_number, ["", "n/a", "1/2"]))


def test_a_negated_label_names_its_opposite() -> None:
    """`non-hateful` is about `hateful`."""
    assert (opposite_of("Non-hateful"), opposite_of("not spam"), opposite_of("hateful")) == (
        "hateful",
        "spam",
        None,
    )
