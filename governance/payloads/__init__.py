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
    BallotCast,
    Choice,
    GroupCount,
    OpenedBallot,
    Ratio,
    Requirement,
    Tally,
    VotingClosed,
    VotingOpened,
    VotingVoided,
)
from governance.payloads.base import (
    HANDLE,
    CommonsName,
    Count,
    Figure,
    Handle,
    Hours,
    ModelName,
    Move,
    Number,
    Oid,
    Payload,
    RefName,
    Seconds,
    Sha256,
    Slug,
    TextId,
    Token,
    Version,
    Word,
)
from governance.payloads.charter_text import (
    CharterText,
)
from governance.payloads.membership import (
    Admitted,
    AffiliationDeclared,
    Applied,
    Invited,
    KeyAdded,
    KeyRevoked,
    Left,
    Vouched,
    Witnessed,
)
from governance.payloads.proposals import (
    Accepted,
    Adopted,
    Aspect,
    Challenged,
    CommentOpened,
    Declared,
    EmergencyCalled,
    EmergencyEnded,
    Enacted,
    Endpoint,
    Escalated,
    EvidenceRecorded,
    Judgement,
    Lapsed,
    PanelDrawn,
    PolicyChange,
    ProposalWithdrawn,
    Proposed,
    Returned,
    Revised,
    Revision,
    Ruled,
    StayEnded,
    Undone,
    Withdrawal,
)
from governance.payloads.record import (
    ChildFounded,
    ClockConfirmed,
    ErasedRun,
    Founded,
    Imported,
    Published,
    Redacted,
    Release,
    ReportedScore,
    RunRecorded,
    ScoresReported,
)
from governance.payloads.rules import (
    CharterAmended,
    ParentQuoted,
    RegistryKeySet,
)
from governance.payloads.talk import (
    Answered,
    Commented,
    Held,
    Objected,
    ObjectionResolved,
    Place,
    PlaceFile,
    Reviewed,
    VoteCalled,
)
from policies.canonical import Json

__all__ = [
    "HANDLE",
    "TYPES",
    "Accepted",
    "Admitted",
    "Adopted",
    "AffiliationDeclared",
    "Answered",
    "Applied",
    "Aspect",
    "BallotCast",
    "Challenged",
    "CharterAmended",
    "CharterText",
    "ChildFounded",
    "Choice",
    "ClockConfirmed",
    "CommentOpened",
    "Commented",
    "CommonsName",
    "Count",
    "Declared",
    "EmergencyCalled",
    "EmergencyEnded",
    "Enacted",
    "Endpoint",
    "ErasedRun",
    "Escalated",
    "EvidenceRecorded",
    "Figure",
    "Founded",
    "GroupCount",
    "Handle",
    "Held",
    "Hours",
    "Imported",
    "Invited",
    "Judgement",
    "KeyAdded",
    "KeyRevoked",
    "Lapsed",
    "Left",
    "ModelName",
    "Move",
    "Number",
    "Objected",
    "ObjectionResolved",
    "Oid",
    "OpenedBallot",
    "PanelDrawn",
    "ParentQuoted",
    "Payload",
    "Place",
    "PlaceFile",
    "PolicyChange",
    "ProposalWithdrawn",
    "Proposed",
    "Published",
    "Ratio",
    "Redacted",
    "RefName",
    "RegistryKeySet",
    "Release",
    "ReportedScore",
    "Requirement",
    "Returned",
    "Reviewed",
    "Revised",
    "Revision",
    "Ruled",
    "RunRecorded",
    "ScoresReported",
    "Seconds",
    "Sha256",
    "Slug",
    "StayEnded",
    "Tally",
    "TextId",
    "Token",
    "Undone",
    "Version",
    "VoteCalled",
    "VotingClosed",
    "VotingOpened",
    "VotingVoided",
    "Vouched",
    "Withdrawal",
    "Witnessed",
    "Word",
    "payload_json",
    "read_payload",
]

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
    "parent_quoted": ParentQuoted,
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
