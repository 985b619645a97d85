"""An inbox, as the API has it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from registry.services.waiting import Wait
from registry.web.inbox import Inbox
from registry.web.shapes.base import Moment, Shape, moment


class WaitingShape(Shape, frozen=True):
    """Something that somebody waits for you with."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    wait: Annotated[Wait, msgspec.Meta(description="What you could do about it.", examples=["vote"])]
    proposal: Annotated[int | None, msgspec.Meta(description="The number of the one that it is about.")]
    title: str | None
    whom: Annotated[
        str | None, msgspec.Meta(description="Who applied, who invited you, or whose proposal it is.")
    ]
    why: str | None
    until: Annotated[Moment | None, msgspec.Meta(description="When it ends; null for what stays.")]
    page: Annotated[str, msgspec.Meta(examples=["/starter/proposals/3/act#act-vote"])]


class EndingShape(Shape, frozen=True):
    """A token of yours that ends within two weeks."""

    id: str
    name: str
    ends_at: Moment


class NewsShape(Shape, frozen=True):
    """What somebody else did on a proposal that you take part in, or about you."""

    commons: str
    seq: int
    at: Moment
    sentence: str
    page: str


class InboxShape(Shape, frozen=True):
    """What waits for whoever asks, what ends first before the rest; and news of the last thirty days."""

    waiting: tuple[WaitingShape, ...]
    more: Annotated[bool, msgspec.Meta(description="Whether there was more than is looked at at once.")]
    tokens: tuple[EndingShape, ...]
    news: tuple[NewsShape, ...]


def inbox_shape(inbox: Inbox) -> InboxShape:
    """An inbox."""
    return InboxShape(
        waiting=tuple(
            WaitingShape(
                commons=one.waiting.commons,
                wait=one.waiting.wait,
                proposal=one.waiting.number,
                title=one.waiting.title,
                whom=one.waiting.whom,
                why=one.waiting.why,
                until=None if one.waiting.until is None else moment(one.waiting.until),
                page=one.page,
            )
            for one in inbox.items
        ),
        more=inbox.more,
        tokens=tuple(
            EndingShape(id=token.ref, name=token.name, ends_at=moment(token.ends_at))
            for token in inbox.tokens
        ),
        news=tuple(
            NewsShape(
                commons=one.event.commons,
                seq=one.event.seq,
                at=moment(one.event.at),
                sentence=one.event.sentence,
                page=one.page,
            )
            for one in inbox.news
        ),
    )
