"""A policy as the index lists it, in the API's words. Touches nothing."""

from __future__ import annotations

from registry.index.entries import PolicyEntry
from registry.web.shapes.base import moment
from registry.web.shapes.policies import (
    LabelShape,
    LicencesShape,
    PolicySummary,
    policy_url,
)


def summary_of(entry: PolicyEntry) -> PolicySummary:
    """A policy at its latest version."""
    return PolicySummary(
        address=entry.address,
        slug=entry.slug,
        title=entry.title,
        summary=entry.summary,
        version=entry.version,
        status=entry.status,
        language=entry.language,
        labels=tuple(
            LabelShape(
                code=label.code,
                title=label.title,
                violates=label.violates,
                severity=label.severity,
                handling=label.handling,
            )
            for label in entry.labels
        ),
        licences=LicencesShape(text=entry.licence_text, cases=entry.licence_cases),
        tested=entry.tested,
        url=policy_url(entry.commons, entry.slug),
        page=f"/{entry.address}",
        serial=entry.serial,
        updated_at=moment(entry.updated_at),
    )
