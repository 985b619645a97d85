"""Rows: facts of an answer, written and read."""

from __future__ import annotations

import pytest

from evaluations.errors import MalformedRecordError
from evaluations.rows import Row, row_from_json, row_of, row_to_json
from evaluations.suites import SuiteItem
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict, Tokens, Unparsed, UnparsedReason

ITEM = SuiteItem(id="x", input="0" * 64, gold="A", slices=("joke",), todo=True)
LEAST = {"case": "x", "repeat": 1, "input": "0" * 64, "gold": "A", "verdict": {"label": "A"}}


@pytest.mark.parametrize(
    "row",
    [
        Row(item=SuiteItem(id="x", input="0" * 64, gold="A"), repeat=1, verdict=LabelVerdict(code="A")),
        Row(
            item=ITEM,
            repeat=2,
            verdict=Unparsed(reason=UnparsedReason.SPECIAL_TOKEN),
            finish_reason="length",
            tokens=Tokens(input=700, output=31, reasoning=0),
            latency_ms=0,
            prompt="f" * 64,
        ),
        Row(
            item=SuiteItem(id="x", input="0" * 64, gold={"H": True, "V": None}),
            repeat=1,
            verdict=FlagsVerdict(flags={"H": False}),
        ),
        Row(item=ITEM, repeat=1, verdict=Failed(error="http-503")),
    ],
)
def test_a_row_reads_back_as_it_was_written(row: Row) -> None:
    """Every kind of verdict and every fact survives."""
    assert row_from_json(row_to_json(row), 1) == row


def test_a_row_keeps_no_word_that_a_model_wrote() -> None:
    """Output and reasoning are not in it, and a finish reason that is no word becomes `other`."""
    answer = Answer(
        case_id="x",
        verdict=LabelVerdict(code="A"),
        output="A",
        reasoning="because",
        finish_reason="I stopped because ...",
    )
    assert row_to_json(row_of(ITEM, 1, answer)) == {
        **LEAST,
        "slices": ["joke"],
        "todo": True,
        "finish_reason": "other",
    }


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"case": ""}, "`case`"),
        ({"case": "x" * 201}, "`case`"),
        ({"case": 7}, "`case`"),
        ({"input": "zz"}, "`input`"),
        ({"repeat": 0}, "`repeat`"),
        ({"repeat": True}, "`repeat`"),
        ({"gold": 3}, "`gold`"),
        ({"gold": {"H": 1}}, "`gold`"),
        ({"verdict": {}}, "`verdict`"),
        ({"verdict": {"label": "A", "flags": {}}}, "`verdict`"),
        ({"verdict": {"label": None}}, "`verdict`"),
        ({"verdict": {"flags": {"H": None}}}, "`verdict`"),
        ({"verdict": {"unparsed": "for no reason"}}, "`verdict`"),
        ({"verdict": {"failed": "It broke."}}, "`verdict`"),
        ({"verdict": "A"}, "`verdict`"),
        ({"slices": "joke"}, "`slices`"),
        ({"todo": 1}, "`todo`"),
        ({"finish_reason": "Stop!"}, "`finish_reason`"),
        ({"tokens": {"input": -1}}, "`tokens.input`"),
        ({"tokens": {"words": 1}}, "`tokens`"),
        ({"latency_ms": 2**53}, "`latency_ms`"),
        ({"prompt": "short"}, "`prompt`"),
        ({"content": "the text"}, "'content' is not known"),
    ],
)
def test_whatever_is_not_a_row_is_refused_by_line_and_key(change: dict[str, object], named: str) -> None:
    """The message says which key of which line is wrong."""
    with pytest.raises(MalformedRecordError) as caught:
        row_from_json({**LEAST, **change}, 12)
    assert str(caught.value).startswith("predictions.jsonl:12: ")
    assert named in str(caught.value)


@pytest.mark.parametrize("value", [None, [], "x", {key: LEAST[key] for key in ("case", "repeat")}])
def test_a_row_needs_its_keys(value: object) -> None:
    """Other JSON, and objects without the required keys, are refused."""
    with pytest.raises(MalformedRecordError):
        row_from_json(value, 1)
