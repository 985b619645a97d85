"""Asking a model server about 2,000 cases, against a bare loop of the same requests and beside Inspect AI."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.measure import Line
from tests.benchmarks.servers import free_port, until_it_answers

ROOT = Path(__file__).parents[2]
CASES, IN_FLIGHT, PAIRS, LATENCY_MS = 2_000, 64, 5, 50
FEWER = 300
"""Cases that Inspect AI is given: its cost for each does not fall with their number."""


class Side(NamedTuple):
    """Seconds and MB: the first case with what is loaded once, CPU and clock of the others, asking alone."""

    first: float
    cpu: float
    wall: float
    asking: float
    peak_mb: float


def run(_folder: Path) -> list[Line]:
    """Five pairs at full speed, five with latency, one case alone, and Inspect AI where it is installed."""
    with stub(0) as url:
        pairs = [(_side("bare", url), _side("ours", url)) for _ in range(PAIRS)]
        start = _one_case(url)
        beside = _inspect(url)
    with stub(LATENCY_MS) as url:
        slow = [(_side("bare", url), _side("ours", url)) for _ in range(PAIRS)]
    cpu = statistics.median(ours.cpu / bare.cpu for bare, ours in pairs)
    bare_ms, our_ms = (statistics.median(pair[at].cpu for pair in pairs) / CASES * 1000 for at in (0, 1))
    peak = max(ours.peak_mb for _, ours in pairs)
    keeps = statistics.median(bare.wall / ours.asking for bare, ours in slow)
    whole = statistics.median(bare.wall / ours.wall for bare, ours in slow)
    rate = CASES / statistics.median(ours.asking for _, ours in slow)
    return [
        Line(
            f"a run of {CASES:,} cases on a server, {IN_FLIGHT} in flight: CPU against a bare aiohttp loop",
            f"{cpu:.2f}x ({our_ms:.2f} and {bare_ms:.2f} ms a case)",
            "<= 2x",
            cpu <= 2,
        ),
        Line("its peak memory", f"{peak:.0f} MB", "<= 100 MB", peak <= 100),
        Line("a run of one case, the program's start included", f"{start:.2f} s", "<= 1 s", start <= 1),
        Line(
            f"the same at {LATENCY_MS} ms: answers a second against the bare loop; with planning and record",
            f"{keeps:.0%} ({rate:.0f}/s); {whole:.0%}",
            ">= 90 %",
            keeps >= 0.9,
        ),
        beside,
    ]


@contextmanager
def stub(delay_ms: int) -> Iterator[str]:
    """A model server that takes so long for each answer; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.stub", str(port), str(delay_ms)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            until_it_answers(f"http://127.0.0.1:{port}/v1/models")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(20)


def _side(side: str, url: str) -> Side:
    return _told([sys.executable, "-m", "tests.benchmarks.asking", side], url, CASES)


def _told(command: Sequence[str], url: str, cases: int) -> Side:
    full = [*command, url, str(cases), str(IN_FLIGHT)]
    done = subprocess.run(full, capture_output=True, text=True, check=True, cwd=ROOT)
    return Side(**json.loads(done.stdout.strip().splitlines()[-1]))


def _one_case(url: str) -> float:
    """How long a process takes that starts, runs one case and ends; the best of five."""
    code = f"from tests.benchmarks.asking import ours; ours({url!r}, 1, 1)"
    taken = []
    for _ in range(PAIRS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _inspect(url: str) -> Line:
    work = f"Inspect AI on the same server, {FEWER} cases: CPU"
    python = os.environ.get("COMMONS_INSPECT_PYTHON")
    if not python:
        return Line(
            work, "not measured: COMMONS_INSPECT_PYTHON names no interpreter that has it", "beside ours"
        )
    theirs = _told([python, "tests/benchmarks/inspect_side.py"], url, FEWER)
    ours = _told([sys.executable, "-m", "tests.benchmarks.asking", "ours"], url, FEWER)
    return Line(
        work,
        f"{theirs.cpu / FEWER * 1000:.1f} ms a case, {theirs.peak_mb:.0f} MB "
        f"(ours {ours.cpu / FEWER * 1000:.2f} ms, {ours.peak_mb:.0f} MB)",
        "beside ours",
    )
