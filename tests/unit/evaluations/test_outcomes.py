"""Outcomes: what is true beside what was said."""

from __future__ import annotations

import pytest

from evaluations.outcomes import (
    Outcome,
    Seen,
    Unread,
    is_answer,
    is_right,
    label_of,
    outcome_of,
    violation_of,
)
from evaluations.rows import Row
from evaluations.suites import Gold, SuiteItem, SuiteLabel
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import Labelling

SINGLE = (SuiteLabel(code="A", violates=False), SuiteLabel(code="B", violates=True))
FLAGS = (
    SuiteLabel(code="H", violates=True),
    SuiteLabel(code="V", violates=True),
    SuiteLabel(code="Q", violates=False),
)


def _outcome(gold: Gold, verdict: Verdict, codes: str) -> Outcome:
    row = Row(item=SuiteItem(id="x", input="0" * 64, gold=gold), repeat=1, verdict=verdict)
    return outcome_of(row, codes)


@pytest.mark.parametrize(
    ("verdict", "right", "seen"),
    [
        (LabelVerdict(code="B"), True, Seen(True, True)),
        (LabelVerdict(code="A"), False, Seen(True, False)),
        (Unparsed(reason=UnparsedReason.EMPTY), Unread.UNPARSED, Seen(True, Unread.UNPARSED)),
        (Failed(error="timeout"), Unread.FAILED, Seen(True, Unread.FAILED)),
    ],
)
def test_one_label(verdict: Verdict, right: bool | Unread, seen: Seen) -> None:
    """A label is right when it is the gold one; unread answers stay what they are."""
    outcome = _outcome("B", verdict, "AB")
    assert is_right(outcome) == right
    assert label_of(outcome, 1, "B") == seen
    assert violation_of(outcome, SINGLE) == seen


@pytest.mark.parametrize(
    ("gold", "said", "right", "violates"),
    [
        ((True, False, True), (True, False, True), True, Seen(True, True)),
        ((True, False, None), (True, False, True), True, Seen(True, True)),
        ((True, False, False), (False, True, False), False, Seen(True, True)),
        ((False, None, True), (False, False, True), True, Seen(None, False)),
        ((False, False, True), (False, False, False), False, Seen(False, False)),
        ((True, False, False), (True, None, False), Unread.UNPARSED, Seen(True, True)),
        ((True, False, False), (False, None, False), False, Seen(True, Unread.UNPARSED)),
        ((True, None, False), (False, None, False), False, Seen(True, False)),
        ((None, None, True), (False, False, None), Unread.UNPARSED, Seen(None, False)),
    ],
)
def test_flags(
    gold: tuple[bool | None, ...], said: tuple[bool | None, ...], right: bool | Unread, violates: Seen
) -> None:
    """Unknown truths do not count, unanswered flags leave a case unparsed, one violating flag is enough."""
    outcome = Outcome(gold, said)
    assert is_right(outcome) == right
    assert violation_of(outcome, FLAGS) == violates


def test_one_flag_of_many() -> None:
    """A flag is seen on its own: known or not, raised, denied or not answered."""
    outcome = _outcome({"H": True, "V": None, "Q": False}, FlagsVerdict(flags={"H": True, "V": True}), "HVQ")
    assert [label_of(outcome, position, code) for position, code in enumerate("HVQ")] == [
        Seen(True, True),
        Seen(None, True),
        Seen(False, Unread.UNPARSED),
    ]


@pytest.mark.parametrize(
    ("verdict", "single", "multi"),
    [
        (LabelVerdict(code="A"), True, False),
        (LabelVerdict(code="Z"), False, False),
        (FlagsVerdict(flags={"A": True}), False, True),
        (FlagsVerdict(flags={"A": True, "Z": False}), False, False),
        (FlagsVerdict(flags={}), False, True),
        (Failed(error="timeout"), True, True),
        (Unparsed(reason=UnparsedReason.EMPTY), True, True),
    ],
)
def test_what_counts_as_an_answer(verdict: Verdict, single: bool, multi: bool) -> None:
    """A verdict must be of the suite's labelling and labels."""
    assert is_answer(verdict, "AB", Labelling.SINGLE) is single
    assert is_answer(verdict, "AB", Labelling.MULTI) is multi
