"""CSV: rows that spreadsheets show and never run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.exports.gathering import Disclosure, ExportedRun
from evaluations.exports.table import CASES, FIGURES, defused, table_files
from tests.unit.evaluations.exports.exported import exported, flags_run, labels_run, sealed


def rows(run: ExportedRun, name: str = CASES, *, words: bool = False) -> list[dict[str, str]]:
    raw = table_files(run, contested=frozenset({"b"}), words=words)[name]
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))


def test_a_row_per_case_and_repeat() -> None:
    """Every answer is a row with gold, answer, state and whether it counts."""
    found = rows(exported(labels_run(repeats=2)))
    assert [(row["case"], row["repeat"]) for row in found[:3]] == [("a", "1"), ("a", "2"), ("b", "1")]
    assert len(found) == 10
    by_case = {row["case"]: row for row in found if row["repeat"] == "1"}
    assert (by_case["b"]["gold"], by_case["b"]["answer"], by_case["b"]["right"]) == ("AD0", "AD1", "false")
    assert (by_case["d"]["answer"], by_case["d"]["state"]) == ("", "unparsed: not-a-label")
    assert (by_case["d"]["gold_violates"], by_case["d"]["answer_violates"]) == ("true", "")
    assert (by_case["e"]["counted"], by_case["e"]["todo"]) == ("false", "true")
    assert [by_case[case]["contested"] for case in "ab"] == ["false", "true"]
    assert (by_case["a"]["tokens_in"], by_case["b"]["tokens_in"]) == ("100", "")


def test_flags_have_a_column_each_and_gaps_stay_empty() -> None:
    """A flag that nobody labelled is an empty cell, which is not false."""
    first, second = rows(exported(flags_run()))
    assert (first["gold H"], first["gold V"], first["gold Q"]) == ("true", "false", "")
    assert (second["answer H"], second["answer"]) == ("true", "H; Q")


def test_undefined_figures_are_empty_cells() -> None:
    """Neither 0 nor NaN stands for a figure without a denominator; its count and n are there."""
    figures = {row["figure"]: row for row in rows(exported(labels_run()), FIGURES)}
    undefined = figures["recall[AD2]"]
    assert (undefined["value"], undefined["n"], undefined["low"], undefined["high"]) == ("", "0", "", "")
    accuracy = figures["accuracy"]
    assert (accuracy["count"], accuracy["n"], accuracy["method"]) == ("2", "4", "wilson")
    assert all("nan" not in value.lower() for row in figures.values() for value in row.values() if row["n"])


def test_content_has_columns_only_when_asked_for_and_runs_no_formula() -> None:
    """Without words there is no such column; with them a formula is text."""
    assert "content" not in rows(exported(labels_run()))[0]
    found = {row["case"]: row for row in rows(exported(labels_run(), Disclosure.CONTENT), words=True)}
    assert found["b"]["content"] == "'=HYPERLINK(1) nobody asked for"
    assert found["b"]["context"] == "a thread"
    assert (found["c"]["content"], found["c"]["reasoning"]) == ("", "")


def test_without_annotators_nothing_is_said_about_contest() -> None:
    """The column is empty, not false, where nobody annotated."""
    raw = table_files(exported(labels_run()))[CASES].decode()
    assert {row["contested"] for row in csv.DictReader(io.StringIO(raw, newline=""))} == {""}


def test_a_sealed_suite_leaves_no_digest() -> None:
    """The digests of input and prompt stay here."""
    first = rows(exported(sealed(labels_run())))[0]
    assert (first["input_sha256"], first["prompt_sha256"]) == ("", "")
    assert rows(exported(labels_run()))[0]["prompt_sha256"] == "a" * 64


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_run_becomes_text(text: str) -> None:
    """Each way in which a cell can begin a formula gets an apostrophe in front."""
    assert defused(text) == f"'{text}"


@given(st.text())
def test_no_cell_begins_a_formula_and_none_loses_a_character(text: str) -> None:
    """Whatever a cell holds, it begins harmlessly and still ends in the text that it is."""
    cell = defused(text)
    assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n"))
    assert cell in (text, f"'{text}")
