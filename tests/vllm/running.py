"""How the tests run vLLM: small, at once, on whatever machine this is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evaluations.engines.base import Engine, Session, Task
from evaluations.engines.vllm.engine import VllmEngine, vllm_engine
from evaluations.templates.registry import DEFAULT_TEMPLATE
from evaluations.verdicts import Answer
from policies.folder import PolicyFolder
from policies.model import Case
from policies.prompt import prompt_text

CONTEXT = 1_024
SETTINGS = {
    "max-model-len": str(CONTEXT),
    "dtype": "bfloat16",
    "enforce-eager": "true",
    "kv-cache-memory-bytes": str(192 * 2**20),
    # Small batches: with 201,088 tokens to choose from, a large one moves 200 MB a step.
    "max-num-seqs": "32",
}


def options(model: Path, *more: str) -> tuple[str, ...]:
    """The same on the command line."""
    settings = [word for name, value in SETTINGS.items() for word in ("--engine-setting", f"{name}={value}")]
    return ("--engine", "vllm", "--model", str(model), *settings, *more)


@contextmanager
def running(model: Path, *, effort: str | None = "low", date: str | None = None) -> Iterator[VllmEngine]:
    """An engine that is ended with the block."""
    engine = vllm_engine(str(model), effort=effort, start_date=date, settings=SETTINGS)
    try:
        yield engine
    finally:
        engine.close()


def session_of(engine: Engine, folder: PolicyFolder) -> Session:
    """The engine, loaded with the policy."""
    task = Task(policy=folder.document.policy, policy_text=prompt_text(folder), template=DEFAULT_TEMPLATE)
    return engine.load(task)


def answers(session: Session, cases: Sequence[Case]) -> dict[str, Answer]:
    """Every case's answer, by its id."""
    return {answer.case_id: answer for answer in session.classify(cases)}
