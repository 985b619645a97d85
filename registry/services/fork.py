"""Forks a policy into a folder of one's own, and takes over what its origin changed since.

A fork says in `upstream` which release it began from; that is the base of every later merge.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from policies.conflicts import Choose
from policies.folder import POLICY_FILE, load_folder
from policies.names import Address, check_slug, parse_address
from registry.services.errors import InputRefusedError
from registry.services.folders import read_policy_folder, replacing, write_files
from registry.services.found import found_whole
from registry.services.opening import open_commons
from registry.services.origin import Origin
from registry.services.publish import PublishedPolicy, publish
from registry.services.taking import Taken, take
from registry.services.upstream import Behind, Upstream, began_from, bring_together, release_here, with_origin
from registry.store.repository import Repository


class Forked(NamedTuple):
    """A new folder, and the release that it began from."""

    folder: Path
    taken: Taken


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
    files = with_origin(taken.folder.files, _release(taken))
    load_folder(slug, files)
    with replacing(target) as fresh:
        write_files(fresh, files)
    return Forked(target, taken)


def fork_here(source: Repository, slug: str, target: Path, *, actor: str) -> PublishedPolicy:
    """Releases a policy's newest release in somebody's own commons beside `source`, as where it began.

    That commons, `~actor` at `target`, is founded if it is not there. Raises `UnknownPolicyError`,
    `InputRefusedError` where it has a policy of this name already, and what publishing raises.
    """
    origin = release_here(source, slug)
    files = with_origin(origin.folder.files, origin)
    with _own_commons(target, actor) as own:
        name = own.state().name
        if f"{name}/{slug}" == origin.policy or slug in own.state().policies:
            raise InputRefusedError(
                f"{name}/{slug}",
                "you have a policy of this name already.",
                "Change that one; if it is a fork, its page takes over what changed here.",
            )
        return publish(own, slug, files, actor=actor)


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
    began = began_from(ours, str(path / POLICY_FILE))
    address = parse_address(began.policy)
    # The commit says it exactly; a version that was redacted since has another one.
    base = take(origin, _at(address, began.version or began.commit))
    theirs = take(origin, _at(address, version))
    return bring_together(ours, _release(base), _release(theirs), choose)


def take_over(path: Path, behind: Behind) -> None:
    """Writes the merged folder in the place of the fork.

    Raises `InputRefusedError` while a conflict is open, and when the folder changed since it was read.
    """
    merged = behind.merged.files
    if merged is None:
        raise InputRefusedError(
            str(path), "conflicts are not decided.", "Say whose version of each place stands."
        )
    files = with_origin(merged, behind.theirs)
    load_folder(behind.ours.slug, files)
    _, now = read_policy_folder(path)
    if dict(now) != dict(behind.ours.files):
        raise InputRefusedError(str(path), "it changed meanwhile.", "Run the command again.")
    with replacing(path) as fresh:
        write_files(fresh, files)


def _release(taken: Taken) -> Upstream:
    release = taken.release
    policy = f"{taken.facts.commons}/{taken.facts.slug}"
    return Upstream(policy, release.version, release.commit, release.content, taken.folder)


def _at(address: Address, version: str | None) -> Address:
    return Address(commons=address.commons, slug=address.slug, version=version)
