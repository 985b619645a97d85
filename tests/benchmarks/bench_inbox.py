"""An inbox over many commons and many open proposals: how looking at it grows with both."""

from __future__ import annotations

import time
from pathlib import Path

from governance.charter.amendment import amend
from governance.charter.values import Plain
from registry.index.index import Index
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.found import found
from registry.services.membership import join
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.waiting import waiting_for
from registry.store.repository import Repository
from tests.benchmarks.measure import Line, spread
from tests.support.circles import wording
from tests.support.histories import ManualClock, policy_files

COMMONS, OPEN, MANY = 32, 10, 200
ASKED = 20
_MOST = 200


def run(folder: Path) -> list[Line]:
    """32 commons with ten open proposals each, and one with two hundred, that all wait for cy's review."""
    small = [_make(folder / f"c{number}.git", OPEN) for number in range(COMMONS)]
    large = _make(folder / "large.git", MANY)
    try:
        one = spread(lambda: waiting_for(small[0], "cy", most=_MOST), ASKED)
        all_ = spread(lambda: _all(small), ASKED)
        many = spread(lambda: waiting_for(large, "cy", most=_MOST), ASKED)
        none = spread(lambda: waiting_for(large, "nobody", most=_MOST), ASKED)
        index = Index.open(folder / "index.db")
        for repository in (*small, large):
            index.follow(repository)
        news = spread(lambda: index.concerning("bo", since=0, limit=20), ASKED)
        index.close()
    finally:
        for repository in (*small, large):
            repository.close()
    return [
        Line(f"an inbox: one commons with {OPEN} open proposals, p50", f"{one.p50:.1f} ms", "", None),
        Line(f"the same in {COMMONS} commons, p50", f"{all_.p50:.1f} ms", "< 500 ms", all_.p50 < 500),
        Line(
            f"one commons with {MANY} open proposals, p50", f"{many.p50:.1f} ms", "< 250 ms", many.p50 < 250
        ),
        Line("the same for whom nothing waits there, p50", f"{none.p50:.2f} ms", "", None),
        Line("its news, from the index, p50", f"{news.p50:.1f} ms", "< 20 ms", news.p50 < 20),
    ]


def _all(repositories: list[Repository]) -> int:
    left = _MOST
    for repository in repositories:
        left -= waiting_for(repository, "cy", most=left).tried
    return left


def _make(path: Path, proposals: int) -> Repository:
    clock = ManualClock(int(time.time()))
    made = found(path, founder="ana", clock=clock)
    publish(made, "spam", policy_files("Spam"), actor="ana")
    door: dict[str, Plain] = {"membership.join": "open", "membership.joins_min_per_30d": 1_000}
    amend_charter(made, amend(charter_file(made), door).text.encode(), actor="ana")
    for handle in ("bo", "cy"):
        join(made, actor=handle)
    rules: dict[str, Plain] = {"preset": "circle@1", "attention.open_proposals_per_member": 1_000}
    amend_charter(made, amend(charter_file(made), rules).text.encode(), actor="ana")
    for number in range(proposals):
        propose(made, wording(f"Promotion of kind {number}."), title=f"Kind {number}", actor="bo")
    return made
