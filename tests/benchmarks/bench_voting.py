"""Ballots over HTTP in one commons, by more and more clients, beside what the disk alone would take."""

from __future__ import annotations

import json
import os
import statistics
from pathlib import Path

from registry.accounts.scopes import Scope
from tests.benchmarks.measure import Line, seconds
from tests.benchmarks.posting import Post, post_all
from tests.benchmarks.servers import our_server
from tests.support.voting import NAME, NUMBER, make_tokens, make_voting_town, people

MEMBERS, SECONDS, ROUNDS = 320, 4.0, 3
CLIENTS = (1, 8, 32)
EVENT_BYTES = 1_000
"""What an act with a ballot adds: a file, a folder and a commit."""
RATE, LATE = 200, 250


def run(folder: Path) -> list[Line]:
    """A town of some hundred voters, and a server over it that asks each for their token."""
    root, private = folder / "served", folder / "private.db"
    root.mkdir()
    make_voting_town(root / f"{NAME}.git", MEMBERS)
    handles = people(MEMBERS)
    tokens = make_tokens(private, handles, Scope.VOTE)
    address = f"/api/v1/commons/{NAME}/proposals/{NUMBER}/ballots"
    posts = [
        [Post(address, tokens[handle], json.dumps({"choice": choice})) for choice in ("yes", "no")]
        for handle in handles
    ]
    lines: list[Line] = []
    with our_server(root, "--private-db", str(private)) as ours:
        for clients in CLIENTS:
            shares = []
            for _ in range(ROUNDS):
                floor = _synced(folder / "floor")
                done = post_all(ours, posts[:clients], seconds=SECONDS)
                assert done.created == done.answers, (
                    f"{done.answers - done.created} ballots were not taken in"
                )
                shares.append((done.rate, done.p50, done.p99, done.rate / floor))
            rate, p50, p99, share = (statistics.median(column) for column in zip(*shares, strict=True))
            about = f"ballots over HTTP on one commons, {clients} client{'s' * (clients > 1)}"
            figure = f"{rate:.0f}/s; p50 {p50:.0f} ms, p99 {p99:.0f} ms; {share:.3f}x of bare synced writes"
            target = f">= {RATE}/s, p99 < {LATE} ms"
            lines.append(Line(about, figure, target, rate >= RATE and p99 < LATE))
    return lines


def _synced(path: Path, times: int = 100) -> float:
    """Bare writes a second of so many bytes, each synced before the next."""

    def write() -> None:
        with path.open("ab") as file:
            file.write(b"x" * EVENT_BYTES)
            file.flush()
            os.fsync(file.fileno())

    return times / seconds(lambda: [write() for _ in range(times)])
