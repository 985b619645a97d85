"""What a stored run says of itself, for origins that have its record. Imports scipy with the scoring."""

from __future__ import annotations

from collections.abc import Mapping

from evaluations.engines.catalogue import ENGINES, engine_named
from evaluations.records import read_record
from evaluations.run_record import RunRecord
from evaluations.standing import RunClass, class_of
from registry.services.origin import RunFacts


def run_facts(record: RunRecord, *, content: str, versions: tuple[str, ...], at: int) -> RunFacts:
    """The headline of a record; `versions` have the content that was run, `at` is when it was recorded."""
    scores = record.metrics.headline
    engine = record.parts.engine
    return RunFacts(
        key=record.key,
        content=content,
        versions=versions,
        engine=engine,
        model=record.parts.model.id,
        stands_for=class_of(record).value,
        note=engine_named(engine).info.summary if engine in ENGINES else None,
        at=at,
        cases=scores.n,
        exact=scores.accuracy.value,
        caught=scores.binary.recall.value,
        wrongly_flagged=scores.binary.false_positive_rate.value,
    )


def is_of_shared_model(files: Mapping[str, bytes]) -> bool:
    """Whether a run was of gpt-oss-safeguard. Raises `MalformedRecordError`."""
    return class_of(read_record(files)) is RunClass.SHARED
