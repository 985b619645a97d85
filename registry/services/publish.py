"""Publishes a policy folder as the owner: the next version, at once (mode `owner`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Published, Release
from policies.diff import diff_folders
from policies.digest import content_digest
from policies.findings import Finding, errors_in
from policies.folder import PolicyFolder, load_folder
from policies.lint import lint_folder
from policies.names import check_slug
from policies.versions import Change as VersionChange
from policies.versions import next_version
from registry.services.acting import Guard, act, whatever
from registry.services.errors import (
    ChangeTooSmallError,
    LintRefusedError,
    NothingChangedError,
)
from registry.services.follow_record import refuse_following
from registry.services.reading import release_folder
from registry.services.releasing import place_releases, refuse_blocked, renumbered
from registry.store.blocklist import read_blocked
from registry.store.objects import Change
from registry.store.repository import Acted, Repository

FIRST = "first"
"""What a first release says of its change: there is nothing that it could differ from."""


class PublishedPolicy(NamedTuple):
    """What was released, and what lint still says of it (warnings do not block).

    `change` is `first`, `major`, `minor` or `patch`.
    """

    release: Release
    change: str
    findings: tuple[Finding, ...]
    acted: Acted


def publish(
    repository: Repository,
    slug: str,
    files: Mapping[str, bytes],
    *,
    actor: str,
    change: VersionChange | None = None,
    guard: Guard = whatever,
) -> PublishedPolicy:
    """Releases a folder. The version number is given here: the author declares what kind of change it is.

    A first release keeps the number in its front matter. Without `change`, the least that the
    difference asks for is taken. Raises `LintRefusedError`, `NothingChangedError`,
    `ChangeTooSmallError`, `BlockedContentError`, and what `guard` and the rules (`RefusedError`) refuse.
    """
    check_slug(slug)
    refuse_following(repository.path, slug)
    siblings = tuple(name for name in repository.state().policies if name != slug)
    findings = lint_folder(slug, files, siblings=siblings)
    if blocking := errors_in(findings):
        raise LintRefusedError(slug, blocking)
    folder = load_folder(slug, files)
    made: list[tuple[Release, str]] = []

    def decide(state: Commons | None, objects: Change, at: int) -> Draft:
        assert state is not None
        guard(state)
        # Looked up here, since a redaction may be recorded until the lock is ours.
        refuse_blocked(slug, files, read_blocked(repository.paths.blocked))
        version, kind = _next(repository, state, folder, change)
        placed = place_releases(
            repository.reader,
            objects,
            state,
            [renumbered(folder, version)],
            actor=actor,
            at=at,
            message=f"Publish {slug} {version} ({kind})",
        )
        made[:] = [(placed.releases[0], kind)]
        payload = Published(release=placed.releases[0], change=kind, mode="owner")
        return Draft(type="published", actor=actor, payload=payload, moves=placed.moves)

    acted = act(repository, decide)
    release, kind = made[0]
    return PublishedPolicy(release, kind, findings, acted)


def _next(
    repository: Repository, state: Commons, folder: PolicyFolder, declared: VersionChange | None
) -> tuple[str, str]:
    policy = state.policies.get(folder.slug)
    if policy is None:
        return folder.document.policy.meta.version, FIRST
    before = release_folder(repository, policy.latest)
    # A fork that takes nothing over has still looked at another release of its origin.
    began = [one.document.policy.meta.upstream for one in (before, folder)]
    same = content_digest(folder) == state.current_content(policy.latest.content)
    if same and (began[1] is None or began[0] == began[1]):
        raise NothingChangedError(folder.slug, policy.latest.version)
    least = diff_folders(before, folder).least_change
    chosen = declared or least
    if chosen.weight < least.weight:
        why = {
            VersionChange.MAJOR: "the label schema changed",
            VersionChange.MINOR: "sections or cases were added, removed or relabelled",
        }[least]
        raise ChangeTooSmallError(folder.slug, chosen.value, least.value, why)
    return next_version(policy.latest.version, chosen), chosen.value
