"""Takes the traces of erased cases out of a run's files, so that the record still recomputes. Pure.

What stays is the arithmetic: which case, its gold label, its verdict. What goes is whatever was derived
from the content (the digests of input and prompt, from which a short text could be found by trying) and
every word that the model wrote about it. The suite is then another one, so its digest and the run key
are stated anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from evaluations.keys import run_key
from evaluations.record_files import (
    REASONING_FILE,
    predictions_bytes,
    read_record,
    read_rows,
    record_files,
)
from evaluations.rows import Row
from evaluations.suites import LeftOut, SuiteItem, suite_digest
from policies.canonical import sha256_hex

ERASED_INPUT = "0" * 64
"""Stands where the digest of an erased case's input stood."""


def erase_cases(
    files: Mapping[str, bytes], case_ids: frozenset[str], *, reasoning: bool = False
) -> dict[str, bytes]:
    """The run's files without the traces of these cases; equal to `files` when there are none.

    With `reasoning`, every word that the model wrote goes, whichever case it was about. Raises
    `MalformedRecordError` for files that are no record.
    """
    record, rows = read_record(files), read_rows(files)
    said_something = bool(files.get(REASONING_FILE))
    touched = any(row.item.id in case_ids for row in rows) or any(
        left.item.id in case_ids for left in record.left_out
    )
    if not touched and not (reasoning and said_something):
        return dict(files)
    kept = tuple(_row(row) if row.item.id in case_ids else row for row in rows)
    left_out = tuple(
        LeftOut(item=_item(left.item), reason=left.reason) if left.item.id in case_ids else left
        for left in record.left_out
    )
    items = {row.item.id: row.item for row in kept} | {left.item.id: left.item for left in left_out}
    suite = replace(
        record.suite, digest=suite_digest(record.suite.labelling, record.suite.labels, items.values())
    )
    parts = replace(record.parts, suite=suite.digest)
    predictions = predictions_bytes(kept)
    stated = replace(
        record,
        key=run_key(parts),
        parts=parts,
        suite=suite,
        left_out=left_out,
        rows=sha256_hex(predictions),
    )
    # One file holds the words of all cases under one salt, and its digest is in the log: words of the
    # other cases cannot stay without stating a digest that the erased ones could be tried against.
    return record_files(stated, predictions, b"")


def _row(row: Row) -> Row:
    return msgspec.structs.replace(row, item=_item(row.item), prompt=None)


def _item(item: SuiteItem) -> SuiteItem:
    return msgspec.structs.replace(item, input=ERASED_INPUT)
