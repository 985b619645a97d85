"""The fold over a million events of people who decide together, and the close of a large vote.

In a process of its own, so that its memory can be told: that of the state and a few events. Making the events
is not measured. The fold waits for nothing, so its rate is by the processor's time and not the clock's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from immutables import Map
from msgspec.structs import replace

from governance.ballots.counting import CHOICES
from governance.events import Draft, Event, decode_event, encode_event, event_digest
from governance.membership.roll import roll_digest
from governance.proposals.state import Ballot, Stage
from governance.replay import apply
from tests.benchmarks.measure import Line, peak_mb, seconds
from tests.support.town import Town

EVENTS = 1_000_000
BALLOTS = 100_000
CHUNK = 5_000
"""So many events are made and then folded: all at once they would be most of the memory."""
LAST = 20_000
"""So many steps after them are looked at one by one."""


class Written(Town):
    """Keeps the events of a few seasons as they are read from a log, each with its digest."""

    def __init__(self) -> None:
        self.read: list[tuple[Event, str]] = []
        super().__init__()

    def _append(self, draft: Draft) -> Event:
        event = super()._append(draft)
        raw = encode_event(event)
        self.read.append((decode_event(raw), event_digest(raw)))
        self.acts.clear()
        self.events.clear()
        return event


def run(_folder: Path) -> list[Line]:
    """Folds in a child process, and closes a vote here."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_deciding"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    rate, memory, step = found["rate"], found["memory"], found["p95"]
    steps = f"{step:.3f} ms; {found['p99']:.3f} ms"
    tallied = _tally_seconds()
    return [
        Line(f"fold of {found['events']:,} mixed events", f"{rate:,.0f}/s", ">= 30,000/s", rate >= 30_000),
        Line("peak memory of it", f"{memory:.0f} MB", "< 1,000 MB", memory < 1_000),
        Line("one more event after them, p95; p99", steps, "< 1 ms", step < 1),
        Line("the slowest type of event, on average", found["slowest"], "-"),
        Line(f"tally of {BALLOTS:,} open ballots", f"{tallied:.3f} s", "< 1 s", tallied < 1),
    ]


def main() -> None:
    """Prints what the fold took."""
    town = Written()
    state, folded, total = None, 0, 0.0
    while folded < EVENTS:
        while len(town.read) < CHUNK:
            town.season()
        begun = time.process_time()
        for event, digest in town.read:
            state = apply(state, event, digest)
        total += time.process_time() - begun
        folded += len(town.read)
        assert state is not None
        assert state.prev == town.state.prev
        # One of the two is enough in memory.
        town.state = state
        town.read.clear()
    memory = peak_mb()
    steps, slowest = _single_steps(town)
    found = {
        "events": folded,
        "rate": folded / total,
        "memory": memory,
        "p95": steps[int(len(steps) * 0.95)],
        "p99": steps[int(len(steps) * 0.99)],
        "slowest": slowest,
    }
    print(json.dumps(found))


def _single_steps(town: Written) -> tuple[list[float], str]:
    """The milliseconds of each step that comes next, in order; and the type that takes longest, in words."""
    state = town.state
    while len(town.read) < LAST:
        town.season()
    times: dict[str, list[float]] = defaultdict(list)
    for event, digest in town.read:
        begun = time.perf_counter()
        state = apply(state, event, digest)
        times[event.type].append((time.perf_counter() - begun) * 1000)
    means = {type_: sum(taken) / len(taken) for type_, taken in times.items()}
    slowest = max(means, key=means.__getitem__)
    steps = sorted(one for taken in times.values() for one in taken)
    return steps, f"`{slowest}`, {means[slowest]:.2f} ms"


def _tally_seconds() -> float:
    """Closing one vote in which a hundred thousand people voted: the whole step, with its count."""
    town = Town()
    number = town.propose("member-1", town.change("policy-01"))
    town.approve(number, "member-2", "member-3")
    town.wait(3)
    town.object("member-4", number)
    town.wait(7)
    proposal = town.open(number)
    assert proposal.stage is Stage.VOTING
    assert proposal.frozen is not None
    voters = sorted(f"voter-{voter}" for voter in range(BALLOTS))
    ballots = Map({who: Ballot(town.state.seq, 1, CHOICES[place % 3]) for place, who in enumerate(voters)})
    frozen = replace(proposal.frozen, roll=frozenset(voters), digest=roll_digest(voters))
    proposal = replace(proposal, frozen=frozen, ballots=ballots, yes=(BALLOTS + 2) // 3)
    state = replace(town.state, proposals=town.state.proposals.set(number, proposal))
    town.state, town.at = state, frozen.ends
    draft = town.owed()
    assert draft is not None
    event = town.place(draft)
    digest = event_digest(encode_event(event))
    return seconds(lambda: apply(state, event, digest))


if __name__ == "__main__":
    main()
