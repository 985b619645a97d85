"""Every Eval Ever, schema 0.3.0: what our files rest on of it, held as checks of our own."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluations.exports.every_eval_ever import every_eval_ever_files
from evaluations.exports.gathering import Disclosure, ExportedRun
from evaluations.keys import ModelManifest
from policies.canonical import sha256_hex
from tests.unit.evaluations.exports.exported import exported, flags_run, labels_run, sealed

PATH = re.compile(
    r"data/[^/]+/[^/]+/[^/]+/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(_samples)?\.jsonl?"
)
RUNS = {
    "labels": exported(labels_run(), Disclosure.SENSITIVE),
    "repeats": exported(labels_run(repeats=2)),
    "flags": exported(flags_run()),
    "sealed": exported(sealed(labels_run())),
}


def documents(run: ExportedRun) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    files = every_eval_ever_files(run)
    (aggregate,) = (raw for name, raw in files.items() if name.endswith(".json"))
    (samples,) = (raw for name, raw in files.items() if name.endswith(".jsonl"))
    return json.loads(aggregate), [json.loads(line) for line in samples.splitlines()]


@pytest.mark.parametrize("name", RUNS)
def test_the_aggregate_has_what_the_schema_requires(name: str) -> None:
    """Required keys, enumerations and types of schema 0.3.0."""
    aggregate, _ = documents(RUNS[name])
    assert set(aggregate) == {
        *("schema_version", "evaluation_id", "evaluation_timestamp", "retrieved_timestamp"),
        *("source_metadata", "eval_library", "model_info", "evaluation_results"),
        "detailed_evaluation_results",
    }
    assert aggregate["schema_version"] == "0.3.0"
    assert aggregate["retrieved_timestamp"].isdigit()
    source = aggregate["source_metadata"]
    assert source["source_type"] in {"documentation", "evaluation_run"}
    assert source["evaluator_relationship"] in {"first_party", "third_party", "collaborative", "other"}
    assert source["source_organization_name"]
    assert aggregate["eval_library"].keys() == {"name", "version"}
    details = aggregate["model_info"]["additional_details"]
    assert details["deployment_type"] in {"self_deployed", "externally_managed", "unknown"}
    assert details["model_availability"] in {"open_weights", "closed_weights", "unknown"}
    for mapping in (source["additional_details"], details):
        assert all(isinstance(value, str) for value in mapping.values())


@pytest.mark.parametrize("name", RUNS)
def test_a_figure_is_a_number_within_its_bounds_with_its_interval(name: str) -> None:
    """Each result has a finite score in [0, 1]; what is undefined is named and has no number."""
    aggregate, _ = documents(RUNS[name])
    ids = [result["evaluation_result_id"] for result in aggregate["evaluation_results"]]
    assert len(ids) == len(set(ids))
    for result in aggregate["evaluation_results"]:
        config, score = result["metric_config"], result["score_details"]
        assert isinstance(config["lower_is_better"], bool)
        assert (config["score_type"], config["min_score"], config["max_score"]) == ("continuous", 0, 1)
        assert result["source_data"]["source_type"] == "other"
        assert isinstance(score["score"], float)
        assert 0 <= score["score"] <= 1
        if "uncertainty" in score:
            bounds = score["uncertainty"]["confidence_interval"]
            assert bounds["lower"] <= score["score"] <= bounds["upper"]
            assert score["details"] == {key: score["details"][key] for key in ("count", "n")}
    undefined = aggregate["source_metadata"]["additional_details"].get("undefined_figures", "").split(", ")
    assert not set(undefined) & set(ids)
    if name == "labels":
        assert "recall[AD2]" in undefined


@pytest.mark.parametrize("name", RUNS)
def test_samples_lie_beside_their_aggregate_and_agree_with_it(name: str) -> None:
    """One UUID names both files; rows, checksum, evaluation and model are those of the aggregate."""
    run = RUNS[name]
    aggregate, samples = documents(run)
    files = every_eval_ever_files(run)
    assert all(PATH.fullmatch(path) for path in files)
    detail = aggregate["detailed_evaluation_results"]
    assert detail["file_path"] in files
    assert detail["file_path"].replace("_samples.jsonl", ".json") in files
    assert detail["checksum"] == sha256_hex(files[detail["file_path"]])
    assert detail["total_rows"] == len(samples) == len(run.samples)
    assert {sample["evaluation_id"] for sample in samples} == {aggregate["evaluation_id"]}
    assert {sample["model_id"] for sample in samples} == {aggregate["model_info"]["id"]}


@pytest.mark.parametrize("name", RUNS)
def test_a_sample_has_what_the_schema_requires(name: str) -> None:
    """Single turns have an output and no messages; references are lists; details are text."""
    _, samples = documents(RUNS[name])
    for sample in samples:
        assert sample.keys() >= {
            *("schema_version", "evaluation_id", "model_id", "evaluation_name", "sample_id"),
            *("interaction_type", "input", "output", "answer_attribution", "evaluation"),
        }
        assert sample["interaction_type"] == "single_turn"
        assert "messages" not in sample
        assert isinstance(sample["input"]["raw"], str)
        assert isinstance(sample["input"]["reference"], list)
        assert isinstance(sample["output"]["raw"], list)
        assert isinstance(sample["evaluation"]["score"], float)
        assert isinstance(sample["evaluation"]["is_correct"], bool)
        assert all(isinstance(value, str) for value in sample["metadata"].values())
        for attribution in sample["answer_attribution"]:
            assert attribution["is_terminal"]
            assert isinstance(attribution["extracted_value"], str)


def test_samples_that_count_give_the_accuracy() -> None:
    """Whoever averages the samples that point at `accuracy` gets its score; the others point nowhere."""
    aggregate, samples = documents(RUNS["repeats"])
    (accuracy,) = (
        result["score_details"]["score"]
        for result in aggregate["evaluation_results"]
        if result["evaluation_result_id"] == "accuracy"
    )
    scores = [
        sample["evaluation"]["score"]
        for sample in samples
        if sample.get("evaluation_result_id") == "accuracy"
    ]
    assert sum(scores) / len(scores) == accuracy == 0.5
    assert len(scores) == 8 < len(samples)


def test_unread_answers_are_wrong_and_say_why() -> None:
    """An unparsed answer and one that never came have no value, a reason, and a score of 0."""
    _, samples = documents(RUNS["labels"])
    told = {sample["sample_id"]: (sample.get("error"), sample["answer_attribution"]) for sample in samples}
    assert told["d"] == ("unparsed: not-a-label", [])
    assert told["e"] == ("failed: timeout", [])
    assert told["a"][0] is None


def test_words_go_where_the_schema_has_a_place_for_them() -> None:
    """Content, output, reasoning, tokens and latency stand in their own fields."""
    _, samples = documents(RUNS["labels"])
    first = samples[0]
    assert first["input"]["raw"] == "Plain talk about the weather"
    assert first["output"] == {"raw": ["AD0"], "reasoning_trace": ["The weather sells nothing."]}
    assert first["token_usage"]["total_tokens"] == 107
    assert first["token_usage"]["input_tokens_cache_read"] == 64
    assert first["performance"] == {"latency_ms": 250}
    _, facts = documents(RUNS["repeats"])
    assert {sample["input"]["raw"] for sample in facts} == {""}
    assert b"weather" not in b"".join(every_eval_ever_files(RUNS["repeats"]).values())


def test_a_sealed_suite_leaves_no_digest_of_its_content() -> None:
    """From a digest a short text can be found by trying, so sealed samples have none."""
    _, samples = documents(RUNS["sealed"])
    assert all("sample_hash" not in sample for sample in samples)
    raw = b"".join(every_eval_ever_files(RUNS["sealed"]).values())
    assert all(sample.row.item.input.encode() not in raw for sample in RUNS["sealed"].samples)


def test_the_model_has_its_place_in_the_datastore() -> None:
    """`developer/model` becomes two folders, whatever else a model's name holds."""
    run = RUNS["flags"]

    def place(model: str) -> str:
        parts = replace(run.record.parts, model=ModelManifest(id=model))
        files = every_eval_ever_files(replace(run, record=replace(run.record, parts=parts)))
        return min(files).rsplit("/", 1)[0]

    assert place("openai/gpt-oss-safeguard-20b") == "data/advertising/openai/gpt-oss-safeguard-20b"
    assert place("org/../../x") == "data/advertising/org/_.._x"
    assert place("llama3:8b") == "data/advertising/unstated/llama3_8b"


def test_the_same_run_gives_the_same_bytes() -> None:
    """No clock and no chance are in the files."""
    assert every_eval_ever_files(exported(labels_run())) == every_eval_ever_files(exported(labels_run()))


@pytest.mark.parametrize("name", RUNS)
def test_the_projects_own_validator_takes_it(name: str, tmp_path: Path) -> None:
    """`every_eval_ever validate` finds neither error nor warning in both files."""
    here = importlib.util.find_spec("every_eval_ever") is not None
    python = sys.executable if here else os.environ.get("COMMONS_EEE_PYTHON")
    if not python:
        pytest.skip(
            "every_eval_ever is not installed and COMMONS_EEE_PYTHON names no interpreter that has it"
        )
    run = RUNS[name]
    parts = replace(run.record.parts, model=ModelManifest(id="openai/gpt-oss-safeguard-20b"))
    files = every_eval_ever_files(replace(run, record=replace(run.record, parts=parts)))
    for path, raw in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    command = [python, "-m", "every_eval_ever", "validate", "--format", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    reports = json.loads(done.stdout)
    assert len(reports) == 2
    assert [(report["valid"], report["errors"], report["warnings"]) for report in reports] == [
        (True, [], [])
    ] * 2
    assert done.returncode == 0
