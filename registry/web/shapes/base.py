"""The base of every type at the edge, and what lists share. Touches nothing."""

from __future__ import annotations

import time
from typing import Annotated, Generic, TypeVar

import msgspec

Item = TypeVar("Item")

SHOWN = "x-shown"
"""Marks a field that may be left out, and that the documentation's example has all the same."""

Moment = Annotated[str, msgspec.Meta(description="UTC, ISO 8601.", examples=["2026-03-01T09:30:00Z"])]
Digest = Annotated[str, msgspec.Meta(description="SHA-256, 64 hex digits.", examples=["9f86d081" * 8])]
Commit = Annotated[
    str, msgspec.Meta(description="Git commit id, 40 hex digits.", examples=["1f7a9c3d2e" * 4])
]
Address = Annotated[str, msgspec.Meta(description="Where a policy is.", examples=["starter/spam"])]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Immutable, and an unknown field is an error."""


class Page(Shape, Generic[Item], frozen=True):
    """One page of a list. `next` is the cursor of the page after, null on the last one."""

    items: tuple[Item, ...]
    total: Annotated[int, msgspec.Meta(description="How many there are on all pages.")]
    next: Annotated[str | None, msgspec.Meta(description="Pass it as `cursor`.")] = None


def moment(at: int) -> str:
    """UTC seconds since 1970 in ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
