"""Lines that name a label's code as a heading does."""

from __future__ import annotations

import time

import pytest

from policies.coded_lines import (
    LONGEST_HEADING,
    CodedLine,
    Place,
    coded_line,
    is_bold_line,
    is_listed,
    without_emphasis,
)

CODE = "(?:NO0|NO1|C\\+\\+)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO1 Humming", CodedLine("NO1", Place.FRONT, "", "", "Humming")),
        ("NO1: Humming", CodedLine("NO1", Place.FRONT, "", ":", "Humming")),
        ("🔔 NO1 – Humming", CodedLine("NO1", Place.FRONT, "", "–", "Humming")),
        ("Label NO1: Humming", CodedLine("NO1", Place.FRONT, "", ":", "Humming")),
        ("NO1. Humming", CodedLine("NO1", Place.FRONT, "", "", "Humming")),
        ("NO1", CodedLine("NO1", Place.FRONT, "", "", "")),
        ("C++ Code", CodedLine("C++", Place.FRONT, "", "", "Code")),
        ("(NO1) Humming", CodedLine("NO1", Place.FRONT_BRACKETS, "", "", "Humming")),
        ("[NO1]: Humming", CodedLine("NO1", Place.FRONT_BRACKETS, "", ":", "Humming")),
        ("Humming (NO1)", CodedLine("NO1", Place.BRACKETS, "Humming", "", "")),
        ("✅ Fine: (NO0 - Wanted sound)", CodedLine("NO0", Place.BRACKETS, "Fine", "-", "Wanted sound")),
        ("Humming – NO1", CodedLine("NO1", Place.END, "Humming", "–", "")),
    ],
)
def test_a_heading_is_taken_apart(text: str, expected: CodedLine) -> None:
    """The code stands in front, in brackets or behind a dash, with the words around it."""
    assert coded_line(text, CODE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Humming",
        "NO1.a Humming",
        "NO1-a Humming",
        "NO12 Humming",
        "no1 Humming",
        "About NO1",
        "Humming (NO1) at night",
        "Output: hum (NO1)",
        "❌ Output – NO1",
        "Label: NO1",
        "NO1 " + "h" * LONGEST_HEADING,
    ],
)
def test_other_lines_name_no_code(text: str) -> None:
    """Criteria, output instructions, sentences and codes elsewhere in a line are no headings."""
    assert coded_line(text, CODE) is None


@pytest.mark.parametrize(
    ("line", "bold"),
    [
        ("**NO1: Humming.**", True),
        ("  __NO1__: ", True),
        ("**NO1**: humming", False),
        ("**NO1** and **NO0**", False),
        ("NO1", False),
        ("****", False),
        (f"**{'h' * LONGEST_HEADING}**", False),
    ],
)
def test_a_bold_line_is_bold_as_a_whole(line: str, bold: bool) -> None:
    """A line with one bold piece beside other words is not a bold line."""
    assert is_bold_line(line) is bold


@pytest.mark.parametrize("line", ["| a | b |", "- a", "  * a", "+ a", "• a", "> a"])
def test_list_items_table_rows_and_quotes_are_listed(line: str) -> None:
    """Such lines belong to something else and head nothing."""
    assert is_listed(line)
    assert not is_listed("**a**")


def test_emphasis_goes_and_words_stay() -> None:
    """Marks around words are removed; underscores inside a word are part of it."""
    assert without_emphasis("  **NO1**:  `hum`  _softly_ at_night__ ") == "NO1: hum softly at_night"


def test_a_long_run_of_underscores_takes_no_time() -> None:
    """A run inside a word costs its length, not its square."""
    text = f"a{'_' * 250_000}b"
    began = time.perf_counter()
    assert without_emphasis(text) == text
    assert time.perf_counter() - began < 2
