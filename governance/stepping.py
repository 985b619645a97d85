"""Whose turn it is: steps of the clock at their second and in order, all else in between. Pure."""

from __future__ import annotations

from governance import agenda, payloads
from governance.authority import refuse_unless
from governance.commons import Commons, Due
from governance.errors import ClockBehindError
from governance.events import Event
from governance.proposals.returning import is_for_the_host
from governance.proposals.steps import Step, next_step
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
"""Without these a host could not record what it owes: its clock is not believed, or its key is lost.

They may come before something that is overdue, and change nothing that it depends on."""
CHANGES_ADMISSIONS = frozenset(
    {"applied", "vouched", "admitted", "left", "charter_amended", "enacted", "invited"}
)
_WORDS = {"accepted": "way", "escalated": "to", "returned": "why", "stay_ended": "ruling"}


def check_turn(state: Commons, event: Event) -> None:
    """Refuses an event that is not due yet, and any other while one is overdue.

    So the log decides as if somebody had been there at each deadline, whoever wrote it and however late. Only
    what needs the registry's own secrets or objects waits for it: opening sealed ballots, coming into force.
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
    said = event.payload
    if event.type in STEPS and not is_for_the_host(state, said):
        _check_step(state, event, owed)
    elif isinstance(said, payloads.Admitted):
        refuse_unless(
            owed == Due(said.due, agenda.ADMISSION, said.member),
            f"the admission of {said.member} is not what is due.",
            "Wait for vouchers, or for the places that the charter gives in thirty days.",
        )
    elif isinstance(said, payloads.EmergencyEnded):
        expected = Due(said.due, agenda.EMERGENCY, f"{said.slug}@{said.version}")
        refuse_unless(owed == expected, "no emergency ends here.", "Wait for its time.")
    elif owed is not None:
        raise ClockBehindError(
            f"the clock is behind: {_named(owed)} has been due since {owed.at}.",
            "Let the registry record that first.",
        )


def with_agenda(state: Commons, event: Event) -> Commons:
    """The state with the admission that is next, after an event that it may depend on."""
    if event.type not in CHANGES_ADMISSIONS:
        return state
    said = event.payload
    at = said.due if isinstance(said, payloads.Admitted) else event.at
    return agenda.with_admissions(state, at)


def owed_step(state: Commons, owed: Due) -> Step:
    """The step that an entry of the agenda about a proposal stands for."""
    step = next_step(state, state.proposals[int(owed.what)])
    # The agenda holds exactly what the proposals call for: `access.changed` keeps it so.
    assert step is not None
    return step


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
        step == (event.type, said.due, word),  # type: ignore[attr-defined]
        f"what is due for proposal {number} since {step.due} is {' '.join((step.type, step.word)).strip()}.",
        "Record that, with the second at which it fell due.",
    )


def _named(owed: Due) -> str:
    return f"proposal {int(owed.what)}" if owed.kind == agenda.PROPOSAL else f"{owed.kind} {owed.what}"
