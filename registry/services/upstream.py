"""What a fork and its origin changed since they were one, brought together. Reads; writes nothing.

A fork says in `upstream` which release it began from, or took over last; that is the base of every merge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from policies.codec import parse_policy, with_front_matter
from policies.conflicts import Choose, Merged
from policies.digest import content_digest
from policies.folder import POLICY_FILE, PolicyFolder
from policies.merge import merge_folders
from policies.model import VersionRef
from registry.services.errors import InputRefusedError
from registry.services.reading import find_release, release_folder
from registry.store.line_merge import merge_lines
from registry.store.repository import Repository


class Upstream(NamedTuple):
    """A release of a fork's origin, read: `policy` is `roost/spam`, `content` its digest."""

    policy: str
    version: str
    commit: str
    content: str
    folder: PolicyFolder

    @property
    def address(self) -> str:
        """With the version: `roost/spam@1.2.0`."""
        return f"{self.policy}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A fork with the release that it began from and the one to take over; `merged` is both together.

    `ahead` says whether the fork changed anything itself.
    """

    ours: PolicyFolder
    base: Upstream
    theirs: Upstream
    merged: Merged
    ahead: bool

    @property
    def is_current(self) -> bool:
        """Whether the origin has nothing new."""
        return self.base.content == self.theirs.content


def began_from(ours: PolicyFolder, place: str) -> VersionRef:
    """The release that a fork began from. Raises `InputRefusedError` for what is no fork, naming `place`."""
    began = ours.document.policy.meta.upstream
    if began is None or (began.version is None and began.commit is None):
        raise InputRefusedError(
            f"{place}: upstream",
            "it does not say which release this began from.",
            "Make forks with `commons fork`, or add upstream: {policy: roost/spam, version: 1.2.0}.",
        )
    return began


def release_here(repository: Repository, slug: str, version: str | None = None) -> Upstream:
    """A release of a commons at hand, by version or commit, by default the newest.

    Raises `UnknownPolicyError`.
    """
    state = repository.state()
    release = find_release(state, slug, version)
    commit, content = state.current_commit(release.commit), state.current_content(release.content)
    folder = release_folder(repository, release)
    return Upstream(f"{state.name}/{slug}", release.version, commit, content, folder)


def bring_together(ours: PolicyFolder, base: Upstream, theirs: Upstream, choose: Choose) -> Behind:
    """Both together. Raises `MalformedPolicyError` where that would be no policy."""
    merged = merge_folders(base.folder, ours, theirs.folder, merge_text=merge_lines, choose=choose)
    return Behind(
        ours=ours, base=base, theirs=theirs, merged=merged, ahead=content_digest(ours) != base.content
    )


def with_origin(files: Mapping[str, bytes], release: Upstream) -> dict[str, bytes]:
    """The files, which say that they have all of this release."""
    upstream = {"policy": release.policy, "version": release.version, "commit": release.commit}
    document = with_front_matter(parse_policy(files[POLICY_FILE]), {"upstream": upstream})
    return {**files, POLICY_FILE: document.raw}
