"""Runs those git commands that delete objects, so that no writer ever works beside one.

A writer that is killed lets go of the commons' lock, but the git that it started goes on by itself. So
that git holds a lock of its own, which the kernel keeps for as long as it lives, and whoever takes the
commons' lock next waits for it.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from pathlib import Path

from registry.store.errors import BusyError, GitFailedError
from registry.store.process import git_command, git_environment, refused
from registry.store.refs import HostPaths

_POLL_SECONDS = 0.01


def run_pruning(repository: Path, *arguments: str) -> None:
    """Runs one command under the commons' lock. Raises `GitFailedError` or `WriteError`."""
    descriptor = os.open(HostPaths(repository).pruning, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        done = subprocess.run(
            git_command(repository, "-c", "core.fsync=all", *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=git_environment(),
            pass_fds=(descriptor,),
            check=False,
        )
    finally:
        os.close(descriptor)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-500:]
        error = GitFailedError(arguments[0], said or f"exit code {done.returncode}")
        raise refused(f"{repository.name}: {arguments[0]}", error) from error


def wait_for_pruning(repository: Path, seconds: float) -> None:
    """Waits until no such command of a killed process runs. Raises `BusyError`."""
    try:
        descriptor = os.open(HostPaths(repository).pruning, os.O_RDWR)
    except FileNotFoundError:
        return
    stop = time.monotonic() + seconds
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > stop:
                    raise BusyError(repository, seconds) from None
                time.sleep(_POLL_SECONDS)
            else:
                return
    finally:
        os.close(descriptor)
