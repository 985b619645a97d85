"""Records what the clock owes a commons, and brings into force what may come into force.

Whoever acts next does it: a deadline does not act by itself. What is recorded follows from the log alone;
only objects and the key of a sealed vote are added here.
"""

from __future__ import annotations

from governance import agenda
from governance.commons import Commons
from governance.events import Draft
from governance.owed import owed_draft
from governance.proposals.state import Proposal, Stage
from registry.services.clearing import clearing
from registry.services.enacting import enacting_draft, next_to_enact
from registry.services.opening_boxes import closing_draft
from registry.services.vouching import Vouching
from registry.store.objects import Change
from registry.store.repository import Repository

_MOST = 100_000
"""Steps in one go: a commons that nobody opened for years owes a few for each open proposal."""


class _NothingDueError(Exception):
    """Another process was faster."""


def settle(repository: Repository) -> int:
    """Records everything that is due by now; gives how many events that were.

    Raises what recording raises. Run again it goes on where it stopped.
    """
    for done in range(_MOST):
        if not is_due(repository.state(), repository.clock.now()):
            return done
        try:
            repository.act(lambda state, change, at: _draft(repository, state, change, at))
        except _NothingDueError:
            return done
    return _MOST


def is_due(state: Commons, now: int) -> bool:
    """Whether anything waits to be recorded."""
    at = max(now, state.at)
    return (
        agenda.owed(state, at) is not None
        or _sealed_and_over(state, at) is not None
        or next_to_enact(state, at) is not None
    )


def _draft(repository: Repository, state: Commons | None, change: Change, at: int) -> Draft:
    assert state is not None
    keys = Vouching(repository.paths)
    owed = owed_draft(
        state,
        at,
        clearing=clearing(change, at),
        box=lambda now, proposal: keys.box(now.name, proposal.number, proposal.round).public_text,
    )
    if owed is not None:
        return owed
    over = _sealed_and_over(state, at)
    if over is not None:
        return closing_draft(state, change, at, over, keys.box(state.name, over.number, over.round))
    ready = next_to_enact(state, at)
    if ready is not None:
        return enacting_draft(repository, state, change, at, ready)
    raise _NothingDueError


def _sealed_and_over(state: Commons, at: int) -> Proposal | None:
    """A sealed vote that waits to be opened and counted."""
    for proposal in state.proposals.values():
        frozen = proposal.frozen
        if (
            proposal.stage is Stage.VOTING
            and frozen is not None
            and frozen.box is not None
            and frozen.ends <= at
        ):
            return proposal
    return None
