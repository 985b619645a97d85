"""A run for the Every Eval Ever datastore: one aggregate document and one line per answer. Pure.

Writes schema version 0.3.0. The datastore keeps files under `data/COLLECTION/DEVELOPER/MODEL/` by a
UUID of version 4; ours is made of the run key, so that one run gives one file. A figure without a value
has no place in the schema: it is named in `source_metadata`, never written as a number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evaluations.exports.gathering import RUNNER, ExportedRun, Sample, safe_part
from evaluations.exports.measures import Measure, measures_of
from evaluations.keys import Setting
from evaluations.run_record import RunRecord
from evaluations.standing import RunClass, class_of
from evaluations.suites import Gold
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, Verdict
from policies.canonical import canonical_digest, sha256_hex

SCHEMA_VERSION = "0.3.0"


def every_eval_ever_files(run: ExportedRun) -> dict[str, bytes]:
    """The aggregate and the samples by their paths in the datastore."""
    record = run.record
    lines = [json.dumps(_sample(run, sample), ensure_ascii=True) for sample in run.samples]
    samples = "".join(f"{line}\n" for line in lines).encode("ascii")
    folder = "/".join(("data", safe_part(record.suite.id), *_model_place(record)))
    stem = f"{folder}/{_uuid(record.key)}"
    detail = {
        "format": "jsonl",
        "file_path": f"{stem}_samples.jsonl",
        "hash_algorithm": "sha256",
        "checksum": sha256_hex(samples),
        "total_rows": len(run.samples),
    }
    aggregate = {**_aggregate(record), "detailed_evaluation_results": detail}
    text = json.dumps(aggregate, ensure_ascii=True, indent=2, allow_nan=False)
    return {f"{stem}.json": text.encode("ascii") + b"\n", f"{stem}_samples.jsonl": samples}


def _aggregate(record: RunRecord) -> dict[str, Any]:
    measures = measures_of(record.metrics)
    return {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": _evaluation_id(record),
        "evaluation_timestamp": str(record.started),
        "retrieved_timestamp": str(record.ended),
        "source_metadata": {
            "source_name": "Policy Commons",
            "source_type": "evaluation_run",
            "source_organization_name": _organisation(record.policy.address),
            "evaluator_relationship": "other",
            "additional_details": _details(
                run_key=record.key,
                policy=record.policy.address,
                policy_version=record.policy.version,
                policy_digest=record.policy.digest,
                template=record.parts.template,
                effort=record.parts.effort,
                stands_for=class_of(record).value,
                left_out=str(len(record.left_out)),
                undefined_figures=", ".join(one.id for one in measures if one.value is None) or None,
            ),
        },
        "eval_library": {"name": RUNNER, "version": record.environment.versions.get(RUNNER, "unknown")},
        "model_info": _model(record),
        "evaluation_results": [_result(record, one) for one in measures if one.value is not None],
    }


def _result(record: RunRecord, measure: Measure) -> dict[str, Any]:
    assert measure.value is not None
    score: dict[str, Any] = {"score": float(measure.value)}
    if measure.count is not None:
        score["details"] = {"count": str(measure.count), "n": str(measure.n)}
    if measure.interval is not None:
        score["uncertainty"] = {
            "confidence_interval": {
                "lower": float(measure.interval.low),
                "upper": float(measure.interval.high),
                "confidence_level": float(measure.interval.level),
                "method": measure.interval.method,
            },
            "num_samples": measure.interval.n,
        }
    generation: dict[str, Any] = {
        "generation_args": {"prompt_template": record.parts.template} if record.parts.template else {},
        "additional_details": _details(effort=record.parts.effort, **_settings(record.parts.sampling)),
    }
    return {
        "evaluation_result_id": measure.id,
        "evaluation_name": record.suite.id,
        "source_data": {
            "dataset_name": f"{record.suite.id}@{record.suite.version}",
            "source_type": "other",
            "additional_details": _details(
                digest=record.suite.digest,
                split=record.suite.split,
                visibility=record.suite.visibility.value,
                n=str(record.suite.n),
                prevalence=record.suite.prevalence,
            ),
        },
        "evaluation_timestamp": str(record.started),
        "metric_config": {
            "evaluation_description": measure.title,
            "metric_id": f"{RUNNER}.{measure.id}",
            "metric_name": measure.title,
            "metric_kind": measure.kind,
            "metric_unit": "proportion",
            "lower_is_better": measure.lower_is_better,
            "score_type": "continuous",
            "min_score": 0,
            "max_score": 1,
            "additional_details": {"unread_answers": "counted as wrong"},
        },
        "score_details": score,
        "generation_config": generation,
    }


def _sample(run: ExportedRun, sample: Sample) -> dict[str, Any]:
    record, row = run.record, sample.row
    reference = _reference(row.item.gold)
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": _evaluation_id(record),
        "model_id": _model(record)["id"],
        "evaluation_name": record.suite.id,
        "sample_id": row.item.id,
        "interaction_type": "single_turn",
        "input": {
            "raw": sample.content if sample.content is not None else "",
            "reference": reference,
            "choices": [label.code for label in record.suite.labels],
        },
        "output": {"raw": [] if sample.output is None else [sample.output]},
        "answer_attribution": _attribution(row.verdict),
        "evaluation": {"score": 1.0 if sample.right else 0.0, "is_correct": sample.right},
        "metadata": _details(
            repeat=str(row.repeat),
            counted="true" if sample.counted else "false",
            content="given" if sample.content is not None else "withheld",
            context=sample.context,
            slices=", ".join(row.item.slices) or None,
            finish_reason=row.finish_reason,
            template=record.parts.template,
        ),
    }
    if sample.counted:
        document["evaluation_result_id"] = "accuracy"
    if not run.sealed:
        facts = {"input": row.item.input, "gold": row.item.gold}
        document["sample_hash"] = canonical_digest(facts)
    if sample.reasoning is not None:
        document["output"]["reasoning_trace"] = [sample.reasoning]
    if row.tokens is not None and row.tokens.input is not None and row.tokens.output is not None:
        document["token_usage"] = {
            "input_tokens": row.tokens.input,
            "output_tokens": row.tokens.output,
            "total_tokens": row.tokens.input + row.tokens.output,
            "input_tokens_cache_read": row.tokens.cached,
            "reasoning_tokens": row.tokens.reasoning,
        }
    if row.latency_ms is not None:
        document["performance"] = {"latency_ms": row.latency_ms}
    error = _error(row.verdict)
    if error is not None:
        document["error"] = error
    return document


def _attribution(verdict: Verdict) -> list[dict[str, Any]]:
    match verdict:
        case LabelVerdict(code=code):
            value = code
        case FlagsVerdict(flags=flags):
            value = ",".join(code for code, raised in flags.items() if raised)
        case Unparsed() | Failed():
            return []
    return [
        {
            "turn_idx": 0,
            "source": "output.raw",
            "extracted_value": value,
            "extraction_method": "exact_match",
            "is_terminal": True,
        }
    ]


def _error(verdict: Verdict) -> str | None:
    match verdict:
        case Unparsed(reason=reason):
            return f"unparsed: {reason.value}"
        case Failed(error=error):
            return f"failed: {error}"
        case _:
            return None


def _reference(gold: Gold) -> list[str]:
    if isinstance(gold, Mapping):
        return [code for code, raised in gold.items() if raised]
    return [] if gold is None else [gold]


def _organisation(address: str) -> str:
    """The commons of a policy that was run; a folder that was run belongs to nobody we know."""
    commons, slash, _ = address.rpartition("/")
    return commons if slash else RUNNER


def _model(record: RunRecord) -> dict[str, Any]:
    model, built_in = record.parts.model, class_of(record) is RunClass.BASELINE
    return {
        "name": model.id,
        "id": f"{RUNNER}/{model.id}" if built_in and "/" not in model.id else model.id,
        "inference_engine": {"name": record.parts.engine, "version": record.engine_version},
        "additional_details": _details(
            deployment_type="self_deployed" if built_in else "unknown",
            model_availability="unknown",
            revision=model.revision,
            dtype=model.dtype,
            quantisation=model.quantisation,
            tokenizer=model.tokenizer,
        ),
    }


def _evaluation_id(record: RunRecord) -> str:
    # The schema asks for name/model/time; the key keeps two runs of one second apart.
    return f"{record.suite.id}/{_model(record)['id']}/{record.ended}/{record.key[:12]}"


def _model_place(record: RunRecord) -> tuple[str, str]:
    developer, slash, name = _model(record)["id"].partition("/")
    if not slash:
        return "unstated", safe_part(developer)
    return safe_part(developer), safe_part(name)


def _uuid(key: str) -> str:
    """The run key's first digits with the marks of a UUID of version 4."""
    variant = "89ab"[int(key[16], 16) & 3]
    return f"{key[:8]}-{key[8:12]}-4{key[13:16]}-{variant}{key[17:20]}-{key[20:32]}"


def _settings(settings: Mapping[str, Setting]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in settings.items()}


def _details(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
