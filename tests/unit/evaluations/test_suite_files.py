"""Suites as folders: deterministic, checked on reading, refused where they make no sense."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.errors import SuiteError
from evaluations.suite_files import (
    SUITE_FILE,
    SuiteFile,
    SuiteFileError,
    load_suite,
    make_suite_file,
    parse_suite_name,
    suite_files,
)
from evaluations.suites import make_suite
from policies.cases import CASES_FILE
from policies.errors import InvalidNameError
from policies.model import Annotation, Case, CaseStatus
from tests.unit.evaluations.builders import FLAGS_TEXT, case_of, policy_of

NAME = parse_suite_name("my-suite@1")
CASES = (
    case_of("b", label="AD1", slices=("joke",), source="forum", license="CC0-1.0"),
    case_of("a", label="AD0", slices=("joke", "short"), annotations=(Annotation(by="A1", label="AD0"),)),
    case_of("c", label=None),
    case_of("d", label="AD2", status=CaseStatus.TODO),
)


def made(cases: tuple[Case, ...] = CASES, text: str | None = None, **fields: Any) -> SuiteFile:
    meta = (policy_of(text) if text else policy_of()).meta
    return make_suite_file(NAME, cases, labels=meta.labels, labelling=meta.labelling, **fields)


def test_a_suite_states_what_it_holds() -> None:
    """Counted, unlabelled and known-failing cases apart; shares and counts of the counted ones."""
    facts = made(license_="CC-BY-4.0").facts
    assert (facts.id, facts.version, facts.n, facts.unlabelled, facts.todo) == ("my-suite", "1", 2, 1, 1)
    assert facts.prevalence == "0.500000"
    assert facts.slices == {"joke": 2, "short": 1}
    assert (facts.license, facts.licenses, facts.sources) == ("CC-BY-4.0", {"CC0-1.0": 1}, {"forum": 1})
    assert [(label.code, label.violates) for label in facts.labels] == [
        ("AD0", False),
        ("AD1", True),
        ("AD2", True),
    ]


def test_its_digest_is_that_of_the_same_cases_in_a_policy() -> None:
    """A run on the suite and one on a policy with these cases share their suite digest."""
    assert made().suite.digest == made().facts.digest == make_suite("x", policy_of(), CASES).digest


@given(st.permutations(CASES))
def test_the_order_of_the_source_changes_nothing(cases: list[Case]) -> None:
    """The same cases give the same bytes."""
    assert suite_files(made(tuple(cases))) == suite_files(made())


def test_what_is_written_is_read_again() -> None:
    """Annotations, slices, licences and gaps of flags survive."""
    read = load_suite(suite_files(made()))
    assert [replace(case, line=0) for case in read.suite.cases] == sorted(CASES, key=lambda case: case.id)
    assert suite_files(read) == suite_files(made())
    flags = (Case(id="x", content="x", labels={"H": True, "V": None, "Q": False}),)
    again = load_suite(suite_files(made(flags, FLAGS_TEXT)))
    assert again.suite.cases[0].labels == {"H": True, "V": None, "Q": False}
    assert again.facts.prevalence == "1.000000"


def test_unknown_truths_are_in_no_prevalence() -> None:
    """A case of flags of which none is raised and one is unlabelled is neither violating nor not."""
    flags = (
        Case(id="x", content="x", labels={"H": False, "V": None, "Q": False}),
        Case(id="y", content="y", labels={"H": False, "V": False, "Q": None}),
    )
    assert made(flags, FLAGS_TEXT).facts.prevalence == "0.000000"
    assert made(flags[:1], FLAGS_TEXT).facts.prevalence is None


def _edited(key: str, value: object) -> dict[str, bytes]:
    files = suite_files(made())
    facts = {**json.loads(files[SUITE_FILE]), key: value}
    return {**files, SUITE_FILE: json.dumps(facts).encode()}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, r"suite.json: the file is missing"),
        ({SUITE_FILE: b"{}"}, r"cases.jsonl: the file is missing"),
        ({**suite_files(made()), SUITE_FILE: b"\xff{"}, r"suite.json: "),
        ({**suite_files(made()), SUITE_FILE: b"[]"}, r"suite.json: Expected `object`"),
        (_edited("v", 2), r"format 2 is not known"),
        (_edited("n", 3), r"`n` is not what the cases give: they were changed since"),
        (_edited("digest", "0" * 64), r"`digest` is not what the cases give"),
        (_edited("id", "../x"), r"\.\./x"),
        (_edited("version", "1/2"), r"does not name a suite at a version"),
        ({**suite_files(made()), CASES_FILE: b'{"id": "a"}\n'}, r"cases.jsonl:1: The case has no content"),
        (
            {**suite_files(made()), CASES_FILE: suite_files(made())[CASES_FILE].replace(b"unquoted a", b"x")},
            r"`digest` is not what the cases give",
        ),
        (
            {**suite_files(made()), CASES_FILE: suite_files(made())[CASES_FILE].replace(b"A1", b"A2")},
            r"`cases` is not what the cases give",
        ),
    ],
)
def test_a_folder_that_was_changed_is_refused(files: dict[str, bytes], said: str) -> None:
    """Every fact is worked out again, so an edited case, fact or annotation is found."""
    with pytest.raises((SuiteFileError, InvalidNameError), match=said):
        load_suite(files)


@pytest.mark.parametrize("name", ["my-suite", "my-suite@", "my-suite@v1", "my-suite@01", "a@1.2.3.4", "@1"])
def test_a_name_without_a_version_is_refused(name: str) -> None:
    """A suite is named with its version, since runs refer to it."""
    with pytest.raises((SuiteFileError, InvalidNameError)):
        parse_suite_name(name)


def test_cases_that_make_no_suite_are_refused() -> None:
    """None at all, none with a gold label, repeated ids, and labels that are not declared."""
    with pytest.raises(SuiteFileError, match="no case"):
        made(())
    with pytest.raises(SuiteFileError, match="no case has a gold label"):
        made((case_of("a", label=None),))
    with pytest.raises(SuiteError, match="case a: the id is used more than once"):
        made((case_of("a", label="AD0"), case_of("a", label="AD1")))
    with pytest.raises(SuiteError, match="case a: the label is not one"):
        made((case_of("a", label="AD7"),))
