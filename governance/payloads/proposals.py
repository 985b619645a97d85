"""Payloads of a proposal's life, from its opening to what became of it. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.payloads.base import (
    Count,
    Handle,
    ModelName,
    Number,
    Oid,
    Payload,
    Seconds,
    Sha256,
    Slug,
    TextId,
    Version,
    Word,
)
from governance.payloads.charter_text import CharterText
from governance.payloads.record import Release

Aspect = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(created|labels|structure|wording|attachments|cases_added|cases_changed|metadata|rights)\Z"
    ),
]
"""What of a policy a change touches; `governance/proposals/classes.py` says what follows from each."""
Declared = Annotated[str, msgspec.Meta(pattern=r"^(first|major|minor|patch)\Z")]
Lineage = Annotated[tuple[Handle, ...], msgspec.Meta(max_length=100)]
"""Who made what a fork brings along; they count as authors."""
ModelRevision = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
Judgement = Annotated[str, msgspec.Meta(pattern=r"^(pass|block|inconclusive)\Z")]


class PolicyChange(Payload, frozen=True):
    """One policy as a proposal changes it.

    `base` is the content digest that it starts from (None for a new policy), `head` the one that it would
    become, `touches` what differs (recomputed by the verifier), `declared` the kind of version.
    """

    slug: Slug
    base: Sha256 | None
    head: Sha256
    touches: tuple[Aspect, ...]
    declared: Declared


class Revision(Payload, frozen=True):
    """What a proposal proposes: a commit whose policies or charter would stand on main.

    `base` is the commit of main that it starts from.
    """

    head: Oid
    base: Oid
    changes: tuple[PolicyChange, ...] = ()
    charter: CharterText | None = None


class Withdrawal(Payload, frozen=True):
    """A release that is not to be used any more."""

    slug: Slug
    version: Version


class Proposed(Payload, frozen=True):
    """Somebody proposes: a revision, the withdrawal of a release, or the admission of an applicant."""

    number: Number
    title: TextId
    reason: TextId | None = None
    revision: Revision | None = None
    withdrawal: Withdrawal | None = None
    admission: Handle | None = None
    lineage: Lineage = ()


class Revised(Payload, frozen=True):
    """A new revision: approvals of the one before count no more, objections stand.

    `took` is the number of the comment whose suggested edit makes it.
    """

    number: Number
    revision: Revision
    lineage: Lineage = ()
    took: Number | None = None


class ProposalWithdrawn(Payload, frozen=True):
    """The author gives it up. With a sponsor it goes on as theirs."""

    number: Number


class Adopted(Payload, frozen=True):
    """A member stands behind somebody's proposal, and may go on with it."""

    number: Number


class Endpoint(Payload, frozen=True):
    """One way of being wrong, base against head, in exact counts of cases.

    Of `cases`, so many were `mended` and `broken`. `judgement` is against the charter's margin, by Tango's
    interval; the verifier recomputes it.
    """

    cases: Count
    mended: Count
    broken: Count
    judgement: Judgement


class EvidenceRecorded(Payload, frozen=True):
    """A comparison of base and head on exactly this content, from two recorded runs.

    `base` and `head` are commits of the runs chain. `model`, its `revision` and `effort`, and `template` say
    what was asked how; `suite` is which of the suites that a charter names, and `digest` that of its cases.
    The verifier holds all of them against the runs.
    """

    number: Number
    content: Sha256
    slug: Slug
    base: Oid
    head: Oid
    model: ModelName
    revision: ModelRevision
    effort: Word
    template: Word
    suite: Slug
    digest: Sha256
    missed: Endpoint
    flagged: Endpoint


class CommentOpened(Payload, frozen=True):
    """The final comment period began at `due` and ends at `ends`; `roll` is the digest of who may vote."""

    number: Number
    content: Sha256
    due: Seconds
    ends: Seconds
    roll: Sha256
    voters: Count


class Escalated(Payload, frozen=True):
    """An objection stood at the end, so from `due` on it is a change of another kind."""

    number: Number
    to: Word
    due: Seconds


class Accepted(Payload, frozen=True):
    """It was accepted at `due`, without a vote; `way` says how."""

    number: Number
    way: Annotated[str, msgspec.Meta(pattern=r"^(owner|direct|consent|unanimous)\Z")]
    due: Seconds


class Returned(Payload, frozen=True):
    """It was accepted, and goes back to review: `why` says what is in the way."""

    number: Number
    why: Annotated[str, msgspec.Meta(pattern=r"^(base-moved|evidence|charter-unreachable|ruling|blocked)\Z")]
    due: Seconds


class Lapsed(Payload, frozen=True):
    """Nothing happened for so long that it ended at `due`."""

    number: Number
    due: Seconds


class Challenged(Payload, frozen=True):
    """A member challenges an acceptance; enough of them pause it until a panel rules."""

    number: Number
    reason: TextId


class PanelDrawn(Payload, frozen=True):
    """Who rules on a paused acceptance, drawn by lot from a seed that nobody could choose."""

    number: Number
    panel: tuple[Handle, ...]
    due: Seconds


class Ruled(Payload, frozen=True):
    """One member of the panel says what should become of it."""

    number: Number
    ruling: Annotated[str, msgspec.Meta(pattern=r"^(uphold|void|return)\Z")]
    reason: TextId


class StayEnded(Payload, frozen=True):
    """The pause ended at `due`, by the panel's ruling or because none came in time (`lapse`)."""

    number: Number
    ruling: Annotated[str, msgspec.Meta(pattern=r"^(uphold|void|return|lapse)\Z")]
    due: Seconds


class Enacted(Payload, frozen=True):
    """It came into force: releases that now stand on main, or a charter, a withdrawal, an admission."""

    number: Number
    releases: tuple[Release, ...] = ()
    commit: Oid | None = None


class Undone(Payload, frozen=True):
    """A member takes back, within the time for it, what came into force without a vote."""

    number: Number
    reason: TextId
    releases: tuple[Release, ...]
    commit: Oid


class EmergencyCalled(Payload, frozen=True):
    """A member says that a release does harm now. Enough of them withdraw it at once, for a time."""

    slug: Slug
    version: Version
    reason: TextId


class EmergencyEnded(Payload, frozen=True):
    """The time of an emergency withdrawal is over and nobody ratified it, so the release counts again."""

    slug: Slug
    version: Version
    due: Seconds
