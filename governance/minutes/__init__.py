"""An event in one human sentence of facts, so that the log reads as the minutes of a meeting. Pure.

The sentence is the commit's message and is recomputed by the verifier: it cannot say anything that
the event does not. It is part of each commit's id, so the wording is frozen: with another, a log
written before would no longer verify. No titles and no free text stand in it, since a message could
not be erased.
"""

from __future__ import annotations

from governance.events import Event
from governance.minutes import membership, proposals, record, rules, votes

SENTENCES = {
    **record.SENTENCES,
    **rules.SENTENCES,
    **membership.SENTENCES,
    **proposals.SENTENCES,
    **votes.SENTENCES,
}


def sentence(event: Event) -> str:
    """What happened, in one line without a full stop."""
    return SENTENCES[event.type](event.actor, event.payload)
