"""Packs a commons and clears what nothing reaches any more: what `commons gc` does."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from registry.store.collecting import Sizes, collect, measure, remove_temporaries
from registry.store.repository import LOCK_SECONDS, Repository

GRACE_SECONDS = 14 * 24 * 3600
"""Git's own default: how long an object that no ref reaches is kept."""


class Collected(NamedTuple):
    """Sizes before and after; `done` says in words what crashes had left and was put right first."""

    before: Sizes
    after: Sizes
    done: tuple[str, ...]


def gc(path: Path, *, grace_seconds: int = GRACE_SECONDS, lock_seconds: float = LOCK_SECONDS) -> Collected:
    """Collects one commons while it is read and cloned; writers wait for it.

    Unreached objects younger than `grace_seconds` stay. Raises `NotACommonsError`, `BusyError`,
    `WriteError` (a full disk: nothing is lost, since packs are replaced only once the new one stands).
    """
    if grace_seconds < 0:
        raise ValueError(f"a grace period of {grace_seconds} seconds: it cannot be negative")
    with Repository(path, lock_seconds=lock_seconds) as repository, repository.exclusively():
        # Refs first: what the log names and a crash left unreached would be deleted else.
        done = repository.settle()
        before = measure(path)
        removed = remove_temporaries(path)
        done += [f"removed the stale {stale.relative_to(path)}" for stale in removed]
        collect(path, grace_seconds)
        return Collected(before, measure(path), tuple(done))
