"""What a policy was made from, its translations, and how far each is behind its original."""

from __future__ import annotations

from typing import NamedTuple

from governance.payloads import Release
from policies.model import VersionRef
from registry.index.entries import PolicyEntry
from registry.services.errors import UnknownPolicyError
from registry.services.reading import find_release
from registry.web.visit import Visit, Visits

MOST = 50
"""Translations that a page lists; each is looked into for the version that it was made from."""


class Original(NamedTuple):
    """What a policy was translated or forked from. `page` is None when that is not served here.

    `behind` counts the releases of the original since then; None when it cannot be told.
    """

    address: str
    version: str | None
    page: str | None
    title: str | None
    latest: str | None
    behind: int | None


class Translation(NamedTuple):
    """A translation of a policy, with the version that it was made from, where that is known."""

    page: str
    title: str
    language: str
    version: str | None
    behind: int | None


def original_of(visits: Visits, reference: VersionRef | None) -> Original | None:
    """What a policy says that it was made from, if it says so."""
    if reference is None:
        return None
    unknown = Original(reference.policy, reference.version, None, None, None, None)
    resolved = visits.catalogue.resolve(reference.policy.split("/"))
    if resolved is None or len(resolved.rest) != 1:
        return unknown
    visit = visits.to(resolved.name)
    try:
        latest = find_release(visit.state, resolved.rest[0])
    except UnknownPolicyError:
        return unknown
    return Original(
        address=reference.policy,
        version=reference.version,
        page=f"/{reference.policy}",
        title=visit.meta(latest).title,
        latest=latest.version,
        behind=_behind(visit, latest, reference.version),
    )


def translations_of(visits: Visits, visit: Visit, slug: str) -> tuple[Translation, ...]:
    """The translations of a policy, in whichever commons they are, by language.

    How far one is behind is told of those in the same commons: another is not opened for it, since it
    may be damaged or just gone.
    """
    found = visits.index.translations(visit.name, slug)[:MOST]
    return tuple(_translation(entry, visit, slug) for entry in found)


def _translation(entry: PolicyEntry, visit: Visit, slug: str) -> Translation:
    policy = visit.state.policies.get(entry.slug) if entry.commons == visit.name else None
    reference = visit.meta(policy.latest).translation_of if policy else None
    version = reference.version if reference else None
    return Translation(
        page=f"/{entry.address}",
        title=entry.title,
        language=entry.language,
        version=version,
        behind=_behind(visit, visit.state.policies[slug].latest, version),
    )


def _behind(visit: Visit, latest: Release, version: str | None) -> int | None:
    released = [item.version for item in visit.state.policies[latest.slug].releases]
    return len(released) - 1 - released.index(version) if version in released else None
