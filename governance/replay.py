"""The fold: from events to the state of a commons. Pure.

`apply` is the only place that says what an event does. The web server, the command line, the verifier
and the property tests all use it; a state built step by step equals one built from scratch. It refuses
an event that its actor had no authority for, so a forged log stops at the first line that cheats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from governance import amendments, emergencies, payloads, record, signing
from governance.authority import refuse_unless
from governance.ballots import voting
from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Event, encode_event, event_digest
from governance.founding import found
from governance.membership import joining, leaving
from governance.moves import heads_followed, moved
from governance.proposals import (
    deciding,
    enactment,
    measuring,
    opening,
    panel,
    returning,
    reviewing,
    revising,
    undoing,
)
from governance.redactions import redacted
from governance.stepping import FREE_OF_CLOCK, check_turn, with_agenda


def fold(events: Iterable[Event]) -> Commons | None:
    """The state after all events; None for a log without any."""
    state: Commons | None = None
    for event in events:
        state = apply(state, event, event_digest(encode_event(event)))
    return state


def apply(state: Commons | None, event: Event, digest: str) -> Commons:
    """The state after one more event, whose bytes have SHA-256 `digest`.

    Raises `RefusedError` naming the event, the rule it breaks and what would be allowed.
    """
    try:
        if state is None:
            return found(event, digest)
        _check_place(state, event)
        signing.check_key(state, event)
        check_turn(state, event)
        refs = moved(state.refs, event)
        after = _APPLY[event.type](state, event, event.payload)
        heads_followed(state, after, event)
    except RefusedError as error:
        raise error.at_event(event.seq) from None
    if event.type not in FREE_OF_CLOCK:
        after = with_agenda(panel.with_seeds(after, event, digest), event)
    return replace(
        after,
        seq=event.seq,
        at=event.at,
        prev=digest,
        refs=refs,
        texts=_texts(after, event),
        people=signing.with_act(after.people, state, event),
    )


def _check_place(state: Commons, event: Event) -> None:
    refuse_unless(
        event.seq == state.seq + 1, f"number {event.seq} does not follow {state.seq}.", "Keep the order."
    )
    refuse_unless(
        event.prev == state.prev, "`prev` is not the digest of the event before.", "Restore the log."
    )
    refuse_unless(event.at >= state.at, "time goes backwards.", f"Use a time from {state.at} on.")
    refuse_unless(
        event.charter == state.charter, "the charter is not the one in force.", f"It is {state.charter}."
    )


_TEXT_FIELDS = ("title", "reason", "text", "remedy", "suggestion")
_TEXTS = {
    type_: tuple(name for name in _TEXT_FIELDS if name in schema.__struct_fields__)
    for type_, schema in payloads.TYPES.items()
}


def _texts(state: Commons, event: Event) -> Any:
    """The words that the log names, with the event that named each last."""
    texts = state.texts
    for name in _TEXTS[event.type]:
        text = getattr(event.payload, name)
        if text is not None:
            texts = texts.set(text, event.seq)
    return texts


def _already(_state: Commons, _event: Event, _said: payloads.Founded) -> Commons:
    raise RefusedError("a commons is founded once.", "Found another one.")


_APPLY: dict[str, Callable[[Commons, Event, Any], Commons]] = {
    "founded": _already,
    "published": record.published,
    "imported": record.imported,
    "run_recorded": record.run_recorded,
    "scores_reported": record.scores_reported,
    "redacted": redacted,
    "clock_confirmed": record.clock_confirmed,
    "child_founded": record.child_founded,
    "charter_amended": amendments.charter_amended,
    "registry_key_set": amendments.registry_key_set,
    "parent_quoted": amendments.parent_quoted,
    "invited": joining.invited,
    "applied": joining.applied,
    "vouched": joining.vouched,
    "admitted": joining.admitted,
    "left": leaving.left,
    "affiliation_declared": leaving.affiliation_declared,
    "key_added": leaving.key_added,
    "key_revoked": leaving.key_revoked,
    "witnessed": leaving.witnessed,
    "proposed": opening.proposed,
    "revised": revising.revised,
    "proposal_withdrawn": revising.proposal_withdrawn,
    "adopted": revising.adopted,
    "reviewed": reviewing.reviewed,
    "commented": reviewing.commented,
    "answered": reviewing.answered,
    "held": reviewing.held,
    "objected": reviewing.objected,
    "objection_resolved": reviewing.objection_resolved,
    "vote_called": reviewing.vote_called,
    "evidence_recorded": measuring.evidence_recorded,
    "comment_opened": deciding.comment_opened,
    "escalated": deciding.escalated,
    "accepted": deciding.accepted,
    "returned": returning.returned,
    "lapsed": deciding.lapsed,
    "voting_opened": voting.voting_opened,
    "ballot_cast": voting.ballot_cast,
    "voting_closed": voting.voting_closed,
    "voting_voided": voting.voting_voided,
    "challenged": panel.challenged,
    "panel_drawn": panel.panel_drawn,
    "ruled": panel.ruled,
    "stay_ended": panel.stay_ended,
    "enacted": enactment.enacted,
    "undone": undoing.undone,
    "emergency_called": emergencies.emergency_called,
    "emergency_ended": emergencies.emergency_ended,
}
