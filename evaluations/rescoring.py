"""A stored run, read and scored again without a model. Pure.

Where the model's output was kept, a template's parser reads it anew. Read by the template that asked, it is
the same run under the same key. Read by another, it is a replay: the model was never asked that way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from evaluations.engines import replay
from evaluations.errors import TemplateError
from evaluations.keys import KeyParts, run_key
from evaluations.metrics import metrics_of
from evaluations.outcomes import is_right, outcome_of
from evaluations.record_files import (
    REASONING_FILE,
    predictions_bytes,
    read_record,
    read_rows,
    read_words,
    record_files,
)
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.running import Run
from evaluations.templates.base import Template
from evaluations.templates.registry import template_named
from evaluations.verdicts import Verdict
from policies.canonical import canonical_digest, sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """An answer that is read differently now. `was_right` and `is_right` say what that does to the score."""

    case: str
    repeat: int
    old: Verdict
    new: Verdict
    was_right: bool
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """The run as it is scored now, and the answers that changed, by case id and repeat.

    `parsed` answers had their output kept and were read again; for the others the verdict stands.
    """

    run: Run
    changed: tuple[Reread, ...]
    parsed: int


def rescore(files: Mapping[str, bytes], template_id: str | None = None) -> Rescored:
    """Reads a run's outputs again with its own template, or with the one named.

    Raises `TemplateError` for a template that is not known, answers another labelling, or is named where
    no output was kept, and `MalformedRecordError`.
    """
    record, rows, words = read_record(files), read_rows(files), read_words(files)
    outputs = {(said.case, said.repeat): said.output for said in words if said.output is not None}
    template = _template(record, template_id, kept=bool(outputs))
    codes = [label.code for label in record.suite.labels]
    read = []
    for row in rows:
        output = outputs.get((row.item.id, row.repeat))
        if template is not None and output is not None:
            verdict = template.parse(output, row.finish_reason, codes)
            read.append(msgspec.structs.replace(row, verdict=verdict))
        else:
            read.append(row)
    changed = tuple(
        _reread(row, now, codes) for row, now in zip(rows, read, strict=True) if row.verdict != now.verdict
    )
    return Rescored(
        run=_run(record, files, tuple(read), _parts(record, outputs, template)),
        changed=changed,
        parsed=len(outputs) if template is not None else 0,
    )


def _template(record: RunRecord, named: str | None, *, kept: bool) -> Template | None:
    wanted = named or record.parts.template
    if wanted is None:
        return None
    if named is not None and not kept:
        raise TemplateError(
            named,
            "has nothing to read: this run kept no output of a model.",
            "Leave the template out to score the verdicts as they stand.",
        )
    template = template_named(wanted)
    if template.labelling is not record.suite.labelling:
        raise TemplateError(
            wanted,
            f"answers a policy of {template.labelling} labelling, and this run's is not.",
            f"Use a template for {record.suite.labelling} labelling.",
        )
    return template


def _parts(record: RunRecord, outputs: Mapping[tuple[str, int], str], template: Template | None) -> KeyParts:
    parts = record.parts
    if template is None or (template.id, template.digest) == (parts.template, parts.template_digest):
        return parts
    # As ASCII escapes: canonical JSON has no half characters, and models may write them.
    recording = canonical_digest([[case, n, json.dumps(text)] for (case, n), text in sorted(outputs.items())])
    asked_with = parts.config.get("asked-with", parts.template)
    return replace(
        parts,
        engine=replay.NAME,
        template=template.id,
        template_digest=template.digest,
        config={**parts.config, "asked-with": asked_with, "recording": recording},
    )


def _run(record: RunRecord, files: Mapping[str, bytes], rows: tuple[Row, ...], parts: KeyParts) -> Run:
    predictions = predictions_bytes(rows)
    replayed = parts is not record.parts
    made = replace(
        record,
        key=run_key(parts),
        parts=parts,
        engine_version=replay.VERSION if replayed else record.engine_version,
        metrics=metrics_of(rows, record.suite.labels, record.suite.labelling),
        rows=sha256_hex(predictions),
    )
    return Run(record=made, rows=rows, files=record_files(made, predictions, files.get(REASONING_FILE, b"")))


def _reread(row: Row, now: Row, codes: list[str]) -> Reread:
    return Reread(
        case=row.item.id,
        repeat=row.repeat,
        old=row.verdict,
        new=now.verdict,
        was_right=is_right(outcome_of(row, codes)) is True,
        is_right=is_right(outcome_of(now, codes)) is True,
    )
