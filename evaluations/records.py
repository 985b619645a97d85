"""Run records, by one door: the shape, the files, the check and the run key. Pure."""

from __future__ import annotations

from evaluations.keys import KeyParts, ModelManifest, RunKey, run_key
from evaluations.record_check import check_record, checked_run
from evaluations.record_files import (
    FILES,
    MIN_SALT_BYTES,
    REASONING_FILE,
    RECORD_FILE,
    Words,
    predictions_bytes,
    read_record,
    read_rows,
    read_words,
    reasoning_bytes,
    record_files,
)
from evaluations.rows import PREDICTIONS_FILE, Row
from evaluations.run_record import Environment, PolicyRef, RunRecord, RunStatus, SuiteRef

__all__ = [
    "FILES",
    "MIN_SALT_BYTES",
    "PREDICTIONS_FILE",
    "REASONING_FILE",
    "RECORD_FILE",
    "Environment",
    "KeyParts",
    "ModelManifest",
    "PolicyRef",
    "Row",
    "RunKey",
    "RunRecord",
    "RunStatus",
    "SuiteRef",
    "Words",
    "check_record",
    "checked_run",
    "predictions_bytes",
    "read_record",
    "read_rows",
    "read_words",
    "reasoning_bytes",
    "record_files",
    "run_key",
]
