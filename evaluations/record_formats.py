"""The formats of `record.json`: what a program of today writes, and what one of yesterday wrote. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from evaluations.metrics import Metrics
from evaluations.run_record import FORMAT, RunRecord

KNOWN = (1, FORMAT)


def record_document(record: RunRecord) -> dict[str, Any]:
    """The record as its own format has it."""
    document: dict[str, Any] = msgspec.to_builtins(record)
    return document | {"metrics": metrics_document(record.metrics, record.v)}


def metrics_document(metrics: Metrics, v: int) -> dict[str, Any]:
    """The figures as format `v` has them: format 1 knew neither `mcc` nor `severity`."""
    document: dict[str, Any] = msgspec.to_builtins(metrics)
    if v == 1:
        del document["severity"]
        for scores in (document["headline"], document["excluded"]):
            for rates in (scores["binary"], *(label["rates"] for label in scores["labels"])):
                del rates["mcc"]
    return document
