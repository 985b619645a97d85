"""Payloads of a vote: its opening, the ballots and the count. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.payloads.base import Count, Handle, Number, Oid, Payload, Seconds, Sha256, Token, Word

Choice = Annotated[str, msgspec.Meta(pattern=r"^(yes|no|abstain)\Z")]
Ratio = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}/[1-9][0-9]{0,5}\Z")]


class VotingOpened(Payload, frozen=True):
    """A vote began at `due`. Everything that decides it is frozen here.

    `roll` is the digest of who may vote and `voters` their number; `charter` the charter that counts,
    `content` what is voted on, `base` the commit of main that it started from, `suites` those that the
    charter names. `box` is the public key that ballots are sealed to, when they are sealed.
    """

    number: Number
    content: Sha256
    base: Oid | None
    charter: Oid
    roll: Sha256
    voters: Count
    method: Word
    suites: tuple[Word, ...]
    due: Seconds
    closes: Seconds
    box: Token | None = None


class BallotCast(Payload, frozen=True):
    """A ballot: a choice, or a box that holds one until the vote closes. The last before the close counts."""

    number: Number
    content: Sha256
    choice: Choice | None = None
    box: Token | None = None


class OpenedBallot(Payload, frozen=True, gc=False):
    """What a sealed ballot held: a choice, or why it is spoilt."""

    member: Handle
    choice: Choice | None = None
    spoilt: Word | None = None


class GroupCount(Payload, frozen=True, gc=False):
    """The ballots of those who speak for an affected group."""

    group: Word
    yes: Count
    no: Count
    abstain: Count
    passed: bool


class Requirement(Payload, frozen=True, gc=False):
    """What a vote was held to: a quorum of approvals, and a share of yes among yes and no.

    `charter` is the charter that asks for it: a change of thresholds is held to both.
    """

    charter: Oid
    quorum: Count
    threshold: Ratio
    quorum_met: bool
    threshold_met: bool


class Tally(Payload, frozen=True):
    """A count, in integers. `kind` is the kind of change that was voted on, which says what it was held to.

    `late` came after the close and is in no other number.
    """

    kind: Word
    voters: Count
    yes: Count
    no: Count
    abstain: Count
    spoilt: Count
    late: Count
    requirements: tuple[Requirement, ...]
    groups: tuple[GroupCount, ...]
    outcome: Annotated[str, msgspec.Meta(pattern=r"^(accepted|rejected|no_quorum)\Z")]


class VotingClosed(Payload, frozen=True):
    """A vote ended at `due` with this count.

    `key` opens the boxes of a sealed vote and `opened` says what was in them, by member; anybody can
    open them and compare.
    """

    number: Number
    tally: Tally
    due: Seconds
    key: Token | None = None
    opened: tuple[OpenedBallot, ...] = ()


class VotingVoided(Payload, frozen=True):
    """The boxes of a sealed vote were not opened in time: it is void, and is held again openly."""

    number: Number
    due: Seconds
