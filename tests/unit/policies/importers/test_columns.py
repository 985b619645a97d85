"""Tests of `policies.importers.columns`."""

from __future__ import annotations

import pytest

from policies.importers.columns import Columns, engine_of, find_columns


def _names(header: list[str], columns: Columns) -> dict[str, object]:
    positions = {"content": columns.content, "label": columns.label, "id": columns.id}
    return {role: None if place is None else header[place] for role, place in positions.items()}


@pytest.mark.parametrize(
    ("header", "content", "label"),
    [
        (["content", "label"], "content", "label"),
        (["Text", "Gold Label"], "Text", "Gold Label"),
        (["message", "expected", "category"], "message", "expected"),
        (["prompt", "category"], "prompt", "category"),
        (["Example", "Classification"], "Example", "Classification"),
        (["post", "is_violation"], "post", "is_violation"),
        (["", "case_id", "test_case", "label_gold"], "test_case", "label_gold"),
    ],
)
def test_headers_of_published_sets_are_understood(header: list[str], content: str, label: str) -> None:
    """The text and the gold label are found under the names that people give them."""
    found = _names(header, find_columns(header))
    assert (found["content"], found["label"]) == (content, label)


def test_prompt_and_response_have_a_label_each() -> None:
    """Four columns: a prompt with its label and a response with its own."""
    columns = find_columns(["example", "classification", "Responses", "Response Label"])
    assert (columns.content, columns.label, columns.response, columns.response_label) == (0, 1, 2, 3)
    assert columns.content_is_prompt


def test_annotators_answers_slices_and_the_rest() -> None:
    """Each column has one role, and those without any are listed."""
    header = ["id", "text", "label", "label_1", "label_2", "topic", "language", "gpt-4 prediction", "focus"]
    columns = find_columns(header)
    assert (columns.annotations, columns.slices, columns.answers) == ((3, 4), (5,), (7,))
    assert (columns.id, columns.language, columns.ignored) == (0, 6, (8,))


def test_flag_columns_serve_where_no_label_does() -> None:
    """0/1 columns are flags of their own only without a label column."""
    assert find_columns(["prompt", "S", "H"], frozenset({1, 2})).flags == (1, 2)
    with_label = find_columns(["prompt", "label", "S"], frozenset({2}))
    assert (with_label.label, with_label.flags, with_label.ignored) == (1, (), (2,))


def test_one_violation_among_many_flags_is_no_label() -> None:
    """`toxic` beside `threat` and `insult` is one flag of three."""
    columns = find_columns(["comment", "toxic", "threat", "insult"], frozenset({1, 2, 3}))
    assert (columns.label, columns.flags) == (None, (1, 2, 3))


def test_a_table_without_texts_or_labels_is_not_usable() -> None:
    """Cases need a text and a label; annotations need an id and at least two annotators."""
    assert not find_columns(["text", "author"]).usable
    assert not find_columns(["label", "author"]).usable
    assert find_columns(["case_id", "label_1", "label_2"]).usable


@pytest.mark.parametrize(
    ("header", "engine"),
    [
        ("gpt-oss-safeguard classification ", "gpt-oss-safeguard"),
        ("cope_label", "cope"),
        ("prediction", "unnamed"),
        ("model answer", "unnamed"),
    ],
)
def test_the_engine_is_read_off_the_header(header: str, engine: str) -> None:
    """What remains of an answer column's name without the word for an answer."""
    assert engine_of(header) == engine
