"""Opens a commons and puts right what a crash left behind, before anybody looks at it."""

from __future__ import annotations

from pathlib import Path

from registry.services.vouching import Vouching
from registry.store.clock import HostClock
from registry.store.errors import StoreError
from registry.store.owned import clear_left_behind
from registry.store.refs import HostPaths
from registry.store.repository import Repository


def open_commons(path: Path, *, clock: HostClock | None = None, processes: int = 4) -> Repository:
    """An open commons at the log's head.

    Refs that lag behind the log and erasures that were recorded but not finished are completed first, and
    pushes that went with a server that was killed are removed.
    A clone that this user cannot write is opened as it is: reading needs the log's head only. Raises
    `NotACommonsError`.
    """
    vouching = Vouching(HostPaths(path))
    repository = Repository(path, clock=clock, processes=processes, vouch=vouching)
    try:
        repository.state()
        clear_left_behind(repository.paths.pushes)
        if repository.lags():
            _recover(repository)
    except BaseException:
        repository.close()
        raise
    return repository


def _recover(repository: Repository) -> None:
    try:
        repository.recover()
    except (OSError, StoreError):
        # Read-only, or another writer is at work on it right now; readers are safe either way.
        return
