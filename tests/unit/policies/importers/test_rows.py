"""Tests of `policies.importers.rows`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.importers.rows import MAX_CELL, Row, read_sheet


def test_lines_are_counted_through_quoted_newlines() -> None:
    """A record's line is the physical line on which it begins."""
    sheet = read_sheet("a.csv", 'text,label\n"one\ntwo",1\nthree,0\n')
    assert sheet.rows == (Row(1, ("text", "label")), Row(2, ("one\ntwo", "1")), Row(4, ("three", "0")))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    """Commas inside texts do not hide a semicolon or a tab that parts every row."""
    rows = [("text", "label"), ("one, two, three", "1"), ("four", "0")]
    text = "\n".join(
        delimiter.join(f'"{cell}"' if delimiter == "," else cell for cell in row) for row in rows
    )
    sheet = read_sheet("a.csv", text)
    assert (sheet.delimiter, [row.cells for row in sheet.rows]) == (delimiter, rows)


def test_the_separator_line_of_excel_is_obeyed_and_counted() -> None:
    """`sep=;` sets the delimiter and is a row of its own."""
    sheet = read_sheet("a.csv", "sep=;\r\ntext;label\r\na,b;1\r\n")
    assert sheet.rows == (Row(2, ("text", "label")), Row(3, ("a,b", "1")))
    assert (sheet.separator_line, sheet.count) == ("sep=;", 3)


def test_an_unclosed_quote_costs_its_own_row_only() -> None:
    """The rows below a quotation mark that is never closed are read."""
    sheet = read_sheet("a.csv", 'text,label\n"open,1\nfine,0\nalso fine,1\n')
    assert [row.line for row in sheet.rows] == [1, 3, 4]
    (problem,) = sheet.problems
    assert (problem.line, problem.excerpt) == (2, '"open,1')
    assert "never closed" in problem.reason


def test_text_behind_a_closing_quote_is_reported() -> None:
    """A quotation mark that was not doubled is named, with the remedy."""
    sheet = read_sheet("a.csv", 'text,label\n"he said "no" twice",1\nfine,0\n')
    assert [row.line for row in sheet.rows] == [1, 3]
    assert "double the quotation marks" in sheet.problems[0].reason


def test_an_endless_cell_is_one_problem_and_the_rest_is_read() -> None:
    """A quoted cell over the limit is skipped to its end, however many lines it has."""
    text = 'text,label\n"' + "word\n" * MAX_CELL + '",1\nfine,0\n'
    sheet = read_sheet("a.csv", text)
    assert [row.cells for row in sheet.rows] == [("text", "label"), ("fine", "0")]
    assert [(problem.line, problem.rows) for problem in sheet.problems] == [(2, 1)]
    assert f"longer than {MAX_CELL}" in sheet.problems[0].reason


def test_rows_with_nul_or_broken_bytes_are_named() -> None:
    """Neither NUL characters nor undecodable bytes get into a case."""
    sheet = read_sheet("a.csv", "text,label\na\x00b,1\nc\udcffd,1\nfine,0\n")
    assert [row.line for row in sheet.rows] == [1, 4]
    assert [(problem.line, problem.reason.split(";")[0]) for problem in sheet.problems] == [
        (2, "holds NUL characters"),
        (3, "holds bytes that are not valid text"),
    ]


def test_broken_quotes_by_the_thousand_end_in_one_problem() -> None:
    """A file made to be re-read from every line is given up on, with all its rows counted."""
    lines = 60_000
    sheet = read_sheet("a.csv", "text,label\n" + 'a","\n' * lines)
    assert sheet.count >= lines
    assert "too many broken quotation marks" in sheet.problems[-1].reason


@given(st.text(alphabet='ab,;\t"\n\r\x00é', max_size=200))
def test_reading_never_raises_and_keeps_lines_in_order(text: str) -> None:
    """Whatever the text, records and problems come with rising line numbers."""
    sheet = read_sheet("a.csv", text)
    lines = [row.line for row in sheet.rows]
    assert lines == sorted(set(lines))
    assert not set(lines) & {problem.line for problem in sheet.problems}
