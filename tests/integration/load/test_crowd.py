"""32 who push and 64 who vote at one server: what was accepted is there exactly once, also after kill -9."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from governance.payloads import BallotCast, Proposed, Revised
from registry.accounts.scopes import Scope
from registry.services.opening import open_commons
from registry.store import log
from registry.store.process import run_git
from registry.store.recovery import standing_refs
from registry.store.refs import LOG, HostPaths
from tests.support.acts import wait_until
from tests.support.crowd import POLICY, TEXT, Pusher, Server, Voter, at_it, clones
from tests.support.voting import NAME, NUMBER, make_tokens, make_voting_town, people

SECONDS = float(os.environ.get("COMMONS_SOAK", "5"))
PUSHERS, VOTERS = 32, 64
STRANGER = "dora"


class Town(NamedTuple):
    """A server over a town, and who is there. The last voter belongs to no commons."""

    server: Server
    path: Path
    voters: list[Voter]
    pushers: list[Pusher]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A vote is open, and nobody has done anything yet."""
    root, private = tmp_path / "served", tmp_path / "private.db"
    path = root / f"{NAME}.git"
    root.mkdir()
    handles = people(VOTERS + PUSHERS)
    make_voting_town(path, len(handles))
    voting, pushing = [*handles[: VOTERS - 1], STRANGER], handles[VOTERS:]
    tokens = make_tokens(private, voting, Scope.VOTE) | make_tokens(private, pushing, Scope.PROPOSE)
    server = Server(root, private)
    server.start()
    places = clones(path, tmp_path, pushing)
    try:
        yield Town(
            server,
            path,
            [Voter(server, handle, tokens[handle]) for handle in voting],
            [Pusher(server, handle, tokens[handle], places[handle]) for handle in pushing],
        )
    finally:
        server.stop()


def expect_exactly_once(town: Town, mirror: Path) -> None:
    """What the log of a mirror clone holds, against what everybody was told; and `commons verify` agrees."""
    subprocess.run(
        ["git", "clone", "-q", "--mirror", f"{town.server.base}/{NAME}.git", str(mirror)], check=True
    )
    verified = subprocess.run(
        [sys.executable, "-m", "registry.cli", "verify", str(mirror)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with open_commons(mirror) as repository:
        head = repository.head()
        assert head is not None
        entries = list(log.oldest_first(repository.reader, head))
        assert [entry.event.seq for entry in entries] == list(range(1, len(entries) + 1))
        by_number = {entry.event.seq: entry for entry in entries}
        told = [receipt for voter in town.voters for receipt in voter.told.receipts]
        assert len({receipt["seq"] for receipt in told}) == len(told), "two were given one receipt"
        for receipt in told:
            entry = by_number[receipt["seq"]]
            assert (entry.digest, entry.commit) == (receipt["digest"], receipt["commit"])
        cast = Counter(entry.event.actor for entry in entries if isinstance(entry.event.payload, BallotCast))
        for voter in town.voters:
            sure = len(voter.told.receipts)
            assert sure <= cast[voter.handle] <= sure + voter.told.unknown, voter.handle
        pushed: Counter[str] = Counter()
        for entry in entries:
            said = entry.event.payload
            if isinstance(said, Proposed | Revised) and said.number != NUMBER:
                assert said.revision is not None
                text = run_git(repository.path, "cat-file", "blob", f"{said.revision.head}:{POLICY}").decode()
                pushed[next(line for line in text.splitlines() if line.startswith(TEXT))] += 1
    taken = [words for pusher in town.pushers for words in pusher.taken]
    unknown = {words for pusher in town.pushers for words in pusher.unknown}
    assert [words for words, times in pushed.items() if times != 1] == [], "a push is there twice"
    assert [words for words in taken if words not in pushed] == [], "a push that was taken is not there"
    assert set(pushed) - set(taken) <= unknown, "a push that was refused is there"


def expect_clean(path: Path) -> None:
    """No push lies aside, no object is unnamed, no lock is left, and every ref stands by the log."""
    with open_commons(path) as repository:
        assert standing_refs(path) == {LOG: repository.head(), **repository.state().refs}
    paths = HostPaths(path)
    assert list(paths.pushes.glob("*")) == []
    assert list(paths.writing.glob("*")) == []
    assert list((path / "refs").rglob("*.lock")) == []


def told_of(town: Town) -> int:
    """How many ballots and pushes were taken in, as far as their senders know."""
    ballots = sum(len(voter.told.receipts) for voter in town.voters)
    return ballots + sum(len(pusher.taken) for pusher in town.pushers)


def test_everything_accepted_is_there_exactly_once(town: Town, tmp_path: Path) -> None:
    """And what was refused is not there at all."""
    with at_it([*town.voters, *town.pushers]):
        time.sleep(SECONDS)
    *members, stranger = town.voters
    assert stranger.told.receipts == []
    assert set(stranger.told.refused) == {403}
    assert [voter.told.refused for voter in members if voter.told.refused] == []
    assert [voter.told.unknown for voter in members if voter.told.unknown] == []
    assert [pusher.refused + pusher.unknown for pusher in town.pushers if not pusher.taken] == []
    assert [
        pusher.refused + pusher.unknown for pusher in town.pushers if pusher.refused or pusher.unknown
    ] == []
    expect_exactly_once(town, tmp_path / "mirror.git")
    town.server.stop()
    expect_clean(town.path)


def test_killed_in_the_middle(town: Town, tmp_path: Path) -> None:
    """kill -9 of the server, twice, and all ask again: nothing told is lost, and nothing is there twice."""
    with at_it([*town.voters, *town.pushers]):
        for _ in range(2):
            before = told_of(town)
            time.sleep(SECONDS / 2)
            wait_until(lambda before=before: told_of(town) > before + VOTERS, 60)
            town.server.kill()
            town.server.start()
        # It goes on for everybody.
        *members, stranger = town.voters
        wait_until(lambda: all(voter.told.receipts for voter in members), 60)
        wait_until(lambda: all(pusher.taken for pusher in town.pushers), 60)
    assert stranger.told.receipts == []
    expect_exactly_once(town, tmp_path / "mirror.git")
    town.server.kill()
    town.server.start()
    town.server.stop()
    expect_clean(town.path)
