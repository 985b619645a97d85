"""A git that deletes objects is never alone with a writer, even when its parent was killed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time

import pytest

from registry.store.errors import BusyError, GitFailedError
from registry.store.pruning import run_pruning, wait_for_pruning
from registry.store.repository import Repository
from tests.support.acts import nest
from tests.support.vouched import reopened


def test_run(roost: Repository) -> None:
    """A command runs to its end, and nobody has to wait afterwards."""
    run_pruning(roost.path, "prune", "--expire=now")
    wait_for_pruning(roost.path, 0.0)


def test_failure(roost: Repository) -> None:
    """A command that fails is named with git's words."""
    with pytest.raises(GitFailedError, match=r"git prune failed: .*nonsense"):
        run_pruning(roost.path, "prune", "nonsense")


def test_orphan(roost: Repository) -> None:
    """While a git whose parent was killed still runs, a writer waits, and acts once it has ended."""
    descriptor = os.open(roost.paths.pruning, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    # What is left of a killed writer: a child that inherited the descriptor, and nothing else.
    orphan = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=(descriptor,)
    )
    os.close(descriptor)
    with reopened(roost.path, lock_seconds=0.05) as hasty, pytest.raises(BusyError):
        nest(hasty, "teens")
    assert orphan.stdin is not None
    ending = threading.Timer(0.2, orphan.stdin.close)
    started = time.monotonic()
    ending.start()
    nest(roost, "teens")
    assert time.monotonic() - started >= 0.2
    ending.join()
    orphan.wait()
    assert roost.state().seq == 2
