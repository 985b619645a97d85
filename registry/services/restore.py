"""Rebuilds a commons from a backup, at a place where nothing is yet: what `commons restore` does."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from governance.errors import GovernanceError
from registry.services.archive import BUNDLE, HOST_FILES, ArchiveError, Manifest, read_archive
from registry.store.building import building
from registry.store.bundle import read_bundle
from registry.store.errors import StoreError, WriteError
from registry.store.refs import LOG, HostPaths
from registry.store.repository import Repository
from registry.store.writer import write_durably


class Restored(NamedTuple):
    """What stands at the new place: the manifest, and in words what recovery put right."""

    manifest: Manifest
    done: tuple[str, ...]


def restore(archive: Path, to: Path) -> Restored:
    """Checks everything first; `str()` of the manifest tells an older backup from a newer commons.

    Raises `AlreadyExistsError`, `WriteError`, and `ArchiveError` when the file is not a whole and
    unchanged backup; then nothing stands at `to`. Everything that the log claims is recounted by
    `commons verify`, which is the next thing to run.
    """
    with building(to) as place, ExitStack() as open_files:
        files: dict[str, BinaryIO] = {
            name: open_files.enter_context(tempfile.TemporaryFile(dir=place))
            for name in (BUNDLE, *HOST_FILES)
        }
        manifest = read_archive(archive, files)
        paths = HostPaths(place)
        paths.folder.mkdir(exist_ok=True)
        for name in HOST_FILES:
            if name in manifest.members:
                files[name].seek(0)
                write_durably(paths.folder / name, files[name].read(), mode=0o600)
        try:
            files[BUNDLE].seek(0)
            refs = read_bundle(place, files[BUNDLE])
            with Repository(place) as repository:
                done = repository.recover()
                state = repository.state()
        except WriteError:
            raise
        except (StoreError, GovernanceError) as error:
            raise ArchiveError(archive, f"its commons cannot be read ({error})") from error
        found = (state.name, refs[LOG], state.seq, state.at, len(refs))
        if found != (manifest.name, manifest.head, manifest.events, manifest.last_at, manifest.refs):
            raise ArchiveError(archive, "its log is not the one that its manifest describes.")
        return Restored(manifest, tuple(done))
