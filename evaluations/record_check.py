"""Checking a run: what a record states must follow from its rows. Pure.

Nobody's figures are believed: counts, rates, intervals, digests and the run key are all derived again.
What cannot be derived (who ran it, how long it took) is stated and only checked for sense.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from evaluations.errors import MalformedRecordError, RecordMismatchError
from evaluations.figures import ratio, written
from evaluations.keys import run_key
from evaluations.metrics import Metrics, metrics_of
from evaluations.outcomes import is_answer
from evaluations.rates import negatives, positives
from evaluations.record_files import REASONING_FILE, read_record, read_rows, read_words
from evaluations.record_formats import metrics_document
from evaluations.rows import PREDICTIONS_FILE, Row
from evaluations.run_record import RunRecord, SuiteRef, latency_of, timing_of, tokens_of
from evaluations.strict_json import REMEDY
from evaluations.suites import SuiteItem, is_labelled, suite_digest
from evaluations.templates.registry import TEMPLATES
from policies.canonical import sha256_hex
from policies.model import Labelling


class Checked(NamedTuple):
    """A record that follows from its rows."""

    record: RunRecord
    rows: tuple[Row, ...]


def check_record(files: Mapping[str, bytes]) -> RunRecord:
    """The record, once everything in it has been found to follow from the rows (`checked_run`)."""
    return checked_run(files).record


def checked_run(files: Mapping[str, bytes]) -> Checked:
    """The record and its rows, once everything in it has been found to follow from them.

    `reasoning.jsonl` may be missing or empty: it was erased, and nothing else depends on it. Raises
    `MalformedRecordError` for files that cannot be read, `RecordMismatchError` for the first field
    that states something else than the rows give.
    """
    record, rows = read_record(files), read_rows(files, canonical=True)
    _same("rows", record.rows, sha256_hex(files[PREDICTIONS_FILE]))
    _one_row_each(rows, record.repeats)
    _under_labels(rows, record.suite)
    _check_identity(record, rows)
    metrics = metrics_of(rows, record.suite.labels, record.suite.labelling)
    _check_figures(record, rows, metrics)
    _check_words(record, rows, files)
    return Checked(record, rows)


def suite_figures(metrics: Metrics) -> tuple[int, str | None]:
    """How many cases are counted, and which share of those with a known truth violates."""
    counts = metrics.headline.binary.counts
    return metrics.headline.n, written(ratio(positives(counts), positives(counts) + negatives(counts)))


def _one_row_each(rows: Sequence[Row], repeats: int) -> None:
    if not 1 <= repeats <= len(rows):
        raise RecordMismatchError("repeats", repeats, f"{len(rows)} rows in all")
    if _in_order(rows, repeats):
        return
    of_case: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        of_case[row.item.id].append(row.repeat)
    expected = list(range(1, repeats + 1))
    for case_id, found in of_case.items():
        if sorted(found) != expected:
            raise RecordMismatchError(f"rows of case {case_id}: repeats", expected, sorted(found))
    raise MalformedRecordError(PREDICTIONS_FILE, 0, "the rows are not in order.", REMEDY)


def _in_order(rows: Sequence[Row], repeats: int) -> bool:
    """Whether rows stand as a sound run's do: by case, each with its repeats from 1."""
    if len(rows) % repeats:
        return False
    cases = [rows[at].item.id for at in range(0, len(rows), repeats)]
    return all(earlier < later for earlier, later in pairwise(cases)) and all(
        row.repeat == at % repeats + 1 and (repeats == 1 or row.item.id == cases[at // repeats])
        for at, row in enumerate(rows)
    )


def _under_labels(rows: Sequence[Row], suite: SuiteRef) -> None:
    """Refuses a truth or a verdict that is not of the suite's labels."""
    codes = {label.code for label in suite.labels}
    seen: set[tuple[int, int]] = set()
    for row in rows:
        # Rows that share their label and their verdict fare alike; the rows hold both, so no identity
        # comes again.
        way = (id(row.item.gold), id(row.verdict))
        if way not in seen:
            _row_under_labels(row, codes, suite)
            seen.add(way)


def _row_under_labels(row: Row, codes: Collection[str], suite: SuiteRef) -> None:
    place = f"row of case {row.item.id}"
    gold, verdict = row.item.gold, row.verdict
    if not is_labelled(row.item):
        raise RecordMismatchError(f"{place}: gold", gold, "no label to score by")
    single = suite.labelling is Labelling.SINGLE
    fits = gold in codes if isinstance(gold, str) else set(gold or ()) == codes
    if isinstance(gold, str) is not single or not fits:
        raise RecordMismatchError(f"{place}: gold", gold, f"labels {', '.join(sorted(codes))}")
    if not is_answer(verdict, codes, suite.labelling):
        raise RecordMismatchError(f"{place}: verdict", verdict, f"labels {', '.join(sorted(codes))}")


def _check_identity(record: RunRecord, rows: Sequence[Row]) -> None:
    """The key, and the digests of what was run."""
    _same("key", record.key, run_key(record.parts))
    _same("policy.digest", record.policy.digest, record.parts.policy)
    _same("suite.digest", record.suite.digest, record.parts.suite)
    items: dict[str, SuiteItem] = {}
    for row in rows:
        if items.setdefault(row.item.id, row.item) != row.item:
            raise RecordMismatchError(f"rows of case {row.item.id}", "one case", "different facts by repeat")
    for left in record.left_out:
        if left.item.id in items:
            raise RecordMismatchError(f"left_out case {left.item.id}", "left out", "run")
        items[left.item.id] = left.item
    suite = record.suite
    _same("suite.digest", suite.digest, suite_digest(suite.labelling, suite.labels, items.values()))


def _check_figures(record: RunRecord, rows: Sequence[Row], metrics: Metrics) -> None:
    _same("metrics", metrics_document(record.metrics, record.v), metrics_document(metrics, record.v))
    n, prevalence = suite_figures(metrics)
    _same("suite.n", record.suite.n, n)
    _same("suite.prevalence", record.suite.prevalence, prevalence)
    _same("tokens", msgspec.to_builtins(record.tokens), msgspec.to_builtins(tokens_of(rows)))
    _same("latency", msgspec.to_builtins(record.latency), msgspec.to_builtins(latency_of(rows)))
    timing = record.timing
    if min(timing.load_ms, timing.answer_ms) < 0:
        raise RecordMismatchError("timing", timing, "durations of 0 or more")
    found = timing_of(timing.load_ms, timing.answer_ms, len(rows))
    _same("timing", msgspec.to_builtins(timing), msgspec.to_builtins(found))
    if not 0 <= record.started <= record.ended:
        raise RecordMismatchError("ended", record.ended, f"not before the start, {record.started}")


def _check_words(record: RunRecord, rows: Sequence[Row], files: Mapping[str, bytes]) -> None:
    """The model's words, if they are still there: their digest, whose they are, and what they parse to."""
    raw = files.get(REASONING_FILE, b"")
    if not raw:
        return
    _same("reasoning", record.reasoning, sha256_hex(raw))
    of_case = {(row.item.id, row.repeat): row for row in rows}
    template = TEMPLATES.get(record.parts.template or "")
    codes = [label.code for label in record.suite.labels]
    for said in read_words(files):
        row = of_case.pop((said.case, said.repeat), None)
        if row is None:
            raise RecordMismatchError(f"{REASONING_FILE} case {said.case}", "words", "no row, or words twice")
        if said.output is not None and template and template.digest == record.parts.template_digest:
            verdict = template.parse(said.output, row.finish_reason, codes)
            _same(f"row of case {said.case}: verdict", row.verdict, verdict)


def _same(field: str, stated: object, found: object) -> None:
    """Raises `RecordMismatchError` with the path of the first difference."""
    if stated == found:
        return
    if isinstance(stated, Mapping) and isinstance(found, Mapping) and stated.keys() == found.keys():
        for key, value in stated.items():
            _same(f"{field}.{key}", value, found[key])
    if isinstance(stated, list | tuple) and isinstance(found, list | tuple) and len(stated) == len(found):
        for index, (one, other) in enumerate(zip(stated, found, strict=True)):
            _same(f"{field}[{index}]", one, other)
    raise RecordMismatchError(field, stated, found)
