"""Verifying a commons of 100,000 signed events from nothing but its repository."""

from __future__ import annotations

from pathlib import Path

from registry.services.recount import SIGNATURES
from registry.services.verify import verify
from tests.benchmarks.measure import Line, seconds
from tests.support.histories import long_history
from tests.support.vouched import reopened

EVENTS = 100_000


def run(folder: Path) -> list[Line]:
    """Verifies once, cold."""
    path = folder / "verify.git"
    long_history(path, EVENTS)
    with reopened(path) as repository:
        reports = []
        taken = seconds(lambda: reports.append(verify(repository)))
    report = reports[0]
    assert report.ok, report.failure
    assert report.events == EVENTS
    signed = next(check.count for check in report.checks if check.name == SIGNATURES)
    assert signed == EVENTS
    rate = EVENTS / taken
    return [
        Line(f"verify of {EVENTS:,} events", f"{taken:.1f} s", "< 30 s", taken < 30),
        Line("events verified with their signatures", f"{rate:,.0f}/s", ">= 3,000/s", rate >= 3_000),
    ]
