"""Runs the tests once with every rule on, then once for each rule that is off, in forks of one process.

A fork begins with everything imported and collected, so it takes milliseconds and not seconds. It runs
only the tests that ask the rule, the quickest first, and stops at the first that fails.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.switchboard import Switchboard

SECONDS = 60
"""A test run that takes longer has fallen into a loop, which is as good as a failure."""


class Verdict(NamedTuple):
    """What became of one rule that was off: the test that failed without it, or None."""

    number: int
    killer: str | None


class Plugin:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, board: Switchboard, only: str, jobs: int) -> None:
        self.board, self.only, self.jobs = board, only, jobs
        self.verdicts: list[Verdict] = []
        self.tests = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All of it."""
        items = {item.nodeid: item for item in session.items}
        self.tests = len(items)
        reached, times = self._with_every_rule(items)
        numbers = [n for n, site in enumerate(self.board.sites) if self.only in str(site)]
        waiting = [(n, sorted(reached.get(n, ()), key=times.__getitem__)) for n in numbers]
        self._without_each(items, waiting)
        return True

    def _with_every_rule(self, items: dict[str, Any]) -> tuple[dict[int, list[str]], dict[str, float]]:
        """Which tests ask which rule, and how long each takes. In a fork, so that nothing is left behind."""
        path = Path(tempfile.mkdtemp()) / "reached.json"
        child = os.fork()
        if child == 0:
            os._exit(self._record(items, path))
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            pytest.exit("the tests fail with every rule on", returncode=2)
        found = json.loads(path.read_text("utf-8"))
        return {int(number): tests for number, tests in found["reached"].items()}, found["times"]

    def _record(self, items: dict[str, Any], path: Path) -> int:
        times: dict[str, float] = {}
        for nodeid, item in items.items():
            self.board.test = nodeid
            begun = time.perf_counter()
            if not _passes(item):
                print(f"{nodeid} fails with every rule on", file=sys.stderr)
                return 1
            times[nodeid] = time.perf_counter() - begun
        reached = {number: sorted(tests) for number, tests in self.board.reached.items()}
        path.write_text(json.dumps({"reached": reached, "times": times}), "utf-8")
        return 0

    def _without_each(self, items: dict[str, Any], waiting: list[tuple[int, list[str]]]) -> None:
        running: dict[int, tuple[int, int]] = {}
        while waiting or running:
            while waiting and len(running) < self.jobs:
                number, tests = waiting.pop(0)
                reading, writing = os.pipe()
                child = os.fork()
                if child == 0:
                    os.close(reading)
                    self._without(number, [items[test] for test in tests], writing)
                os.close(writing)
                running[child] = (number, reading)
            child, _status = os.wait()
            number, reading = running.pop(child)
            with os.fdopen(reading) as pipe:
                killer = pipe.read()
            self.verdicts.append(Verdict(number, killer or None))
            print("." if killer else "S", end="", file=sys.stderr, flush=True)

    def _without(self, number: int, tests: list[Any], writing: int) -> None:
        """In the fork: never returns."""
        self.board.active = number
        signal.signal(signal.SIGALRM, lambda *_: (os.write(writing, b"a loop"), os._exit(0)))
        signal.alarm(SECONDS)
        for item in tests:
            if not _passes(item):
                os.write(writing, item.nodeid.encode())
                break
        os._exit(0)


def _passes(item: Any) -> bool:
    reports = runtestprotocol(item, nextitem=None, log=False)
    return all(report.passed or report.skipped for report in reports)
