"""What the index gives out. Values only: tables never leave this package."""

from __future__ import annotations

import msgspec


class LabelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A label of the schema."""

    code: str
    title: str
    violates: bool
    severity: int | None = None
    handling: str | None = None


class PolicyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A policy at its latest release, as lists and search results show it.

    `serial` is the number of the last event that touched it, `updated_at` that event's time in UTC
    seconds. `tested` says whether exactly this content was run on the shared model. `warnings` are the
    kinds of sensitive content that its front matter names; `sensitive` counts its hidden cases.
    """

    commons: str
    slug: str
    title: str
    summary: str
    version: str
    status: str
    language: str
    labels: tuple[LabelEntry, ...]
    licence_text: str | None
    licence_cases: str | None
    tested: bool
    owner: str
    maintainers: tuple[str, ...]
    warnings: tuple[str, ...]
    translation_of: str | None
    upstream: str | None = None
    commit: str
    content: str
    folder: str
    serial: int
    updated_at: int

    @property
    def address(self) -> str:
        """`roost/spam`."""
        return f"{self.commons}/{self.slug}"


class EventEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a log, as feeds show it.

    `slug` is the policy it is about, if it is about one; `proposal` the number of a proposal.
    """

    commons: str
    seq: int
    commit: str
    type: str
    actor: str
    at: int
    slug: str | None
    version: str | None
    proposal: int | None
    sentence: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that was found, and where: `excerpt` alternates plain and matching text, plain first."""

    policy: PolicyEntry
    excerpt: tuple[str, ...] = ()


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """A value that the results could be narrowed to, and how many have it."""

    value: str
    count: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of results, best first; `total` counts all. `next` is where the following page begins.

    `facets` are by filter: `status`, `language`, `label`, `licence`, `commons`; each counts the results
    that the other filters leave.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, tuple[Facet, ...]]
    next: str | None = None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for. `words` is a visitor's own text: every character of it is allowed.

    Words are joined by and; the last one also matches as a beginning; text in double quotes matches as
    it stands. Without words everything matches, newest first. `label` is a label's code, `licence` that
    of the text. `after` is `Found.next` of the page before.
    """

    words: str = ""
    commons: str | None = None
    status: str | None = None
    language: str | None = None
    label: str | None = None
    licence: str | None = None
    tested: bool | None = None
    after: str | None = None
    limit: int = 20
