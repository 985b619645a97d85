"""What each type of event says: one schema per type, and the list is closed. Pure.

A payload holds facts only. Words that people write (reasons, comments) are named by a salted digest
(`TextId`) and live beside the log, where they can be erased (`texts.py`). A new type is added in its
family's file, in `TYPES`, in `replay.py`, in `minutes/` and in `governance/README.md`; tests fail while
one of them is missing.
"""

from __future__ import annotations

import msgspec

from governance.errors import MalformedEventError
from governance.payloads.ballots import (
    BallotCast as BallotCast,
)
from governance.payloads.ballots import (
    Choice as Choice,
)
from governance.payloads.ballots import (
    GroupCount as GroupCount,
)
from governance.payloads.ballots import (
    OpenedBallot as OpenedBallot,
)
from governance.payloads.ballots import (
    Ratio as Ratio,
)
from governance.payloads.ballots import (
    Requirement as Requirement,
)
from governance.payloads.ballots import (
    Tally as Tally,
)
from governance.payloads.ballots import (
    VotingClosed as VotingClosed,
)
from governance.payloads.ballots import (
    VotingOpened as VotingOpened,
)
from governance.payloads.ballots import (
    VotingVoided as VotingVoided,
)
from governance.payloads.base import (
    HANDLE as HANDLE,
)
from governance.payloads.base import (
    CommonsName as CommonsName,
)
from governance.payloads.base import (
    Count as Count,
)
from governance.payloads.base import (
    Figure as Figure,
)
from governance.payloads.base import (
    Handle as Handle,
)
from governance.payloads.base import (
    Hours as Hours,
)
from governance.payloads.base import (
    ModelName as ModelName,
)
from governance.payloads.base import (
    Move as Move,
)
from governance.payloads.base import (
    Number as Number,
)
from governance.payloads.base import (
    Oid as Oid,
)
from governance.payloads.base import (
    Payload as Payload,
)
from governance.payloads.base import (
    RefName as RefName,
)
from governance.payloads.base import (
    Seconds as Seconds,
)
from governance.payloads.base import (
    Sha256 as Sha256,
)
from governance.payloads.base import (
    Slug as Slug,
)
from governance.payloads.base import (
    TextId as TextId,
)
from governance.payloads.base import (
    Token as Token,
)
from governance.payloads.base import (
    Version as Version,
)
from governance.payloads.base import (
    Word as Word,
)
from governance.payloads.membership import (
    Admitted as Admitted,
)
from governance.payloads.membership import (
    AffiliationDeclared as AffiliationDeclared,
)
from governance.payloads.membership import (
    Applied as Applied,
)
from governance.payloads.membership import (
    Invited as Invited,
)
from governance.payloads.membership import (
    KeyAdded as KeyAdded,
)
from governance.payloads.membership import (
    KeyRevoked as KeyRevoked,
)
from governance.payloads.membership import (
    Left as Left,
)
from governance.payloads.membership import (
    Vouched as Vouched,
)
from governance.payloads.membership import (
    Witnessed as Witnessed,
)
from governance.payloads.proposals import (
    Accepted as Accepted,
)
from governance.payloads.proposals import (
    Adopted as Adopted,
)
from governance.payloads.proposals import (
    Answered as Answered,
)
from governance.payloads.proposals import (
    Aspect as Aspect,
)
from governance.payloads.proposals import (
    Challenged as Challenged,
)
from governance.payloads.proposals import (
    Commented as Commented,
)
from governance.payloads.proposals import (
    CommentOpened as CommentOpened,
)
from governance.payloads.proposals import (
    Declared as Declared,
)
from governance.payloads.proposals import (
    EmergencyCalled as EmergencyCalled,
)
from governance.payloads.proposals import (
    EmergencyEnded as EmergencyEnded,
)
from governance.payloads.proposals import (
    Enacted as Enacted,
)
from governance.payloads.proposals import (
    Endpoint as Endpoint,
)
from governance.payloads.proposals import (
    Escalated as Escalated,
)
from governance.payloads.proposals import (
    EvidenceRecorded as EvidenceRecorded,
)
from governance.payloads.proposals import (
    Held as Held,
)
from governance.payloads.proposals import (
    Judgement as Judgement,
)
from governance.payloads.proposals import (
    Lapsed as Lapsed,
)
from governance.payloads.proposals import (
    Objected as Objected,
)
from governance.payloads.proposals import (
    ObjectionResolved as ObjectionResolved,
)
from governance.payloads.proposals import (
    PanelDrawn as PanelDrawn,
)
from governance.payloads.proposals import (
    PolicyChange as PolicyChange,
)
from governance.payloads.proposals import (
    ProposalWithdrawn as ProposalWithdrawn,
)
from governance.payloads.proposals import (
    Proposed as Proposed,
)
from governance.payloads.proposals import (
    Returned as Returned,
)
from governance.payloads.proposals import (
    Reviewed as Reviewed,
)
from governance.payloads.proposals import (
    Revised as Revised,
)
from governance.payloads.proposals import (
    Revision as Revision,
)
from governance.payloads.proposals import (
    Ruled as Ruled,
)
from governance.payloads.proposals import (
    StayEnded as StayEnded,
)
from governance.payloads.proposals import (
    Undone as Undone,
)
from governance.payloads.proposals import (
    VoteCalled as VoteCalled,
)
from governance.payloads.proposals import (
    Withdrawal as Withdrawal,
)
from governance.payloads.record import (
    ChildFounded as ChildFounded,
)
from governance.payloads.record import (
    ClockConfirmed as ClockConfirmed,
)
from governance.payloads.record import (
    ErasedRun as ErasedRun,
)
from governance.payloads.record import (
    Founded as Founded,
)
from governance.payloads.record import (
    Imported as Imported,
)
from governance.payloads.record import (
    Published as Published,
)
from governance.payloads.record import (
    Redacted as Redacted,
)
from governance.payloads.record import (
    Release as Release,
)
from governance.payloads.record import (
    ReportedScore as ReportedScore,
)
from governance.payloads.record import (
    RunRecorded as RunRecorded,
)
from governance.payloads.record import (
    ScoresReported as ScoresReported,
)
from governance.payloads.rules import (
    BoundsQuoted as BoundsQuoted,
)
from governance.payloads.rules import (
    CharterAmended as CharterAmended,
)
from governance.payloads.rules import (
    CharterText as CharterText,
)
from governance.payloads.rules import (
    RegistryKeySet as RegistryKeySet,
)
from policies.canonical import Json

TYPES: dict[str, type[Payload]] = {
    "founded": Founded,
    "published": Published,
    "imported": Imported,
    "run_recorded": RunRecorded,
    "scores_reported": ScoresReported,
    "redacted": Redacted,
    "clock_confirmed": ClockConfirmed,
    "child_founded": ChildFounded,
    "charter_amended": CharterAmended,
    "registry_key_set": RegistryKeySet,
    "bounds_quoted": BoundsQuoted,
    "invited": Invited,
    "applied": Applied,
    "vouched": Vouched,
    "admitted": Admitted,
    "left": Left,
    "affiliation_declared": AffiliationDeclared,
    "key_added": KeyAdded,
    "key_revoked": KeyRevoked,
    "witnessed": Witnessed,
    "proposed": Proposed,
    "revised": Revised,
    "proposal_withdrawn": ProposalWithdrawn,
    "adopted": Adopted,
    "reviewed": Reviewed,
    "commented": Commented,
    "answered": Answered,
    "held": Held,
    "objected": Objected,
    "objection_resolved": ObjectionResolved,
    "vote_called": VoteCalled,
    "evidence_recorded": EvidenceRecorded,
    "comment_opened": CommentOpened,
    "escalated": Escalated,
    "accepted": Accepted,
    "returned": Returned,
    "lapsed": Lapsed,
    "voting_opened": VotingOpened,
    "ballot_cast": BallotCast,
    "voting_closed": VotingClosed,
    "voting_voided": VotingVoided,
    "challenged": Challenged,
    "panel_drawn": PanelDrawn,
    "ruled": Ruled,
    "stay_ended": StayEnded,
    "enacted": Enacted,
    "undone": Undone,
    "emergency_called": EmergencyCalled,
    "emergency_ended": EmergencyEnded,
}
"""The closed list: what an event's `type` may be, and what it then says."""

_READERS = {type_: msgspec.json.Decoder(schema).decode for type_, schema in TYPES.items()}


def read_payload(type_: str, raw: bytes | msgspec.Raw) -> Payload:
    """The payload of an event of this type, from JSON.

    Raises `MalformedEventError` for a type that is not on the list or a value that breaks its schema.
    """
    read = _READERS.get(type_)
    if read is None:
        raise MalformedEventError("type", f"{type_!r} is not one of {', '.join(TYPES)}.")
    try:
        return read(raw)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedEventError("payload", f"{error}.") from None


def payload_json(payload: Payload) -> Json:
    """The payload as plain JSON values, optional fields left out when they say nothing."""
    result: Json = msgspec.to_builtins(payload)
    return result
