"""How things are measured: percentiles of many, medians of pairs, peak memory of a process of its own."""

from __future__ import annotations

import resource
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """One line of the table: what, the figure, the target, and whether it was reached."""

    work: str
    figure: str
    target: str
    reached: bool | None = None


class Spread(NamedTuple):
    """Milliseconds."""

    p50: float
    p95: float


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def spread(work: Callable[[], object], times: int) -> Spread:
    """Percentiles over many calls."""
    taken = sorted(seconds(work) * 1000 for _ in range(times))
    return Spread(taken[times // 2], taken[int(times * 0.95)])


def paired_ratio(ours: Callable[[], object], floor: Callable[[], object], pairs: int = 7) -> float:
    """Median of ours/floor over pairs taken one after the other, so that noise hits both."""
    return statistics.median(seconds(ours) / seconds(floor) for _ in range(pairs))


def peak_mb() -> float:
    """The most memory this process and its children have held, in MB."""
    # Not getrusage's word on the process itself: that begins with what its parent held when it started it.
    status = Path("/proc/self/status").read_text("ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) / 1024


@contextmanager
def growth() -> Iterator[Callable[[], float]]:
    """By how many MB this process has grown at most since the block began, looked at 20 times a second."""
    import psutil

    process = psutil.Process()
    before = most = process.memory_info().rss
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.05):
            most = max(most, process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield lambda: (most - before) / 2**20
    finally:
        ended.set()
        thread.join()
