"""Puts objects on the disk so that they are there after a power cut. Writes in `objects/`, beside it first.

Two ways: a few objects as loose files, many as one pack that git itself indexes and checks. Neither
makes anything visible: an object is reached only once a ref names it, which is `transaction.py`.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

from registry.store.errors import GitFailedError, WriteError
from registry.store.objects import GitObject
from registry.store.process import refused, run_git
from registry.store.refs import HostPaths

PACK_FROM = 64
"""From this many objects on, one pack is cheaper than loose files with two syncs each."""

_KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}

Fault = Callable[[str], None]
"""Called with the name of each step before it is taken; tests kill the process in it."""


def no_fault(step: str) -> None:
    """Steps go on."""


def write_objects(repository: Path, objects: Iterable[GitObject], fault: Fault = no_fault) -> None:
    """Stores objects durably; those already there are left alone.

    Raises `WriteError` when the disk refuses; what was written until then is unreachable and harmless.
    """
    wanted = list(objects)
    try:
        if len(wanted) >= PACK_FROM:
            fault("objects: pack")
            _write_pack(repository, wanted)
        else:
            _write_loose(repository, wanted, fault)
    except OSError as error:
        raise WriteError(f"{repository.name}: writing objects", error) from error
    except GitFailedError as error:
        raise refused(f"{repository.name}: writing objects", error) from error


def _write_loose(repository: Path, objects: list[GitObject], fault: Fault) -> None:
    """All are written, then all synced, then all named: so the disk works on them side by side.

    One after the other, the waits for the disk were two thirds of an act (measured).
    """
    folders: set[Path] = set()
    # In one place, where whoever takes the lock next finds what a killed writer left.
    aside = HostPaths(repository).writing
    aside.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        written: list[tuple[_Temporary, Path]] = []
        for made in objects:
            fault(f"objects: {made.kind}")
            folder = repository / "objects" / made.oid[:2]
            path = folder / made.oid[2:]
            # Also of one that is there: whoever wrote it may have been killed before its name was durable.
            folders.add(folder)
            if path.exists():
                # As new as if it were written now: an old one that nothing reached is due for pruning.
                with suppress(OSError):
                    os.utime(path)
                continue
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                folders.add(folder.parent)
            raw = zlib.compress(f"{made.kind} {len(made.data)}\0".encode() + made.data, 1)
            written.append((stack.enter_context(_Temporary(aside / made.oid, raw, mode=0o444)), path))
        fault("objects: sync")
        for temporary, _ in written:
            temporary.hurry()
        for temporary, _ in written:
            temporary.sync()
        fault("objects: name")
        for temporary, path in written:
            temporary.place.replace(path)
        fault("objects: folders")
        for folder in folders:
            sync_folder(folder)


def _write_pack(repository: Path, objects: list[GitObject]) -> None:
    chunks = [b"PACK" + struct.pack(">II", 2, len(objects))]
    for made in objects:
        size, first = len(made.data), _KINDS[made.kind] << 4
        head = bytearray([first | (size & 0x0F)])
        size >>= 4
        while size:
            head[-1] |= 0x80
            head.append(size & 0x7F)
            size >>= 7
        chunks += [bytes(head), zlib.compress(made.data, 1)]
    body = b"".join(chunks)
    digest = hashlib.sha1(body, usedforsecurity=False).digest()
    # git checks every object and syncs pack and index (core.fsync=all) before it renames them.
    run_git(repository, "-c", "core.fsync=all", "index-pack", "--stdin", stdin=body + digest)


def write_durably(
    path: Path, raw: bytes, *, mode: int = 0o644, sync: bool = True, replace: bool = True
) -> None:
    """Writes a file whole or not at all: temporary name, sync, rename, sync of the folder.

    Without `replace` it raises `FileExistsError` when something is there: of several writers one wins.
    """
    with _Temporary(path, raw, mode=mode) as temporary:
        temporary.sync()
        if replace:
            temporary.place.replace(path)
        else:
            path.hardlink_to(temporary.place)
            temporary.place.unlink()
    if sync:
        sync_folder(path.parent)


class _Temporary:
    """A file written under a name of its own, not yet synced. As a context, it goes on an error."""

    __slots__ = ("_descriptor", "_mode", "_raw", "place")

    def __init__(self, path: Path, raw: bytes, *, mode: int) -> None:
        self.place = path.with_name(f".tmp-{os.getpid()}-{os.urandom(4).hex()}-{path.name[:16]}")
        self._raw = raw
        self._mode = mode

    def __enter__(self) -> _Temporary:
        self._descriptor = os.open(self.place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._mode)
        try:
            view = memoryview(self._raw)
            while view:
                view = view[os.write(self._descriptor, view) :]
        except BaseException:
            self._drop()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            os.close(self._descriptor)
        else:
            self._drop()

    def hurry(self) -> None:
        """Has the system begin to write it out, without waiting (Linux does; others may do nothing)."""
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def sync(self) -> None:
        """Waits until it is on the disk."""
        os.fsync(self._descriptor)

    def _drop(self) -> None:
        os.close(self._descriptor)
        self.place.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
