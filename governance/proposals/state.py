"""A proposal as the state holds it: open ones whole, ended ones in brief. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from immutables import Map

from governance.charter.model import ChangeClass
from governance.payloads import Endpoint, Revision, Withdrawal
from governance.rules import RulesInForce


class Stage(StrEnum):
    """Where a proposal stands. The last seven are ends."""

    REVIEW = "review"
    COMMENT = "comment"
    VOTING = "voting"
    ACCEPTED = "accepted"
    STAYED = "stayed"
    ENACTED = "enacted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    UNDONE = "undone"


class Review(msgspec.Struct, frozen=True, gc=False):
    """A review: of which content, by whom, and when.

    `affiliation` is the organisation whose share it takes, `acts_for` are those that may make a conflict.
    """

    by: str
    affiliation: str
    acts_for: frozenset[str]
    verdict: str
    content: str
    at: int


class Objection(msgspec.Struct, frozen=True, gc=False):
    """An objection: its event's number, by whom and when. A hold has `expires`, and only asks for time."""

    seq: int
    by: str
    at: int
    expires: int | None = None
    resolved: bool = False


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A comparison of base and head on one content: with which model and suite, and what it shows."""

    seq: int
    content: str
    slug: str
    model: str
    revision: str
    effort: str
    template: str
    suite: str
    missed: Endpoint
    flagged: Endpoint


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision is taken under, from the opening of its comment period or vote on.

    `kind` is the kind of change that is decided on; `roll` who may vote, with its digest; `groups` those on
    it who speak for each affected group. `since` is when the first of the two opened, which is the
    proposal's place in line; `opened` when the one at hand did. `ends` is when that closes, `box` the public
    key of sealed ballots.
    """

    rules: RulesInForce
    kind: ChangeClass
    content: str
    roll: frozenset[str]
    digest: str
    groups: tuple[tuple[str, frozenset[str]], ...] = ()
    since: int
    opened: int
    ends: int
    method: str | None = None
    box: str | None = None


class Ballot(msgspec.Struct, frozen=True, gc=False):
    """A member's last ballot before the close: a choice, or a box that holds one.

    `nonce` is which of their signed acts it would be; it stands in a sealed ballot and in what is signed.
    """

    seq: int
    nonce: int
    choice: str | None = None
    box: str | None = None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An open proposal.

    `content` is what reviews, evidence and ballots bind to. `opener` brought it, and `author` goes on with
    it; `maker` made the revision at hand, `makers` any of them or stood behind one, and `authors` are these
    and whoever made what a fork brought along, with their `affiliations`. `sponsor` is the member who stands
    behind the revision at hand: its maker where that is one. `charter` is the charter that a revision of it
    was made from. `kind` is the kind of change that its difference makes it, `raised` the stricter one that
    an objection or its history made of it.

    `since` is when its stage began, `active_at` when somebody last did something about it, `changed_at`
    when anything last changed that its next step depends on; that step is due at `due` (None while it
    waits for people). `suggested` are the comments with an edit that nobody took; `callers` ask for a vote;
    `yes` counts the open ballots that say so; `returned` says why it came back from acceptance, until a new
    revision; `seeds` are digests of events that the panel is drawn from, `lot` who was drawn, `panel` the
    same once the registry has said so. `round` counts the votes on one content, a void one included.
    """

    number: int
    title: str
    opener: str
    author: str
    maker: str
    makers: frozenset[str]
    opened_at: int
    active_at: int
    changed_at: int
    revised_at: int
    revised_seq: int
    charter: str
    authors: frozenset[str]
    affiliations: frozenset[str]
    content: str
    kind: ChangeClass
    stage: Stage = Stage.REVIEW
    since: int
    due: int | None = None
    revision: Revision | None = None
    withdrawal: Withdrawal | None = None
    admission: str | None = None
    revisions: tuple[str, ...] = ()
    sponsor: str | None = None
    raised: ChangeClass | None = None
    reviews: tuple[Review, ...] = ()
    unanswered: tuple[int, ...] = ()
    objections: tuple[Objection, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    suggested: tuple[int, ...] = ()
    callers: tuple[str, ...] = ()
    frozen: Frozen | None = None
    ballots: Map[str, Ballot] = msgspec.field(default_factory=Map)
    yes: int = 0
    late: int = 0
    round: int = 1
    way: str | None = None
    accepted_at: int | None = None
    returned: str | None = None
    challengers: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    lot: tuple[str, ...] = ()
    panel: tuple[str, ...] = ()
    rulings: tuple[tuple[str, str], ...] = ()
    upheld: bool = False

    @property
    def slugs(self) -> tuple[str, ...]:
        """The policies that it would change."""
        return tuple(change.slug for change in self.revision.changes) if self.revision else ()

    @property
    def opposed(self) -> int:
        """How many objections stand. Asking for time is none."""
        return sum(one.expires is None and not one.resolved for one in self.objections)


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal that is over, in brief: how it ended, when, and what can still be done about it.

    `undo_until` is set where it came into force without a vote; `before` are the contents that stood
    before it, by policy, and `earlier` the proposals that had brought them. `superseded_by` is the later
    proposal that changed one of the same policies.
    """

    number: int
    title: str
    author: str
    stage: Stage
    at: int
    content: str
    kind: ChangeClass
    slugs: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    way: str | None = None
    closed_at: int | None = None
    undo_until: int | None = None
    before: tuple[tuple[str, str], ...] = ()
    earlier: tuple[tuple[str, int], ...] = ()
    superseded_by: int | None = None
