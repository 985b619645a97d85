"""What a crash left behind, put right."""

from __future__ import annotations

import os
import threading
import time

from immutables import Map
from msgspec.structs import replace

from registry.store.recovery import lagging_refs, remove_stale_locks, roll_forward, standing_refs
from registry.store.refs import LOG, MAIN
from registry.store.repository import Repository
from registry.store.transaction import RefMove, RefTransactions

ANY = "1" * 40


def test_lagging(roost: Repository) -> None:
    """A ref lags when it stands elsewhere than the log says, or nowhere; others are let be."""
    state = replace(roost.state(), refs=Map({"refs/a": "1" * 40, "refs/b": "2" * 40, "refs/c": "3" * 40}))
    standing = {"refs/a": "1" * 40, "refs/b": "9" * 40, "refs/strange": "8" * 40}
    assert sorted(lagging_refs(state, standing)) == [
        RefMove("refs/b", "9" * 40, "2" * 40),
        RefMove("refs/c", None, "3" * 40),
    ]


def test_unknown_refs_stay(roost: Repository) -> None:
    """A ref that the log does not know is left for the verifier to report."""
    transactions = RefTransactions(roost.path)
    main = roost.state().refs[MAIN]
    transactions.move([RefMove("refs/heads/strange", None, main)])
    assert roll_forward(roost.path, roost.state(), transactions) == []
    transactions.close()
    assert standing_refs(roost.path)["refs/heads/strange"] == main


def test_old_locks_go_at_once(roost: Repository) -> None:
    """Lock files and temporaries of a process long gone are removed without waiting, and named."""
    names = [
        f"{LOG}.lock",
        "refs/tags/spam/v1.0.0.lock",
        "packed-refs.lock",
        "HEAD.lock",
        "objects/aa/.tmp-1-bb-cc",
        "objects/pack/tmp_pack_x",
        "objects/pack/.tmp-1-pack-x.pack",
        "objects/info/commit-graph.lock",
    ]
    for name in names:
        path = roost.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        os.utime(path, (0, 0))
    started = time.monotonic()
    removed = remove_stale_locks(roost.path)
    assert time.monotonic() - started < 0.9
    assert sorted(str(path.relative_to(roost.path)) for path in removed) == sorted(names)
    assert not any((roost.path / name).exists() for name in names)


def test_young_lock_may_go_by_itself(roost: Repository) -> None:
    """A fresh lock file may belong to a git that is just ending, and is waited for."""
    lock = roost.path / f"{MAIN}.lock"
    lock.write_bytes(b"")
    ending = threading.Timer(0.1, lock.unlink)
    ending.start()
    assert remove_stale_locks(roost.path) == []
    ending.join()


def test_nothing_to_do(roost: Repository) -> None:
    """Where nothing is wrong nothing is done."""
    assert remove_stale_locks(roost.path) == []
    assert roost.recover() == []
    assert not roost.lags()
