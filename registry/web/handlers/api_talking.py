"""The API's acts of talking a proposal over: reviews, comments, answers, objections, holds."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import JSONBody

from registry.services import commenting, deliberation
from registry.services.evidence_taking import take_evidence
from registry.web.acts import Acts
from registry.web.handlers.api_act_parameters import (
    ACT_REFUSALS,
    NumberPath,
    proposal_route,
)
from registry.web.handlers.api_parameters import CommonsPath
from registry.web.shapes.act_requests import (
    AnswerRequest,
    CommentRequest,
    EvidenceRequest,
    ObjectionRequest,
    ReasonRequest,
    ResolutionRequest,
    ReviewRequest,
    spot_of,
    upload_of,
)
from registry.web.shapes.acts import (
    EvidenceAct,
    ProposalAct,
)
from registry.web.viewer import Scope

_TAG = "Talking over"


@proposal_route("reviews", _TAG, "Review a proposal")
async def review(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[ReviewRequest]
) -> Response[ProposalAct]:
    """A review is of exactly the content at hand. Takes the scope `review`."""
    return await acts.on_content(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, of: deliberation.review(
            repository, number, data.verdict, actor=of.actor, content=of.content, reason=data.reason
        ),
    )


@proposal_route("evidence", _TAG, "Bring evidence")
async def bring_evidence(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[EvidenceRequest]
) -> Response[EvidenceAct]:
    """Two runs of a policy, before and after: kept, counted again from their rows, and judged by the charter.

    `commons evidence` makes and sends them. The worst of all evidence decides. Takes the scope `bench`.
    """
    return await acts.showing(
        Scope.BENCH,
        commons,
        number,
        lambda repository, of: take_evidence(
            repository, number, upload_of(data), actor=of.actor, content=of.content
        ),
    )


@proposal_route("comments", _TAG, "Comment on a proposal", ACT_REFUSALS)
async def comment(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[CommentRequest]
) -> Response[ProposalAct]:
    """Anybody with an account may; somebody who is no member is owed an answer. Takes the scope `propose`.

    With a `place`, on lines or a case of what is proposed now, perhaps with a `suggestion` of what should
    stand there; the proposer takes that with a revision that says `take`.
    """
    spot, content = spot_of(data)
    return await acts.on_proposal(
        Scope.PROPOSE,
        commons,
        number,
        lambda repository, actor: commenting.comment(
            repository,
            number,
            data.text,
            actor=actor,
            spot=spot,
            suggestion=data.suggestion,
            content=content,
        ),
    )


@proposal_route("answers", _TAG, "Answer comments from outside", ACT_REFUSALS)
async def answer(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[AnswerRequest]
) -> Response[ProposalAct]:
    """One answer may be to many. Takes the scope `review`."""
    return await acts.on_proposal(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, actor: commenting.answer(
            repository, number, data.comments, data.text, actor=actor
        ),
    )


@proposal_route("holds", _TAG, "Ask for time")
async def hold(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[ReasonRequest]
) -> Response[ProposalAct]:
    """Once, and it ends by itself. Takes the scope `review`."""
    return await acts.on_content(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, of: deliberation.hold(
            repository, number, data.reason, actor=of.actor, content=of.content
        ),
    )


@proposal_route("objections", _TAG, "Object to a proposal")
async def object_to(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[ObjectionRequest]
) -> Response[ProposalAct]:
    """With a reason and what would resolve it. Takes the scope `review`."""
    return await acts.on_content(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, of: deliberation.object_to(
            repository, number, data.reason, data.remedy, actor=of.actor, content=of.content
        ),
    )


@proposal_route("resolutions", _TAG, "Take your objection as resolved", ACT_REFUSALS)
async def resolve(
    acts: NamedDependency[Acts], commons: CommonsPath, number: NumberPath, data: JSONBody[ResolutionRequest]
) -> Response[ProposalAct]:
    """Or a hold. Takes the scope `review`."""
    return await acts.on_proposal(
        Scope.REVIEW,
        commons,
        number,
        lambda repository, actor: deliberation.resolve(repository, number, data.objection, actor=actor),
    )


ROUTES: list[Any] = [review, bring_evidence, comment, answer, hold, object_to, resolve]
