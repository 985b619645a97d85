"""Going back to review: by the clock where the log calls for it, by the host where objects do. Pure."""

from __future__ import annotations

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.proposals.access import changed, open_in, sent_back
from governance.proposals.amending import unfit_charter
from governance.proposals.state import Proposal, Stage
from governance.proposals.steps import enactable_at

UNREACHABLE, BLOCKED = "charter-unreachable", "blocked"
_BY_THE_HOST = frozenset({UNREACHABLE, BLOCKED})


def is_for_the_host(state: Commons, said: payloads.Payload) -> bool:
    """Whether a step needs the registry's own secrets or objects, and so has no second of its own."""
    if isinstance(said, payloads.VotingClosed):
        proposal = state.proposals.get(said.number)
        return proposal is not None and proposal.frozen is not None and proposal.frozen.box is not None
    return isinstance(said, payloads.Returned) and said.why in _BY_THE_HOST


def returned(state: Commons, event: Event, said: payloads.Returned) -> Commons:
    """Something is in the way, so it goes back to review and waits for a new revision."""
    proposal = open_in(state, said.number, Stage.COMMENT, Stage.ACCEPTED)
    if said.why in _BY_THE_HOST:
        _refuse_without_reason(state, event, said, proposal)
    return changed(state, sent_back(proposal, said.why, said.due), said.due)


def _refuse_without_reason(state: Commons, event: Event, said: payloads.Returned, proposal: Proposal) -> None:
    """Refuses a host that would send back what the members accepted, without a reason that the log shows."""
    refuse_unless(
        proposal.stage is Stage.ACCEPTED and said.due == event.at >= enactable_at(state, proposal),
        f"proposal {said.number} is not about to come into force.",
        "Wait until it is.",
    )
    if said.why == BLOCKED:
        # What is blocked was redacted, and what was proposed after that was looked at when it was.
        last = state.redactions[-1].seq if state.redactions else 0
        refuse_unless(
            last > proposal.revised_seq,
            f"nothing was redacted since proposal {said.number} was last revised.",
            "Bring it into force.",
        )
        return
    text = proposal.revision.charter if proposal.revision else None
    refuse_unless(
        text is not None and unfit_charter(state, text, event.at) is not None,
        "its charter fits.",
        "Bring it into force.",
    )
