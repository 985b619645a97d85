"""Pulls released policies into a project, and holds what was pulled against its lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from policies.digest import content_digest, folder_digest
from policies.folder import load_folder
from policies.names import Address
from registry.services.errors import InputRefusedError, ServiceError, UnknownPolicyError
from registry.services.folders import read_policy_folder, replacing, write_files
from registry.services.lockfile import (
    Locked,
    from_lock,
    read_lock,
    relative_to_lock,
    source_in_lock,
    write_lock,
)
from registry.services.origin import Origin, PolicyFacts, Released
from registry.services.taking import Taken, take

_MOST_ASKED = 200


class ChangedFolderError(ServiceError):
    """A folder holds something else than the lock says; writing over it would lose that."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"{place}: it holds changes that no release has. Move it away, or use --force to lose them."
        )


class Pulled(NamedTuple):
    """What was pulled; `written` is False when the folder held exactly that already."""

    entry: Locked
    folder: Path
    written: bool
    notice: str = ""


class State(StrEnum):
    """How a folder stands to its lock."""

    OK = "ok"
    CHANGED = "changed"
    MISSING = "missing"


class Standing(NamedTuple):
    """One locked policy and how its folder stands to it."""

    entry: Locked
    state: State
    detail: str = ""


def pull(origin: Origin, address: Address, *, to: Path | None, lock: Path, force: bool = False) -> Pulled:
    """Writes a release to `to` (by default a folder of its name beside the lock) and locks it.

    A version that is locked already is taken as it was locked, or not at all. The bytes are held against
    the release's digests before they are written, and read back after. Raises what `take` raises,
    `ChangedFolderError` unless `force`, and `InputRefusedError` for paths.
    """
    known = read_lock(lock)
    taken = take(origin, address, known=known)
    target = to if to is not None else from_lock(taken.facts.slug, lock)
    return place(taken, target, lock, force=force)


def place(taken: Taken, target: Path, lock: Path, *, force: bool) -> Pulled:
    """Writes what was taken to a folder and locks it there; raises as `pull`."""
    known = read_lock(lock)
    entry = _entry(taken, target, lock)
    former = next((other for other in known if other.folder == entry.folder), None)
    if former is not None and former.policy != entry.policy and not force:
        raise InputRefusedError(
            str(target), f"{former.address} is locked there.", "Name another folder with --to."
        )
    written = _place(target, taken, known=former, force=force)
    write_lock(lock, [*(other for other in known if other.folder != entry.folder), entry])
    return Pulled(entry, target, written, taken.notice)


def lock_folders(origin: Origin, folders: Sequence[Path], lock: Path) -> tuple[Locked, ...]:
    """Locks folders that hold a release exactly, whichever commons of the origin and release that is.

    Raises `InputRefusedError` for one that holds none.
    """
    names = [commons.name for commons in origin.commons()]
    made: list[Locked] = []
    for path in folders:
        slug, files = read_policy_folder(path)
        digest = folder_digest(files)
        found = next(_releases_of(origin, names, slug, digest), None)
        if found is None:
            raise InputRefusedError(
                str(path),
                f"it is no release of {', '.join(names[:3]) if len(names) < 4 else origin.place}.",
                "Pull it again, or publish your change first.",
            )
        facts, release = found
        folder = load_folder(facts.slug, files)
        if content_digest(folder) != release.content:
            raise InputRefusedError(
                str(path), "it does not give the content digest of that release.", "Pull it again."
            )
        made.append(_entry(Taken(facts, release, folder, ""), path, lock))
    kept = {entry.folder for entry in made}
    write_lock(lock, [*(other for other in read_lock(lock) if other.folder not in kept), *made])
    return tuple(made)


def locked_policies(lock: Path, policy: str | None = None) -> tuple[Locked, ...]:
    """What is locked: all of it, or what goes by a name, an address or a folder.

    Raises `InputRefusedError` when the lock is missing, is none, or has nothing of that name.
    """
    entries = read_lock(lock)
    if not entries:
        raise InputRefusedError(
            str(lock),
            "no policy is locked here.",
            "`commons pull commons/policy --registry URL` begins one.",
        )
    if policy is None:
        return entries
    wanted = policy.rstrip("/")
    named = tuple(
        entry for entry in entries if wanted in (entry.folder, entry.address, entry.policy, entry.slug)
    )
    if not named:
        have = ", ".join(dict.fromkeys(entry.policy for entry in entries[:12]))
        raise UnknownLockedError(wanted, str(lock), f"Locked are: {have}.")
    return named


class UnknownLockedError(UnknownPolicyError):
    """The lock has no policy of that name (`what`, `place`)."""

    def __init__(self, what: str, place: str, remedy: str) -> None:
        self.place = place
        super().__init__(what, remedy)
        self.args = (f"{what}: not in {place}. {remedy}",)


def standing_of(entry: Locked, lock: Path) -> Standing:
    """Holds a locked folder against its digest. Touches no network."""
    path = from_lock(entry.folder, lock)
    if not path.exists():
        return Standing(entry, State.MISSING, "the folder is not there")
    try:
        files = read_policy_folder(path).files
    except InputRefusedError as error:
        return Standing(entry, State.CHANGED, str(error))
    if folder_digest(files) != entry.digest:
        return Standing(entry, State.CHANGED, "its files are not those of the release")
    return Standing(entry, State.OK)


def _releases_of(
    origin: Origin, names: Sequence[str], slug: str, digest: str
) -> Iterator[tuple[PolicyFacts, Released]]:
    """Releases with this folder digest: of the policy that the folder is named after, else of any."""
    for name in names:
        try:
            facts = origin.policy(name, slug)
        except UnknownPolicyError:
            continue
        yield from ((facts, release) for release in reversed(facts.releases) if release.folder == digest)
    others = [(name, line.slug) for name in names for line in origin.policies(name) if line.slug != slug]
    # Each costs a question; in a large registry a folder must go by its policy's name.
    for name, other in others if len(others) <= _MOST_ASKED else ():
        facts = origin.policy(name, other)
        yield from ((facts, release) for release in reversed(facts.releases) if release.folder == digest)


def _entry(taken: Taken, target: Path, lock: Path) -> Locked:
    licenses = taken.folder.document.policy.meta.licenses
    return Locked(
        address=taken.address,
        source=source_in_lock(taken.facts.source, lock),
        folder=relative_to_lock(target, lock),
        commit=taken.release.commit,
        content=taken.release.content,
        digest=taken.release.folder,
        text_license=licenses.text,
        cases_license=licenses.cases,
    )


def _place(target: Path, taken: Taken, *, known: Locked | None, force: bool) -> bool:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputRefusedError(str(target), "it is no folder.", "Choose another place with --to.")
    wanted = taken.release.folder
    if target.exists() and any(target.iterdir()):
        digest = _digest_of(target)
        if digest == wanted:
            return False
        if not force and (known is None or digest != known.digest):
            raise ChangedFolderError(str(target))
    with replacing(target) as fresh:
        write_files(fresh, taken.folder.files)
        if folder_digest(read_policy_folder(fresh).files) != wanted:
            raise InputRefusedError(
                str(target), "the files read back are not those written.", "Check the disk and try again."
            )
    return True


def _digest_of(folder: Path) -> str | None:
    """The folder's digest; None for one that holds what no release can."""
    try:
        return folder_digest(read_policy_folder(folder).files)
    except InputRefusedError:
        return None
