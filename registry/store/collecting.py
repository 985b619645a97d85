"""Keeps a repository small and quick to read: packs what is reached, deletes what long was not.

Runs under the commons' lock only. Objects go when no ref has reached them for the whole grace period,
so nothing that a reader or a clone has just been told of disappears under it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from registry.store.pruning import run_pruning
from registry.store.refs import HostPaths

_STALE_SECONDS = 3600
_TEMPORARIES = (
    "objects/??/tmp_obj_*",
    "objects/tmp_obj_*",
    "objects/pack/tmp_*",
    "objects/pack/.tmp-*",
    "objects/info/commit-graphs/tmp_*",
    "commons/.tmp-*",
    "commons/writing/.tmp-*",
    ".tmp-*",
)


class Sizes(NamedTuple):
    """What the object store takes on the disk: bytes in all, loose objects and packs by number."""

    bytes: int
    loose: int
    packs: int


def measure(repository: Path) -> Sizes:
    """The sizes as they are now; a file that goes while we look counts as gone."""
    total = loose = packs = 0
    for path in (repository / "objects").rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
        loose += len(path.parent.name) == 2 and len(path.name) == 38
        packs += path.suffix == ".pack"
    return Sizes(total, loose, packs)


def remove_temporaries(repository: Path) -> list[Path]:
    """Removes what killed processes left half-written and is at least an hour old."""
    removed = [path for path in _temporaries(repository) if _age(path) >= _STALE_SECONDS]
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def collect(repository: Path, grace_seconds: int) -> None:
    """Packs refs and objects, deletes unreached ones older than the grace period, maps the commits."""
    expire = f"{grace_seconds}.seconds.ago" if grace_seconds else "now"
    run_pruning(repository, "pack-refs", "--all", "--prune")
    # A bitmap makes a clone of everything cheap; unreached objects become loose, with the pack's age.
    run_pruning(
        repository,
        "repack",
        "-A",
        "-d",
        "-q",
        "--write-bitmap-index",
        f"--unpack-unreachable={expire}",
    )
    run_pruning(repository, "prune", f"--expire={expire}")
    run_pruning(repository, "commit-graph", "write", "--reachable")
    # Readers hold deleted packs open, and with them their place on the disk, until the epoch changes.
    HostPaths(repository).epoch.touch()


def _temporaries(repository: Path) -> Iterator[Path]:
    for pattern in _TEMPORARIES:
        yield from (path for path in repository.glob(pattern) if path.is_file())


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
