"""Forks a policy into a folder of one's own, and takes over what its origin changed since.

A fork says in `upstream` which release it began from; that is the base of every later merge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from policies.codec import parse_policy, with_front_matter
from policies.digest import content_digest
from policies.folder import POLICY_FILE, PolicyFolder, load_folder
from policies.merge import Choose, Merged, merge_folders
from policies.names import Address, check_slug, parse_address
from registry.services.errors import InputRefusedError
from registry.services.folders import read_policy_folder, replacing, write_files
from registry.services.found import found_whole
from registry.services.opening import open_commons
from registry.services.origin import Origin
from registry.services.publish import PublishedPolicy, publish
from registry.services.reading import find_release, release_folder
from registry.services.taking import Taken, take
from registry.store.line_merge import merge_lines
from registry.store.repository import Repository


class Forked(NamedTuple):
    """A new folder, and the release that it began from."""

    folder: Path
    taken: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A fork with the release that it began from and the one to take over; `merged` is both together.

    `ahead` says whether the fork changed anything itself.
    """

    path: Path
    ours: PolicyFolder
    base: Taken
    theirs: Taken
    merged: Merged
    ahead: bool

    @property
    def is_current(self) -> bool:
        """Whether the origin has nothing new."""
        return self.base.release.content == self.theirs.release.content


def fork(origin: Origin, address: Address, target: Path) -> Forked:
    """Writes a release into a new folder, which says where it came from.

    Raises what `take` raises, and `InputRefusedError` for a folder that is there already.
    """
    slug = check_slug(target.absolute().name)
    if target.exists() or target.is_symlink():
        raise InputRefusedError(
            str(target), "something is there already.", "Name another folder: it names the policy."
        )
    taken = take(origin, address)
    files = _with_origin(taken.folder.files, taken)
    load_folder(slug, files)
    with replacing(target) as fresh:
        write_files(fresh, files)
    return Forked(target, taken)


def fork_here(source: Repository, slug: str, target: Path, *, actor: str) -> PublishedPolicy:
    """Releases a policy's newest release in somebody's own commons beside `source`, as where it began.

    That commons, `~actor` at `target`, is founded if it is not there. Raises `UnknownPolicyError`,
    `InputRefusedError` where it has a policy of this name already, and what publishing raises.
    """
    state = source.state()
    release = find_release(state, slug)
    upstream = {
        "policy": f"{state.name}/{slug}",
        "version": release.version,
        "commit": state.current_commit(release.commit),
    }
    folder = release_folder(source, release)
    document = with_front_matter(folder.document, {"upstream": upstream})
    with _own_commons(target, actor) as own:
        name = own.state().name
        if name == state.name or slug in own.state().policies:
            raise InputRefusedError(
                f"{name}/{slug}",
                "you have a policy of this name already.",
                "Change that one, or take over what changed here with `commons sync`.",
            )
        return publish(own, slug, {**folder.files, POLICY_FILE: document.raw}, actor=actor)


def _own_commons(target: Path, owner: str) -> Repository:
    """Somebody's own commons, open; founded where it is not there."""
    found_whole(target, founder=owner, name=f"~{owner}")
    return open_commons(target)


def look_upstream(origin: Origin, path: Path, *, version: str | None = None, choose: Choose) -> Behind:
    """What taking over the origin's newest release, or `version`, comes to. Writes nothing.

    Raises `InputRefusedError` for a folder that is no fork, and what `take` and merging raise.
    """
    slug, files = read_policy_folder(path)
    ours = load_folder(slug, files)
    began = ours.document.policy.meta.upstream
    if began is None or (began.version is None and began.commit is None):
        raise InputRefusedError(
            f"{path / POLICY_FILE}: upstream",
            "it does not say which release this began from.",
            "Make forks with `commons fork`, or add upstream: {policy: roost/spam, version: 1.2.0}.",
        )
    address = parse_address(began.policy)
    # The commit says it exactly; a version that was redacted since has another one.
    base = take(origin, _at(address, began.version or began.commit))
    theirs = take(origin, _at(address, version))
    merged = merge_folders(base.folder, ours, theirs.folder, merge_text=merge_lines, choose=choose)
    ahead = content_digest(ours) != base.release.content
    return Behind(path=path, ours=ours, base=base, theirs=theirs, merged=merged, ahead=ahead)


def take_over(behind: Behind) -> None:
    """Writes the merged folder in the place of the fork.

    Raises `InputRefusedError` while a conflict is open, and when the folder changed since it was read.
    """
    merged = behind.merged.files
    if merged is None:
        raise InputRefusedError(
            str(behind.path), "conflicts are not decided.", "Say whose version of each place stands."
        )
    files = _with_origin(merged, behind.theirs)
    load_folder(behind.ours.slug, files)
    _, now = read_policy_folder(behind.path)
    if dict(now) != dict(behind.ours.files):
        raise InputRefusedError(str(behind.path), "it changed meanwhile.", "Run the command again.")
    with replacing(behind.path) as fresh:
        write_files(fresh, files)


def _with_origin(files: Mapping[str, bytes], taken: Taken) -> dict[str, bytes]:
    release = taken.release
    upstream = {
        "policy": f"{taken.facts.commons}/{taken.facts.slug}",
        "version": release.version,
        "commit": release.commit,
    }
    document = with_front_matter(parse_policy(files[POLICY_FILE]), {"upstream": upstream})
    return {**files, POLICY_FILE: document.raw}


def _at(address: Address, version: str | None) -> Address:
    return Address(commons=address.commons, slug=address.slug, version=version)
