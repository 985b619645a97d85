"""What a crash left behind, put right: stale lock files and refs that lag behind the log.

Runs under the commons' lock only. Every writer, gc included, holds that lock, so a git lock file found
under it belongs to a process that is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from governance.commons import Commons
from registry.store.process import run_git
from registry.store.refs import LOG
from registry.store.transaction import RefMove, RefTransactions


def remove_stale_locks(repository: Path) -> list[Path]:
    """Removes git's lock files and half-written temporaries; gives what was removed."""
    stale = [path for path in (repository / "refs").rglob("*.lock") if path.is_file()]
    stale += [
        path
        for name in ("packed-refs.lock", "packed-refs.new", "HEAD.lock", "config.lock", "gc.pid")
        if (path := repository / name).is_file()
    ]
    stale += list((repository / "objects").glob("??/.tmp-*"))
    stale += list((repository / "objects" / "pack").glob("tmp_*"))
    for path in stale:
        path.unlink(missing_ok=True)
    return stale


def standing_refs(repository: Path) -> dict[str, str]:
    """Every ref as it stands on the disk."""
    listed = run_git(repository, "for-each-ref", "--format=%(objectname) %(refname)").decode()
    return {ref: oid for oid, _, ref in (line.partition(" ") for line in listed.splitlines())}


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
