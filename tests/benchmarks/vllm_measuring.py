"""What `bench_vllm` measures, in the environment that has vLLM: prints its lines as JSON."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evaluations.engines.base import Task
from evaluations.engines.vllm.engine import VllmEngine, vllm_engine
from evaluations.engines.vllm.session import VllmSession
from evaluations.templates.registry import DEFAULT_TEMPLATE
from policies.model import Case
from policies.prompt import prompt_text
from tests.benchmarks.measure import Line, growth, seconds
from tests.vllm import promotion
from tests.vllm.models.cached import cached
from tests.vllm.models.gpt_oss import RECIPE, build
from tests.vllm.running import SETTINGS

PAIRS = 5
CASES = 200
MANY = 1_500
ALONE = 100
READ = 48


def main() -> None:
    """Measures everything once, on small models."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    model = cached("gpt-oss", build, *RECIPE)
    cases = promotion.cases(promotion.STRICT, CASES, seed=21)
    with _engine(model) as engine:
        session = session_of(engine)
        lines = [
            *_overhead(engine, session, cases),
            _batch_sensitivity(session, cases[:ALONE]),
            _memory(session, promotion.cases(promotion.STRICT, MANY, seed=22)),
        ]
    lines.insert(1, _prefix_cache())
    print(json.dumps(lines))


@contextmanager
def _engine(model: Path, **settings: str) -> Iterator[VllmEngine]:
    engine = vllm_engine(str(model), effort="low", settings={**SETTINGS, **settings})
    try:
        yield engine
    finally:
        engine.close()


def session_of(engine: VllmEngine) -> VllmSession:
    """The engine with the promotion policy."""
    folder = promotion.folder(promotion.STRICT)
    task = Task(policy=folder.document.policy, policy_text=prompt_text(folder), template=DEFAULT_TEMPLATE)
    return engine.load(task)


def run_all(session: VllmSession, cases: Sequence[Case]) -> int:
    """Every case through our engine; how many answers came."""
    return sum(1 for _ in session.classify(cases))


def _overhead(engine: VllmEngine, session: VllmSession, cases: Sequence[Case]) -> list[Line]:
    """Ours against vLLM alone on the same token ids, in pairs, so that noise hits both."""
    prompts = [{"prompt_token_ids": session.prompt(case)} for case in cases]
    raw = raw_generate(engine, session)
    raw(prompts)
    ratios = [seconds(lambda: raw(prompts)) / seconds(lambda: run_all(session, cases)) for _ in range(PAIRS)]
    ratio = statistics.median(ratios)
    answers = list(session.classify(cases))
    read = sum(answer.tokens.input or 0 for answer in answers if answer.tokens)
    hit = sum(answer.tokens.cached or 0 for answer in answers if answer.tokens) / read
    return [
        Line(
            f"vLLM in this process against raw `LLM.generate`, same token ids, {len(cases)} cases",
            f"{ratio:.0%} (pairs {min(ratios):.0%} to {max(ratios):.0%}; {hit:.0%} of prompts cached)",
            ">= 92 %",
            ratio >= 0.92,
        )
    ]


def raw_generate(engine: VllmEngine, session: VllmSession, most: int = 256) -> Callable[[list[Any]], Any]:
    """vLLM by itself, told what our engine tells it."""
    from vllm import SamplingParams

    started = engine._kept.started
    assert started is not None
    wish = SamplingParams(
        temperature=0.0, max_tokens=most, stop_token_ids=list(session._format.stop_ids), detokenize=False
    )
    return lambda prompts: started.llm.generate(prompts, wish, use_tqdm=False)


def _pace(session: VllmSession, cases: Sequence[Case]) -> float:
    return len(cases) / seconds(lambda: run_all(session, cases))


def _prefix_cache() -> Line:
    """Random weights, and answers that the context ends after a few words: what is measured is reading."""
    from tests.benchmarks.gpu import SHAPES, write_model

    cases = promotion.cases(promotion.STRICT, READ, seed=23)
    paces = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_model(folder, SHAPES["small"])
        for caching in ("true", "false"):
            more = {"load-format": "dummy", "max-model-len": "560", "enable-prefix-caching": caching}
            with _engine(folder, **more) as engine:
                session = session_of(engine)
                run_all(session, cases[:8])
                paces.append(statistics.median(_pace(session, cases) for _ in range(3)))
    gain = paces[0] / paces[1]
    return Line(
        "its prefix cache on against off, prompts of 530 tokens, 4 layers of 512 with random weights",
        f"{gain:.1f}x ({paces[0]:.1f} and {paces[1]:.1f} items/s)",
        ">= 1.7x",
        gain >= 1.7,
    )


def _batch_sensitivity(session: VllmSession, cases: Sequence[Case]) -> Line:
    together = {answer.case_id: answer.output for answer in session.classify(cases)}
    alone = {case.id: next(iter(session.classify([case]))).output for case in cases}
    moved = sum(together[name] != output for name, output in alone.items())
    return Line(
        "answers that change when cases are asked one by one (A/A floor)", f"{moved} of {len(cases)}", "-"
    )


def _memory(session: VllmSession, cases: Sequence[Case]) -> Line:
    """What this process grows by while it runs many cases; vLLM's own share of that is counted in."""
    with growth() as so_far:
        run_all(session, cases)
        grown = so_far()
    return Line(
        f"memory that a run of {len(cases):,} cases takes beyond the loaded model",
        f"{grown:.0f} MB",
        "< 200 MB",
        grown < 200,
    )


if __name__ == "__main__":
    main()
