"""Settings of vLLM: which there are, what they may hold, and which of them make another run."""

from __future__ import annotations

import pytest

from evaluations.engines.vllm.options import arguments, deciding, read_settings
from evaluations.errors import EngineError


def test_values_are_read_by_their_kind() -> None:
    """Numbers, words, and true or false, under vLLM's own names."""
    given = {
        "max-model-len": "8192",
        "gpu-memory-utilization": "0.9",
        "enforce-eager": "True",
        "dtype": "bfloat16",
    }
    read = read_settings("vllm", given)
    assert arguments(read) == {
        "max_model_len": 8192,
        "gpu_memory_utilization": 0.9,
        "enforce_eager": True,
        "dtype": "bfloat16",
    }


def test_only_what_changes_answers_makes_another_run() -> None:
    """More GPUs or memory are the same run, a shorter context or another number format is another."""
    read = read_settings(
        "vllm", {"tensor-parallel-size": "2", "max-num-seqs": "8", "max-model-len": "4096", "dtype": "half"}
    )
    assert deciding(read) == {"max-model-len": 4096, "dtype": "half"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("model", "x", "is not one that can be given"),
        ("temperature", "1", "is not one that can be given"),
        ("max-model-len", "8k", "Give a whole number"),
        ("max-model-len", "-1", "is below zero"),
        ("gpu-memory-utilization", "most", "Give a number"),
        ("enforce-eager", "yes", "Give true or false"),
        ("dtype", "", "has no plain value"),
        ("dtype", "a\nb", "has no plain value"),
    ],
)
def test_what_cannot_be_given_is_refused(name: str, value: str, told: str) -> None:
    """With what can be."""
    with pytest.raises(EngineError, match=told):
        read_settings("vllm", {name: value})
