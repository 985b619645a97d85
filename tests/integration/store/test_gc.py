"""gc: what it packs, what it deletes, and who may go on meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from registry.services.clone import clone
from registry.services.gc import GRACE_SECONDS, gc
from registry.services.verify import verify
from registry.store.errors import BusyError, MissingObjectError, NotACommonsError
from registry.store.objects import make
from registry.store.process import git_path, run_git
from registry.store.refs import LOG, MAIN
from registry.store.repository import Repository
from registry.store.writer import write_objects
from tests.support.acts import nest, release
from tests.support.vouched import reopened

STRAY = make("blob", b"nothing names this")


def test_sizes(roost: Repository) -> None:
    """What lay loose is in one pack afterwards, and the sizes before and after are given."""
    for number in range(5):
        release(roost, f"Text {number}.")
    done = gc(roost.path)
    assert done.before.loose > 50
    assert done.before.packs == 0
    assert (done.after.loose, done.after.packs) == (0, 1)
    assert done.done == ()
    assert (roost.path / "objects" / "info" / "commit-graph").is_file()
    assert [path for path in (roost.path / "refs").rglob("*") if path.is_file()] == []
    assert verify(roost).failure is None
    assert run_git(roost.path, "fsck", "--strict", "--full", "--no-dangling") == b""


def test_open_repository_goes_on(roost: Repository) -> None:
    """A repository that was open before reads and writes after, from the packed refs and objects."""
    release(roost, "The first text.")
    state = roost.state()
    gc(roost.path)
    assert roost.state() == state
    assert roost.ref(MAIN) == state.refs[MAIN]
    assert roost.reader.commit(state.refs[MAIN]).message == "Import spam 1.0.0"
    release(roost, "The second text.")
    assert roost.state().seq == 3
    assert not roost.lags()
    assert verify(roost).failure is None


def test_grace(roost: Repository) -> None:
    """An object that nothing reaches stays for the grace period, loose or packed, and goes after it."""
    write_objects(roost.path, [STRAY])
    gc(roost.path)
    assert roost.reader.blob(STRAY.oid) == STRAY.data
    path = roost.path / "objects" / STRAY.oid[:2] / STRAY.oid[2:]
    old = time.time() - GRACE_SECONDS - 60
    os.utime(path, (old, old))
    gc(roost.path)
    with pytest.raises(MissingObjectError):
        roost.reader.blob(STRAY.oid)


def test_no_grace(roost: Repository) -> None:
    """Without a grace period it goes at once; a negative one is a mistake."""
    write_objects(roost.path, [STRAY])
    gc(roost.path, grace_seconds=0)
    with pytest.raises(MissingObjectError):
        roost.reader.blob(STRAY.oid)
    with pytest.raises(ValueError, match="cannot be negative"):
        gc(roost.path, grace_seconds=-1)


def test_written_again_is_new_again(roost: Repository) -> None:
    """An old stray object that an act uses after all counts as new, so no gc beside it takes it."""
    write_objects(roost.path, [STRAY])
    path = roost.path / "objects" / STRAY.oid[:2] / STRAY.oid[2:]
    os.utime(path, (0, 0))
    write_objects(roost.path, [STRAY])
    assert time.time() - path.stat().st_mtime < 60


def test_what_a_crash_left_unreached_is_kept(roost: Repository) -> None:
    """Objects that only the log names, since main lags behind it, are reached before anything goes."""
    old = roost.state().refs[MAIN]
    release(roost, "The text that was on its way.")
    main = roost.state().refs[MAIN]
    run_git(roost.path, "update-ref", MAIN, old)
    done = gc(roost.path, grace_seconds=0)
    assert done.done == (f"rolled {MAIN} forward to {main}",)
    assert verify(roost).failure is None


def test_temporaries(roost: Repository) -> None:
    """What killed processes left half-written goes once it is an hour old, and is named."""
    stale = roost.path / "commons" / ".tmp-1-aa-snapshot"
    young = roost.path / "commons" / ".tmp-2-bb-snapshot"
    for path in (stale, young):
        path.write_bytes(b"half")
    os.utime(stale, (0, 0))
    assert gc(roost.path).done == ("removed the stale commons/.tmp-1-aa-snapshot",)
    assert young.exists()


def test_waits_for_a_writer(roost: Repository) -> None:
    """While a write is under way gc waits, and says who holds the lock when it waited too long."""
    with roost.exclusively(), pytest.raises(BusyError):
        gc(roost.path, lock_seconds=0.05)


def test_no_commons(tmp_path: Path) -> None:
    """A path without a repository is refused."""
    with pytest.raises(NotACommonsError):
        gc(tmp_path)


def test_clones_meanwhile(roost: Repository, tmp_path: Path) -> None:
    """Clones by git and by us that run while gc goes on and on are whole."""
    for number in range(4):
        release(roost, f"Text {number}.")
    stop = threading.Event()
    rounds: list[int] = []

    def collect() -> None:
        while not stop.is_set():
            gc(roost.path, grace_seconds=0)
            rounds.append(1)

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        for number in range(4):
            nest(roost, f"c{number}")
            mirror = tmp_path / f"mirror-{number}.git"
            subprocess.run(
                [git_path(), "clone", "--quiet", "--mirror", "--no-local", str(roost.path), str(mirror)],
                check=True,
            )
            run_git(mirror, "fsck", "--strict", "--full")
            copy = tmp_path / f"copy-{number}.git"
            clone(str(roost.path), copy)
            with reopened(copy) as repository:
                assert verify(repository).failure is None
    finally:
        stop.set()
        thread.join()
    assert rounds
    assert verify(roost).failure is None
    assert roost.ref(LOG) == roost.head()


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.02, 0.04, 0.06])
def test_killed(roost: Repository, delay: float) -> None:
    """A gc killed at any moment loses nothing, and the next one finishes the work."""
    for number in range(2):
        release(roost, f"Text {number}.")
    script = (
        "import sys, pathlib\nfrom registry.services.gc import gc\n"
        "print('ready', flush=True)\ngc(pathlib.Path(sys.argv[1]), grace_seconds=0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(roost.path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay)
    process.kill()
    process.wait()
    process.stdout.close()
    nest(roost, "teens")
    assert verify(roost).failure is None
    gc(roost.path)
    assert verify(roost).failure is None
