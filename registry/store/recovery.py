"""What a crash left behind, put right: stale lock files and refs that lag behind the log.

Runs under the commons' lock only. Every writer, gc included, holds that lock, so a git lock file found
under it belongs to a process that is gone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from governance.commons import Commons
from registry.store.process import run_git
from registry.store.refs import LOG, HostPaths
from registry.store.transaction import RefMove, RefTransactions

PATIENCE_SECONDS = 1.0
"""How long a lock file is left alone: the git of a killed writer outlives it by a moment."""


def remove_stale_locks(repository: Path) -> list[Path]:
    """Removes git's lock files and half-written temporaries; gives what was removed.

    Waits up to `PATIENCE_SECONDS` for lock files that are younger than that to go by themselves.
    """
    stop = time.monotonic() + PATIENCE_SECONDS
    stale = list(_locks(repository))
    while any(_is_young(path) for path in stale) and time.monotonic() < stop:
        time.sleep(0.01)
        stale = list(_locks(repository))
    stale += HostPaths(repository).writing.glob(".tmp-*")
    # Where they were written before they had a place of their own.
    stale += (repository / "objects").glob("??/.tmp-*")
    for pattern in ("tmp_*", ".tmp-*"):
        stale += (repository / "objects" / "pack").glob(pattern)
    for path in stale:
        path.unlink(missing_ok=True)
    return stale


def remove_unnamed(repository: Path) -> None:
    """Removes objects that a killed writer had not named yet."""
    try:
        with os.scandir(HostPaths(repository).writing) as left:
            for entry in left:
                Path(entry.path).unlink(missing_ok=True)
    except FileNotFoundError:
        return


def _locks(repository: Path) -> Iterator[Path]:
    yield from (repository / "refs").rglob("*.lock")
    for name in ("packed-refs.lock", "packed-refs.new", "HEAD.lock", "config.lock", "gc.pid"):
        if (path := repository / name).is_file():
            yield path
    yield from (repository / "objects" / "info").rglob("*.lock")


def _is_young(path: Path) -> bool:
    try:
        return abs(time.time() - path.stat().st_mtime) < PATIENCE_SECONDS
    except FileNotFoundError:
        return True


def standing_refs(repository: Path) -> dict[str, str]:
    """Every ref as it stands on the disk."""
    listed = run_git(repository, "for-each-ref", "--format=%(objectname) %(refname)")
    text = listed.decode(
        "utf-8", "backslashreplace"
    )  # git lets any byte into a name, and none of ours has one
    return {ref: oid for oid, _, ref in (line.partition(" ") for line in text.splitlines())}


def lagging_refs(state: Commons, standing: Mapping[str, str]) -> list[RefMove]:
    """The refs that do not stand where the log says, with where they must go."""
    return [
        RefMove(ref, standing.get(ref), oid) for ref, oid in state.refs.items() if standing.get(ref) != oid
    ]


def roll_forward(repository: Path, state: Commons, transactions: RefTransactions) -> list[RefMove]:
    """Moves lagging refs to where the log says they stand; gives what was moved.

    The log is the record: its head was renamed first, and every object that it names was synced
    before. Refs that the log does not know are left for the verifier to report.
    """
    standing = standing_refs(repository)
    standing.pop(LOG, None)
    moves = lagging_refs(state, standing)
    if moves:
        transactions.move(moves)
    return moves
