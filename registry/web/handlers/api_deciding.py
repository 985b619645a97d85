"""The API's acts of deciding: votes, challenges and rulings, taking back, emergencies."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import JSONBody

from registry.services import deliberation
from registry.services.errors import InputRefusedError
from registry.services.undo import undo
from registry.services.vote import Receipt, SignedBallot, ballot_paper, cast_signed, vote
from registry.store.repository import Repository
from registry.web.acts import Acts, Of
from registry.web.handlers.api_act_parameters import (
    ACT_REFUSALS,
    NumberPath,
    act_route,
    proposal_route,
)
from registry.web.handlers.api_parameters import SECURED, CommonsPath
from registry.web.shapes.act_requests import (
    BallotRequest,
    EmergencyRequest,
    ReasonRequest,
    RulingRequest,
)
from registry.web.shapes.acts import (
    BallotPaperShape,
    EmergencyAct,
    ProposalAct,
    paper_shape,
)
from registry.web.viewer import Scope

_TAG = "Deciding"


@proposal_route("calls", _TAG, "Ask for a vote")
async def call_vote(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath
) -> Response[ProposalAct]:
    """On what could be agreed on without one. Takes the scope `review`."""
    return await acts.on_content(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, of: deliberation.call_vote(repository, number, actor=of.actor, content=of.content),
    )


@get(
    "/commons/{commons:str}/proposals/{number:int}/ballot-paper",
    tags=[_TAG],
    summary="Get a ballot paper to sign",
    security=SECURED,
    responses=ACT_REFUSALS,
)
async def paper(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath
) -> Response[BallotPaperShape]:
    """For a ballot that you make and sign on your own machine. Takes the scope `vote`."""
    return await acts.reading(
        Scope.VOTE, commons, lambda state, actor: paper_shape(ballot_paper(state, number, actor))
    )


@proposal_route("ballots", _TAG, "Cast a ballot")
async def cast_ballot(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[BallotRequest]
) -> Response[ProposalAct]:
    """The last before the close counts; the receipt says where it stands. Takes the scope `vote`.

    One that you sign yourself has a choice or a box, as the ballot paper says, and the signature over both.
    """
    return await acts.on_content(
        Scope.VOTE,
        commons,
        number,
        lambda repository, of: _cast(repository, number, data, of),
    )


@proposal_route("challenges", _TAG, "Challenge an acceptance")
async def challenge(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[ReasonRequest]
) -> Response[ProposalAct]:
    """Before it comes into force; enough pause it until a panel rules. Takes the scope `review`."""
    return await acts.on_content(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, of: deliberation.challenge(
            repository, number, data.reason, actor=of.actor, content=of.content
        ),
    )


@proposal_route("rulings", _TAG, "Rule on a challenge", ACT_REFUSALS)
async def rule(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[RulingRequest]
) -> Response[ProposalAct]:
    """As a member of the panel. Takes the scope `review`."""
    return await acts.on_proposal(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, actor: deliberation.rule(
            repository, number, data.ruling, data.reason, actor=actor
        ),
    )


@proposal_route("undo", _TAG, "Take back what came into force without a vote", ACT_REFUSALS)
async def take_back(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[ReasonRequest]
) -> Response[ProposalAct]:
    """Within the time for it; what stood before is released again. Takes the scope `review`."""
    return await acts.on_proposal(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, actor: undo(repository, number, data.reason, actor=actor),
    )


@act_route("emergencies", _TAG, "Call an emergency")
async def call_emergency(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[EmergencyRequest]
) -> Response[EmergencyAct]:
    """Once as many have as are needed, a release is withdrawn for a time. Takes the scope `review`."""
    return await acts.on_release(
        Scope.REVIEW,
        commons,
        f"{data.slug}@{data.version}",
        lambda repository, actor: deliberation.call_emergency(
            repository, data.slug, data.version, data.reason, actor=actor
        ),
    )


def _cast(repository: Repository, number: int, data: BallotRequest, of: Of) -> Receipt:
    """Raises `InputRefusedError` for what is neither."""
    if data.signed is not None:
        ballot = SignedBallot(data.choice, data.box, data.signed.fingerprint, data.signed.signature)
        return cast_signed(repository, number, ballot, actor=of.actor, content=of.content)
    if data.choice is None or data.box is not None:
        raise InputRefusedError(
            "the ballot",
            "a box is signed by its voter." if data.box else "it makes no choice.",
            "Send a choice, or with a signature of yours a choice or a box.",
        )
    return vote(repository, number, data.choice, actor=of.actor, content=of.content)


ROUTES: list[Any] = [call_vote, paper, cast_ballot, challenge, rule, take_back, call_emergency]
