"""The versions of a policy as its page lists them: each with what it changes. Reads through a visit."""

from __future__ import annotations

from typing import NamedTuple

from governance.commons import PolicyState
from governance.payloads import Release
from policies.versions import Change
from registry.web.differences import readable_notice
from registry.web.shapes.policies import version_shape
from registry.web.visit import Visit

TOLD = 20
"""Newest versions whose notice stands on the page; making one reads two versions."""


UNREADABLE = "What changed cannot be said: this version or the one before it cannot be read."


class ListedVersion(NamedTuple):
    """A version with the headline and kind of its notice, and the number of the version before it.

    `headline` is None for versions further back than `TOLD`.
    """

    version: str
    released_at: str
    latest: bool
    commit: str
    page: str
    kind: Change | None
    headline: str | None
    withdrawn: bool
    before: str | None


def listed_versions(visit: Visit, policy: PolicyState) -> list[ListedVersion]:
    """All versions, newest first."""
    releases = policy.releases
    return [
        _listed(
            visit, policy, release, releases[place - 1] if place else None, told=len(releases) - place <= TOLD
        )
        for place, release in reversed(list(enumerate(releases)))
    ]


def _listed(
    visit: Visit, policy: PolicyState, release: Release, before: Release | None, *, told: bool
) -> ListedVersion:
    shape = version_shape(visit, policy, release)
    notice = readable_notice(visit, release) if told else None
    return ListedVersion(
        version=shape.version,
        released_at=shape.released_at,
        latest=shape.latest,
        commit=shape.commit,
        page=shape.page,
        kind=notice.kind if notice else None,
        headline=notice.headline if notice else UNREADABLE if told else None,
        withdrawn=shape.withdrawn is not None,
        before=before.version if before else None,
    )
