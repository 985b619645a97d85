"""The API's acts of proposing: opening a proposal, revising it, standing behind it, giving it up."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from registry.services import deliberation
from registry.services import propose as proposing
from registry.services.errors import InputRefusedError
from registry.services.propose import Opened
from registry.store.repository import Repository
from registry.web.acts import Acts
from registry.web.handlers.api_act_parameters import (
    ACT_REFUSALS,
    CONTENT_REFUSALS,
    PROPOSING_REFUSALS,
    NumberPath,
)
from registry.web.handlers.api_parameters import SECURED, CommonsPath
from registry.web.shapes.act_requests import ProposalRequest, RevisionRequest, draft_of
from registry.web.shapes.acts import ProposalAct
from registry.web.viewer import Scope

_TAG = ["Proposing"]


@post(
    "/commons/{commons:str}/proposals",
    tags=_TAG,
    summary="Propose a change",
    security=SECURED,
    responses=PROPOSING_REFUSALS,
)
async def propose(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[ProposalRequest]
) -> Response[ProposalAct]:
    """Anybody with an account may; it goes on once a member stands behind it. Takes the scope `propose`."""
    return await acts.opening(commons, lambda repository, actor: _open(repository, actor, data))


@post(
    "/commons/{commons:str}/proposals/{number:int}/revisions",
    tags=_TAG,
    summary="Revise a proposal",
    security=SECURED,
    responses=PROPOSING_REFUSALS,
)
async def revise(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[RevisionRequest]
) -> Response[ProposalAct]:
    """Puts another revision in the place of the one at hand. Takes the scope `propose`."""
    return await acts.on_content(
        Scope.PROPOSE,
        commons,
        number,
        lambda repository, of: proposing.revise(
            repository,
            number,
            draft_of(data.policies, data.charter, data.change),
            actor=of.actor,
            content=of.content,
        ),
    )


@post(
    "/commons/{commons:str}/proposals/{number:int}/adoptions",
    tags=_TAG,
    summary="Stand behind a proposal",
    security=SECURED,
    responses=CONTENT_REFUSALS,
)
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


@post(
    "/commons/{commons:str}/proposals/{number:int}/withdrawals",
    tags=_TAG,
    summary="Give a proposal up",
    security=SECURED,
    responses=ACT_REFUSALS,
)
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


ROUTES: list[Any] = [propose, revise, adopt, give_up]
