"""The engine in this process against bare `LLM.generate`, where `make vllm` has installed vLLM."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measure import Line

ROOT = Path(__file__).parents[2]
_OTHER = ROOT / ".venv-vllm" / "bin" / "python"
_WHY = "not measured: vLLM is not installed (make vllm)"


def run(_folder: Path) -> list[Line]:
    """Measures in a process of the environment that has vLLM; without one, says so."""
    python = sys.executable if find_spec("vllm") else str(_OTHER)
    if not Path(python).exists():
        return [
            Line("vLLM in this process against raw `LLM.generate`, same token ids", _WHY, ">= 92 %"),
            Line("its prefix cache on a policy of 400 tokens", _WHY, ">= 1.7x"),
            Line("memory of our side beyond vLLM's", _WHY, "< 200 MB"),
        ]
    said = subprocess.run(
        [python, "-m", "tests.benchmarks.vllm_measuring"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [Line(*line) for line in json.loads(said.stdout.splitlines()[-1])]
