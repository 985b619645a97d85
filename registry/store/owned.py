"""Temporary folders that go by themselves: the process that made one holds it for as long as it lives.

The hold is a lock of the operating system's on a file in the folder, so that nothing has to be believed about
process numbers, other hosts or clocks. Makes and removes folders.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_HELD = "held"
_NEW = "held.new"
_UNKNOWN_SECONDS = 3_600.0
"""So old is what has no such file before it is taken for left behind: it may be in the making."""


@contextmanager
def owned_folder(parent: Path) -> Iterator[Path]:
    """A new folder below `parent`, removed in the end. Raises `OSError`."""
    parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=parent))
    try:
        descriptor = os.open(place / _NEW, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Under this name it is held from the first moment on.
            (place / _NEW).rename(place / _HELD)
            yield place
        finally:
            os.close(descriptor)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def clear_left_behind(parent: Path) -> list[Path]:
    """Removes the folders whose process is gone; gives those. Passes over what it may not remove."""
    removed: list[Path] = []
    try:
        with os.scandir(parent) as listed:
            places = [Path(entry.path) for entry in listed]
    except OSError:
        return removed
    for place in places:
        if _is_left_behind(place):
            shutil.rmtree(place, ignore_errors=True)
            if not place.exists():
                removed.append(place)
    return removed


def _is_left_behind(place: Path) -> bool:
    try:
        descriptor = os.open(place / _HELD, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        with suppress(OSError):
            return time.time() - place.lstat().st_mtime > _UNKNOWN_SECONDS
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
