"""The one file that a backup is: what stands in it, how it is written and how it is checked.

A plain tar: `manifest.json` first, then `commons.bundle` (every ref of the commons and what it reaches,
readable with git alone) and the files of the host that belong to it. Nothing in an archive is ever
extracted by its own name: members are looked up on a short list and copied to where we say.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

from policies.canonical import canonical_bytes
from registry.services.errors import ServiceError

FORMAT = "commons-backup@1"
MANIFEST, BUNDLE = "manifest.json", "commons.bundle"
HOST_FILES = ("blocked.json", "secret")
"""The host's files that go with a commons: what was erased and may not return, and the registry's secret.

A backup may lack either: it is older than the file, or there was nothing to keep.

Locks and markers are of the moment, the snapshot is made again, and the clock's checkpoint says
nothing on another day: with it, every restored backup would ask whether the clock is right."""

_MAX_MANIFEST = 1024 * 1024
_MAX_HOST_FILE = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


class ArchiveError(ServiceError):
    """A backup that cannot be used (`archive`, and the `rule` that it breaks)."""

    def __init__(self, archive: Path, rule: str) -> None:
        self.archive = archive
        self.rule = rule
        super().__init__(f"{archive.name}: {rule} Use another backup.")


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size in bytes and SHA-256 of one file in the archive."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which commons, and how far its log had come: what tells an older backup from a newer one.

    `last_at` is the time of the last event in UTC seconds.
    """

    format: str
    name: str
    head: str
    events: int
    last_at: int
    refs: int
    members: dict[str, Member]

    def __str__(self) -> str:
        """One line that a person compares."""
        last = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self.last_at))
        return f"{self.name}: {self.events} events, the last at {last}, log head {self.head}"


@dataclass(frozen=True, slots=True)
class Source:
    """A member's bytes before they are in an archive, read from where the file begins."""

    file: BinaryIO
    size: int
    sha256: str


def source_of(file: BinaryIO) -> Source:
    """Measures an open file."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Source(file, size, digest.hexdigest())


def write_archive(to: BinaryIO, manifest: Manifest, sources: Mapping[str, Source]) -> None:
    """Writes the tar: the same manifest and members give the same bytes."""
    raw = canonical_bytes(msgspec.to_builtins(manifest))
    with tarfile.open(fileobj=to, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(_entry(MANIFEST, len(raw), manifest.last_at), io.BytesIO(raw))
        for name in sorted(sources):
            sources[name].file.seek(0)
            tar.addfile(_entry(name, sources[name].size, manifest.last_at), sources[name].file)


def read_manifest(archive: Path) -> Manifest:
    """What an archive says of itself, without reading the rest. Raises `ArchiveError`."""
    with _opened(archive) as tar:
        return _manifest(archive, tar)


def read_archive(archive: Path, to: Mapping[str, BinaryIO]) -> Manifest:
    """Copies every member into the file given for its name, checking sizes and digests as it goes.

    Raises `ArchiveError` for a member that is no plain file, is not on the list, comes twice, is
    missing or has other bytes than the manifest says.
    """
    with _opened(archive) as tar:
        manifest = _manifest(archive, tar)
        seen: set[str] = set()
        try:
            for entry in tar:
                if entry.name != MANIFEST:
                    _copy(archive, tar, entry, manifest, seen, to)
                elif entry.offset:
                    raise ArchiveError(archive, f"{MANIFEST} stands in it twice.")
        except (tarfile.TarError, EOFError, OSError, ValueError) as error:
            raise ArchiveError(archive, f"it is cut off or damaged ({error}).") from error
        if missing := manifest.members.keys() - seen:
            raise ArchiveError(archive, f"{min(missing)} is missing.")
        return manifest


def _copy(
    archive: Path,
    tar: tarfile.TarFile,
    entry: tarfile.TarInfo,
    manifest: Manifest,
    seen: set[str],
    to: Mapping[str, BinaryIO],
) -> None:
    name = entry.name
    said = manifest.members.get(name)
    if not entry.isreg() or entry.issparse() or name not in to or said is None or name in seen:
        raise ArchiveError(archive, f"{name[:80]!r} has no place in it.")
    if entry.size != said.size or (name != BUNDLE and said.size > _MAX_HOST_FILE):
        raise ArchiveError(archive, f"{name} has {entry.size} bytes, and not what the manifest says.")
    seen.add(name)
    member: IO[bytes] | None = tar.extractfile(entry)
    assert member is not None
    digest = hashlib.sha256()
    while chunk := member.read(_CHUNK):
        digest.update(chunk)
        to[name].write(chunk)
    if digest.hexdigest() != said.sha256:
        raise ArchiveError(archive, f"{name} is damaged: its bytes do not give the digest in the manifest.")


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        # Uncompressed only: a compressed one could swell to any size.
        tar = tarfile.open(archive, mode="r:")  # noqa: SIM115 - closed below
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise ArchiveError(archive, f"it is no backup ({error}).") from error
    except OSError as error:
        raise ArchiveError(archive, f"it cannot be read ({error.strerror}).") from error
    with tar:
        yield tar


def _manifest(archive: Path, tar: tarfile.TarFile) -> Manifest:
    try:
        first = tar.next()
        if first is None or first.name != MANIFEST or not first.isreg() or first.size > _MAX_MANIFEST:
            raise ArchiveError(archive, f"it does not begin with {MANIFEST}.")
        member = tar.extractfile(first)
        assert member is not None
        raw = member.read()
        said = msgspec.json.decode(raw, type=Manifest)
    except (tarfile.TarError, EOFError, OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ArchiveError(archive, f"its {MANIFEST} cannot be read ({error}).") from error
    if said.format != FORMAT:
        raise ArchiveError(archive, f"it is of format {said.format[:40]!r}; this program reads {FORMAT}.")
    if BUNDLE not in said.members or not said.members.keys() <= {BUNDLE, *HOST_FILES}:
        raise ArchiveError(archive, f"its {MANIFEST} lists what a backup does not hold.")
    return said


def _entry(name: str, size: int, at: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, at, 0o600
    return entry
