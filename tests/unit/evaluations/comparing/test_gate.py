"""Evidence in exact counts: what `gate` makes of the rows of two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from msgspec import structs

from evaluations.comparing.comparison import Side
from evaluations.comparing.gate import gate, has_erased, stated_margin
from evaluations.comparing.pairing import UnequalItemsError
from evaluations.erasure import ERASED_INPUT
from evaluations.verdicts import LabelVerdict
from tests.unit.evaluations.builders import case_of, policy_of, replay_of, run_of

CASES = [case_of(f"v{n}", label="AD1") for n in range(40)] + [
    case_of(f"h{n}", label="AD0") for n in range(40)
]
TENTH = Fraction(1, 10)


def _side(wrong: Mapping[str, str], cases: list = CASES, repeats: int = 1) -> Side:  # type: ignore[type-arg]
    said = {case.id: LabelVerdict(code=wrong.get(case.id, str(case.label))) for case in cases}
    run = run_of(policy_of(), cases, replay_of(said), repeats=repeats)
    return Side(record=run.record, rows=run.rows)


def _counts(old: Side, new: Side) -> list[tuple[int, int, int, str]]:
    return [
        (end.change.n, end.change.fixed, end.change.broken, end.judgement.value)
        for end in gate(old, new, TENTH)
    ]


def test_either_way_of_being_wrong_is_counted_apart() -> None:
    """Two violations found, ten harmless texts flagged: the one passes, the other is clearly worse."""
    old = _side({"v1": "AD0", "v2": "AD0"})
    new = _side({f"h{n}": "AD1" for n in range(12)})
    assert _counts(old, new) == [(40, 2, 0, "pass"), (40, 0, 12, "block")]
    assert _counts(new, old) == [(40, 0, 2, "inconclusive"), (40, 12, 0, "pass")]


def test_the_first_answer_counts() -> None:
    """Cases that were asked three times count once, so that the figures are whole numbers of cases."""
    assert _counts(_side({}, repeats=3), _side({"v1": "AD0"}))[0] == (40, 0, 1, "inconclusive")


def test_runs_of_other_cases_say_nothing() -> None:
    """A run that leaves a case away is no evidence."""
    with pytest.raises(UnequalItemsError):
        gate(_side({}), _side({}, CASES[1:]), TENTH)


def test_what_was_erased_is_seen() -> None:
    """A redacted case's row says so."""
    side = _side({})
    first = side.rows[0]
    gone = replace(
        side,
        rows=(structs.replace(first, item=structs.replace(first.item, input=ERASED_INPUT)), *side.rows[1:]),
    )
    assert (has_erased(side), has_erased(gone)) == (False, True)


@pytest.mark.parametrize(
    ("margin", "stated"),
    [
        (TENTH, "0.100000"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(1), "0.999999"),
        (Fraction(1, 10**9), "0.000001"),
    ],
)
def test_a_margin_is_told_in_six_places(margin: Fraction, stated: str) -> None:
    """Whatever a charter says is a margin over 0 and under 1."""
    assert stated_margin(margin) == stated
