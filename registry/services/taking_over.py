"""Takes over what the origin of a fork changed, both at hand: as the next version, or as a proposal.

Looked at first: the fork and the release of its origin that somebody saw are the ones that count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from governance.charter.model import Mode
from governance.commons import Commons
from policies.conflicts import Choose
from policies.digest import folder_digest
from registry.services.acting import Guard
from registry.services.errors import InputRefusedError, OvertakenError
from registry.services.propose import Opened, propose
from registry.services.publish import PublishedPolicy, publish
from registry.services.reading import find_policy, find_release, release_folder
from registry.services.revisions import Draft
from registry.services.upstream import Behind, began_from, bring_together, release_here, with_origin
from registry.store.repository import Repository


class Standing(NamedTuple):
    """A fork at its newest version beside its origin; `releases` are the origin's since, oldest first."""

    version: str
    behind: Behind
    releases: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to take over."""
        return not self.releases

    @property
    def mark(self) -> str:
        """Which fork and which release of its origin these are: another one when either moved."""
        return f"{folder_digest(self.behind.ours.files)}.{self.behind.theirs.commit}"


def origin_of(repository: Repository, slug: str) -> str:
    """The address of what a policy began from. Raises `UnknownPolicyError`, `InputRefusedError`."""
    release = find_release(repository.state(), slug)
    return began_from(release_folder(repository, release), slug).policy


def look_beside(own: Repository, slug: str, origin: Repository, source: str, *, choose: Choose) -> Standing:
    """What taking over the newest release of the origin comes to. Writes nothing.

    A withdrawn release is passed over. Raises `UnknownPolicyError`, `InputRefusedError` for what is no fork,
    and `MalformedPolicyError` where both together would be no policy.
    """
    release = find_release(own.state(), slug)
    ours = release_folder(own, release)
    began = began_from(ours, slug)
    base = release_here(origin, source, began.version or began.commit)
    since = _since(origin.state(), source, base.version)
    theirs = release_here(origin, source, since[-1]) if since else base
    return Standing(release.version, bring_together(ours, base, theirs, choose), since)


def decides_alone(state: Commons, handle: str) -> bool:
    """Whether somebody releases here without asking anybody."""
    return state.mode is Mode.OWNER and handle in state.stewards


def files_over(standing: Standing) -> dict[str, bytes]:
    """The fork with everything taken over. Raises `InputRefusedError` while a conflict is open."""
    merged: Mapping[str, bytes] | None = standing.behind.merged.files
    if merged is None:
        raise InputRefusedError(
            standing.behind.ours.slug, "conflicts are not decided.", "Say whose version of each place stands."
        )
    return with_origin(merged, standing.behind.theirs)


def publish_over(own: Repository, standing: Standing, *, actor: str) -> PublishedPolicy:
    """Releases it as the next version. Raises `OvertakenError`, and what publishing raises."""
    slug = standing.behind.ours.slug
    return publish(own, slug, files_over(standing), actor=actor, guard=_still(standing))


def propose_over(
    own: Repository, standing: Standing, *, actor: str, title: str, reason: str | None = None
) -> Opened:
    """Proposes it, where changes are decided together. Raises `OvertakenError`, and what proposing raises."""
    draft = Draft(folders={standing.behind.ours.slug: files_over(standing)})
    return propose(own, draft, title=title, reason=reason, actor=actor, guard=_still(standing))


def _still(standing: Standing) -> Guard:
    slug, files = standing.behind.ours.slug, standing.behind.ours.files

    def guard(state: Commons) -> None:
        if find_policy(state, slug).latest.folder != folder_digest(files):
            raise OvertakenError(f"{state.name}/{slug}")

    return guard


def _since(state: Commons, slug: str, version: str) -> tuple[str, ...]:
    """The releases after one that may be used."""
    versions = [release.version for release in find_policy(state, slug).releases]
    later = versions[versions.index(version) + 1 :]
    gone = {
        one for one in later if (found := state.withdrawn.get(f"{slug}@{one}")) and found.since is not None
    }
    return tuple(one for one in later if one not in gone)
