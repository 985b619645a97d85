"""Where a ref stands, at the price of a look at a file's dates. Reads a repository's ref files, nothing else.

Git never writes a ref in place: it renames a new file over the old one, or rewrites `packed-refs` in the
same way before it removes the loose file (files backend, git's `refs/files-backend.c`). So as long as the
file that counts is the same file, of the same age and size, the ref stands where it stood.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

_OID_LENGTH = 40

# The kernel dates a file by its last tick, 1 to 10 ms apart, and gives a freed inode out again: two moves
# within one tick can look like none. A date this young is therefore not believed yet, as in git's index.
_YOUNG_NS = 100_000_000

_File = tuple[int, int, int, int] | None


class _Seen(NamedTuple):
    loose: _File
    packed: _File
    stands: str | None


class RefWatch:
    """One ref of one repository, as it stands now. Safe for threads; holds nothing open."""

    __slots__ = ("_loose", "_name", "_packed", "_seen")

    def __init__(self, repository: Path, name: str) -> None:
        self._name = name
        self._loose = str(repository / name)
        self._packed = str(repository / "packed-refs")
        self._seen: _Seen | None = None

    def stands(self) -> str | None:
        """The object that the ref names, as 40 hex digits; None when there is no such ref.

        Seen from one host: over a network file system, dates may come late.
        """
        # The dates first: if the ref moves between the two, the next look finds other dates and reads again.
        loose = _file(self._loose)
        # Where there is a loose file, what is packed does not count.
        packed = _file(self._packed) if loose is None else None
        seen = self._seen
        if seen is not None and seen.loose == loose and seen.packed == packed:
            return seen.stands
        stands = self._read()
        youngest = max(file[1] if file else 0 for file in (loose, packed))
        # A clock that went back leaves dates that lie ahead; those are not believed either.
        self._seen = _Seen(loose, packed, stands) if time.time_ns() - youngest > _YOUNG_NS else None
        return stands

    def _read(self) -> str | None:
        loose = _text(self._loose).strip()
        if not loose:
            # Whoever packs refs writes the packed file before it removes the loose one, so in this order
            # a ref that exists is always found.
            suffix = f" {self._name}"
            lines = _text(self._packed).splitlines()
            loose = next((line[:_OID_LENGTH] for line in lines if line[_OID_LENGTH:] == suffix), "")
        return loose if len(loose) == _OID_LENGTH else None


def _file(path: str) -> _File:
    try:
        found = os.stat(path)  # noqa: PTH116 - on the way of every answer; a Path costs as much again
    except OSError:
        return None
    # The time of the last change of the inode is set by the rename and, unlike the other, by nobody else.
    return found.st_ino, found.st_ctime_ns, found.st_mtime_ns, found.st_size


def _text(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - as above
            return file.read()
    except OSError:
        return ""
