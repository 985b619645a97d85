"""The API's acts of proposing: opening a proposal, revising it, standing behind it, giving it up."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import JSONBody

from registry.services import deliberation
from registry.services import propose as proposing
from registry.services.errors import InputRefusedError
from registry.services.propose import Opened
from registry.services.take_edit import take_edit
from registry.store.repository import Repository
from registry.web.acts import Acts, Of
from registry.web.handlers.api_act_parameters import (
    ACT_REFUSALS,
    PROPOSING_REFUSALS,
    NumberPath,
    act_route,
    proposal_route,
)
from registry.web.handlers.api_parameters import CommonsPath
from registry.web.proposals import talk_of
from registry.web.shapes.act_requests import (
    ProposalRequest,
    RevisionRequest,
    draft_of,
)
from registry.web.shapes.acts import (
    ProposalAct,
)
from registry.web.site import Site
from registry.web.viewer import Scope
from registry.web.visit import Visits

_TAG = "Proposing"


@act_route("proposals", _TAG, "Propose a change", PROPOSING_REFUSALS)
async def propose(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[ProposalRequest]
) -> Response[ProposalAct]:
    """Anybody with an account may; it goes on once a member stands behind it. Takes the scope `propose`."""
    return await acts.opening(commons, lambda repository, actor: _open(repository, actor, data))


@proposal_route("revisions", _TAG, "Revise a proposal", PROPOSING_REFUSALS)
async def revise(
    acts: NamedDependency[Acts],
    site: NamedDependency[Site],
    commons: CommonsPath,
    number: NumberPath,
    data: JSONBody[RevisionRequest],
) -> Response[ProposalAct]:
    """Puts another revision in the place of the one at hand: what is given, or with an edit that a comment
    suggests. Takes the scope `propose`."""
    return await acts.on_content(
        Scope.PROPOSE, commons, number, lambda repository, of: _revise(site, repository, number, of, data)
    )


@proposal_route("adoptions", _TAG, "Stand behind a proposal")
async def adopt(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath
) -> Response[ProposalAct]:
    """Somebody from outside needs a member who does. Takes the scope `propose`."""
    return await acts.on_content(
        Scope.PROPOSE,
        commons,
        number,
        lambda repository, of: deliberation.adopt(repository, number, actor=of.actor, content=of.content),
    )


@proposal_route("withdrawals", _TAG, "Give a proposal up", ACT_REFUSALS)
async def give_up(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath
) -> Response[ProposalAct]:
    """Where somebody else stands behind it, it goes on as theirs. Takes the scope `propose`."""
    return await acts.on_proposal(
        Scope.PROPOSE,
        commons,
        number,
        lambda repository, actor: proposing.give_up(repository, number, actor=actor),
    )


def _open(repository: Repository, actor: str, data: ProposalRequest) -> Opened:
    """Raises `InputRefusedError` unless one thing is proposed."""
    asked = (bool(data.policies) or data.charter is not None, data.withdrawal, data.admission)
    if sum(bool(one) for one in asked) != 1:
        raise InputRefusedError(
            "the proposal",
            "it proposes one thing.",
            "Give policies or a charter, or a withdrawal, or an admission.",
        )
    if data.withdrawal is not None:
        return proposing.propose_withdrawal(
            repository,
            data.withdrawal.slug,
            data.withdrawal.version,
            title=data.title,
            reason=data.reason,
            actor=actor,
        )
    if data.admission is not None:
        return proposing.propose_admission(
            repository, data.admission, title=data.title, reason=data.reason, actor=actor
        )
    draft = draft_of(data.policies, data.charter, data.change)
    return proposing.propose(repository, draft, title=data.title, reason=data.reason, actor=actor)


def _revise(site: Site, repository: Repository, number: int, of: Of, data: RevisionRequest) -> Opened:
    """Raises `InputRefusedError` where an edit is to be taken with something else."""
    if data.take is None:
        draft = draft_of(data.policies, data.charter, data.change)
        return proposing.revise(repository, number, draft, actor=of.actor, content=of.content)
    if data.policies or data.charter is not None or data.change is not None:
        raise InputRefusedError("take", "an edit is taken as a revision of its own.", "Give it alone.")
    talk = talk_of(Visits(site.library), repository.state().name, number)
    return take_edit(repository, number, data.take, actor=of.actor, content=of.content, events=talk)


ROUTES: list[Any] = [propose, revise, adopt, give_up]
