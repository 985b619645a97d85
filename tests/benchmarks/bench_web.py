"""What the site answers a second, beside a bare Litestar route that gives the same bytes.

Server and load run in processes of their own, over connections that are kept; ratios are medians of pairs.
"""

from __future__ import annotations

import itertools
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.publish import publish
from tests.benchmarks.load import load
from tests.benchmarks.measure import Line, spread
from tests.benchmarks.servers import free_port, our_server, until_it_answers
from tests.support.histories import policy_files

POLICIES, PAIRS, SECONDS, COLD, PAGES = 10_000, 5, 1.0, 60, 400
MEMORY_MB = 250
_LIBRARY = Path(__file__).parents[2] / "policies" / "library"


class _Rate(NamedTuple):
    """Answers a second of ours, and their median ratio to the floor's."""

    ours: float
    ratio: float


def run(folder: Path) -> list[Line]:
    """One commons with 10,000 small policies and a real one, browsed, then asked as fast as it answers."""
    root = _commons(folder)
    with our_server(root) as base, httpx.Client(base_url=base, timeout=60) as client:
        last = _last_page(client)
        paths = {
            "json": "/api/v1/commons/many/policies/spam",
            "page": "/many/spam",
            "first": "/api/v1/commons/many/policies",
            "last": last,
        }
        bodies = {name: client.get(path).content for name, path in paths.items()}
        with _floor(folder, bodies) as floor:
            rates = {
                name: _rate(base + path, f"{floor}/{name}", len(bodies[name])) for name, path in paths.items()
            }
        unchanged = _unchanged(client, base, paths["page"])
        cold = {name: _cold(client, path) for name, path in paths.items()}
        _browse(client)
        memory = _memory_mb(root)
    # Of pages made anew: from memory both cost the same, and what is left between them is noise.
    last_against_first = cold["last"] / cold["first"]
    return [
        _line("one policy as JSON, warm", rates["json"], 0.60),
        _line("its page, warm", rates["page"], 0.50),
        _line(f"list of {POLICIES:,}, first page, warm", rates["first"], 0.30),
        _line(f"list of {POLICIES:,}, last page, warm", rates["last"], 0.30),
        Line(
            "the last page against the first, made anew",
            f"{last_against_first:.2f}x",
            "<= 1.2x",
            last_against_first <= 1.2,
        ),
        Line("the page, unchanged (304)", f"{unchanged:,.0f}/s", "reported"),
        Line("made anew: JSON; page", f"{cold['json']:.1f} ms; {cold['page']:.1f} ms", "reported"),
        Line("made anew: list, first; last", f"{cold['first']:.1f} ms; {cold['last']:.1f} ms", "reported"),
        Line(
            f"server and its git processes at {POLICIES:,} policies, browsed",
            f"{memory:.0f} MB",
            f"< {MEMORY_MB} MB",
            memory < MEMORY_MB,
        ),
    ]


def _line(work: str, rate: _Rate, target: float) -> Line:
    figure = f"{rate.ratio:.0%} of a bare route ({rate.ours:,.0f}/s)"
    return Line(work, figure, f">= {target:.0%}", rate.ratio >= target)


def _commons(folder: Path) -> Path:
    root = folder / "served"
    root.mkdir()
    folders = {f"policy-{number:05}": policy_files(f"Policy {number}") for number in range(POLICIES)}
    with found(root / "many.git", founder="ana", name="many") as repository:
        import_folders(repository, folders, actor="ana", kind="folder")
        spam = {path.name: path.read_bytes() for path in (_LIBRARY / "spam").iterdir() if path.is_file()}
        publish(repository, "spam", spam, actor="ana")
    return root


def _last_page(client: httpx.Client) -> str:
    """The address of the last page of the list, found as a reader would: page by page."""
    path = address = "/api/v1/commons/many/policies"
    while cursor := client.get(address).json().get("next"):
        address = f"{path}?cursor={cursor}"
    return address


def _rate(ours: str, floor: str, length: int) -> _Rate:
    pairs = []
    for _ in range(PAIRS):
        mine, other = load(ours, seconds=SECONDS), load(floor, seconds=SECONDS)
        assert mine[1:] == other[1:] == (200, length)
        pairs.append((mine.rate, other.rate))
    return _Rate(
        statistics.median(mine for mine, _ in pairs), statistics.median(mine / other for mine, other in pairs)
    )


def _unchanged(client: httpx.Client, base: str, path: str) -> float:
    tag = client.get(path).headers["etag"]
    asked = [load(base + path, seconds=SECONDS, headers={"If-None-Match": tag}) for _ in range(3)]
    assert {item.status for item in asked} == {304}
    return statistics.median(item.rate for item in asked)


def _cold(client: httpx.Client, path: str) -> float:
    """Milliseconds for an answer that is not in memory, though what it is made of may be."""
    joint = "&" if "?" in path else "?"
    numbers = itertools.count()
    return spread(lambda: client.get(f"{path}{joint}n={next(numbers)}").raise_for_status(), COLD).p50


def _browse(client: httpx.Client) -> None:
    """Some hundred pages, policies and searches, so that memory holds what it will hold."""
    for number in range(0, POLICIES, POLICIES // PAGES):
        client.get(f"/many/policy-{number:05}").raise_for_status()
        client.get(f"/api/v1/commons/many/policies/policy-{number:05}/cases").raise_for_status()
    for path in ("/", "/many", "/many/log", "/many/spam/cases", "/search?q=policy"):
        client.get(path).raise_for_status()


def _memory_mb(root: Path) -> float:
    """The server's memory with that of its git processes; what they share is counted for each."""
    server = next(child for child in psutil.Process().children() if str(root) in child.cmdline())
    tree = [server, *server.children(recursive=True)]
    return sum(process.memory_info().rss for process in tree) / 1024**2


@contextmanager
def _floor(folder: Path, bodies: Mapping[str, bytes]) -> Iterator[str]:
    place = folder / "bodies"
    place.mkdir()
    for name, body in bodies.items():
        (place / name).write_bytes(body)
    port = free_port()
    named = [f"{name}={place / name}" for name in bodies]
    command = [sys.executable, "-m", "tests.benchmarks.floor", str(port), *named]
    with subprocess.Popen(command) as process:
        try:
            until_it_answers(f"http://127.0.0.1:{port}/json")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
            shutil.rmtree(place)
