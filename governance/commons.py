"""The state of a commons: what the log says, folded. Pure.

Immutable: a step makes a new state that shares almost all of the old one (persistent maps), so readers
keep theirs while the log goes on, and a step costs the same at a million events as at ten.
"""

from __future__ import annotations

import msgspec
from immutables import Map

from governance.payloads import Release, ReportedScore


class PolicyState(msgspec.Struct, frozen=True, kw_only=True):
    """A policy of the commons: its releases, oldest first, and who may publish the next."""

    slug: str
    releases: tuple[Release, ...]
    owner: str

    @property
    def latest(self) -> Release:
        """The newest release."""
        return self.releases[-1]

    def release(self, version: str) -> Release | None:
        """The release with this number, or None."""
        return next((release for release in self.releases if release.version == version), None)


class RunState(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded run: where it stands on the runs chain and what its files' digests are."""

    key: str
    slug: str
    content: str
    engine: str
    commit: str
    record: str
    predictions: str
    seq: int
    at: int


class ReportedState(msgspec.Struct, frozen=True, kw_only=True):
    """Scores that came along with imported material."""

    slug: str
    content: str
    source: str
    scores: tuple[ReportedScore, ...]
    seq: int


class RedactionState(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure: which event, on what ground, and how much."""

    seq: int
    ground: str
    authority: str
    kinds: tuple[str, ...]


class Commons(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that follows from the log so far.

    `refs` is where each ref stands by the log's own account: readers derive `main` and the rest from
    it and never from the refs themselves. `prev` is the SHA-256 of the last event's bytes. `texts` maps
    each words' digest to the event that names them, `reported`
    and `children` are by event number and by event; `rewritten` and `replaced` map old commits and
    content digests to those after a redaction.
    """

    name: str
    founder: str
    preset: str
    charter: str
    parent: str | None
    seq: int
    at: int
    prev: str
    refs: Map[str, str]
    policies: Map[str, PolicyState]
    runs: Map[str, RunState]
    reported: Map[int, ReportedState]
    children: Map[str, int]
    texts: Map[str, int]
    redactions: tuple[RedactionState, ...]
    erased_texts: frozenset[str]
    rewritten: Map[str, str]
    replaced: Map[str, str]

    @property
    def mode(self) -> str:
        """How a policy change is decided; `owner` is the only mode until proposals exist."""
        return "owner"

    def current_content(self, content: str) -> str:
        """A content digest as it reads after every redaction."""
        while (newer := self.replaced.get(content)) is not None:
            content = newer
        return content

    def current_commit(self, commit: str) -> str:
        """A commit's id as it reads after every redaction."""
        while (newer := self.rewritten.get(commit)) is not None:
            commit = newer
        return commit
