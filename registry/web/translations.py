"""Which policies are translations of which, and how far each is behind its original."""

from __future__ import annotations

from typing import NamedTuple

from governance.payloads import Release
from policies.model import Meta
from registry.services.errors import UnknownPolicyError
from registry.services.reading import find_release
from registry.web.visit import Visit, Visits

MOST_POLICIES = 1_000
"""In a larger commons, translations of a policy are not looked for: that takes an index."""


class Original(NamedTuple):
    """What a policy was translated from. `page` is None when that is not served here.

    `behind` counts the releases of the original since then; None when it cannot be told.
    """

    address: str
    version: str | None
    page: str | None
    title: str | None
    latest: str | None
    behind: int | None


class Translation(NamedTuple):
    """A translation of a policy, with the version that it was made from."""

    page: str
    title: str
    language: str
    version: str | None
    behind: int | None


def original_of(visits: Visits, meta: Meta) -> Original | None:
    """What a policy was translated from, if it is a translation."""
    reference = meta.translation_of
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


def translations_of(visit: Visit, slug: str) -> tuple[Translation, ...]:
    """The translations of a policy within its own commons."""
    if len(visit.state.policies) > MOST_POLICIES:
        return ()
    found: list[Translation] = []
    for policy in visit.state.policies.values():
        meta = visit.meta(policy.latest)
        reference = meta.translation_of
        if reference is not None and reference.policy == f"{visit.name}/{slug}":
            latest = visit.state.policies[slug].latest
            found.append(
                Translation(
                    page=f"/{visit.name}/{policy.slug}",
                    title=meta.title,
                    language=meta.language,
                    version=reference.version,
                    behind=_behind(visit, latest, reference.version),
                )
            )
    return tuple(sorted(found))


def _behind(visit: Visit, latest: Release, version: str | None) -> int | None:
    released = [item.version for item in visit.state.policies[latest.slug].releases]
    return len(released) - 1 - released.index(version) if version in released else None
