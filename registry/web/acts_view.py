"""What a page shows of the acts on a proposal: those open to whoever looks, and why the others are not."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from registry.services.explaining import explain_proposal
from registry.services.possible import ActName, possible_acts
from registry.services.settling import is_due, settle
from registry.store.repository import Repository
from registry.web.act_fields import ActsView, Closed, Shown
from registry.web.forms import Form
from registry.web.proposal_forms import FORMS
from registry.web.proposals import proposal_line
from registry.web.shapes.proposals import ProposalLineShape, line_shape
from registry.web.shapes.ways import WayShape, way_shapes
from registry.web.site import Site
from registry.web.visit import Visit


class Brief(NamedTuple):
    """A proposal as the page of the acts on it says it: in one line, how it ended, and every way on."""

    line: ProposalLineShape
    how: str | None
    ways: tuple[WayShape, ...]


async def up_to_date(site: Site, commons: str) -> None:
    """Records what the clock owes a commons, where it owes anything: else nobody's act could come next."""
    repository = site.library.catalogue.repository(commons)
    if is_due(repository.state(), repository.clock.now()):
        await site.acting.do(commons, settle)


def acts_path(commons: str, number: int) -> str:
    """The page of the acts on a proposal."""
    return f"/{commons}/proposals/{number}/act"


def acts_view(
    repository: Repository,
    number: int,
    handle: str,
    *,
    sent: ActName | None = None,
    typed: Form | None = None,
    done: str | None = None,
) -> ActsView:
    """Every act on a proposal for somebody; the one that was `sent` keeps what was `typed`.

    Raises `UnknownProposalError`.
    """
    state = repository.state()
    shown: list[Shown] = []
    closed: list[Closed] = []
    for one in possible_acts(repository, number, handle):
        form, kept = FORMS[one.act], typed if one.act is sent else None
        if one.refusal is None or kept is not None:
            shown.append(Shown(form, kept or Form()))
        else:
            closed.append(Closed(form.title, one.refusal.rule, one.refusal.remedy))
    found = state.proposals.get(number)
    return ActsView(
        action=acts_path(state.name, number),
        content=found.content if found else "",
        key=secrets.token_hex(16),
        open=tuple(shown),
        closed=tuple(closed),
        done=done,
    )


def brief(visit: Visit, number: int) -> Brief:
    """A proposal in brief, as of now. Raises `UnknownProposalError`."""
    # Without its events: of a vote that is over, its own page has the count.
    explained = explain_proposal(visit.repository, number, ())
    now = max(visit.repository.clock.now(), visit.state.at)
    line = line_shape(visit.name, proposal_line(visit, explained.proposal))
    return Brief(line, explained.how, way_shapes(explained, now))
