from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from registry.store.process import git_command, git_environment
from registry.store.refs import LOG
from registry.store.watch import RefWatch


def _git(path: Path, *arguments: str, put_in: bytes = b"") -> str:
    done = subprocess.run(
        git_command(path, *arguments), input=put_in, capture_output=True, check=True, env=git_environment()
    )
    return done.stdout.decode().strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A repository with two commits that the ref may name."""
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path)], check=True, env=git_environment())
    return tmp_path


def _commit(path: Path, word: str) -> str:
    tree = _git(path, "hash-object", "-t", "tree", "-w", "--stdin")
    person = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        git_command(path, "commit-tree", tree, "-m", word),
        capture_output=True,
        check=True,
        env=git_environment() | person,
    )
    return done.stdout.decode().strip()


def test_follows_every_move(path: Path) -> None:
    """Moved, packed, moved again, removed: the watch says what git says."""
    first, second = _commit(path, "1"), _commit(path, "2")
    watch = RefWatch(path, LOG)
    assert watch.stands() is None
    _git(path, "update-ref", LOG, first)
    assert watch.stands() == first
    _git(path, "pack-refs", "--all", "--prune")
    assert not (path / LOG).exists()
    assert watch.stands() == first
    _git(path, "update-ref", LOG, second)
    assert watch.stands() == second
    _git(path, "update-ref", "-d", LOG)
    assert watch.stands() is None


def test_move_within_one_tick_of_the_clock_is_seen(path: Path) -> None:
    """Two moves that leave a file of the same name, size, inode and dates are still two moves."""
    first, second = _commit(path, "1"), _commit(path, "2")
    file = path / LOG
    file.parent.mkdir(parents=True)
    watch = RefWatch(path, LOG)
    for _ in range(200):
        for commit in (first, second):
            # As git does it: a new file in the place of the old one, in its very inode if it comes to that.
            lock = file.with_suffix(".lock")
            lock.write_text(commit + "\n")
            os.rename(lock, file)  # noqa: PTH104
            assert watch.stands() == commit
            # Not all file systems give an inode out again at once, or date so coarsely: it is the rule that
            # is looked at. On a machine that made us wait meanwhile, the date is old enough to be believed.
            assert watch._seen is None or time.time_ns() - file.stat().st_ctime_ns > 100_000_000


def test_old_dates_are_believed(path: Path) -> None:
    """A ref that has not moved for a while is not read again."""
    commit = _commit(path, "1")
    _git(path, "update-ref", LOG, commit)
    watch = RefWatch(path, LOG)
    threading.Event().wait(0.15)
    assert watch.stands() == commit
    assert watch._seen is not None
    assert watch._seen.stands == watch.stands() == commit


def test_what_is_no_object_id_is_no_ref(path: Path) -> None:
    """A ref file cut off by a full disk names nothing."""
    file = path / LOG
    file.parent.mkdir(parents=True)
    file.write_text("abc\n")
    assert RefWatch(path, LOG).stands() is None
