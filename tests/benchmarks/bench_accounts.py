"""What accounts cost those who have none, those who have one, and everybody while passwords are hashed."""

from __future__ import annotations

import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from registry.services.found import found
from registry.services.publish import publish
from tests.benchmarks.load import Load, load
from tests.benchmarks.measure import Line, spread
from tests.benchmarks.servers import our_server
from tests.support.people import Person
from tests.support.viewers import bearer

PAIRS, SECONDS, ASKED, SIGNING = 7, 1.0, 300, 4
_LIBRARY = Path(__file__).parents[2] / "policies" / "library"
_PAGE = "/starter/spam"


def run(folder: Path) -> list[Line]:
    """Two servers, with accounts and without, over a commons each."""
    root = folder / "served"
    root.mkdir()
    with found(root / "starter.git", founder="ana") as repository:
        spam = {path.name: path.read_bytes() for path in (_LIBRARY / "spam").iterdir() if path.is_file()}
        publish(repository, "spam", spam, actor="ana")
    other = Path(shutil.copytree(root, folder / "other"))
    with our_server(root, "--sign-up", "open") as ours, our_server(other, "--no-accounts") as plain:
        ratio = _anonymous(ours, plain)
        with Person(ours, "nora") as nora:
            nora.sign_up()
            token = nora.make_token("read")
            seen = spread(lambda: nora.get(_PAGE).raise_for_status(), ASKED)
            anew = _made_anew(ours)
            known = load(f"{ours}/api/v1/viewer", seconds=SECONDS, headers=bearer(token))
            assert known.status == 200
            alone = _page_p95(ours)
            with _signing_in(ours, nora) as rate:
                meanwhile = _page_p95(ours)
                signed_in = rate()
    return [
        Line(
            "a page for anybody, from memory, with accounts against without",
            f"{ratio:.2f}x",
            ">= 0.95x",
            ratio >= 0.95,
        ),
        Line(
            "a page for who is signed in, p50; for anybody, made anew",
            f"{seen.p50:.1f} ms; {anew:.1f} ms",
            "reported",
        ),
        Line("answers to a token that is looked up", f"{known.rate:,.0f}/s", "reported"),
        Line(
            f"a page for anybody, p95, while {SIGNING} sign in again and again ({signed_in:.1f}/s); alone",
            f"{meanwhile:.1f} ms; {alone:.1f} ms",
            "< 30 ms",
            meanwhile < 30,
        ),
    ]


def _anonymous(ours: str, plain: str) -> float:
    ratios = []
    for _ in range(PAIRS):
        mine, other = _load(ours), _load(plain)
        ratios.append(mine.rate / other.rate)
    return statistics.median(ratios)


def _load(base: str) -> Load:
    asked = load(base + _PAGE, seconds=SECONDS)
    assert asked.status == 200
    return asked


def _made_anew(base: str) -> float:
    with httpx.Client(base_url=base) as client:
        numbers = iter(range(ASKED))
        return spread(lambda: client.get(f"{_PAGE}?n={next(numbers)}").raise_for_status(), ASKED).p50


def _page_p95(base: str) -> float:
    with httpx.Client(base_url=base) as client:
        return spread(lambda: client.get(_PAGE).raise_for_status(), ASKED * 5).p95


@contextmanager
def _signing_in(base: str, person: Person) -> Iterator[Callable[[], float]]:
    """People who sign in one after the other, each as soon as the last has; gives how many did a second."""
    ended, begun = threading.Event(), time.perf_counter()
    done: list[int] = []

    def again() -> None:
        with Person(base, person.handle) as one:
            while not ended.is_set():
                one.client.cookies.clear()
                assert one.sign_in().status_code == 303
                done.append(1)

    threads = [threading.Thread(target=again) for _ in range(SIGNING)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: len(done) / (time.perf_counter() - begun)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
