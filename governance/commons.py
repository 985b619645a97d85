"""The state of a commons: what the log says, folded. Pure.

Immutable: a step makes a new state that shares almost all of the old one (persistent maps), so readers
keep theirs while the log goes on, and a step costs the same at a million events as at ten.
"""

from __future__ import annotations

import msgspec
from immutables import Map

from governance.charter.model import Charter, Mode
from governance.membership.state import Key, People
from governance.payloads import Release, ReportedScore
from governance.proposals.state import Ended, Proposal
from governance.rules import RulesInForce


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


class Due(msgspec.Struct, frozen=True, order=True, gc=False):
    """Something that the clock owes: at which second, of which kind, and for whom or what.

    `kind` is `proposal`, `emergency` or `admission`; `what` is the proposal's number with leading zeros,
    the release, or the handle.
    """

    at: int
    kind: str
    what: str


class WithdrawnRelease(msgspec.Struct, frozen=True, gc=False):
    """A release that is not to be used: since when, until when (None: for good), by which event, and why.

    `reason` names the words. `callers` asked for it as an emergency; it acts from `since` on, which is None
    while there are too few of them.
    """

    since: int | None
    until: int | None
    seq: int
    reason: str
    callers: tuple[str, ...] = ()

    def counts(self, at: int) -> bool:
        """Whether the release is withdrawn at this second."""
        return self.since is not None and self.since <= at and (self.until is None or at < self.until)


class Commons(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that follows from the log so far.

    `refs` is where each ref stands by the log's own account: readers derive `main` and the rest from
    it and never from the refs themselves. `prev` is the SHA-256 of the last event's bytes. `texts` maps
    each words' digest to the event that names them, `reported` and `children` are by event number and by
    event; `rewritten` and `replaced` map old commits and content digests to those after a redaction.

    `rules` is the charter in force; `parent_rules` the parent's, whose locked keys bind it, and `parent_seq`
    the event of its log that was quoted. `registry` is the key with which the registry vouches. `proposals`
    are open ones, `proposed` counts all; `opened` how many each handle has open, `drawing` those whose panel
    is to be drawn, `ended` those that are over. `enacted_on` has the last one that changed each policy,
    `undone` the contents that a member took back. `withdrawn` are releases that are not to be used,
    `came_back` those whose emergency nobody ratified, with the event that ended it. `agenda` is what the
    clock owes, in the order in which it falls due. `witnessed` is the last event that a member vouched for
    over a key of their own, and when.
    """

    name: str
    founder: str
    rules: RulesInForce
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
    parent_rules: RulesInForce | None = None
    parent_seq: int = 0
    registry: Key | None = None
    people: People = People()
    proposals: Map[int, Proposal] = Map()
    ended: Map[int, Ended] = Map()
    proposed: int = 0
    opened: Map[str, int] = Map()
    drawing: tuple[int, ...] = ()
    enacted_on: Map[str, int] = Map()
    undone: Map[str, int] = Map()
    withdrawn: Map[str, WithdrawnRelease] = Map()
    came_back: Map[str, int] = Map()
    agenda: tuple[Due, ...] = ()
    witnessed: tuple[int, int] | None = None

    @property
    def charter(self) -> str:
        """The blob id of the charter in force."""
        return self.rules.blob

    @property
    def preset(self) -> str:
        """The preset that the charter in force names."""
        return self.rules.preset

    @property
    def charter_rules(self) -> Charter:
        """What the charter in force says."""
        return self.rules.charter

    @property
    def mode(self) -> Mode:
        """How a change of a policy is decided."""
        return self.rules.charter.classes.policy.mode

    @property
    def stewards(self) -> tuple[str, ...]:
        """Who looks after it: those whom the charter names, or else the founder."""
        return self.rules.charter.membership.stewards or (self.founder,)

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
