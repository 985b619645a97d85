"""The parameters that routes of the API share, with what the documentation says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
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
Cursor: TypeAlias = Annotated[
    str | None, QueryParameter(description="`next` of the page before.", required=False, max_length=512)
]
Limit: TypeAlias = Annotated[int, QueryParameter(description="Items on a page.", ge=1, le=200)]
VersionQuery: TypeAlias = Annotated[
    str | None, QueryParameter(name="version", description="As in the path; `latest` when left out.")
]

PAGE = 50


def _refused(description: str, example: Problem) -> ResponseSpec:
    return ResponseSpec(
        Problem,
        description=description,
        media_type="application/problem+json",
        generate_examples=False,
        examples=[Example(value=example)],
    )


NOT_FOUND: Mapping[int, ResponseSpec] = {
    404: _refused(
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
NOT_FOUND_OR_BAD: Mapping[int, ResponseSpec] = {
    400: _refused(
        "A parameter cannot have this value.",
        Problem(
            type="/api/v1/docs#bad-cursor",
            title="This cursor cannot be used",
            status=400,
            detail="The cursor is not one of this list.",
            remedy="Take it from `next` of the page before, or start without one.",
        ),
    ),
    **NOT_FOUND,
}
