"""A write: the Git part of one act, at a short and at a long log, turn about."""

from __future__ import annotations

from pathlib import Path

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import ClockConfirmed
from registry.store.clock import Boot
from registry.store.objects import Change
from tests.benchmarks.measure import Line, spread
from tests.support.histories import ManualClock, long_history
from tests.support.vouched import reopened

SHORT, LONG, ACTS = 1_000, 100_000, 200


class _Still(ManualClock):
    def boot(self) -> Boot:
        """No boot that could vouch for anything: only the checkpoint counts."""
        return Boot("", 0)


def _decide(_state: Commons | None, _change: Change, _at: int) -> Draft:
    return Draft(type="clock_confirmed", actor="ana", payload=ClockConfirmed(last=1, now=2))


def run(folder: Path) -> list[Line]:
    """Times acts on both logs, interleaved in rounds."""
    opened = []
    for events in (SHORT, LONG):
        path = folder / f"{events}.git"
        long_history(path, events)
        repository = reopened(path)
        repository.paths.clock.unlink(missing_ok=True)
        repository.clock = _Still(repository.state().at)
        opened.append(repository)
    rounds = [[spread(lambda r=r: r.act(_decide), ACTS) for r in opened] for _ in range(3)]
    for repository in opened:
        repository.close()
    short = sorted(r[0].p50 for r in rounds)[1]
    long = sorted(r[1].p50 for r in rounds)[1]
    p95 = sorted(r[1].p95 for r in rounds)[1]
    return [
        Line(f"one act, p95 at {LONG:,} events", f"{p95:.1f} ms", "< 15 ms", p95 < 15),
        Line(
            f"the same against {SHORT} events (p50)", f"{long / short:.2f}x", "<= 1.3x", long / short <= 1.3
        ),
    ]
