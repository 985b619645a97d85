"""Whose turn it is: steps of the clock at their second and in order, all else in between. Pure."""

from __future__ import annotations

from governance import agenda, payloads
from governance.authority import refuse_unless
from governance.commons import Commons, Due
from governance.errors import ClockBehindError
from governance.events import Event
from governance.proposals.amending import unfit_charter
from governance.proposals.state import Stage
from governance.proposals.steps import Step, enactable_at, next_step
from governance.registrar import REGISTRAR

STEPS = frozenset(
    {
        "comment_opened",
        "escalated",
        "accepted",
        "returned",
        "lapsed",
        "voting_opened",
        "voting_closed",
        "voting_voided",
        "panel_drawn",
        "stay_ended",
    }
)
"""What the clock does to proposals."""
CLOCK = STEPS | {"admitted", "emergency_ended", "enacted"}
"""What the registry appends by itself, and nobody else."""
FREE_OF_CLOCK = frozenset({"clock_confirmed", "registry_key_set"})
"""Without these a host could not record what it owes: its clock is not believed, or its key is lost."""
CHANGES_ADMISSIONS = frozenset(
    {"applied", "vouched", "admitted", "left", "charter_amended", "enacted", "invited"}
)
_WORDS = {"accepted": "way", "escalated": "to", "returned": "why", "stay_ended": "ruling"}


def check_turn(state: Commons, event: Event) -> None:
    """Refuses an event that is not due yet, and any other while one is overdue.

    So the log decides as if somebody had been there at each deadline, whoever wrote it and however late.
    """
    if event.type in FREE_OF_CLOCK:
        return
    by_clock = event.type in CLOCK
    refuse_unless(
        (event.actor == REGISTRAR) == by_clock,
        f"{event.type} is not for {event.actor} to do.",
        f"{REGISTRAR} does what the clock calls for; people do the rest.",
    )
    owed = agenda.owed(state, event.at)
    if event.type in STEPS and not _waits_for_the_host(state, event):
        _check_step(state, event, owed)
    elif event.type == "admitted":
        mine = owed is not None and owed.kind == agenda.ADMISSION
        refuse_unless(mine, "no admission is due.", "Wait for it.")
    elif event.type == "emergency_ended":
        said = event.payload
        assert isinstance(said, payloads.EmergencyEnded)
        expected = Due(said.due, agenda.EMERGENCY, f"{said.slug}@{said.version}")
        refuse_unless(owed == expected, "no emergency ends here.", "Wait for its time.")
    elif owed is not None:
        raise ClockBehindError(
            f"the clock is behind: {_named(owed)} has been due since {owed.at}.",
            "Let the registry record that first.",
        )


def with_agenda(state: Commons, event: Event) -> Commons:
    """The state with the admission that is next, after an event that it may depend on."""
    return agenda.with_admissions(state) if event.type in CHANGES_ADMISSIONS else state


def owed_step(state: Commons, owed: Due) -> Step | None:
    """The step that an entry of the agenda about a proposal stands for."""
    proposal = state.proposals.get(int(owed.what)) if owed.kind == agenda.PROPOSAL else None
    return next_step(state, proposal) if proposal else None


def _check_step(state: Commons, event: Event, owed: Due | None) -> None:
    said = event.payload
    number = said.number  # type: ignore[attr-defined]
    refuse_unless(
        owed is not None and owed.kind == agenda.PROPOSAL and owed.what == agenda.of_proposal(number),
        f"nothing is due for proposal {number}.",
        "`commons explain` says what it waits for.",
    )
    assert owed is not None
    step = owed_step(state, owed)
    word = getattr(said, _WORDS[event.type]) if event.type in _WORDS else ""
    refuse_unless(
        step is not None and (step.type, step.due, step.word) == (event.type, said.due, word),  # type: ignore[attr-defined]
        f"the step that is due for proposal {number} is {step and step.type} {step and step.word}.",
        "Record that one, with the second at which it fell due.",
    )


def _waits_for_the_host(state: Commons, event: Event) -> bool:
    """Steps that need the registry's own secrets or objects, and so have no second of their own."""
    said = event.payload
    if isinstance(said, payloads.VotingClosed):
        proposal = state.proposals.get(said.number)
        return proposal is not None and proposal.frozen is not None and proposal.frozen.box is not None
    if isinstance(said, payloads.Returned) and said.why in ("charter-unreachable", "blocked"):
        proposal = state.proposals.get(said.number)
        refuse_unless(
            proposal is not None
            and proposal.stage is Stage.ACCEPTED
            and said.due == event.at >= enactable_at(state, proposal),
            f"proposal {said.number} is not about to come into force.",
            "Wait until it is.",
        )
        assert proposal is not None
        text = proposal.revision.charter if proposal.revision else None
        refuse_unless(
            said.why == "blocked" or (text is not None and unfit_charter(state, text, event.at) is not None),
            "its charter fits.",
            "Bring it into force.",
        )
        return True
    return False


def _named(owed: Due) -> str:
    return f"proposal {int(owed.what)}" if owed.kind == agenda.PROPOSAL else f"{owed.kind} {owed.what}"
