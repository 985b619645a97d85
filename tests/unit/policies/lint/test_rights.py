"""Licences and credit."""

from __future__ import annotations

from typing import Any


def test_cases_need_a_licence_of_their_own_and_only_when_there_are_any(folder: Any) -> None:
    """Text and cases are licensed apart."""
    folder.replace("licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}", "licenses: {text: CC-BY-4.0}")
    assert [found.message for found in folder.lint() if found.rule == "P080"] == [
        "No licence is given for the cases."
    ]
    folder.files = {"cases.jsonl": b""}
    assert folder.places("P080") == []


def test_one_finding_names_all_cases_of_a_licence(folder: Any) -> None:
    """With what the set would have to say instead."""
    for number in (0, 2):
        folder.cases[number]["license"] = "CC-BY-NC-4.0 OR CC-BY-SA-4.0"
    (found,) = folder.lint()
    assert (found.rule, found.file, found.line) == ("P082", "cases.jsonl", 1)
    assert found.message == (
        "CC-BY-NC-4.0 OR CC-BY-SA-4.0 of the cases of lines 1, 3 asks for non-commercial use;"
        " the set's CC-BY-4.0 does not say so."
    )
    assert "'CC-BY-4.0 AND (CC-BY-NC-4.0 OR CC-BY-SA-4.0)'" in found.fix


def test_the_fix_of_an_incompatible_licence_is_one(folder: Any) -> None:
    """The set that names both licences lints clean."""
    folder.cases[0]["license"] = "CC-BY-SA-4.0"
    folder.replace("cases: CC-BY-4.0", "cases: CC-BY-4.0 AND CC-BY-SA-4.0")
    assert folder.lint() == ()


def test_a_case_that_forbids_changes_is_told_once(folder: Any) -> None:
    """That it is also incompatible adds nothing."""
    folder.cases[0]["license"] = "CC-BY-NC-ND-4.0"
    assert [found.rule for found in folder.lint()] == ["P083"]


def test_a_case_with_an_unknown_licence_is_found_on_its_line(folder: Any) -> None:
    """The set's own licence is not blamed for it."""
    folder.cases[1]["license"] = "Public domain"
    (found,) = folder.lint()
    assert (found.rule, found.file, found.line) == ("P081", "cases.jsonl", 2)
    assert "'Public domain' is not in the SPDX licence list" in found.message
