"""Puts objects on the disk so that they are there after a power cut. Writes only inside `objects/`.

Two ways: a few objects as loose files, many as one pack that git itself indexes and checks. Neither
makes anything visible: an object is reached only once a ref names it, which is `transaction.py`.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from registry.store.errors import GitFailedError, WriteError
from registry.store.objects import GitObject
from registry.store.process import refused, run_git

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
    folders: set[Path] = set()
    for made in objects:
        fault(f"objects: {made.kind}")
        folder = repository / "objects" / made.oid[:2]
        path = folder / made.oid[2:]
        if path.exists():
            # As new as if it were written now: an old one that nothing reached is due for pruning.
            with suppress(OSError):
                os.utime(path)
            continue
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folders.add(folder.parent)
        raw = zlib.compress(f"{made.kind} {len(made.data)}\0".encode() + made.data, 1)
        write_durably(path, raw, mode=0o444, sync=False)
        folders.add(folder)
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
    temporary = path.with_name(f".tmp-{os.getpid()}-{os.urandom(4).hex()}-{path.name[:16]}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        try:
            view = memoryview(raw)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if replace:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
            temporary.unlink()
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
