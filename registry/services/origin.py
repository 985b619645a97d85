"""What can be asked of a place that policies come from: a site, a folder of commons, or a bundle.

The seam between the services and `registry/client`, whose adapters answer. Touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from policies.names import check_version
from registry.index.entries import Query
from registry.services.errors import ServiceError, UnknownPolicyError


class SourceKind(StrEnum):
    """What kind of place a locked policy came from; the name of its key in `commons.lock`."""

    REPOSITORY = "repository"
    REGISTRY = "registry"
    BUNDLE = "bundle"


class Source(NamedTuple):
    """Where a policy came from: a path (of a repository or a bundle) or the address of a site."""

    kind: SourceKind
    place: str


class Withdrawn(NamedTuple):
    """That a release is not to be used: why, since when, and until when (None: for good), in UTC seconds."""

    reason: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A version: `content` is what evidence binds to, `folder` the digest of the exact bytes.

    `at` is when it was released in UTC seconds, where that is told; `withdrawn` is set where it is not to be
    used any more.
    """

    version: str
    commit: str
    content: str
    folder: str
    at: int | None = None
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """A policy and what was released of it, oldest first. A bundle knows only what it holds.

    `reported` are figures that came along with imported material, as metric and value.
    """

    commons: str
    slug: str
    releases: tuple[Released, ...]
    source: Source
    owner: str | None = None
    reported: tuple[tuple[str, str], ...] = ()

    @property
    def latest(self) -> Released:
        """The newest release that is not withdrawn; the newest of all where every one is."""
        usable = [release for release in self.releases if release.withdrawn is None]
        return (usable or self.releases)[-1]

    def at(self, version: str | None) -> Released:
        """A release by number, commit (40 hex digits) or `latest`; None is the latest.

        Raises `UnknownPolicyError` and `InvalidNameError`.
        """
        if version is None or check_version(version) == "latest":
            return self.latest
        for release in self.releases:
            if version in (release.version, release.commit):
                return release
        known = ", ".join(release.version for release in self.releases[-12:])
        raise UnknownPolicyError(f"{self.commons}/{self.slug}@{version}", f"Released are: {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """A policy in a list, at its newest version. Counts are None where the place does not tell them.

    `excerpt` is where a search found it: plain and matching text in turn, plain first.
    """

    commons: str
    slug: str
    title: str
    summary: str
    version: str
    status: str
    language: str
    labels: tuple[str, ...]
    text_licence: str | None
    cases_licence: str | None
    tested: bool | None
    cases: int | None = None
    runs: int | None = None
    excerpt: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """`roost/spam`."""
        return f"{self.commons}/{self.slug}"


class SearchPage(NamedTuple):
    """A page of what was found, best first; `total` counts all, `next` is where the following page begins."""

    lines: tuple[PolicyLine, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonsFacts:
    """A commons. What a place does not tell is None; `at` is the last event in UTC seconds."""

    name: str
    policies: int
    founder: str | None = None
    mode: str | None = None
    preset: str | None = None
    events: int | None = None
    at: int | None = None
    parent: str | None = None
    children: tuple[str, ...] = ()
    redactions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """A recorded run with its headline figures (texts of six decimals, None where undefined).

    `versions` are the released versions with the content that was run; `stands_for` is a value of
    `evaluations.standing.RunClass`, as text since importing that takes a second; `note` is what the engine
    says of its own figures. Digests are None where the place does not tell them.
    """

    key: str
    content: str
    versions: tuple[str, ...]
    engine: str
    model: str
    stands_for: str
    note: str | None
    at: int
    cases: int
    exact: str | None
    caught: str | None
    wrongly_flagged: str | None
    commit: str | None = None
    record: str | None = None
    predictions: str | None = None


class Origin(Protocol):
    """A place that policies come from. What it says is held against digests by whoever asks.

    Every method raises `OriginError` or `StoreError` when the place cannot answer.
    """

    @property
    def place(self) -> str:
        """As messages name it."""
        ...

    def commons(self) -> tuple[CommonsFacts, ...]:
        """The commons that are there, by name."""
        ...

    def policies(self, commons: str) -> tuple[PolicyLine, ...]:
        """The policies of one, by slug. Raises `NotHereError`."""
        ...

    def search(self, query: Query) -> SearchPage:
        """What matches."""
        ...

    def policy(self, commons: str, slug: str) -> PolicyFacts:
        """What was released of a policy. Raises `UnknownPolicyError` or `NotHereError`."""
        ...

    def moved(self, commons: str, slug: str, commit: str) -> Released | None:
        """Where a release that stood at `commit` stands by the log's account, redactions followed.

        None when no release ever stood there, or the place keeps no log.
        """
        ...

    def files(self, commons: str, slug: str, release: Released) -> dict[str, bytes]:
        """The files of a release, bounded in number and size, not yet held against its digests."""
        ...

    def runs(self, commons: str, slug: str) -> tuple[RunFacts, ...] | None:
        """The runs of a policy, newest first, of every version; None where nothing is known of runs."""
        ...

    def run_files(self, commons: str, key: str) -> dict[str, bytes]:
        """`record.json` and `predictions.jsonl` of a run, without the words of a model."""
        ...

    def close(self) -> None:
        """Lets go of whatever is open."""
        ...


class OriginError(ServiceError):
    """A place cannot answer, or not as it should (`place`, `rule`, `remedy`)."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}")


class NotHereError(UnknownPolicyError):
    """A place has nothing of that name (`what`, `place`)."""

    def __init__(self, what: str, place: str, remedy: str) -> None:
        self.place = place
        super().__init__(what, remedy)
        self.args = (f"{what}: not at {place}. {remedy}",)
