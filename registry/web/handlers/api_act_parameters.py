"""What routes of acts share: the proposal's number, and what each may be refused with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from litestar import post
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter

from registry.web.handlers.api_parameters import BAD, NOT_FOUND, SECURED, TOKEN_REFUSALS, refused
from registry.web.shapes.problems import FindingShape, Problem

NumberPath: TypeAlias = Annotated[
    int,
    PathParameter(title="number", description="A proposal's number.", examples=[Example(value=1)]),
]

_INSTANCE = "/api/v1/commons/roost/proposals/3/reviews"
_FORKS = "/api/v1/commons/roost/policies/spam/forks"

ACT_REFUSALS: Mapping[int, ResponseSpec] = {
    **BAD,
    **TOKEN_REFUSALS,
    403: refused(
        "The token lacks a scope, or the rules of the commons do not allow this.",
        Problem(
            type="/api/v1/docs#against-the-rules",
            title="The rules do not allow this",
            status=403,
            detail="cleo made a part of proposal 3, or acts for an author's organisation.",
            instance=_INSTANCE,
            remedy="Somebody without a stake in it reviews; you may vote.",
        ),
    ),
    404: refused(
        "There is no such commons or proposal.",
        Problem(
            type="/api/v1/docs#unknown-proposal",
            title="No such proposal",
            status=404,
            detail="proposal 9: not open in this commons. They are numbered 1 to 3.",
            instance=_INSTANCE,
            remedy="The page of the commons says what is open.",
        ),
    ),
    409: refused(
        "It is over, or the same `Idempotency-Key` is being answered right now.",
        Problem(
            type="/api/v1/docs#proposal-over",
            title="This proposal is over",
            status=409,
            detail="proposal 2: not open in this commons. It is over (enacted); open another.",
            instance=_INSTANCE,
            remedy="The page of the commons says what is open.",
        ),
    ),
    422: refused(
        "Something that was sent cannot be taken in, or the `Idempotency-Key` came with something else.",
        Problem(
            type="/api/v1/docs#input-refused",
            title="This cannot be taken in",
            status=422,
            detail="the reason: no words were given.",
            instance=_INSTANCE,
            remedy="Say it in a sentence at least.",
        ),
    ),
    503: refused(
        "Too many act right now; nothing was done, and `Retry-After` says when to come back.",
        Problem(
            type="/api/v1/docs#busy",
            title="Busy right now",
            status=503,
            detail="Many people act right now, and nothing was done.",
            instance=_INSTANCE,
            remedy="Try again in 2 seconds.",
        ),
    ),
}
CONTENT_REFUSALS: Mapping[int, ResponseSpec] = {
    **ACT_REFUSALS,
    412: refused(
        "It does not propose any more what `If-Match` names; `ETag` is what it does now.",
        Problem(
            type="/api/v1/docs#stale",
            title="Changed meanwhile",
            status=412,
            detail="Proposal 3 was revised: it does not propose any more what you read.",
            instance=_INSTANCE,
            remedy="Read the revision at hand, and act on that.",
        ),
    ),
}
RELEASE_REFUSALS: Mapping[int, ResponseSpec] = {
    **ACT_REFUSALS,
    **NOT_FOUND,
    409: refused(
        "The same `Idempotency-Key` is being answered right now.",
        Problem(
            type="/api/v1/docs#key-in-use",
            title="Being answered",
            status=409,
            detail="The request that came with this key is still being answered.",
            instance=_FORKS,
            remedy="Send it again in 1 seconds.",
        ),
    ),
    422: refused(
        "There is such a policy already, or the `Idempotency-Key` came with something else.",
        Problem(
            type="/api/v1/docs#input-refused",
            title="This cannot be taken in",
            status=422,
            detail="~ana/spam: you have a policy of this name already.",
            instance=_FORKS,
            remedy="Change that one; if it is a fork, its page takes over what changed here.",
        ),
    ),
}
PROPOSING_REFUSALS: Mapping[int, ResponseSpec] = {
    **CONTENT_REFUSALS,
    422: refused(
        "Something is wrong with what is proposed: `findings` says what and where.",
        Problem(
            type="/api/v1/docs#lint",
            title="Something is wrong with this policy",
            status=422,
            detail="policy.md:12: error P021: The label AA2 has no section. Write one.",
            instance="/api/v1/commons/roost/proposals",
            remedy="Correct what `findings` lists, and send it again.",
            findings=(
                FindingShape(
                    rule="P021",
                    severity="error",
                    file="policy.md",
                    line=12,
                    message="The label AA2 has no section.",
                    fix="Write one.",
                ),
            ),
        ),
    ),
}


def act_route(path: str, tag: str, summary: str, refusals: Mapping[int, ResponseSpec] = ACT_REFUSALS) -> post:
    """The route of an act, below a commons: a POST that takes a token."""
    return post(
        f"/commons/{{commons:str}}/{path}", tags=[tag], summary=summary, security=SECURED, responses=refusals
    )


def proposal_route(
    path: str, tag: str, summary: str, refusals: Mapping[int, ResponseSpec] = CONTENT_REFUSALS
) -> post:
    """The same, below a proposal; most of these are of its content."""
    return act_route(f"proposals/{{number:int}}/{path}", tag, summary, refusals)
