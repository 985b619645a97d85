"""The cases as a test set."""

from __future__ import annotations

from typing import Any

import pytest


def _multi(folder: Any, *labels: dict[str, object]) -> None:
    folder.replace("labelling: single", "labelling: multi")
    contents = ["Which bus goes to the harbour?", "Lamps are half price today.", "Enter your card to get it."]
    folder.cases = [
        {"id": str(number), "content": content, "labels": flags}
        for number, (content, flags) in enumerate(zip(contents, labels, strict=False), start=1)
    ]


def test_a_folder_without_cases_has_none(folder: Any) -> None:
    """Whether the file is missing or empty; cases to do are not counted."""
    folder.files = {"cases.jsonl": b""}
    assert folder.places("P040") == [("cases.jsonl", 0)]
    folder.files = {}
    for case in folder.cases:
        case["status"] = "todo"
    assert folder.places("P040") == [("cases.jsonl", 0)]


def test_flags_that_are_off_are_the_other_class(folder: Any) -> None:
    """A case with every flag off is allowed; null says nothing."""
    _multi(folder, {"SP1": 1, "SP2": None}, {"SP1": None, "SP2": 1})
    assert folder.places("P041") == [("cases.jsonl", 0)]
    folder.cases[1]["labels"] = {"SP1": 0, "SP2": None}
    assert folder.places("P041") == []


def test_each_label_without_a_case_is_named(folder: Any) -> None:
    """With what to do about it."""
    folder.cases = folder.cases[:1]
    assert [found.message for found in folder.lint() if found.rule == "P042"] == [
        "No active case has the label SP1 (Promotion).",
        "No active case has the label SP2 (Fraud).",
    ]


def test_undefined_flags_are_found_one_by_one(folder: Any) -> None:
    """A flag that the policy does not define is told even when it is off."""
    _multi(folder, {"SP1": 1, "SP8": 0, "SP9": 1}, {"SP0": 1})
    assert [(found.line, found.message[:31]) for found in folder.lint() if found.rule == "P043"] == [
        (1, "Case '1' has the label 'SP8', w"),
        (1, "Case '1' has the label 'SP9', w"),
    ]


@pytest.mark.parametrize("labels", [{}, {"SP1": None, "SP2": None}, None])
def test_flags_that_say_nothing_are_no_label(folder: Any, labels: dict[str, object] | None) -> None:
    """All unknown is the same as not labelled."""
    _multi(folder, {"SP1": 1}, {"SP1": 0}, {"SP1": 1})
    folder.cases[2]["labels"] = labels
    assert folder.places("P044") == [("cases.jsonl", 3)]


def test_a_label_in_a_policy_of_flags_does_not_fit(folder: Any) -> None:
    """And the other way round."""
    folder.replace("labelling: single", "labelling: multi")
    assert folder.places("P045") == [("cases.jsonl", line) for line in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("pairs", "problem"),
    [
        (["p", None, None, None], "has 1 case (line 1)"),
        (["p", "p", "p", None], "has 3 cases (lines 1, 2, 3)"),
        ([None, "p", None, "q"], "has 1 case (line 2)"),
    ],
)
def test_a_contrast_pair_has_two_cases(folder: Any, pairs: list[str | None], problem: str) -> None:
    """No fewer, no more."""
    for case, pair in zip(folder.cases, pairs, strict=True):
        case["pair"] = pair
    messages = [found.message for found in folder.lint() if found.rule == "P046"]
    assert messages[0] == f"Contrast pair 'p' {problem}."


def test_a_contrast_pair_differs_in_its_labels(folder: Any) -> None:
    """Two alike cases with one label are near-duplicates."""
    folder.cases[2]["label"] = "SP1"
    (found,) = (found for found in folder.lint() if found.rule == "P046")
    assert found.message == "Contrast pair 'p1' has the same label on both sides (lines 2, 3)."
    assert found.line == 3
