"""The forks of a policy: how each stands to the release that it began from, and to the newest. Reads."""

from __future__ import annotations

from typing import NamedTuple

from policies.digest import content_digest
from policies.errors import PolicyError
from registry.index.entries import PolicyEntry
from registry.services.errors import ServiceError
from registry.services.notices import notice_between
from registry.services.reading import find_policy, find_release
from registry.store.errors import StoreError
from registry.web.visit import Visit, Visits

MOST = 50
"""Forks that a page lists; each is looked into for what it changed."""


class Fork(NamedTuple):
    """A policy that began from another. `began` is the version; `behind` counts releases since then.

    `headline` says what it changed since, None where it changed nothing; both are None where that cannot be
    told, and `told` says so.
    """

    entry: PolicyEntry
    began: str | None
    behind: int | None
    headline: str | None
    told: bool


def forks_of(visits: Visits, visit: Visit, slug: str) -> tuple[list[Fork], int]:
    """The first of them by address, and how many there are."""
    entries = visits.index.forks(visit.name, slug)
    return [_fork(visits, visit, slug, entry) for entry in entries[:MOST]], len(entries)


def _fork(visits: Visits, visit: Visit, slug: str, entry: PolicyEntry) -> Fork:
    try:
        theirs = visits.to(entry.commons)
        folder = theirs.folder(find_release(theirs.state, entry.slug))
        began = folder.document.policy.meta.upstream
        if began is None:
            return Fork(entry, None, None, None, told=False)
        release = find_release(visit.state, slug, began.version or began.commit)
        versions = [one.version for one in find_policy(visit.state, slug).releases]
        behind = len(versions) - 1 - versions.index(release.version)
        base = visit.folder(release)
        if content_digest(base) == content_digest(folder):
            return Fork(entry, release.version, behind, None, told=True)
        return Fork(entry, release.version, behind, notice_between(base, folder).headline, told=True)
    except (StoreError, ServiceError, PolicyError):
        return Fork(entry, None, None, None, told=False)
