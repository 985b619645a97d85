"""Inspect AI asking the same server the same: run by an interpreter that has it, and by none of ours.

`PYTHON tests/benchmarks/inspect_side.py BASE_URL CASES IN_FLIGHT`; texts and watch are those of `asking.py`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["STUB_API_KEY"] = "none"

from tests.benchmarks.asking import SPAM, contents, told
from tests.benchmarks.stub import MODEL


def ask(base_url: str, cases: int, in_flight: int) -> None:
    """A task of one exact label, its log written as usual."""
    from inspect_ai import Task, eval  # type: ignore[import-not-found]  # noqa: A004
    from inspect_ai.dataset import MemoryDataset, Sample  # type: ignore[import-not-found]
    from inspect_ai.model import (  # type: ignore[import-not-found]
        ChatMessageSystem,
        ChatMessageUser,
    )
    from inspect_ai.scorer import exact  # type: ignore[import-not-found]
    from inspect_ai.solver import generate  # type: ignore[import-not-found]

    policy = (SPAM / "policy.md").read_text("utf-8")
    samples = [
        Sample(
            id=id_,
            input=[ChatMessageSystem(content=policy), ChatMessageUser(content=text)],
            target="SP0",
        )
        for id_, text in contents(cases)
    ]
    with tempfile.TemporaryDirectory(prefix="commons-inspect-") as logs:
        (log,) = eval(
            Task(dataset=MemoryDataset(samples), solver=generate(), scorer=exact()),
            model=f"openai-api/stub/{MODEL.partition('/')[2]}",
            model_base_url=base_url,
            temperature=0,
            max_connections=in_flight,
            max_samples=in_flight,
            log_dir=logs,
            display="none",
        )
    assert log.status == "success", log.error
    assert log.results.completed_samples == cases


if __name__ == "__main__":
    print(told(ask, *sys.argv[1:]))
