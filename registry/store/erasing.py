"""Takes bytes out of the object store for good, in steps that a crash cannot leave half-done.

Before the refs move, a marker says which event is about to erase what may not return. After they
moved, the marker's work is done: the list of blocked digests, pruning, and a new epoch that makes every
reader let go of packs it still has open. Whoever finds a marker later finishes the work, or drops the
marker when its event never came to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from registry.store.blocklist import add_blocked
from registry.store.errors import StoreError, WriteError
from registry.store.pruning import run_pruning
from registry.store.refs import HostPaths
from registry.store.writer import Fault, write_durably


def pending(paths: HostPaths) -> bool:
    """Whether an erasure was begun and not finished."""
    return paths.erasing.exists()


def announce(paths: HostPaths, event_digest: str, blocked: Iterable[str]) -> None:
    """Writes the marker: the event (SHA-256 of its bytes) and the digests that may not return."""
    value = {"event": event_digest, "blocked": sorted(blocked)}
    try:
        write_durably(paths.erasing, json.dumps(value).encode(), mode=0o600)
    except OSError as error:
        raise WriteError("the erasure's marker", error) from error


def finish(repository: Path, paths: HostPaths, recorded: Callable[[str], bool], fault: Fault) -> str:
    """Does what the marker says, under the commons' lock; gives what was done, in words.

    Every step can be taken again, so a crash in the middle of it costs nothing.
    """
    try:
        marker = json.loads(paths.erasing.read_bytes())
        event, blocked = str(marker["event"]), [str(item) for item in marker["blocked"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{paths.erasing}: the erasure's marker is unreadable ({error}).") from error
    if not recorded(event):
        paths.erasing.unlink()
        return "dropped an erasure that was never recorded"
    fault("erase: block")
    add_blocked(paths.blocked, blocked)
    fault("erase: prune")
    prune(repository)
    fault("erase: epoch")
    paths.epoch.touch()
    fault("erase: done")
    paths.erasing.unlink()
    return "finished an erasure"


def prune(repository: Path) -> None:
    """Deletes every object that no ref reaches, packed or loose, now."""
    # It would go on naming commits that are gone; `commons gc` writes a new one.
    (repository / "objects" / "info" / "commit-graph").unlink(missing_ok=True)
    run_pruning(repository, "repack", "-a", "-d", "-q", "--no-write-bitmap-index")
    run_pruning(repository, "prune", "--expire=now")
