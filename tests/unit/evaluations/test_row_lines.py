"""The quick way to read and write rows gives what the slow one gives."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.errors import MalformedRecordError
from evaluations.row_lines import read_lines, written_lines
from evaluations.rows import Row, row_from_json, row_to_json
from evaluations.suites import SuiteItem, SuiteLabel, suite_digest
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Tokens, Unparsed, UnparsedReason
from policies.canonical import canonical_bytes, canonical_digest
from policies.errors import NotCanonicalError
from policies.model import Labelling

COUNTS = st.none() | st.integers(0, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
ITEMS = st.builds(
    SuiteItem,
    id=TEXT,
    input=st.sampled_from(["0" * 64, "af" * 32]),
    gold=TEXT | st.none() | st.dictionaries(TEXT, st.none() | st.booleans(), max_size=3),
    slices=st.lists(TEXT, max_size=3).map(tuple),
    todo=st.booleans(),
)
ROWS = st.builds(
    Row,
    item=ITEMS,
    repeat=st.integers(1, 2**53 - 1),
    verdict=st.one_of(
        TEXT.map(lambda code: LabelVerdict(code=code)),
        st.dictionaries(TEXT, st.booleans(), max_size=3).map(lambda flags: FlagsVerdict(flags=flags)),
        st.sampled_from(UnparsedReason).map(lambda reason: Unparsed(reason=reason)),
        st.sampled_from(["timeout", "http-503"]).map(lambda error: Failed(error=error)),
    ),
    finish_reason=st.none() | st.sampled_from(["stop", "length"]),
    tokens=st.none() | st.builds(Tokens, input=COUNTS, output=COUNTS, cached=COUNTS, reasoning=COUNTS),
    latency_ms=COUNTS,
    prompt=st.none() | st.just("0f" * 32),
)


def _composed(row: Row) -> bool:
    """Whether canonical form leaves it as it is; two keys that become one are refused there."""
    try:
        return json.loads(canonical_bytes(row_to_json(row))) == row_to_json(row)
    except NotCanonicalError:
        return False


@given(ROWS.filter(_composed))
def test_a_line_is_canonical_json_and_reads_back(row: Row) -> None:
    """Whatever is in a row, its line is the canonical form of it, and gives the row again."""
    raw = written_lines([row])
    assert raw == canonical_bytes(row_to_json(row)) + b"\n"
    assert read_lines([raw[:-1]], canonical=True) == (row,)


@given(
    st.dictionaries(
        st.sampled_from(["case", "repeat", "input", "gold", "verdict", "slices", "todo", "tokens", "more"]),
        st.one_of(
            TEXT,
            st.integers(-2, 2**60),
            st.booleans(),
            st.none(),
            st.just("0" * 64),
            st.just({"label": "A"}),
            st.just(["a"]),
            st.just({"input": True}),
        ),
    )
)
def test_what_is_no_row_is_refused_as_the_slow_reader_does(value: dict[str, object]) -> None:
    """Both take the same lines and refuse the same with the same words."""
    raw = json.dumps(value).encode()
    try:
        expected: object = row_from_json(value, 1)
    except MalformedRecordError as error:
        expected = str(error)
    try:
        found: object = read_lines([raw])[0]
    except MalformedRecordError as error:
        found = str(error)
    assert found == expected


@pytest.mark.parametrize("change", [b" ", b'"repeat": 1'])
def test_another_spelling_is_refused_by_line_where_one_is_asked_for(change: bytes) -> None:
    """Spaces and other orders read as rows, but are not canonical."""
    row = Row(item=SuiteItem(id="a", input="0" * 64, gold="A"), repeat=1, verdict=LabelVerdict(code="A"))
    raw = written_lines([row])[:-1]
    spelled = raw + change if change == b" " else raw.replace(b'"repeat":1', change)
    assert read_lines([raw, spelled]) == (row, row)
    with pytest.raises(MalformedRecordError, match=r"predictions.jsonl:2: the JSON is not in canonical form"):
        read_lines([raw, spelled], canonical=True)


@given(st.lists(ITEMS, max_size=5, unique_by=lambda item: item.id), st.sampled_from(Labelling))
def test_a_suites_digest_is_that_of_its_canonical_json(items: list[SuiteItem], labelling: Labelling) -> None:
    """Put together piece by piece, it is the digest of one canonical object."""
    labels = (SuiteLabel(code="Ä", violates=True), SuiteLabel(code="B", violates=False))
    told = [
        {
            "id": item.id,
            "input": item.input,
            "gold": item.gold,
            "slices": sorted(item.slices),
            "todo": item.todo,
        }
        for item in sorted(items, key=lambda item: item.id)
    ]
    schema = [{"code": label.code, "violates": label.violates} for label in labels]
    whole = {"labelling": labelling.value, "labels": schema, "items": told}
    try:
        expected = canonical_digest(whole)  # type: ignore[arg-type]
    except NotCanonicalError:
        return
    assert suite_digest(labelling, labels, items) == expected
