"""Backs a commons up into one file: what `commons backup` does.

A backup is of one state: its refs are those that the log at its head gives, whatever writers do
meanwhile, and everything that the log had named by then stays in the repository while we read it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from governance.commons import Commons
from registry.keys.secret import read_secret
from registry.services.archive import (
    BUNDLE,
    FORMAT,
    HOST_FILES,
    Manifest,
    Member,
    Source,
    source_of,
    write_archive,
)
from registry.store.building import refuse_existing
from registry.store.bundle import write_bundle
from registry.store.errors import BusyError, GitFailedError, WriteError
from registry.store.refs import LOG
from registry.store.repository import LOCK_SECONDS, Repository
from registry.store.writer import sync_folder

_ATTEMPTS = 3


class BackedUp(NamedTuple):
    """What was written: the manifest, and the file's size in bytes."""

    manifest: Manifest
    size: int


def backup(path: Path, to: Path) -> BackedUp:
    """Writes one file, durably, whole or not at all; writers wait only while a crash is put right.

    Raises `NotACommonsError`, `AlreadyExistsError` (an older backup is never written over),
    `WriteError`, `SecretError` for a secret that is damaged, and `GitFailedError` when an object is missing
    or corrupt.
    """
    refuse_existing(to)
    with Repository(path) as repository:
        try:
            for _ in range(_ATTEMPTS):
                done = _attempt(repository, to)
                if done is not None:
                    return done
        except OSError as error:
            raise WriteError(to.name, error) from error
    raise BusyError(path, LOCK_SECONDS)


def _attempt(repository: Repository, to: Path) -> BackedUp | None:
    """None when something was redacted meanwhile: a backup begun later must not hold it."""
    with ExitStack() as open_files:

        def unnamed() -> BinaryIO:
            # A killed backup leaves nothing of these behind.
            return open_files.enter_context(tempfile.TemporaryFile(dir=to.parent))

        with repository.exclusively():
            repository.settle()
            state, refs = repository.state(), {LOG: repository.head() or ""}
            sources = _host_files(repository, unnamed)
        refs |= state.refs
        bundle = unnamed()
        try:
            write_bundle(repository.path, refs, bundle)
        except GitFailedError:
            if _redacted_since(repository, state):
                return None
            raise
        sources[BUNDLE] = source_of(bundle)
        manifest = Manifest(
            format=FORMAT,
            name=state.name,
            head=refs[LOG],
            events=state.seq,
            last_at=state.at,
            refs=len(refs),
            members={name: Member(source.size, source.sha256) for name, source in sources.items()},
        )
        if _redacted_since(repository, state):
            return None
        return BackedUp(manifest, _write(to, lambda file: write_archive(file, manifest, sources)))


def _redacted_since(repository: Repository, state: Commons) -> bool:
    return len(repository.state().redactions) != len(state.redactions)


def _host_files(repository: Repository, unnamed: Callable[[], BinaryIO]) -> dict[str, Source]:
    read_secret(repository.paths)  # one that cannot be used is no backup of it
    found: dict[str, Source] = {}
    for name in HOST_FILES:
        path = repository.paths.folder / name
        if path.is_file():
            copy = unnamed()
            copy.write(path.read_bytes())
            found[name] = source_of(copy)
    return found


def _write(to: Path, fill: Callable[[BinaryIO], None]) -> int:
    temporary = to.with_name(f".{to.name}.{os.urandom(4).hex()}")
    # For its owner only: the registry's secret and digests of what was erased stand in it.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        refuse_existing(to)
        temporary.rename(to)
        sync_folder(to.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return size
