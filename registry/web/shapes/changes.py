"""What happened, as change feeds and event streams say it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from registry.web.shapes.base import Address, Commit, Moment, Shape

Serial = Annotated[
    int,
    msgspec.Meta(
        description="The event's number in the log of its commons, from 1. It never changes.", examples=[12]
    ),
]


class ChangeShape(Shape, frozen=True):
    """One event of a log, with where to look next. What it says in full stands in the log."""

    serial: Serial
    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    type: Annotated[str, msgspec.Meta(examples=["published"])]
    policy: Annotated[
        Address | None,
        msgspec.Meta(description="Null when it is about none, or about many.", examples=["starter/spam"]),
    ]
    version: Annotated[
        str | None, msgspec.Meta(description="The version that it released.", examples=["1.2.0"])
    ]
    proposal: Annotated[
        str | None,
        msgspec.Meta(description="The page of the proposal it is about.", examples=["/starter/proposals/3"]),
    ]
    at: Moment
    actor: Annotated[str, msgspec.Meta(examples=["ana"])]
    sentence: Annotated[str, msgspec.Meta(examples=["ana published spam 1.2.0 (minor)"])]
    commit: Annotated[Commit, msgspec.Meta(description="Of the log; the same in every clone.")]
    page: Annotated[str, msgspec.Meta(examples=["/starter/spam@1.2.0"])]
    url: Annotated[
        str,
        msgspec.Meta(
            description="What it is about, as JSON.",
            examples=["/api/v1/commons/starter/policies/spam/versions/1.2.0"],
        ),
    ]
    notice: Annotated[
        str | None,
        msgspec.Meta(
            description="What a release changes for its users.",
            examples=["/api/v1/commons/starter/policies/spam/versions/1.2.0/notice"],
        ),
    ]


class ChangesShape(Shape, frozen=True):
    """Changes, oldest first, and how to go on: ask again with `since` = `next`, and nothing is missed."""

    items: tuple[ChangeShape, ...]
    next: Annotated[int, msgspec.Meta(description="Pass it as `since`.", examples=[12])]
    commit: Annotated[
        Commit | None,
        msgspec.Meta(description="Of the event `next`. Pass it as `commit` to be told of a rewritten log."),
    ]
    last: Annotated[int, msgspec.Meta(description="The newest event of this commons.", examples=[12])]
