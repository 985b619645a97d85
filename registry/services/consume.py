"""Pulls released policies into a project, and holds what was pulled against its lock."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from governance.commons import Commons
from governance.payloads import Release
from policies.digest import content_digest, folder_digest
from policies.folder import PolicyFolder, load_folder
from registry.services.errors import InputRefusedError, ServiceError
from registry.services.folders import read_policy_folder, replacing, write_files
from registry.services.lockfile import Locked, from_lock, read_lock, relative_to_lock, write_lock
from registry.services.opening import open_commons
from registry.services.reading import find_release, release_files
from registry.store.errors import CorruptObjectError, StoreError
from registry.store.repository import Repository


class ChangedFolderError(ServiceError):
    """A folder holds something else than the lock says; pulling over it would lose that."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"{place}: it holds changes that no release has. Move it away, or pull with --force to lose them."
        )


class Pulled(NamedTuple):
    """What was pulled; `written` is False when the folder held exactly that already."""

    entry: Locked
    folder: Path
    written: bool


class State(StrEnum):
    """How a folder stands to its lock."""

    OK = "ok"
    CHANGED = "changed"
    MISSING = "missing"


class Checked(NamedTuple):
    """One locked policy, looked at.

    `newer` is the latest version when that is another, `notice` what else its user should know.
    """

    entry: Locked
    state: State
    detail: str = ""
    newer: str | None = None
    notice: str = ""


def pull(
    repository: Repository,
    slug: str,
    version: str | None,
    *,
    to: Path | None,
    lock: Path,
    force: bool = False,
) -> Pulled:
    """Writes a release to `to` (by default a folder of its name beside the lock) and locks it.

    The bytes are held against the digests of the log before they are written, and read back after.
    Raises `UnknownPolicyError`, `ChangedFolderError` unless `force`, `CorruptObjectError` when the
    repository's bytes are not those of the release, and `InputRefusedError` for paths.
    """
    state = repository.state()
    release = find_release(state, slug, version)
    files = release_files(repository, release)
    folder = _checked(release, files)
    target = to if to is not None else from_lock(slug, lock)
    entry = _entry(repository.path, state, release, folder, target, lock)
    known = read_lock(lock)
    written = _place(target, files, release, known=_of_folder(known, entry.folder), force=force)
    write_lock(lock, [*(other for other in known if other.folder != entry.folder), entry])
    return Pulled(entry, target, written)


def lock_folders(repository: Repository, folders: Sequence[Path], lock: Path) -> tuple[Locked, ...]:
    """Locks folders that hold a release of this commons exactly, whichever release that is.

    Raises `InputRefusedError` for one that holds none of them.
    """
    state = repository.state()
    made: list[Locked] = []
    for path in folders:
        slug, files = read_policy_folder(path)
        digest = folder_digest(files)
        policies = [state.policies[slug]] if slug in state.policies else list(state.policies.values())
        found = [item for policy in policies for item in policy.releases if item.folder == digest]
        if not found:
            raise InputRefusedError(
                str(path),
                f"it is no release of {state.name}.",
                "Pull it again, or publish your change first.",
            )
        made.append(_entry(repository.path, state, found[-1], _checked(found[-1], files), path, lock))
    kept = {entry.folder for entry in made}
    write_lock(lock, [*(other for other in read_lock(lock) if other.folder not in kept), *made])
    return tuple(made)


def check_lock(lock: Path) -> tuple[Checked, ...]:
    """Holds every locked folder against its digests, and asks its commons for a newer release.

    A commons that is not there is no failure: the digests stand in the lock. Raises
    `InputRefusedError` when the lock is missing or is none.
    """
    entries = read_lock(lock)
    if not entries:
        raise InputRefusedError(
            str(lock), "no policy is locked here.", "`commons pull REPOSITORY POLICY` begins one."
        )
    return tuple(_checked_entry(entry, lock) for entry in entries)


def _checked(release: Release, files: dict[str, bytes]) -> PolicyFolder:
    folder = load_folder(release.slug, files)
    if folder_digest(files) != release.folder or content_digest(folder) != release.content:
        raise CorruptObjectError(
            release.commit, f"{release.slug} {release.version} does not give its recorded digests."
        )
    return folder


def _entry(
    repository: Path, state: Commons, release: Release, folder: PolicyFolder, target: Path, lock: Path
) -> Locked:
    licenses = folder.document.policy.meta.licenses
    return Locked(
        address=f"{state.name}/{release.slug}@{release.version}",
        repository=relative_to_lock(repository, lock),
        folder=relative_to_lock(target, lock),
        commit=release.commit,
        content=release.content,
        digest=release.folder,
        text_license=licenses.text,
        cases_license=licenses.cases,
    )


def _place(
    target: Path, files: dict[str, bytes], release: Release, *, known: Locked | None, force: bool
) -> bool:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputRefusedError(str(target), "it is no folder.", "Choose another place with --to.")
    if target.exists() and any(target.iterdir()):
        digest = _digest_of(target)
        if digest == release.folder:
            return False
        if not force and (known is None or digest != known.digest):
            raise ChangedFolderError(str(target))
    with replacing(target) as fresh:
        write_files(fresh, files)
        if folder_digest(read_policy_folder(fresh).files) != release.folder:
            raise CorruptObjectError(release.commit, "the files read back are not those written.")
    return True


def _digest_of(folder: Path) -> str | None:
    """The folder's digest; None for one that holds what no release can."""
    try:
        return folder_digest(read_policy_folder(folder).files)
    except InputRefusedError:
        return None


def _of_folder(entries: Sequence[Locked], folder: str) -> Locked | None:
    return next((entry for entry in entries if entry.folder == folder), None)


def _checked_entry(entry: Locked, lock: Path) -> Checked:
    path = from_lock(entry.folder, lock)
    newer, notice = _news(entry, lock)
    if not path.exists():
        return Checked(entry, State.MISSING, "the folder is not there", newer, notice)
    try:
        files = read_policy_folder(path).files
    except InputRefusedError as error:
        return Checked(entry, State.CHANGED, str(error), newer, notice)
    if folder_digest(files) != entry.digest:
        return Checked(entry, State.CHANGED, "its files are not those of the release", newer, notice)
    return Checked(entry, State.OK, "", newer, notice)


def _news(entry: Locked, lock: Path) -> tuple[str | None, str]:
    """A newer version, and whether the locked one is still what it was."""
    try:
        with open_commons(from_lock(entry.repository, lock), processes=1) as repository:
            state = repository.state()
            policy = state.policies.get(entry.slug)
            if policy is None:
                return None, f"{state.name} no longer has it"
            release = policy.release(entry.version)
            notice = ""
            if release is None or release.folder != entry.digest:
                notice = "parts of this release were redacted since: pull it again"
            latest = policy.latest.version
            return (None if latest == entry.version else latest), notice
    except StoreError:
        return None, f"{entry.repository} could not be read, so nothing is known of newer releases"
