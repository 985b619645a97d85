"""The parameters that routes of the API share, with what the documentation says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example, SecurityRequirement
from litestar.params import PathParameter, QueryParameter

from registry.web.shapes.problems import Problem

CommonsPath: TypeAlias = Annotated[
    str,
    PathParameter(
        title="commons",
        description="Name of a commons. Nested ones keep their slash: `roost/teen`.",
        examples=[Example(value="starter")],
    ),
]
SlugPath: TypeAlias = Annotated[
    str, PathParameter(title="slug", description="Name of a policy.", examples=[Example(value="spam")])
]
VersionPath: TypeAlias = Annotated[
    str,
    PathParameter(
        title="version",
        description="A version such as `1.2.0`, `latest`, or a commit of 40 hex digits.",
        examples=[Example(value="latest")],
    ),
]
RunPath: TypeAlias = Annotated[
    str,
    PathParameter(
        title="key",
        description="Run key, or its first digits (6 at least).",
        examples=[Example(value="3b5d5c375d53")],
    ),
]
FilePath: TypeAlias = Annotated[
    str,
    PathParameter(title="file", description="A file of the policy.", examples=[Example(value="policy.md")]),
]
TokenPath: TypeAlias = Annotated[
    str,
    PathParameter(
        title="token",
        description="A token's `id`; never the token itself.",
        examples=[Example(value="3f9a1c52d07be684")],
    ),
]
Cursor: TypeAlias = Annotated[
    str | None, QueryParameter(description="`next` of the page before.", required=False, max_length=512)
]
Limit: TypeAlias = Annotated[int, QueryParameter(description="Items on a page.", ge=1, le=200)]
VersionQuery: TypeAlias = Annotated[
    str | None, QueryParameter(name="version", description="As in the path; `latest` when left out.")
]

PAGE = 50
TOKEN_SCHEME = "token"  # noqa: S105 - a name
SECURED: list[SecurityRequirement] = [{TOKEN_SCHEME: []}]
"""Of a route that takes a token."""


def refused(description: str, example: Problem) -> ResponseSpec:
    """A refusal as the documentation shows it."""
    return ResponseSpec(
        Problem,
        description=description,
        media_type="application/problem+json",
        generate_examples=False,
        examples=[Example(value=example)],
    )


NOT_FOUND: Mapping[int, ResponseSpec] = {
    404: refused(
        "Nothing of this name is here.",
        Problem(
            type="/api/v1/docs#unknown-policy",
            title="No such policy or version",
            status=404,
            detail="There is no “scam” in this commons.",
            instance="/api/v1/commons/starter/policies/scam",
            remedy="The page of the commons lists what there is.",
        ),
    )
}
TOO_LONG: Mapping[int, ResponseSpec] = {
    414: refused(
        "The query is longer than any that is of use.",
        Problem(
            type="/api/v1/docs#too-long",
            title="Address too long",
            status=414,
            detail="The query is longer than 2048 bytes.",
            instance="/api/v1/commons",
            remedy="Shorten it; no address here needs so much.",
        ),
    )
}
BAD: Mapping[int, ResponseSpec] = {
    **TOO_LONG,
    400: refused(
        "A parameter cannot have this value.",
        Problem(
            type="/api/v1/docs#bad-cursor",
            title="This cursor cannot be used",
            status=400,
            detail="The cursor is not one of this list.",
            remedy="Take it from `next` of the page before, or start without one.",
        ),
    ),
}
UNEQUAL: Mapping[int, ResponseSpec] = {
    409: refused(
        "The two runs were not asked the same cases.",
        Problem(
            type="/api/v1/docs#unequal-items",
            title="These runs were not asked the same",
            status=409,
            detail="The runs were not asked the same: 1 added, 2 edited; 125 cases are the same in both.",
            remedy="Compare the cases that both were asked alone: shared=true.",
        ),
    )
}
AHEAD: Mapping[int, ResponseSpec] = {
    409: refused(
        "This log does not have the event that you name: it was set back.",
        Problem(
            type="/api/v1/docs#ahead-of-log",
            title="This log does not have that event",
            status=409,
            detail="The log of starter ends at event 12, before 40: this registry was set back, or is not "
            "the one you followed.",
            remedy="Start again with `since=0`, and take what you hold of this commons for unknown.",
        ),
    )
}
STREAM_REFUSALS: Mapping[int, ResponseSpec] = {
    429: refused(
        "This address has as many streams open as it may; `Retry-After` says when to come back.",
        Problem(
            type="/api/v1/docs#too-many-requests",
            title="Too many requests",
            status=429,
            detail="One address may keep 16 event streams open.",
            remedy="Close one, or follow all commons in one stream at /api/v1/events.",
        ),
    ),
    503: refused(
        "All streams are taken; `Retry-After` says when to come back.",
        Problem(
            type="/api/v1/docs#busy",
            title="Busy right now",
            status=503,
            detail="As many event streams are open as this server keeps.",
            remedy="Try again in 30 seconds, or ask for changes with `since` instead.",
        ),
    ),
}
NOT_FOUND_OR_BAD: Mapping[int, ResponseSpec] = {**BAD, **NOT_FOUND}
TRY_REFUSALS: Mapping[int, ResponseSpec] = {
    400: refused(
        "The body is not what is expected, or the text is empty or too long.",
        Problem(
            type="/api/v1/docs#text-refused",
            title="This text cannot be tried",
            status=400,
            detail="The text has 9,120 characters; at most 8,000 are taken here.",
            remedy="Try a part of it, or use `commons classify` on your own machine.",
        ),
    ),
    403: refused(
        "It was sent by a page of another site.",
        Problem(
            type="/api/v1/docs#cross-site",
            title="Sent from another site",
            status=403,
            detail="This was sent from a page of another site.",
            remedy="Send it from the page here.",
        ),
    ),
    **NOT_FOUND,
    422: refused(
        "This engine cannot take this policy on.",
        Problem(
            type="/api/v1/docs#cannot-try",
            title="No text can be tried with this here",
            status=422,
            detail="No engine of this name is offered here.",
            remedy="Use lexical.",
        ),
    ),
    502: refused(
        "The model server gave no answer that can be read.",
        Problem(
            type="/api/v1/docs#model-server",
            title="No usable answer from the model server",
            status=502,
            detail="The model server cannot be reached.",
            remedy="Try again later, or tell the operator of this site.",
        ),
    ),
    503: refused(
        "All places are taken; `Retry-After` says when to come back.",
        Problem(
            type="/api/v1/docs#busy",
            title="Busy right now",
            status=503,
            detail="Many texts are being tried right now.",
            remedy="Try again in 10 seconds.",
        ),
    ),
    504: refused(
        "The model server took too long.",
        Problem(
            type="/api/v1/docs#model-slow",
            title="Model server too slow",
            status=504,
            detail="The model server did not answer within 60 seconds.",
            remedy="Try again later, or try a shorter text.",
        ),
    ),
}
UNSIGNED: Mapping[int, ResponseSpec] = {
    401: refused(
        "There is no token, or it does not count: unknown, expired and revoked ones are answered alike.",
        Problem(
            type="/api/v1/docs#bad-token",
            title="This token does not count",
            status=401,
            detail="This token does not count here: it is unknown, has expired or was revoked.",
            instance="/api/v1/viewer",
            remedy="Make one on your account's page.",
        ),
    ),
}
TOKEN_REFUSALS: Mapping[int, ResponseSpec] = {
    **UNSIGNED,
    403: refused(
        "The token lacks a scope.",
        Problem(
            type="/api/v1/docs#scope",
            title="Not with this token",
            status=403,
            detail="This token may not be used for this: it lacks the scope `admin`.",
            remedy="Make one with `admin` on your account's page.",
        ),
    ),
}
REVOKING_REFUSALS: Mapping[int, ResponseSpec] = {
    **TOKEN_REFUSALS,
    404: refused(
        "No address holds such a character; whether there is a token of a name is not told.",
        Problem(
            type="/api/v1/docs#not-found",
            title="Nothing is here",
            status=404,
            detail="No address here holds such a character.",
            remedy="Names are a-z, 0-9 and hyphens.",
        ),
    ),
}
NEW_TOKEN_REFUSALS: Mapping[int, ResponseSpec] = {
    **BAD,
    **TOKEN_REFUSALS,
    409: refused(
        "There are as many as one account may have.",
        Problem(
            type="/api/v1/docs#too-many-kept",
            title="There are too many",
            status=409,
            detail="You have 50 tokens.",
            remedy="Revoke one that nothing uses.",
        ),
    ),
    422: refused(
        "A field cannot be taken.",
        Problem(
            type="/api/v1/docs#field-refused",
            title="This cannot be taken",
            status=422,
            detail="A token lasts 1 to 365 days.",
            remedy="Make a new one when it has expired.",
        ),
    ),
}
