"""Reads objects through a pool of leased `git cat-file --batch` processes.

Each process (`lease.py`) is one thread's at a time, and thrown away at the first sign of trouble. Only
40-digit ids go in; no text of a user's ever does. An object's bytes are hashed against its id the first
time it is read, since git checks loose objects but not packed ones.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from registry.store.errors import (
    BusyError,
    CorruptObjectError,
    MissingObjectError,
    OversizedError,
    StoreError,
)
from registry.store.lease import MAX_OBJECT_BYTES, Lease, Stored
from registry.store.objects import CommitFacts, Entry, decode_commit, decode_tree, make
from registry.store.process import git_command, git_environment
from registry.store.refs import HostPaths

_OID = re.compile(r"[0-9a-f]{40}")
_LEASE_SECONDS = 30.0
_WIDE, _WIDE_KEPT = 64, 8
_CHECKED_KEPT = 100_000

MAX_FOLDER_DEPTH, MAX_FOLDER_FILES = 8, 4_096
"""Deeper or wider folders are not read: a few kilobytes of trees can name a thousand million files."""
MAX_FOLDER_BYTES = 256 * 1024 * 1024
"""Larger folders are not read: one object that packs to nothing can stand under a thousand names."""


class Reader:
    """Reads one repository from any number of threads; `close()` ends its processes."""

    def __init__(self, repository: Path, *, processes: int = 4) -> None:
        self.repository = repository
        self._epoch_file = str(HostPaths(repository).epoch)
        self._places: SimpleQueue[None] = SimpleQueue()
        for _ in range(processes):
            self._places.put(None)
        self._idle: list[Lease] = []  # append and pop are atomic
        self._epoch = self._read_epoch()
        self._closed = False
        self._wide: dict[str, dict[str, Entry]] = {}
        # Hashing costs more than the rest of our side of a read, so each id is hashed the first time
        # this process reads it; that the answer is to the question asked is looked at every time.
        self._checked: set[str] = set()

    def read(self, oid: str) -> Stored:
        """One object, checked against its id.

        Raises `MissingObjectError` or `CorruptObjectError` naming it.
        """
        if not _OID.fullmatch(oid):
            raise MissingObjectError(oid)
        try:
            self._places.get(timeout=_LEASE_SECONDS)
        except Empty:
            raise BusyError(self.repository, _LEASE_SECONDS) from None
        try:
            stored = self._ask(oid)
        finally:
            self._places.put(None)
            if self._closed:
                self.close()
        if stored is None:
            raise self._explain(oid)
        if oid not in self._checked:
            checked(*stored)
            if len(self._checked) >= _CHECKED_KEPT:
                self._checked.clear()
            self._checked.add(oid)
        return stored

    def _ask(self, oid: str) -> Stored | None:
        """One answer; asks a fresh process once when the leased one turns out to have been killed."""
        lease = self._take()
        try:
            stored = lease.read(oid)
        except (EOFError, ValueError, OSError):
            lease.close()
            return self._ask_once(oid)
        except BaseException:
            # Half an answer may stand in the pipe: the next one would get it. Never lease it again.
            lease.close()
            raise
        if stored is None or lease.epoch != self._epoch:
            # One that has complained is not kept: its error stream is never read, and would fill.
            lease.close()
        else:
            self._idle.append(lease)
        return stored

    def _ask_once(self, oid: str) -> Stored | None:
        lease = Lease(self.repository, self._epoch)
        try:
            return lease.read(oid)
        except (EOFError, ValueError, OSError):
            return None
        finally:
            lease.close()

    def blob(self, oid: str) -> bytes:
        """A file's bytes."""
        return self._of_kind(oid, "blob").data

    def tree(self, oid: str) -> tuple[Entry, ...]:
        """A directory's lines."""
        stored = self._of_kind(oid, "tree")
        try:
            return tuple(decode_tree(stored.data))
        except ValueError as error:
            raise CorruptObjectError(oid, f"{error}.") from error

    def commit(self, oid: str) -> CommitFacts:
        """A commit's facts."""
        stored = self._of_kind(oid, "commit")
        try:
            return decode_commit(stored.data)
        except ValueError as error:
            raise CorruptObjectError(oid, f"{error}.") from error

    def entry(self, tree: str, path: str) -> Entry | None:
        """What stands at a `/`-separated path below a tree, or None."""
        found: Entry | None = None
        for name in path.split("/"):
            found = self.entries(tree).get(name)
            if found is None:
                return None
            tree = found.oid
        return found

    def entries(self, tree: str) -> dict[str, Entry]:
        """A directory's lines by name; the last few wide ones are kept, for they cost most to read."""
        kept = self._wide.get(tree)
        if kept is None:
            kept = {entry.name: entry for entry in self.tree(tree)}
            if len(kept) >= _WIDE:
                while len(self._wide) >= _WIDE_KEPT:
                    self._wide.pop(next(iter(self._wide)), None)
                self._wide[tree] = kept
        return kept

    def files(self, tree: str) -> dict[str, bytes]:
        """Every file below a tree by its path.

        Raises `OversizedError` below `MAX_FOLDER_DEPTH` folders, past `MAX_FOLDER_FILES` files or past
        `MAX_FOLDER_BYTES` in all.
        """
        found: dict[str, bytes] = {}
        total = 0
        waiting = [(tree, "", 0)]
        while waiting:
            oid, prefix, depth = waiting.pop()
            if depth > MAX_FOLDER_DEPTH:
                raise OversizedError(oid, f"{depth} folders deep", f"{MAX_FOLDER_DEPTH}")
            for entry in self.tree(oid):
                path = f"{prefix}{entry.name}"
                if entry.mode in (b"40000", b"040000"):
                    waiting.append((entry.oid, f"{path}/", depth + 1))
                else:
                    found[path] = self.blob(entry.oid)
                    total += len(found[path])
                    if total > MAX_FOLDER_BYTES:
                        raise OversizedError(tree, "more bytes", f"{MAX_FOLDER_BYTES}")
                if len(found) + len(waiting) > MAX_FOLDER_FILES:
                    raise OversizedError(tree, "more files", f"{MAX_FOLDER_FILES}")
        return found

    def read_many(self, names: Iterable[str]) -> Iterator[Stored]:
        """Many objects in order, in one pass without a round trip for each.

        `names` are ids, or `<id>:<path>` with a path of ours. Ids of the answers are those found.
        """
        with tempfile.TemporaryFile() as asked:
            asked.writelines(f"{name}\n".encode() for name in names)
            asked.seek(0)
            process = subprocess.Popen(
                git_command(self.repository, "cat-file", "--batch", "--buffer"),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=git_environment(),
            )
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                while header := process.stdout.readline():
                    parts = header.split()
                    if len(parts) != 3:
                        raise MissingObjectError(parts[0].decode("utf-8", "replace") if parts else "?")
                    size = int(parts[2])
                    if size > MAX_OBJECT_BYTES:
                        raise OversizedError(parts[0].decode(), f"{size} bytes", f"{MAX_OBJECT_BYTES} bytes")
                    data = process.stdout.read(size)
                    if process.stdout.read(1) != b"\n":
                        break
                    yield checked(parts[0].decode(), parts[1].decode(), data)
                if process.wait():
                    detail = process.stderr.read().decode("utf-8", "replace").strip()
                    raise StoreError(f"reading objects stopped: {detail}")
            finally:
                process.stdout.close()
                process.stderr.close()
                process.kill()
                process.wait()

    def close(self) -> None:
        """Ends the processes; a lease that is out ends when it comes back."""
        self._closed = True
        self._end_idle()

    def _of_kind(self, oid: str, kind: str) -> Stored:
        stored = self.read(oid)
        if stored.kind != kind:
            raise CorruptObjectError(oid, f"it is a {stored.kind} where a {kind} should stand.")
        return stored

    def _take(self) -> Lease:
        epoch = self._read_epoch()
        if epoch != self._epoch:
            # Something was erased: a process that still has the old packs open could serve it.
            self._end_idle()
            self._wide.clear()
            self._epoch = epoch
        try:
            return self._idle.pop()
        except IndexError:
            return Lease(self.repository, epoch)

    def _end_idle(self) -> None:
        while True:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def _read_epoch(self) -> int:
        try:
            return os.stat(self._epoch_file).st_mtime_ns  # noqa: PTH116 - on every read; a Path costs twice
        except FileNotFoundError:
            return 0

    def _explain(self, oid: str) -> StoreError:
        """Missing and corrupt look alike on the pipe; what `cat-file -p` says tells them apart."""
        done = subprocess.run(
            git_command(self.repository, "cat-file", "-p", oid),
            capture_output=True,
            env=git_environment(),
            check=False,
        )
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode == 0:
            return StoreError(f"object {oid}: the process that read it ended twice. Try again.")
        if "corrupt" in said or "inflate" in said or "mismatch" in said or "unable to unpack" in said:
            return CorruptObjectError(oid, said.strip().splitlines()[0].removeprefix("error: ") + ".")
        return MissingObjectError(oid)


def checked(oid: str, kind: str, data: bytes) -> Stored:
    """An object whose bytes give its id; raises `CorruptObjectError` otherwise."""
    if make(kind, data).oid != oid:
        raise CorruptObjectError(oid, "its bytes give another id.")
    return Stored(oid, kind, data)
