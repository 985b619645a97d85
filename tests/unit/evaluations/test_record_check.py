"""A record is believed only as far as its rows give it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from evaluations.errors import MalformedRecordError, RecordError, RecordMismatchError
from evaluations.records import PREDICTIONS_FILE, REASONING_FILE, RECORD_FILE, check_record
from evaluations.templates.safeguard_label_1 import SAFEGUARD_LABEL_1
from evaluations.verdicts import Answer, LabelVerdict, Tokens
from policies.canonical import canonical_bytes, sha256_hex
from policies.model import CaseStatus
from tests.unit.evaluations.builders import ANSWERED, LABELLED, case_of, policy_of, replay_of, run_of

RUN = run_of(
    policy_of(),
    (*LABELLED, case_of("f"), case_of("g", label="AD0", status=CaseStatus.TODO)),
    replay_of(ANSWERED),
)


def _with_record(files: Mapping[str, bytes], change: Callable[[Any], None]) -> dict[str, bytes]:
    stated = json.loads(files[RECORD_FILE])
    change(stated)
    return {**files, RECORD_FILE: canonical_bytes(stated) + b"\n"}


def _with_rows(files: Mapping[str, bytes], change: Callable[[list[Any]], None]) -> dict[str, bytes]:
    """Other rows, and a record that names their digest: the forger's first step."""
    rows = [json.loads(line) for line in files[PREDICTIONS_FILE].splitlines()]
    change(rows)
    raw = b"".join(canonical_bytes(row) + b"\n" for row in rows)
    return _with_record({**files, PREDICTIONS_FILE: raw}, lambda stated: stated.update(rows=sha256_hex(raw)))


def _set(path: str, value: object) -> Callable[[Any], None]:
    def change(stated: Any) -> None:
        *parents, last = path.split(".")
        for key in parents:
            stated = stated[int(key) if key.isdigit() else key]
        stated[int(last) if last.isdigit() else last] = value

    return change


def _refused(files: Mapping[str, bytes]) -> RecordError:
    with pytest.raises(RecordError) as caught:
        check_record(files)
    return caught.value


def test_what_was_measured_is_accepted() -> None:
    """A run's own files check out, and give the record."""
    assert check_record(RUN.files) == RUN.record


@pytest.mark.parametrize("gone", [{}, {REASONING_FILE: b""}])
def test_erased_reasoning_changes_nothing(gone: dict[str, bytes]) -> None:
    """Without the file, or with an empty one, everything else still recomputes."""
    files = {name: raw for name, raw in RUN.files.items() if name != REASONING_FILE}
    assert check_record({**files, **gone}) == RUN.record


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metrics.headline.accuracy.count", 5),
        ("metrics.headline.accuracy.value", "1.000000"),
        ("metrics.headline.accuracy.interval.low", "0.500000"),
        ("metrics.headline.binary.counts.tp", 4),
        ("metrics.headline.labels.1.rates.f1", "0.9"),
        ("metrics.headline.macro.f1.labels", 2),
        ("metrics.excluded.n", 5),
        ("metrics.bounds.recall.best", "0.1"),
        ("metrics.slices.0.accuracy.n", 1),
        ("metrics.confusion.0.said.AD0", 2),
        ("metrics.unparsed", 0),
        ("metrics.todo.right", 1),
        ("suite.n", 7),
        ("suite.prevalence", "0.1"),
        ("latency", {"p50": 1, "p95": 1, "p99": 1, "n": 5}),
        ("tokens", {"input": 1, "output": None, "cached": None, "reasoning": None}),
        ("timing.items_per_second", "1000000.000000"),
        ("key", "0" * 64),
        ("parts.model.id", "another/model"),
        ("policy.digest", "0" * 64),
        ("suite.digest", "0" * 64),
        ("suite.labels.1.violates", False),
        ("left_out", []),
        ("rows", "0" * 64),
        ("reasoning", "0" * 64),
        ("repeats", 2),
        ("repeats", 10**12),
        ("repeats", 0),
        ("ended", 1),
        ("timing.load_ms", -1),
    ],
)
def test_every_stated_figure_is_recomputed(path: str, value: object) -> None:
    """A record that states anything else than its rows give is refused."""
    assert isinstance(_refused(_with_record(RUN.files, _set(path, value))), RecordMismatchError)


def test_the_field_that_differs_is_named() -> None:
    """The message gives the path of the first difference and both values."""
    error = _refused(_with_record(RUN.files, _set("metrics.headline.binary.recall.count", 3)))
    assert isinstance(error, RecordMismatchError)
    assert (error.field, error.stated, error.found) == ("metrics.headline.binary.recall.count", 3, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda rows: rows.pop(0), "suite.digest"),
        (lambda rows: rows.append(rows[-1]), "rows of case g: repeats"),
        (lambda rows: rows[0].update(repeat=2), "rows of case a: repeats"),
        (lambda rows: rows[0].update(gold="AD1"), "suite.digest"),
        (lambda rows: rows[0].update(gold="XX"), "row of case a: gold"),
        (lambda rows: rows[0].update(gold=None), "row of case a: gold"),
        (lambda rows: rows[0].update(gold={"AD0": True}), "row of case a: gold"),
        (lambda rows: rows[0].update(verdict={"label": "XX"}), "row of case a: verdict"),
        (lambda rows: rows[0].update(verdict={"flags": {}}), "row of case a: verdict"),
        (lambda rows: rows[0].update(slices=["other"]), "suite.digest"),
        (lambda rows: rows[1].update(verdict={"label": "AD0"}), "metrics.headline.accuracy.count"),
        (lambda rows: rows[0].update(latency_ms=5), "latency"),
        (lambda rows: rows.clear(), "repeats"),
    ],
)
def test_changed_rows_do_not_fit_the_record(change: Callable[[list[Any]], None], field: str) -> None:
    """Rows that were dropped, doubled or edited are found, and the first field that shows it is named."""
    error = _refused(_with_rows(RUN.files, change))
    assert isinstance(error, RecordMismatchError)
    assert error.field == field


def test_rows_out_of_order_are_refused() -> None:
    """There is one spelling of a run, so one digest."""
    error = _refused(_with_rows(RUN.files, lambda rows: rows.reverse()))
    assert isinstance(error, MalformedRecordError)
    assert error.file == PREDICTIONS_FILE


def test_words_must_be_those_that_were_stored_and_of_a_case_that_was_run() -> None:
    """Edited words do not match their digest; with a matching one they still need a row."""
    edited = {**RUN.files, REASONING_FILE: RUN.files[REASONING_FILE] + b'{"case":"z","repeat":1}\n'}
    assert getattr(_refused(edited), "field", None) == "reasoning"
    raw = edited[REASONING_FILE]
    forged = _with_record(edited, lambda stated: stated.update(reasoning=sha256_hex(raw)))
    assert getattr(_refused(forged), "field", None) == "reasoning.jsonl case z"


def test_a_kept_output_must_parse_to_its_verdict() -> None:
    """Where the model's own answer is there, the verdict is read from it again."""
    answers = [
        Answer(
            case_id="a",
            verdict=LabelVerdict(code="AD0"),
            output="AD1",
            finish_reason="stop",
            tokens=Tokens(input=9),
            latency_ms=3,
        )
    ]
    run = run_of(policy_of(), LABELLED[:1], replay_of(answers), template=SAFEGUARD_LABEL_1)
    assert run.rows[0].verdict == LabelVerdict(code="AD1")
    assert check_record(run.files) == run.record

    def lie(rows: list[Any]) -> None:
        rows[0]["finish_reason"] = "length"

    assert getattr(_refused(_with_rows(run.files, lie)), "field", None) == "row of case a: verdict"
