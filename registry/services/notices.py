"""What a release says to those who use the one before it. Reads; changes nothing."""

from __future__ import annotations

from governance.commons import Commons
from governance.payloads import Release
from policies.diff import diff_folders
from policies.folder import PolicyFolder
from policies.notice import Notice, notice_of
from registry.services.reading import find_policy, release_folder
from registry.store.repository import Repository


def release_notice(repository: Repository, state: Commons, release: Release) -> Notice:
    """The notice of `release` against the release before it, or as a first release.

    Raises `UnknownPolicyError`, and what reading a damaged or unreadable version raises.
    """
    before = previous_release(state, release)
    old = release_folder(repository, before) if before else None
    return notice_between(old, release_folder(repository, release))


def notice_between(old: PolicyFolder | None, new: PolicyFolder) -> Notice:
    """The notice of whatever changed from `old` to `new`; None stands for nothing before."""
    return notice_of(diff_folders(old, new), old, new)


def previous_release(state: Commons, release: Release) -> Release | None:
    """The release before this one, or None for the first."""
    releases = find_policy(state, release.slug).releases
    place = next(index for index, item in enumerate(releases) if item.version == release.version)
    return releases[place - 1] if place else None
