"""Payloads of talking a proposal over: reviews, comments, answers, objections, holds. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.payloads.base import (
    Number,
    Payload,
    Sha256,
    TextId,
)

PlaceFile = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(?:policies/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?/(?:policy\.md|cases\.jsonl)|governance/charter\.toml)\Z"
    ),
]
"""A file that a comment may be about: a policy's text, its cases, or the charter."""


LineNumber = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class Reviewed(Payload, frozen=True):
    """A review of exactly this content."""

    number: Number
    content: Sha256
    verdict: Annotated[str, msgspec.Meta(pattern=r"^(approve|request_changes)\Z")]
    reason: TextId | None = None


class Place(Payload, frozen=True):
    """Lines of a file as the proposal would make it: of the revision with this `content`, counted from 1.

    A case is named by its line and not by its id, which may be any words and could not be erased here.
    """

    content: Sha256
    file: PlaceFile
    first: LineNumber
    last: LineNumber


class Commented(Payload, frozen=True):
    """Words on a proposal. Those of somebody who is no member are owed an answer.

    They may be about a `place`, and come with a `suggestion`: what would stand there instead of its lines,
    or, where it is a case, what would be judged in it.
    """

    number: Number
    text: TextId
    place: Place | None = None
    suggestion: TextId | None = None


class Answered(Payload, frozen=True):
    """A member answers comments, named by the numbers of their events."""

    number: Number
    comments: tuple[Number, ...]
    text: TextId


class Held(Payload, frozen=True):
    """A member asks for time. It ends by itself."""

    number: Number
    reason: TextId


class Objected(Payload, frozen=True):
    """A reasoned objection: why, and what would resolve it."""

    number: Number
    reason: TextId
    remedy: TextId


class ObjectionResolved(Payload, frozen=True):
    """Who objected, or asked for time, sees it as resolved. `objection` is its event's number."""

    number: Number
    objection: Number


class VoteCalled(Payload, frozen=True):
    """A member asks for a vote."""

    number: Number
