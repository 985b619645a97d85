"""A charter as typed values: what every rule reads, and nothing else. Pure.

A field here is a key of `governance/charter.toml`; `schema.py` says what each may hold. The two are
held together by a test. Only keys that a rule enforces exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction

import msgspec
from immutables import Map


class ChangeClass(StrEnum):
    """What a change touches decides how it is decided. In order of strictness, mildest first.

    `membership` never stands in one proposal with a change of files; it has a place in the order so
    that there is one order for all.
    """

    ROUTINE = "routine"
    POLICY = "policy"
    MEMBERSHIP = "membership"
    CHARTER = "charter"
    ENTRENCHED = "entrenched"


_STRICTNESS = {change_class: rank for rank, change_class in enumerate(ChangeClass)}


def strictest(classes: Iterable[ChangeClass]) -> ChangeClass:
    """The class that a mixed change takes. Raises `ValueError` for none at all."""
    return max(classes, key=_STRICTNESS.__getitem__)


class Mode(StrEnum):
    """How a change of one class is decided. In order of how many have a say, fewest first."""

    OWNER = "owner"
    DIRECT = "direct"
    CONSENT = "consent"
    CONSENT_THEN_VOTE = "consent_then_vote"
    VOTE = "vote"
    ALL_APPROVE = "all_approve"


class Join(StrEnum):
    """How one becomes a member. In order of how hard it is, easiest first."""

    OPEN = "open"
    INVITED = "invited"
    VOUCHED = "vouched"
    BY_VOTE = "by_vote"


class Formula(StrEnum):
    """The named ways to say how many approvals are enough."""

    SQRT = "sqrt"
    SHARE = "share"


class BallotMethod(StrEnum):
    """How ballots are counted."""

    APPROVAL_QUORUM_1 = "approval-quorum@1"


class Visibility(StrEnum):
    """When a ballot can be read."""

    OPEN = "open"
    SEALED_UNTIL_CLOSE = "sealed_until_close"


class EvidenceMode(StrEnum):
    """What test results are for. In order of their weight, least first."""

    OFF = "off"
    ADVISORY = "advisory"
    GATE = "gate"


class Consequence(StrEnum):
    """What follows when evidence is missing or cannot tell. In order of weight, least first."""

    WARN = "warn"
    VOTE = "vote"
    BLOCK = "block"


class Effort(StrEnum):
    """How long the shared model reasons."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Selection(StrEnum):
    """How the members of a panel are found."""

    SORTITION_1 = "sortition@1"


class ChildMay(StrEnum):
    """What a nested commons may do with a locked key. In order of strictness, mildest first."""

    TIGHTEN = "tighten"
    KEEP = "keep"


class Quorum(msgspec.Struct, frozen=True, kw_only=True):
    """How many members must approve, by a named formula of how many can vote (`formulas.quorum_of`)."""

    formula: Formula
    factor: Fraction
    floor: int


class ClassRules(msgspec.Struct, frozen=True, kw_only=True):
    """How changes of one class are decided; times in hours. A mode reads some of these (`modes.py`)."""

    mode: Mode
    reviews: int
    review_min: int
    edit_freeze: int
    objection: int
    undo: int
    voting: int
    challenge: int
    notice: int
    quorum: Quorum | None
    threshold: Fraction | None
    group_gate: Fraction | None
    call_vote: int | None
    stay: int | None


class ClassTable(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of each class of change: the tables `[class.*]`."""

    routine: ClassRules
    policy: ClassRules
    membership: ClassRules
    charter: ClassRules
    entrenched: ClassRules


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Who belongs and who can vote. `stewards` without a name stands for the founder."""

    join: Join
    vouches_required: int
    tenure_before_vote_hours: int
    inactive_after_hours: int
    max_join_share_per_30d: Fraction
    joins_min_per_30d: int
    max_affiliation_share: Fraction
    stewards: tuple[str, ...]


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """How votes are cast and counted."""

    method: BallotMethod
    visibility: Visibility
    change_allowed: bool


class Objections(msgspec.Struct, frozen=True, kw_only=True):
    """How long a hold lasts, and when a proposal that nobody works on lapses, in hours."""

    hold_expiry: int
    lapse: int


class EvidenceModel(msgspec.Struct, frozen=True, kw_only=True):
    """The shared model: the one whose runs count. An empty `revision` stands for any."""

    id: str
    revision: str
    template: str
    effort: Effort


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What test results are asked for, and what follows from them."""

    mode: EvidenceMode
    suites: tuple[str, ...]
    margin: Fraction
    on_inconclusive: Consequence
    on_missing: Consequence
    model: EvidenceModel


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """How the scarce time of reviewers is shared."""

    open_proposals_per_member: int
    reviews_owed_per_proposal: int


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Who rules on a challenge, and within how many hours."""

    size: int
    quorum: int
    selection: Selection
    ruling_hours: int


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """How many members act together at once, and when their act reverts itself, in hours."""

    actors: int
    expires_hours: int


class Nesting(msgspec.Struct, frozen=True, kw_only=True):
    """Which keys, or whole tables of them, bind the commons nested in this one."""

    child_may: ChildMay
    locked: tuple[str, ...]


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """How often a checkpoint of the log is due, in hours."""

    checkpoint_hours: int


class Charter(msgspec.Struct, frozen=True, kw_only=True):
    """All rules of a commons. `groups` maps a group of affected people to who speaks for it.

    Made by `resolve.resolve`, which checks every value; equal charters are the same rules under the
    same preset.
    """

    preset: str
    membership: Membership
    classes: ClassTable
    groups: Map[str, tuple[str, ...]]
    ballot: Ballot
    objections: Objections
    evidence: Evidence
    attention: Attention
    panel: Panel
    emergency: Emergency
    nesting: Nesting
    audit: Audit

    def rules(self, change_class: ChangeClass) -> ClassRules:
        """How changes of this class are decided."""
        rules: ClassRules = getattr(self.classes, change_class)
        return rules
