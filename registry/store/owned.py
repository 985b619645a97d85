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
_TRIES = 10
_UNKNOWN_SECONDS = 3_600.0
"""So old is what has something in it and no such file before it is taken for left behind."""


@contextmanager
def owned_folder(parent: Path) -> Iterator[Path]:
    """A new folder below `parent`, removed in the end. Raises `OSError`."""
    parent.mkdir(parents=True, exist_ok=True)
    place, descriptor = _made(parent)
    try:
        yield place
    finally:
        _remove(place)
        os.close(descriptor)


def clear_left_behind(parent: Path) -> list[Path]:
    """Removes the folders whose process is gone; gives those. Passes over what it may not remove."""
    try:
        with os.scandir(parent) as listed:
            places = [Path(entry.path) for entry in listed]
    except OSError:
        return []
    return [place for place in places if _cleared(place)]


def _made(parent: Path) -> tuple[Path, int]:
    """A folder and the hold on it; another where somebody cleared it away before it was held."""
    for _ in range(_TRIES):
        place = Path(tempfile.mkdtemp(dir=parent))
        try:
            descriptor = os.open(place / _HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (place / _HELD).stat()
        except (BlockingIOError, FileNotFoundError):
            os.close(descriptor)
            continue
        return place, descriptor
    raise FileNotFoundError(f"{parent}: each new folder was taken away at once")


def _remove(place: Path) -> None:
    """The hold goes last, so that what a kill leaves of it is known for what it is."""
    with suppress(OSError):
        for path in place.iterdir():
            if path.name != _HELD:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)


def _cleared(place: Path) -> bool:
    try:
        descriptor = os.open(place / _HELD, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        with suppress(OSError):
            # Cut off before it was held, or after it was let go of.
            place.rmdir()
            return True
        with suppress(OSError):
            if time.time() - place.lstat().st_mtime > _UNKNOWN_SECONDS:
                shutil.rmtree(place, ignore_errors=True)
        return not place.exists()
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(place)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return not place.exists()
