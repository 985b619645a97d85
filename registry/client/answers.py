"""The parts of a site's answers that the client reads; it passes over members that it does not know.

The site's own types are in `registry/web/shapes`; these are a reader's, so an older client goes on
reading a newer site. Touches nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

import msgspec

from registry.services.origin import CommonsFacts, PolicyLine, Released, RunFacts, Withdrawn

Item = TypeVar("Item")

# Anchored: msgspec searches.
Digest: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Commit: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}\Z")]
Version: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\Z")]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")]
Name: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^~?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:/[a-z0-9-]{1,63}){0,7}\Z")
]
Figure: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,3}(?:\.[0-9]{1,20})?\Z")]
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class Part(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list."""

    items: tuple[Item, ...]
    total: int
    next: str | None = None


class Withdrawal(msgspec.Struct, frozen=True):
    """That a release is not to be used."""

    reason: str
    since: Moment
    until: Moment | None = None


class Version_(msgspec.Struct, frozen=True):  # noqa: N801 - the type of its `version` has the name
    """A released version."""

    version: Version
    commit: Commit
    content: Digest
    folder: Digest
    released_at: Moment
    withdrawn: Withdrawal | None = None

    @property
    def released(self) -> Released:
        """As services know it."""
        return Released(
            version=self.version,
            commit=self.commit,
            content=self.content,
            folder=self.folder,
            at=seconds(self.released_at),
            withdrawn=Withdrawn(
                self.withdrawn.reason,
                seconds(self.withdrawn.since),
                seconds(self.withdrawn.until) if self.withdrawn.until else None,
            )
            if self.withdrawn
            else None,
        )


class Files(msgspec.Struct, frozen=True):
    """Of one version: which release, and the names of its files."""

    release: Version_
    files: tuple[str, ...]


class Label(msgspec.Struct, frozen=True):
    """A label of the schema."""

    code: str


class Licences(msgspec.Struct, frozen=True):
    """SPDX expressions."""

    text: str | None = None
    cases: str | None = None


class Summary(msgspec.Struct, frozen=True):
    """A policy in a list."""

    address: str
    slug: Slug
    title: str
    summary: str
    version: Version
    status: str
    language: str
    labels: tuple[Label, ...]
    licences: Licences
    tested: bool

    def line(self, excerpt: tuple[str, ...] = ()) -> PolicyLine:
        """As services know it."""
        return PolicyLine(
            commons=self.address.rpartition("/")[0],
            slug=self.slug,
            title=self.title,
            summary=self.summary,
            version=self.version,
            status=self.status,
            language=self.language,
            labels=tuple(label.code for label in self.labels),
            text_licence=self.licences.text,
            cases_licence=self.licences.cases,
            tested=self.tested,
            excerpt=excerpt,
        )


class Commons(msgspec.Struct, frozen=True):
    """A commons."""

    name: Name
    founder: str
    parent: str | None
    children: tuple[str, ...]
    preset: str
    mode: str
    policies: int
    events: int
    updated_at: Moment
    redactions: tuple[dict[str, Any], ...]

    @property
    def facts(self) -> CommonsFacts:
        """As services know it."""
        return CommonsFacts(
            name=self.name,
            policies=self.policies,
            founder=self.founder,
            mode=self.mode,
            preset=self.preset,
            events=self.events,
            at=seconds(self.updated_at),
            parent=self.parent,
            children=self.children,
            redactions=len(self.redactions),
        )


class Share(msgspec.Struct, frozen=True):
    """A proportion."""

    value: Figure | None = None


class Run(msgspec.Struct, frozen=True):
    """A run in a list."""

    key: Digest
    content: Digest
    versions: tuple[str, ...]
    engine: str
    model: str
    stands_for: Literal["shared-model", "other", "baseline"]
    note: str | None
    recorded_at: Moment
    n: int
    accuracy: Share
    caught: Share
    wrongly_flagged: Share

    @property
    def facts(self) -> RunFacts:
        """As services know it."""
        return RunFacts(
            key=self.key,
            content=self.content,
            versions=self.versions,
            engine=self.engine,
            model=self.model,
            stands_for=self.stands_for,
            note=self.note,
            at=seconds(self.recorded_at),
            cases=self.n,
            exact=self.accuracy.value,
            caught=self.caught.value,
            wrongly_flagged=self.wrongly_flagged.value,
        )


class Record(msgspec.Struct, frozen=True):
    """A run with its record."""

    key: Digest
    record: dict[str, Any]


class Row(msgspec.Struct, frozen=True):
    """One answer of a run."""

    row: dict[str, Any]


def seconds(at: datetime) -> int:
    """UTC seconds since 1970."""
    return int(at.astimezone(UTC).timestamp())


class Found(msgspec.Struct, frozen=True):
    """A search result."""

    policy: Summary
    excerpt: tuple[str, ...] = ()

    @property
    def line(self) -> PolicyLine:
        """As services know it."""
        return self.policy.line(self.excerpt)
