"""One side of asking a model server about many cases, measured from within a process of its own.

`python -m tests.benchmarks.asking ours|bare BASE_URL CASES IN_FLIGHT` prints what it took as JSON. `ours` is
the whole of a run: prompts, answers kept in a journal, parsing, figures with intervals, record and files.
`bare` is what anyone writes in twenty lines of aiohttp, and does nothing with the answers but read the label.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks.stub import MODEL

SPAM = Path(__file__).parents[2] / "policies" / "library" / "spam"


Ask: TypeAlias = "Callable[[str, int, int], float | None]"
"""Asks a server about so many cases, so many at a time; the seconds of asking alone, where they are known."""


def contents(cases: int) -> Iterator[tuple[str, str]]:
    """Ids and texts: those of the starter policy over and over, no two alike."""
    lines = (SPAM / "cases.jsonl").read_text("utf-8").splitlines()
    texts = [str(json.loads(line)["content"]) for line in lines]
    for number in range(cases):
        yield f"C-{number:06}", f"{texts[number % len(texts)]} {number}"


def bare(base_url: str, cases: int, in_flight: int) -> None:
    """A loop of workers over aiohttp and nothing else."""
    import aiohttp

    policy = (SPAM / "policy.md").read_text("utf-8")

    async def worker(
        session: aiohttp.ClientSession, left: Iterator[tuple[str, str]], said: list[str]
    ) -> None:
        for _, text in left:
            messages = [{"role": "system", "content": policy}, {"role": "user", "content": text}]
            body = {"model": MODEL, "messages": messages, "temperature": 0}
            async with session.post(f"{base_url}/chat/completions", json=body) as response:
                answer = await response.json()
                said.append(answer["choices"][0]["message"]["content"].strip())

    async def ask() -> None:
        said: list[str] = []
        left = contents(cases)
        connector = aiohttp.TCPConnector(limit=in_flight)
        async with aiohttp.ClientSession(connector=connector) as session:
            await asyncio.gather(*(worker(session, left, said) for _ in range(in_flight)))
        assert len(said) == cases

    asyncio.run(ask())


def ours(base_url: str, cases: int, in_flight: int) -> float:
    """A run as `commons bench --engine openai` makes it."""
    from evaluations.engines.openai import OpenAIEngine
    from evaluations.engines.openai_server import Server
    from evaluations.suites import suite_of
    from policies.folder import load_folder
    from registry.services.bench import bench_folder, plan_folder
    from registry.services.journal import Journal, whole_run
    from registry.services.journalled import JournalledEngine

    lines = [json.dumps({"id": id_, "content": text, "label": "SP0"}) for id_, text in contents(cases)]
    files = {path.name: path.read_bytes() for path in SPAM.iterdir() if path.is_file()}
    folder = load_folder("spam", {**files, "cases.jsonl": "\n".join(lines).encode() + b"\n"})
    engine = OpenAIEngine(server=Server(base_url=base_url, model=MODEL), concurrency=in_flight)
    with tempfile.TemporaryDirectory(prefix="commons-asking-") as place:
        suite = suite_of(folder)
        plan = plan_folder(folder, engine, suite=suite)
        with Journal(Path(place) / "run.journal", plan.parts, now=0) as journal:
            asked = JournalledEngine(engine, journal)
            run = bench_folder(folder, asked, address="bench/spam", suite=suite, plan=plan)
            whole = whole_run(run, journal)
    assert len(whole.rows) == cases, len(whole.rows)
    return whole.record.timing.answer_ms / 1000


SIDES: dict[str, Ask] = {"ours": ours, "bare": bare}


def told(ask: Ask, base_url: str, cases: str, in_flight: str) -> str:
    """Seconds of CPU and of waiting that the work took, and the most memory ever held, in MB, as JSON."""
    # What is loaded once is no cost of an item.
    begun = time.perf_counter()
    ask(base_url, 1, 1)
    first = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    asking = ask(base_url, int(cases), int(in_flight))
    wall = time.perf_counter() - begun
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    figures = {"first": first, "cpu": cpu, "wall": wall, "asking": asking or wall}
    return json.dumps({**figures, "peak_mb": now.ru_maxrss / 1024})


if __name__ == "__main__":
    print(told(SIDES[sys.argv[1]], *sys.argv[2:]))
