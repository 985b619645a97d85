from __future__ import annotations

from collections.abc import Sequence

import pytest

from evaluations.engines.replay import NAME
from evaluations.errors import MalformedRecordError
from evaluations.records import PREDICTIONS_FILE, REASONING_FILE
from evaluations.running import Run
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason
from registry.web.run_rows import Choice, RunRows, Show
from tests.unit.evaluations.builders import (
    FLAGS_TEXT,
    LABELLED,
    case_of,
    policy_of,
    replay_of,
    run_of,
)

VERDICTS = {
    "a": LabelVerdict(code="AD0"),
    "b": LabelVerdict(code="AD1"),
    "c": LabelVerdict(code="AD2"),
    "d": Unparsed(reason=UnparsedReason.NOT_A_LABEL),
    "e": Failed(error="timeout"),
}


@pytest.fixture(scope="module")
def run() -> Run:
    """Five cases: one right, one wrongly flagged, one violation mixed up, two without a readable answer."""
    return run_of(policy_of(), LABELLED, replay_of(VERDICTS))


@pytest.fixture
def rows(run: Run) -> RunRows:
    return read(run)


def read(run: Run) -> RunRows:
    return RunRows.read(run.record.suite, run.files[PREDICTIONS_FILE], run.files[REASONING_FILE])


def ids(rows: RunRows, numbers: Sequence[int]) -> str:
    return "".join(item.row.item.id for item in rows.answered(numbers))


def test_rows_come_back_as_they_were(run: Run, rows: RunRows) -> None:
    """All rows are there, in their order, equal to those of the run."""
    assert tuple(item.row for item in rows.answered(range(len(rows)))) == run.rows
    assert [item.right for item in rows.answered(range(5))] == [True, False, False, False, False]
    assert run.record.parts.engine == NAME


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), "abcde"),
        (Choice(show=Show.WRONG), "bcde"),
        (Choice(show=Show.MISSED), "de"),
        (Choice(show=Show.FLAGGED), "b"),
        (Choice(show=Show.UNREAD), "de"),
        (Choice(label="AD1"), "cd"),
        (Choice(verdict="AD1"), "b"),
        (Choice(slice="joke"), "bd"),
        (Choice(show=Show.WRONG, label="AD0", slice="short"), "b"),
        (Choice(label="AD2", verdict="AD0"), ""),
    ],
)
def test_choices(rows: RunRows, choice: Choice, expected: str) -> None:
    """A choice takes the rows that fit all of it, and no other."""
    assert ids(rows, rows.chosen(choice)) == expected


def test_counts_and_slices(rows: RunRows) -> None:
    """How many there are of each kind, and the slices by name."""
    assert [rows.count(show) for show in Show] == [5, 4, 2, 1, 2]
    assert rows.slices == ("joke", "short")


def test_words_belong_to_their_row() -> None:
    """What the model wrote comes with the row that it was said of; other rows have none."""
    answers = [
        Answer(case_id="a", verdict=LabelVerdict(code="AD0"), reasoning="Plain talk."),
        Answer(case_id="b", verdict=LabelVerdict(code="AD0")),
        Answer(case_id="c", verdict=LabelVerdict(code="AD1"), reasoning="An offer \ud83d."),
    ]
    run = run_of(policy_of(), LABELLED[:3], replay_of(answers))
    words = [item.words for item in read(run).answered(range(3))]
    assert [said and said.reasoning for said in words] == ["Plain talk.", None, "An offer \ud83d."]


def test_erased_words_leave_the_rows(run: Run) -> None:
    """A run whose words were erased still has its rows."""
    for erased in (None, b""):
        rows = RunRows.read(run.record.suite, run.files[PREDICTIONS_FILE], erased)
        assert [item.words for item in rows.answered(range(5))] == [None] * 5


def test_flags_are_chosen_one_by_one() -> None:
    """Of flags, each that is true or was raised can be asked for."""
    cases = [
        case_of("a", labels={"H": True, "V": True, "Q": False}),
        case_of("b", labels={"H": False, "V": None, "Q": True}),
    ]
    verdicts = {
        "a": FlagsVerdict(flags={"H": True, "V": False, "Q": False}),
        "b": FlagsVerdict(flags={"H": False, "V": True, "Q": True}),
    }
    rows = read(run_of(policy_of(FLAGS_TEXT), cases, replay_of(verdicts)))
    assert [ids(rows, rows.chosen(Choice(label=code))) for code in "HVQ"] == ["a", "a", "b"]
    assert [ids(rows, rows.chosen(Choice(verdict=code))) for code in "HVQ"] == ["a", "b", "b"]


def test_a_row_that_cannot_be_read_is_named(run: Run) -> None:
    """A damaged line is refused with its number."""
    damaged = run.files[PREDICTIONS_FILE].replace(b'{"case":"b"', b'{"case:"b"', 1)
    with pytest.raises(MalformedRecordError, match=f"{PREDICTIONS_FILE}:2"):
        RunRows.read(run.record.suite, damaged, None)
    with pytest.raises(MalformedRecordError, match=f"{REASONING_FILE}:2"):
        RunRows.read(run.record.suite, run.files[PREDICTIONS_FILE], b'{"salt":"00"}\n{"case":1}\n')
