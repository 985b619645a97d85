"""A run as a log of Inspect AI, in JSON: what `inspect view` and `read_eval_log` open. Pure.

Log format 2, with every answer as a sample and every repeat as an epoch. Words that do not go along
leave `input` and the output empty. An answer that could not be read is Inspect's "no answer".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from evaluations.exports.gathering import RUNNER, ExportedRun, Sample, safe_part
from evaluations.exports.measures import Measure, measures_of
from evaluations.suites import Gold
from evaluations.verdicts import Failed, Tokens, Unparsed, said, verdict_to_json

FORMAT = 2
SCORER = "exact"

_STOP = {"stop": "stop", "length": "max_tokens", "content_filter": "content_filter"}


def inspect_log_files(run: ExportedRun) -> dict[str, bytes]:
    """The log under the kind of name that Inspect gives its own."""
    record = run.record
    log = {
        "version": FORMAT,
        "status": "success",
        "eval": _spec(run),
        "plan": {"name": "plan", "steps": [{"solver": record.parts.engine, "params": {}}], "config": {}},
        "results": _results(run),
        "stats": {
            "started_at": _moment(record.started),
            "completed_at": _moment(record.ended),
            "model_usage": _usage_of(record.parts.model.id, record.tokens),
        },
        "samples": [_sample(run, sample) for sample in run.samples],
    }
    stamp = _moment(record.started).replace(":", "-").replace("+00-00", "Z")
    text = json.dumps(log, ensure_ascii=True, indent=1, allow_nan=False)
    return {f"{stamp}_{safe_part(record.suite.id)}_{record.key[:12]}.json": text.encode("ascii") + b"\n"}


def _spec(run: ExportedRun) -> dict[str, Any]:
    record = run.record
    config: dict[str, Any] = {}
    if record.parts.effort is not None:
        config["reasoning_effort"] = record.parts.effort
    return {
        "eval_id": record.key[:22],
        "run_id": record.key[:22],
        "created": _moment(record.started),
        "task": record.suite.id,
        "task_id": record.key[:22],
        "task_version": record.suite.version,
        "task_args": {},
        "dataset": {
            "name": f"{record.suite.id}@{record.suite.version}",
            "samples": len({sample.row.item.id for sample in run.samples}),
            "sample_ids": list(dict.fromkeys(sample.row.item.id for sample in run.samples)),
            "shuffled": False,
        },
        "model": record.parts.model.id,
        "model_generate_config": config,
        "model_args": {},
        "config": {"epochs": record.repeats, "epochs_reducer": ["mean"]},
        "packages": {RUNNER: record.environment.versions.get(RUNNER, "unknown")},
        "metadata": {
            "run_key": record.key,
            "policy": record.policy.address,
            "policy_version": record.policy.version,
            "policy_digest": record.policy.digest,
            "suite_digest": record.suite.digest,
            "template": record.parts.template,
            "engine": record.parts.engine,
            "sampling": dict(record.parts.sampling),
        },
        "scorers": [{"name": SCORER}],
    }


def _results(run: ExportedRun) -> dict[str, Any]:
    record = run.record
    measures = measures_of(record.metrics)
    unread = record.metrics.unparsed + record.metrics.failed
    return {
        "total_samples": len(run.samples),
        "completed_samples": len(run.samples),
        "scores": [
            {
                "name": SCORER,
                "scorer": SCORER,
                "scored_samples": record.metrics.headline.n,
                "unscored_samples": 0,
                "params": {},
                "metrics": {one.id: _metric(one) for one in measures if one.value is not None},
            }
        ],
        "metadata": {
            "undefined": [one.id for one in measures if one.value is None],
            "unread_answers": unread,
            "unread_answers_count_as": "wrong",
            "left_out": len(record.left_out),
        },
    }


def _metric(measure: Measure) -> dict[str, Any]:
    assert measure.value is not None
    details: dict[str, Any] = {"title": measure.title, "count": measure.count, "n": measure.n}
    if measure.interval is not None:
        details["interval"] = {
            "low": float(measure.interval.low),
            "high": float(measure.interval.high),
            "level": float(measure.interval.level),
            "method": measure.interval.method,
        }
    return {"name": measure.id, "value": float(measure.value), "params": {}, "metadata": details}


def _sample(run: ExportedRun, sample: Sample) -> dict[str, Any]:
    record, row = run.record, sample.row
    model = record.parts.model.id
    unread = isinstance(row.verdict, Unparsed | Failed)
    facts: dict[str, Any] = {
        "gold": _plain(row.item.gold),
        "verdict": verdict_to_json(row.verdict),
        "slices": list(row.item.slices),
        "todo": row.item.todo,
        "counted": sample.counted,
        "content": "given" if sample.content is not None else "withheld",
    }
    if sample.context is not None:
        facts["context"] = sample.context
    if not run.sealed:
        facts["input_sha256"] = row.item.input
    document: dict[str, Any] = {
        "id": row.item.id,
        "epoch": row.repeat,
        "input": sample.content or "",
        "target": _target(row.item.gold),
        "messages": [],
        "output": _output(model, sample),
        "scores": {
            SCORER: {
                "value": "C" if sample.right else "N" if unread else "I",
                "answer": None if unread else said(row.verdict),
                "explanation": said(row.verdict) if unread else None,
            }
        },
        "metadata": facts,
        "model_usage": _usage_of(model, row.tokens),
    }
    if row.latency_ms is not None:
        document["total_time"] = row.latency_ms / 1000
        document["working_time"] = row.latency_ms / 1000
    return document


def _output(model: str, sample: Sample) -> dict[str, Any]:
    result: dict[str, Any] = {"model": model, "choices": [], "completion": ""}
    if sample.output is not None or sample.reasoning is not None:
        text = sample.output or ""
        content: Any = text
        if sample.reasoning is not None:
            content = [{"type": "reasoning", "reasoning": sample.reasoning}, {"type": "text", "text": text}]
        stop = _STOP.get(sample.row.finish_reason or "", "unknown")
        message = {"role": "assistant", "content": content, "source": "generate"}
        result |= {"choices": [{"message": message, "stop_reason": stop}], "completion": text}
    if sample.row.latency_ms is not None:
        result["time"] = sample.row.latency_ms / 1000
    usage = _usage(sample.row.tokens)
    return {**result, "usage": usage} if usage else result


def _usage_of(model: str, tokens: Tokens | None) -> dict[str, Any]:
    usage = _usage(tokens)
    return {model: usage} if usage else {}


def _usage(tokens: Tokens | None) -> dict[str, Any] | None:
    """Inspect counts cached tokens beside the input, we count them within."""
    if tokens is None or tokens.input is None or tokens.output is None:
        return None
    cached = tokens.cached or 0
    return {
        "input_tokens": max(0, tokens.input - cached),
        "output_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "input_tokens_cache_read": tokens.cached,
        "reasoning_tokens": tokens.reasoning,
    }


def _target(gold: Gold) -> str | list[str]:
    if isinstance(gold, Mapping):
        return [code for code, raised in gold.items() if raised]
    return gold or ""


def _plain(gold: Gold) -> Any:
    return dict(gold) if isinstance(gold, Mapping) else gold


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
