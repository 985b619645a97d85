"""A policy as pages list it: a card, made from the index alone. Reads nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from registry.index.entries import LabelEntry, PolicyEntry
from registry.web.shapes.base import moment

LABELS = 8
"""Labels on a card; the policy's own page has all."""


class Original(NamedTuple):
    """What a policy is a translation of; `page` is None when that is not served here."""

    title: str
    page: str | None


class Card(NamedTuple):
    """What a card shows. `more_labels` counts those that it leaves out."""

    address: str
    page: str
    title: str
    summary: str
    version: str
    status: str
    language: str
    labels: tuple[LabelEntry, ...]
    more_labels: int
    licence: str | None
    tested: bool
    warnings: tuple[str, ...]
    original: Original | None
    updated_at: str


Look = Callable[[str, str], PolicyEntry | None]
"""Finds a policy by its commons and slug."""


def cards(entries: Iterable[PolicyEntry], look: Look) -> list[Card]:
    """A card for each policy, in the same order."""
    return [_card(entry, look) for entry in entries]


def _card(entry: PolicyEntry, look: Look) -> Card:
    return Card(
        address=entry.address,
        page=f"/{entry.address}",
        title=entry.title,
        summary=entry.summary,
        version=entry.version,
        status=entry.status,
        language=entry.language,
        labels=entry.labels[:LABELS],
        more_labels=max(0, len(entry.labels) - LABELS),
        licence=entry.licence_text,
        tested=entry.tested,
        warnings=entry.warnings,
        original=_original(entry.translation_of, look) if entry.translation_of else None,
        updated_at=moment(entry.updated_at),
    )


def _original(stated: str, look: Look) -> Original:
    address = stated.partition("@")[0]
    commons, _, slug = address.rpartition("/")
    found = look(commons, slug) if commons else None
    return Original(title=found.title if found else address, page=f"/{address}" if found else None)
