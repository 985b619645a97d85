"""Logs of Inspect AI; with COMMONS_INSPECT_PYTHON naming an interpreter that has it, it reads them itself."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evaluations.exports.gathering import Disclosure, ExportedRun
from evaluations.exports.inspect_log import inspect_log_files
from tests.unit.evaluations.exports.exported import exported, flags_run, labels_run, sealed

READ = """
import json, sys
from inspect_ai.log import read_eval_log
log = read_eval_log(sys.argv[1])
score = log.results.scores[0]
print(json.dumps({
    "status": log.status,
    "task": log.eval.task,
    "model": log.eval.model,
    "epochs": log.eval.config.epochs,
    "accuracy": score.metrics["accuracy"].value,
    "interval": score.metrics["accuracy"].metadata["interval"],
    "undefined": log.results.metadata["undefined"],
    "samples": [
        [s.id, s.epoch, s.target, s.scores["exact"].value, s.scores["exact"].answer]
        + [s.input, s.output.completion]
        for s in log.samples
    ],
    "usage": {name: usage.total_tokens for name, usage in log.stats.model_usage.items()},
}))
"""


def log_of(run: ExportedRun) -> dict[str, Any]:
    (raw,) = inspect_log_files(run).values()
    loaded: dict[str, Any] = json.loads(raw)
    return loaded


def test_every_answer_is_a_sample_and_every_repeat_an_epoch() -> None:
    """Right, wrong and unread are C, I and N; a known failure is marked as not counted."""
    log = log_of(exported(labels_run(repeats=2)))
    samples = [(s["id"], s["epoch"], s["scores"]["exact"]["value"]) for s in log["samples"]]
    assert samples[:4] == [("a", 1, "C"), ("a", 2, "C"), ("b", 1, "I"), ("b", 2, "I")]
    assert [value for case, _, value in samples if case in "de"] == ["N"] * 4
    assert [s["metadata"]["counted"] for s in log["samples"] if s["id"] == "e"] == [False, False]
    assert (log["version"], log["status"], log["eval"]["config"]["epochs"]) == (2, "success", 2)


def test_undefined_figures_are_named_and_have_no_number() -> None:
    """A figure without a denominator is in `undefined` and among no metrics."""
    results = log_of(exported(labels_run()))["results"]
    assert "recall[AD2]" in results["metadata"]["undefined"]
    assert "recall[AD2]" not in results["scores"][0]["metrics"]
    assert results["scores"][0]["metrics"]["accuracy"]["metadata"]["n"] == 4


def test_words_stay_out_unless_asked_for() -> None:
    """Without content a log has empty inputs, no output and no reasoning; a sealed one no digest either."""
    (facts,) = inspect_log_files(exported(labels_run())).values()
    assert b"weather" not in facts
    assert b"sells nothing" not in facts
    run = sealed(labels_run())
    assert "input_sha256" not in log_of(exported(run))["samples"][0]["metadata"]
    sample = log_of(exported(labels_run(), Disclosure.SENSITIVE))["samples"][0]
    assert sample["input"] == "Plain talk about the weather"
    reasoning, text = sample["output"]["choices"][0]["message"]["content"]
    assert (reasoning["reasoning"], text["text"]) == ("The weather sells nothing.", "AD0")


def test_cached_tokens_are_counted_beside_the_input() -> None:
    """Inspect adds cached tokens to the input; ours are within it, so the total stays the same."""
    usage = log_of(exported(labels_run()))["samples"][0]["output"]["usage"]
    assert (usage["input_tokens"], usage["input_tokens_cache_read"], usage["total_tokens"]) == (36, 64, 107)


def test_inspect_reads_it(tmp_path: Path) -> None:
    """`read_eval_log` of Inspect AI itself gives our samples, scores and figures back."""
    here = importlib.util.find_spec("inspect_ai") is not None
    python = sys.executable if here else os.environ.get("COMMONS_INSPECT_PYTHON")
    if not python:
        pytest.skip("inspect_ai is not installed and COMMONS_INSPECT_PYTHON names no interpreter that has it")
    read = {}
    for name, run in (
        ("labels", exported(labels_run(repeats=2), Disclosure.SENSITIVE)),
        ("flags", exported(flags_run())),
    ):
        ((file, raw),) = inspect_log_files(run).items()
        path = tmp_path / file
        path.write_bytes(raw)
        done = subprocess.run([python, "-c", READ, str(path)], capture_output=True, text=True, check=True)
        read[name] = json.loads(done.stdout)
    labels = read["labels"]
    assert (labels["status"], labels["task"], labels["model"]) == ("success", "advertising", "scripted")
    assert (labels["accuracy"], labels["epochs"]) == (0.5, 2)
    assert labels["interval"]["method"] == "wilson"
    assert labels["samples"][0] == ["a", 1, "AD0", "C", "AD0", "Plain talk about the weather", "AD0"]
    assert len(labels["samples"]) == 10
    assert labels["usage"] == {"scripted": 214}
    assert read["flags"]["samples"][1][:5] == ["y", 1, ["Q"], "I", "H, Q"]
