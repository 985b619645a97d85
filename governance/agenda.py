"""What the clock owes, and that nothing else happens before it did (see `proposals/steps.py`). Pure.

A deadline does not act by itself: whoever acts next appends what it calls for, and that follows from the
log alone. So a registry that slept through a deadline decides as one that did not.
"""

from __future__ import annotations

from bisect import insort

from msgspec.structs import replace

from governance.commons import Commons, Due
from governance.membership.joining import admission_due

PROPOSAL, EMERGENCY, ADMISSION = "proposal", "emergency", "admission"


def of_proposal(number: int) -> str:
    """How the agenda names a proposal: so that text sorts as numbers do."""
    return f"{number:09d}"


def owed(state: Commons, at: int) -> Due | None:
    """The first thing that is overdue at this second."""
    return state.agenda[0] if state.agenda and state.agenda[0].at <= at else None


def noted(state: Commons, kind: str, what: str, at: int | None) -> Commons:
    """The state with this on the agenda for `at`, or not on it at all."""
    agenda = [due for due in state.agenda if due.what != what or due.kind != kind]
    if at is not None:
        insort(agenda, Due(at, kind, what))
    after = tuple(agenda)
    return state if after == state.agenda else replace(state, agenda=after)


def with_admissions(state: Commons, at: int) -> Commons:
    """The state with the next admission on its agenda, after something that it depends on changed.

    A place that comes free counts from this second on, or somebody would have joined before there was one.
    """
    due = admission_due(state.people, state.charter_rules.membership)
    entry = None if due is None else Due(max(due, at), ADMISSION, state.people.ready[0][1])
    if entry is not None and entry in state.agenda:
        return state
    others = [one for one in state.agenda if one.kind != ADMISSION]
    if entry is not None:
        insort(others, entry)
    return replace(state, agenda=tuple(others))
