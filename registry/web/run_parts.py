"""Parts of a run, each read by itself: the record, and the rows packed. Reads through a visit.

A list of runs shows their figures only, and reading a hundred thousand rows for each would fill the memory.
"""

from __future__ import annotations

from evaluations.records import PREDICTIONS_FILE, REASONING_FILE, RECORD_FILE, read_record
from evaluations.run_record import RunRecord
from governance.commons import RunState
from registry.store.errors import MissingObjectError
from registry.web.run_rows import RunRows
from registry.web.visit import Visit


def record_of(visit: Visit, run: RunState) -> RunRecord:
    """A run's record. Raises `MalformedRecordError`."""

    def read() -> tuple[RunRecord, int]:
        raw = file_of(visit, run, RECORD_FILE)
        return read_record({} if raw is None else {RECORD_FILE: raw}), len(raw or b"")

    return visit.part(("record", run.commit), read)


def rows_of(visit: Visit, run: RunState) -> RunRows:
    """A run's rows with the words about them. Raises `MalformedRecordError`."""
    suite = record_of(visit, run).suite

    def read() -> tuple[RunRows, int]:
        predictions = file_of(visit, run, PREDICTIONS_FILE)
        if predictions is None:
            raise MissingObjectError(f"{run.commit}:{PREDICTIONS_FILE}")
        rows = RunRows.read(suite, predictions, file_of(visit, run, REASONING_FILE))
        return rows, rows.weight

    return visit.part(("rows", run.commit), read)


def file_of(visit: Visit, run: RunState, name: str) -> bytes | None:
    """One file of a run as it is stored; None where it was erased."""
    reader = visit.repository.reader
    entry = reader.entry(reader.commit(run.commit).tree, name)
    return None if entry is None else reader.blob(entry.oid)
