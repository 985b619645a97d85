"""The lock of a commons: a file lock of the system's, which goes with its process, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from registry.store.errors import BusyError, WriteError
from registry.store.pruning import wait_for_pruning
from registry.store.refs import HostPaths


@contextmanager
def exclusively(repository: Path, seconds: float) -> Iterator[None]:
    """Holds it; raises `BusyError` when it stays taken for so long, and `WriteError`."""
    paths = HostPaths(repository)
    lock = FileLock(str(paths.lock), timeout=seconds)
    try:
        paths.folder.mkdir(exist_ok=True)
        lock.acquire(poll_interval=0.002)
    except Timeout as error:
        raise BusyError(repository, seconds) from error
    except OSError as error:
        raise WriteError(f"{repository.name}: taking the lock", error) from error
    try:
        wait_for_pruning(repository, seconds)
        yield
    finally:
        lock.release()
