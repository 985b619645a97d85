"""The table for a GPU, of gpt-oss in 20b's shape with random weights.

`.venv-vllm/bin/python -m tests.benchmarks.gpu` makes it.

Random weights answer with noise, so nothing is said of verdicts; time and memory are those of the true model.
An answer runs until the context ends, which is set so that low effort writes 100 tokens and high effort 500.
Each line is measured in a process of its own, since vLLM's batch-invariant mode is chosen when it starts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from evaluations.engines.vllm.engine import vllm_engine
from tests.benchmarks.measure import seconds
from tests.benchmarks.vllm_measuring import raw_generate, run_all, session_of
from tests.vllm import promotion
from tests.vllm.models import vocabulary

PAIRS = 5
_WRITTEN = {"low": 100, "high": 500}

SHAPES: dict[str, dict[str, Any]] = {
    # openai/gpt-oss-20b's config.json, its weights' format included.
    "20b": {
        "hidden_size": 2880,
        "intermediate_size": 2880,
        "num_hidden_layers": 24,
        "num_local_experts": 32,
        "num_experts_per_tok": 4,
        "head_dim": 64,
        "num_attention_heads": 64,
        "num_key_value_heads": 8,
        "sliding_window": 128,
        "max_position_embeddings": 131_072,
        "rope_theta": 150_000,
        "rope_scaling": {
            "rope_type": "yarn",
            "factor": 32.0,
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "original_max_position_embeddings": 4096,
            "truncate": False,
        },
        "swiglu_limit": 7.0,
        "attention_bias": True,
        "quantization_config": {
            "quant_method": "mxfp4",
            "modules_to_not_convert": [
                "model.layers.*.self_attn",
                "model.layers.*.mlp.router",
                "model.embed_tokens",
                "lm_head",
            ],
        },
    },
    # Large enough that reading a prompt costs more than choosing a word, small enough for a CPU.
    "small": {
        "hidden_size": 512,
        "intermediate_size": 512,
        "num_hidden_layers": 4,
        "num_local_experts": 8,
        "num_experts_per_tok": 4,
        "head_dim": 64,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "sliding_window": 128,
        "max_position_embeddings": 4096,
        "rope_scaling": None,
    },
    # To try this program itself, on any machine.
    "tiny": {
        "hidden_size": 64,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
        "head_dim": 32,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "sliding_window": 128,
        "max_position_embeddings": 4096,
        "rope_scaling": None,
    },
}


def main() -> None:
    """Measures every combination and prints the table, or one of them as JSON for the program itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="20b")
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--one", nargs=2, metavar=("FOLDER", "EFFORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(_measured(Path(asked.one[0]), asked.one[1], asked.cases)))
        return
    print("| effort | batch-invariant | items/s | of raw `LLM.generate` | prompt tokens from the cache |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="commons-gpu-") as folder:
        write_model(Path(folder), SHAPES[asked.shape])
        for effort in _WRITTEN:
            for invariant in ("0", "1"):
                line = _child(folder, effort, asked.cases, invariant)
                if "refused" in line:
                    print(f"| {effort} | {invariant} | vLLM refuses: {line['refused']} | - | - |", flush=True)
                else:
                    told = f"{line['pace']:.1f} | {line['ratio']:.0%} | {line['hit']:.0%}"
                    print(f"| {effort} | {invariant} | {told} |", flush=True)


def write_model(folder: Path, shape: dict[str, Any]) -> None:
    """A model's folder without weights: vLLM draws them (load format dummy)."""
    layers = shape["num_hidden_layers"]
    config = {
        "architectures": ["GptOssForCausalLM"],
        "model_type": "gpt_oss",
        "vocab_size": vocabulary.SIZE,
        "eos_token_id": vocabulary.RETURN,
        "pad_token_id": vocabulary.END_OF_TEXT,
        "dtype": "bfloat16",
        "hidden_act": "silu",
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False,
        "layer_types": ["sliding_attention", "full_attention"] * (layers // 2),
        **shape,
    }
    (folder / "config.json").write_text(json.dumps(config))
    # The engine looks for weights before it loads a folder; these are never read.
    (folder / "model.safetensors").write_bytes(b"\x02\x00\x00\x00\x00\x00\x00\x00{}")
    vocabulary.tokenizer().save_pretrained(folder)


def _child(folder: str, effort: str, cases: int, invariant: str) -> dict[str, Any]:
    said = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.gpu", "--one", folder, effort, "--cases", str(cases)],
        env={**os.environ, "VLLM_BATCH_INVARIANT": invariant},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    lines = said.stdout.splitlines()
    return dict(json.loads(lines[-1])) if said.returncode == 0 and lines else {"refused": "see above"}


def _measured(folder: Path, effort: str, n: int) -> dict[str, Any]:
    cases = promotion.cases(promotion.STRICT, n, seed=31)
    longest = 580
    settings = {"load-format": "dummy", "max-model-len": str(longest + _WRITTEN[effort])}
    engine = vllm_engine(str(folder), effort=effort, settings=settings)
    try:
        session = session_of(engine)
        prompts = [{"prompt_token_ids": session.prompt(case)} for case in cases]
        raw = raw_generate(engine, session, most=_WRITTEN[effort])
        raw(prompts[:64])
        ratios = [
            seconds(lambda: raw(prompts)) / seconds(lambda: run_all(session, cases)) for _ in range(PAIRS)
        ]
        answers = list(session.classify(cases))
        pace = statistics.median(n / seconds(lambda: run_all(session, cases)) for _ in range(3))
        read = sum(answer.tokens.input or 0 for answer in answers if answer.tokens)
        hit = sum(answer.tokens.cached or 0 for answer in answers if answer.tokens) / read
        return {"pace": pace, "ratio": statistics.median(ratios), "hit": hit}
    finally:
        engine.close()


if __name__ == "__main__":
    main()
