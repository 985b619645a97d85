"""Opens a bundle of policies, and takes nothing that is not written exactly as `bundle_file` writes it."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from policies.canonical import canonical_bytes, canonical_digest
from policies.errors import InvalidNameError, NotCanonicalError
from policies.findings import errors_in
from policies.folder import check_files
from policies.limits import MIB
from policies.names import check_commons_path, check_slug
from registry.services.bundle_file import (
    BLOCK,
    END,
    FORMAT,
    MANIFEST,
    RUN_FILES,
    SUMS,
    BundledPolicy,
    BundleError,
    Manifest,
    Member,
    header,
    member_of,
    sums,
)

_CHUNK = MIB
_MAX_MANIFEST = 64 * MIB


class Place(NamedTuple):
    """Where a member's bytes begin in the file, and what they are."""

    offset: int
    member: Member


class Bundle:
    """An open bundle, every byte of which was checked when it was opened, and is again when it is read."""

    def __init__(self, path: Path) -> None:
        """Raises `BundleError`."""
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise BundleError(str(path), "", f"it cannot be read ({error.strerror}).") from error
        try:
            self.manifest, self._places = _checked(path, self._file)
        except OSError as error:
            self.close()
            raise BundleError(str(path), "", f"it cannot be read ({error.strerror}).") from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises `BundleError` when the file was changed under us."""
        offset, member = self._places[name]
        self._file.seek(offset)
        raw = self._file.read(member.size)
        if member_of(raw) != member:
            raise BundleError(str(self.path), name, "it was changed since the bundle was opened.")
        return raw


def _checked(path: Path, file: BinaryIO) -> tuple[Manifest, dict[str, Place]]:
    raw = _manifest_bytes(path, file)
    manifest = _manifest(path, raw)
    places: dict[str, Place] = {}
    for name, member in manifest.members():
        expected = header(name, member.size)
        found = file.read(len(expected))
        if found != expected:
            raise BundleError(str(path), name, f"in its place stands {_named(found)}.")
        places[name] = Place(file.tell(), member)
        _check_member(path, file, name, member)
    stated = sums(raw, manifest)
    whole = header(SUMS, len(stated)) + stated + bytes(-len(stated) % BLOCK)
    found = file.read(len(whole))
    if found != whole:
        raise BundleError(str(path), SUMS, "it is missing, or does not give the digests of what is there.")
    rest = file.read(len(END) + 1)
    if rest != END:
        cut = len(rest) < len(END) and not any(rest)
        rule = "it is cut off at its end." if cut else "something stands behind its end."
        raise BundleError(str(path), "", rule)
    return manifest, places


def _manifest_bytes(path: Path, file: BinaryIO) -> bytes:
    first = file.read(BLOCK)
    try:
        size = int(first[124:135].decode("ascii") or "x", 8)
    except ValueError:
        size = -1
    if first != header(MANIFEST, max(size, 0)):
        raise BundleError(str(path), "", "it is no bundle of policies.")
    if size > _MAX_MANIFEST:
        raise BundleError(str(path), MANIFEST, f"it is larger than {_MAX_MANIFEST // MIB} MiB.")
    raw = file.read(size)
    if len(raw) < size or any(file.read(-size % BLOCK)):
        raise BundleError(str(path), MANIFEST, "it is cut off or damaged.")
    return raw


def _manifest(path: Path, raw: bytes) -> Manifest:
    def refuse(rule: str) -> BundleError:
        return BundleError(str(path), MANIFEST, rule)

    try:
        stated = msgspec.json.decode(raw)
        if isinstance(stated, dict) and stated.get("format") != FORMAT:
            shown = ascii(stated.get("format"))[:60]
            raise refuse(f"its format is {shown}; this program reads {FORMAT}.")
        manifest = msgspec.convert(stated, Manifest)
        canonical = canonical_bytes(msgspec.to_builtins(manifest))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NotCanonicalError) as error:
        raise refuse(f"it cannot be read ({error}).") from error
    if canonical != raw:
        raise refuse("it is not written as a bundle's is.")
    try:
        for policy in manifest.policies:
            check_commons_path(policy.commons)
            check_slug(policy.slug)
        order = [policy.order for policy in manifest.policies]
    except InvalidNameError as error:
        raise refuse(f"{error}") from error
    if any(not earlier < later for earlier, later in pairwise(order)):
        raise refuse("its policies are not in order, or one stands there twice.")
    for policy in manifest.policies:
        _check_policy(path, policy)
    return manifest


def _check_policy(path: Path, policy: BundledPolicy) -> None:
    """Names as a policy's files have them, and a folder digest that follows from the files'."""
    wrong = errors_in(check_files(dict.fromkeys(policy.files, b"")))
    if wrong:
        raise BundleError(str(path), policy.address, f"{wrong[0].file}: {wrong[0].message}")
    digest = canonical_digest({name: member.sha256 for name, member in policy.files.items()})
    if digest != policy.folder:
        raise BundleError(str(path), policy.address, "its files do not give its folder digest.")
    keys = [run.key for run in policy.runs]
    if keys != sorted(set(keys)) or any(sorted(run.files) != sorted(RUN_FILES) for run in policy.runs):
        raise BundleError(str(path), policy.address, "its runs are not in order, or not of two files each.")


def _check_member(path: Path, file: BinaryIO, name: str, member: Member) -> None:
    digest, left = hashlib.sha256(), member.size
    while left:
        piece = file.read(min(_CHUNK, left))
        if not piece:
            raise BundleError(str(path), name, "it is cut off.")
        digest.update(piece)
        left -= len(piece)
    padding = file.read(-member.size % BLOCK)
    if len(padding) != -member.size % BLOCK:
        raise BundleError(str(path), name, "it is cut off.")
    if digest.hexdigest() != member.sha256 or any(padding):
        raise BundleError(str(path), name, "its bytes do not give the digest in the manifest.")


def _named(found: bytes) -> str:
    """What stands there in place of an expected header, in words."""
    if not found:
        return "nothing: it is cut off"
    if not any(found):
        return "the end"
    name = found[:100].split(b"\0")[0].decode("utf-8", "replace")
    return f"{ascii(name)[1:-1][:100]!r}" if name else "something else"
