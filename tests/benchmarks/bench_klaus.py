"""A rendered policy page beside klaus 3 showing the same file from the same repository, two workers of it.

`COMMONS_KLAUS` names a Python that has klaus and gunicorn (`pip install klaus gunicorn` in an environment of
their own: klaus brings a web framework along). Ours runs in the one process that `commons serve` is.
"""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.services.starter import ensure_starter
from tests.benchmarks.load import load
from tests.benchmarks.measure import Line
from tests.benchmarks.servers import free_port, our_server, until_it_answers

FILE = "policies/spam/policy.md"
SECONDS, PAIRS, WORKERS = 3.0, 3, 2


def run(folder: Path) -> list[Line]:
    """Loads both, one after the other, several times."""
    work = f"rendered page against klaus with {WORKERS} workers"
    python = os.environ.get("COMMONS_KLAUS")
    if not python:
        return [Line(work, "no peer", "needs COMMONS_KLAUS (a Python with klaus and gunicorn)")]
    root = folder / "served"
    root.mkdir()
    ensure_starter(root, told=lambda _what, _done, _total: None)
    with our_server(root, "--rate-limit", "off") as ours, _klaus(python, root / "starter.git") as theirs:
        ratios, rates = [], []
        for _ in range(PAIRS):
            mine = load(f"{ours}/starter/spam", seconds=SECONDS, connections=4)
            other = load(f"{theirs}/starter/blob/main/{FILE}", seconds=SECONDS, connections=4)
            ratios.append(mine.rate / other.rate)
            rates.append((mine.rate, other.rate))
    ratio = statistics.median(ratios)
    mine_rate, other_rate = (statistics.median(side) for side in zip(*rates, strict=True))
    figure = f"{ratio:.0f}x ({mine_rate:,.0f}/s with one process, {other_rate:,.1f}/s)"
    return [Line(work, figure, ">= 30x", ratio >= 30)]


@contextmanager
def _klaus(python: str, repository: Path) -> Iterator[str]:
    port = free_port()
    # Threads, so that connections are kept alive there as well.
    command = [python, "-m", "gunicorn", "--workers", str(WORKERS), "--worker-class", "gthread"]
    command += ["--threads", "2", "--keep-alive", "60", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    environment = {**os.environ, "KLAUS_REPOS": str(repository), "KLAUS_SITE_NAME": "peer"}
    with subprocess.Popen([*command, "klaus.contrib.wsgi:application"], env=environment) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            until_it_answers(f"{base}/starter/blob/main/{FILE}", seconds=30)
            yield base
        finally:
            process.terminate()
            process.wait(20)
