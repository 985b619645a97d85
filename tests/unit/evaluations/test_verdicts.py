"""Verdicts hold facts only."""

from __future__ import annotations

import pytest

from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason, Verdict, said


@pytest.mark.parametrize("error", ["timeout", "http-503", "a"])
def test_a_failure_is_a_short_code(error: str) -> None:
    """Lower-case words, digits and hyphens are taken as they are."""
    assert Failed(error=error).error == error


@pytest.mark.parametrize("error", ["", "Connection refused by 10.0.0.1", "A" * 65, "-", "x\n", "ü"])
def test_a_failure_is_never_a_sentence(error: str) -> None:
    """What a server said may hold anything, and a record cannot forget; it is refused."""
    with pytest.raises(ValueError, match="is not a code"):
        Failed(error=error)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (LabelVerdict(code="AD1"), "AD1"),
        (FlagsVerdict(flags={"H": True, "V": False, "Q": True}), "H, Q"),
        (FlagsVerdict(flags={"H": False}), "no flag"),
        (Unparsed(reason=UnparsedReason.EMPTY), "unparsed (empty)"),
        (Failed(error="timeout"), "failed (timeout)"),
    ],
)
def test_a_verdict_in_words(verdict: Verdict, expected: str) -> None:
    """Every kind has a short form for tables."""
    assert said(verdict) == expected
