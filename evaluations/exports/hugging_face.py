"""A run's headline for a model's page on the Hugging Face Hub: a file of its `.eval_results` folder. Pure.

An entry is one value of one model on one benchmark: `dataset.id`, `dataset.task_id` and `value` are
required, and the Hub takes the dataset only if it is registered as a benchmark.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import yaml

from evaluations.exports.gathering import RUNNER, ExportedRun, ExportError, safe_part
from evaluations.exports.measures import Measure, measure_named, measures_of
from evaluations.run_record import RunRecord
from evaluations.standing import RunClass, class_of

FOLDER = ".eval_results"

_DATASET = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_TASK = re.compile(r"[\w.-]{1,96}", re.ASCII)


def hugging_face_files(
    run: ExportedRun, *, dataset: str, task: str = "default", figure: str = "accuracy"
) -> dict[str, bytes]:
    """The file for a model's repository; `figure` is a measure's id, `dataset` a dataset's on the Hub.

    Raises `ExportError` for a baseline, which no model's page may carry, for names that the Hub has not,
    and for a figure that is unknown or undefined.
    """
    record = run.record
    if class_of(record) is RunClass.BASELINE:
        raise ExportError(
            f"engine {record.parts.engine}",
            "it is a baseline, and no model's page may carry its figures.",
            "Export a run of a model; --to csv takes every run.",
        )
    _refuse_names(dataset, task)
    measure = measure_named(record.metrics, figure)
    if measure is None:
        known = ", ".join(one.id for one in measures_of(record.metrics) if one.of is None)
        raise ExportError(f"figure {figure}", "the run has no such figure.", f"Use one of: {known}.")
    if measure.value is None:
        raise ExportError(
            f"figure {figure}",
            "it is undefined in this run, and an undefined figure is no number.",
            "Choose another one with --figure.",
        )
    entry: dict[str, Any] = {
        "dataset": {"id": dataset, "task_id": task},
        "value": float(measure.value),
        "date": datetime.fromtimestamp(record.ended, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "evaluation_framework": RUNNER,
        "notes": _notes(record, measure),
    }
    text = yaml.safe_dump([entry], sort_keys=False, allow_unicode=False, width=10_000)
    return {f"{FOLDER}/{safe_part(record.suite.id)}.yaml": text.encode("ascii")}


def _refuse_names(dataset: str, task: str) -> None:
    if not _DATASET.fullmatch(dataset):
        raise ExportError(
            f"--dataset {dataset[:80]}", "it is no dataset's id on the Hub.", "Write ORGANISATION/NAME."
        )
    if not _TASK.fullmatch(task):
        raise ExportError(
            f"--task {task[:80]}", "it is no task's id.", "Take it from the dataset's eval.yaml."
        )


def _notes(record: RunRecord, measure: Measure) -> str:
    """What the value is and how it was got, in one line."""
    parts = [measure.title]
    if measure.count is not None:
        parts[0] += f": {measure.count} of {measure.n}"
    if measure.interval is not None:
        level = f"{float(measure.interval.level):.0%}"
        low, high = measure.interval.low[:5], measure.interval.high[:5]
        parts.append(f"{level} interval {low} to {high} ({measure.interval.method})")
    policy = record.policy.address + (f"@{record.policy.version}" if record.policy.version else "")
    parts.append(f"policy {policy}")
    parts.append(f"suite {record.suite.id}@{record.suite.version}")
    if record.parts.template:
        parts.append(f"template {record.parts.template}")
    if record.parts.effort:
        parts.append(f"effort {record.parts.effort}")
    parts.append(f"run {record.key[:12]}")
    return "; ".join(parts)
