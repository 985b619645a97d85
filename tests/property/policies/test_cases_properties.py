"""Case files hold their promises for any content."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from policies.case_fields import KNOWN_KEYS
from policies.cases import parse_cases, read_cases, render_cases
from policies.digest import case_digest
from policies.model import Annotation, Case, CaseStatus, Subject

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SOMETHING = TEXT.filter(lambda text: bool(text.strip()))
OPTIONAL = st.none() | TEXT
EXTRA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
CASE = st.builds(
    Case,
    id=SOMETHING.filter(str.isprintable),
    content=SOMETHING,
    label=OPTIONAL,
    labels=st.none() | st.dictionaries(TEXT, st.none() | st.booleans(), max_size=4),
    pair=OPTIONAL,
    subject=st.none() | st.sampled_from(Subject),
    context=OPTIONAL,
    language=OPTIONAL,
    slices=st.lists(TEXT, max_size=3).map(tuple),
    source=OPTIONAL,
    license=OPTIONAL,
    annotations=st.lists(st.builds(Annotation, by=TEXT, label=TEXT), max_size=3).map(tuple),
    status=st.sampled_from(CaseStatus),
    sensitive=st.booleans(),
    note=OPTIONAL,
    extra=st.dictionaries(TEXT.filter(lambda key: key not in KNOWN_KEYS), EXTRA, max_size=3),
)
CASES = st.lists(CASE, max_size=4, unique_by=lambda case: case.id)


@given(CASES)
def test_cases_survive_writing_and_reading(cases: list[Case]) -> None:
    """Whatever a case says, it says after writing and reading, with its line."""
    expected = tuple(replace(case, line=line) for line, case in enumerate(cases, start=1))
    assert parse_cases(render_cases(cases)) == expected


@given(CASES)
def test_written_files_are_clean_text_and_stable(cases: list[Case]) -> None:
    """A file is in normal form C without control characters, and writing what was read gives it again."""
    raw = render_cases(cases)
    text = raw.decode()
    assert unicodedata.is_normalized("NFC", text)
    assert not [char for char in text if unicodedata.category(char) == "Cc" and char != "\n"]
    assert render_cases(parse_cases(raw)) == raw


@given(st.binary(max_size=200) | st.lists(st.binary(max_size=40)).map(b"\n".join))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Reading never fails, and a line is either a case or told."""
    cases, findings = read_cases(raw)
    lines = [number for number, line in enumerate(raw.split(b"\n"), start=1) if line.strip(b" \t\r")]
    told = {case.line for case in cases} | {finding.line for finding in findings}
    assert told == set(lines) or raw.startswith(b"\xef\xbb\xbf")


@given(CASE)
def test_digest_does_not_depend_on_the_order_of_keys(case: Case) -> None:
    """The order in which flags and further fields were written does not count."""
    turned = replace(
        case,
        labels=None if case.labels is None else dict(reversed(case.labels.items())),
        extra=dict(reversed(case.extra.items())),
    )
    assert case_digest(turned) == case_digest(case)


@given(CASE, CASE)
def test_digest_tells_different_cases_apart(one: Case, other: Case) -> None:
    """Two cases have one digest exactly when they say the same."""
    assert (case_digest(one) == case_digest(other)) == (one == other)
