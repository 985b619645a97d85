"""The one file that a bundle of policies is: what stands in it, how it is written and how it is checked.

A plain tar, so that any machine can open it, and not a zip: a tar has one header per member and no second
directory that could say something else, and without compression a small file stays small. There is one
way to write it, and a reader takes no other: every header must be, byte for byte, the one that the
manifest asks for. Links, names that lead elsewhere, members twice and bytes behind the end have no place
in that form, so they need no rules of their own.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias

import msgspec

from policies.canonical import canonical_bytes
from policies.limits import MIB
from policies.versions import parse_version
from registry.services.origin import OriginError

FORMAT = "commons-bundle@1"
MANIFEST, CREDITS, SUMS = "manifest.json", "CREDITS.md", "SHA256SUMS"
RUN_FILES = ("predictions.jsonl", "record.json")

BLOCK = 512
END = bytes(2 * BLOCK)
_CHUNK = MIB
_MAX_MANIFEST = 64 * MIB
_MAX_MEMBER = 1024 * MIB

Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Commit: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}\Z")]
Version: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\Z")]
Size: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=_MAX_MEMBER)]


class BundleError(OriginError):
    """A bundle that cannot be used (`place`; `entry`, the member at fault, if it is one; `rule`)."""

    def __init__(self, place: str, entry: str, rule: str) -> None:
        self.entry = entry
        remedy = "Make it again with `commons bundle`, or take another copy."
        super().__init__(place, f"{entry}: {rule}" if entry else rule, remedy)


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size in bytes and SHA-256 of one file."""

    size: Size
    sha256: Sha256


class BundledRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run of a policy: its record and its rows, without the words of a model."""

    key: Sha256
    at: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
    files: dict[str, Member]


class BundledPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A release: where it is from, its digests, its licences as its authors state them, its files."""

    commons: str
    slug: str
    version: Version
    commit: Commit
    content: Sha256
    folder: Sha256
    text_licence: str | None
    cases_licence: str | None
    files: dict[str, Member]
    runs: tuple[BundledRun, ...] = ()

    @property
    def address(self) -> str:
        """`roost/spam@1.2.0`, also where its files stand in the bundle."""
        return f"{self.commons}/{self.slug}@{self.version}"

    @property
    def order(self) -> tuple[object, ...]:
        """By commons, policy and version."""
        return self.commons, self.slug, parse_version(self.version)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is in a bundle, and nothing of when, where and by whom it was made: equal content, equal bytes."""

    format: str
    policies: tuple[BundledPolicy, ...]
    credits: Member

    def members(self) -> Iterator[tuple[str, Member]]:
        """Every member but the manifest itself, in its order."""
        yield CREDITS, self.credits
        for policy in self.policies:
            for name in sorted(policy.files):
                yield f"{policy.address}/{name}", policy.files[name]
            for run in policy.runs:
                for name in RUN_FILES:
                    yield f"{policy.address}/runs/{run.key}/{name}", run.files[name]


def member_of(raw: bytes) -> Member:
    """Measures a file."""
    return Member(len(raw), hashlib.sha256(raw).hexdigest())


def write_bundle(to: BinaryIO, manifest: Manifest, body: Mapping[str, tuple[BinaryIO, int]]) -> None:
    """Writes the tar. `body` says for each member in which file it stands, and from which byte on."""
    raw = canonical_bytes(msgspec.to_builtins(manifest))
    _write(to, MANIFEST, raw)
    for name, member in manifest.members():
        file, start = body[name]
        file.seek(start)
        _write(to, name, file.read(member.size))
    _write(to, SUMS, sums(raw, manifest))
    to.write(END)


def is_bundle(path: Path) -> bool:
    """Whether a file begins as a bundle does."""
    with path.open("rb") as file:
        return file.read(len(MANIFEST) + 1) == MANIFEST.encode() + b"\0"


def _write(to: BinaryIO, name: str, raw: bytes) -> None:
    to.write(header(name, len(raw)))
    to.write(raw)
    to.write(bytes(-len(raw) % BLOCK))


def sums(raw: bytes, manifest: Manifest) -> bytes:
    """What `sha256sum -c SHA256SUMS` reads once the tar is unpacked; vouches for the manifest itself too."""
    lines = [(member_of(raw).sha256, MANIFEST)]
    lines += [(member.sha256, name) for name, member in manifest.members()]
    return "".join(f"{digest}  {name}\n" for digest, name in lines).encode("ascii")


def header(name: str, size: int) -> bytes:
    """The one header that a member may have; for a name over 255 bytes it is preceded by another with it."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry.tobuf(format=tarfile.PAX_FORMAT)
