"""From JSON values to a case."""

from __future__ import annotations

from policies.case_fields import CaseProblem, case_of
from policies.model import Case


def test_problems_are_collected_over_all_fields() -> None:
    """A row with several wrong fields tells all of them, and is no case."""
    problems: list[CaseProblem] = []
    case = case_of({"id": 1, "content": "", "label": [], "slices": {}, "sensitive": 7}, 3, problems)
    assert case is None
    assert [problem.message for problem in problems] == [
        "Field 'id' is a number, not text.",
        "Field 'content' is blank.",
        "Field 'label' is a list, not text.",
        "Field 'slices' is not a list of texts.",
        "Field 'sensitive' is a number, not a flag.",
    ]


def test_earlier_problems_do_not_refuse_a_good_row() -> None:
    """The list may already hold the problems of other rows."""
    problems = [CaseProblem("P011", "of another row", "")]
    assert case_of({"id": "1", "content": "x", "x": 1}, 3, problems) == Case(
        id="1", content="x", extra={"x": 1}, line=3
    )


def test_true_is_not_one_where_a_number_is_meant() -> None:
    """JSON true is a flag, and no number passes for text."""
    problems: list[CaseProblem] = []
    case_of({"id": "1", "content": "x", "note": 5}, 1, problems)
    assert [problem.message for problem in problems] == ["Field 'note' is a number, not text."]
