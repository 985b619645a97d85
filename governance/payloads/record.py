"""Payloads of the record itself: founding, releases, imports, runs, erasures. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.charter.values import Overrides
from governance.payloads.base import (
    CommonsName,
    Figure,
    Handle,
    Oid,
    Payload,
    Seconds,
    Sha256,
    Slug,
    TextId,
    Token,
    Version,
    Word,
)
from governance.payloads.charter_text import CharterText


class Release(Payload, frozen=True, gc=False):
    """One version of one policy as it stands on `main`.

    `content` is the digest that evidence binds to (it leaves out the version number), `folder` the
    digest of the exact bytes, `commit` where they stand, `tag` the annotated tag object.
    """

    slug: Slug
    version: Version
    content: Sha256
    folder: Sha256
    commit: Oid
    tag: Oid


class Founded(Payload, frozen=True):
    """The first event of a commons.

    `preset` and `overrides` are what the charter says, `registry` the key with which the registry vouches;
    `parent` quotes a nesting, `parent_charter` the rules whose locked keys bind this one.
    """

    name: CommonsName
    founder: Handle
    preset: Word
    parent: CommonsName | None = None
    overrides: Overrides = msgspec.field(default_factory=dict)
    registry: Token | None = None
    parent_charter: CharterText | None = None


class Published(Payload, frozen=True):
    """The owner releases a version (mode `owner`)."""

    release: Release
    change: Annotated[str, msgspec.Meta(pattern=r"^(first|major|minor|patch)\Z")]
    mode: Annotated[str, msgspec.Meta(pattern=r"^owner\Z")]


class Imported(Payload, frozen=True):
    """History that came from elsewhere.

    `source` is the SHA-256 of what was read, `kind` how (`folder`, `git`, `library`); `commits` are
    those put on `main`, oldest first; `original` the foreign ids they stand for, where it was Git.
    """

    kind: Word
    source: Sha256
    commits: tuple[Oid, ...]
    releases: tuple[Release, ...]
    original: tuple[Oid, ...] = ()
    authors: tuple[Handle, ...] = ()


class RunRecorded(Payload, frozen=True):
    """A benchmark run was added to the runs chain; digests are of the files' exact bytes."""

    slug: Slug
    content: Sha256
    key: Sha256
    engine: Word
    commit: Oid
    record: Sha256
    predictions: Sha256


class ReportedScore(Payload, frozen=True, gc=False):
    """A figure that came along with imported material; nobody here measured it."""

    metric: Word
    value: Figure


class ScoresReported(Payload, frozen=True):
    """Scores that came along, kept apart from runs. `source` is the digest of the file."""

    slug: Slug
    content: Sha256
    source: Sha256
    scores: tuple[ReportedScore, ...]


class ErasedRun(Payload, frozen=True):
    """What a run became when something in it was erased; `key` is new, since its suite is."""

    key: Sha256
    old: Oid
    commit: Oid
    record: Sha256
    predictions: Sha256


class Redacted(Payload, frozen=True):
    """Bytes were erased for good; the facts and the arithmetic stay.

    `rewritten` maps old commits of `main`, of proposals and of the attic to new ones, `runs` those of the
    runs chain; `releases` are the versions whose bytes changed, `contents` the old and new content digests
    of what proposals hold, `texts` the words that are gone.
    """

    ground: Annotated[str, msgspec.Meta(pattern=r"^(personal-data|illegal|licence|safety|mistake)\Z")]
    authority: Annotated[str, msgspec.Meta(pattern=r"^(owner|steward|panel)\Z")]
    kinds: tuple[Word, ...]
    reason: TextId | None = None
    rewritten: tuple[tuple[Oid, Oid], ...] = ()
    releases: tuple[Release, ...] = ()
    contents: tuple[tuple[Sha256, Sha256], ...] = ()
    runs: tuple[ErasedRun, ...] = ()
    texts: tuple[TextId, ...] = ()


class ClockConfirmed(Payload, frozen=True):
    """An operator vouches for a clock that stands far past the last host checkpoint."""

    last: Seconds
    now: Seconds


class ChildFounded(Payload, frozen=True):
    """A nested commons was founded; `founding` is the SHA-256 of its first event."""

    name: CommonsName
    founding: Sha256
