"""A commons and its log as the API says them. Touches nothing but what a visit reads."""

from __future__ import annotations

from typing import Annotated, cast

import msgspec

from governance.charter.words import DECIDED
from governance.minutes import sentence
from governance.payloads import ChildFounded, Payload, Published, RunRecorded, ScoresReported, payload_json
from registry.store.log import LogEntry
from registry.web.shapes.base import Commit, Digest, Moment, Shape, moment
from registry.web.visit import Visit


class RedactionShape(Shape, frozen=True):
    """An erasure: by which event, on what ground, by whose authority and of what."""

    seq: int
    ground: Annotated[str, msgspec.Meta(examples=["personal-data"])]
    authority: Annotated[str, msgspec.Meta(examples=["owner"])]
    kinds: Annotated[tuple[str, ...], msgspec.Meta(examples=[["case"]])]


class CommonsShape(Shape, frozen=True):
    """A commons: whose it is, how it decides, and what it holds."""

    name: Annotated[str, msgspec.Meta(examples=["starter"])]
    founder: Annotated[str, msgspec.Meta(examples=["ana"])]
    parent: str | None
    children: tuple[str, ...]
    preset: Annotated[str, msgspec.Meta(description="The charter's preset.", examples=["solo@1"])]
    mode: Annotated[str, msgspec.Meta(examples=["owner"])]
    decided: Annotated[str, msgspec.Meta(examples=["decided by its owner"])]
    policies: int
    runs: int
    events: int
    members: int
    open_proposals: int
    updated_at: Moment
    head: Annotated[Commit, msgspec.Meta(description="The log's head: the state this describes.")]
    redactions: tuple[RedactionShape, ...]
    url: Annotated[str, msgspec.Meta(examples=["/api/v1/commons/starter"])]
    page: Annotated[str, msgspec.Meta(examples=["/starter"])]
    git: Annotated[str, msgspec.Meta(description="Clone it from here.", examples=["/starter.git"])]


class EventShape(Shape, frozen=True):
    """One entry of the log. `sentence` says it in words; `payload` holds the facts."""

    seq: int
    at: Moment
    actor: Annotated[str, msgspec.Meta(examples=["ana"])]
    type: Annotated[str, msgspec.Meta(examples=["published"])]
    sentence: Annotated[str, msgspec.Meta(examples=["ana published spam 1.2.0 (minor)"])]
    payload: dict[str, object]
    commit: Commit
    page: Annotated[
        str | None,
        msgspec.Meta(description="Where to see what it is about.", examples=["/starter/spam@1.2.0"]),
    ]
    digest: Annotated[Digest, msgspec.Meta(description="SHA-256 of event.json; the next event's `prev`.")]


def commons_shape(visit: Visit) -> CommonsShape:
    """A commons as it stands."""
    state = visit.state
    return CommonsShape(
        name=state.name,
        founder=state.founder,
        parent=state.parent,
        children=tuple(sorted(state.children)),
        preset=state.preset,
        mode=state.mode,
        decided=DECIDED[state.mode],
        policies=len(state.policies),
        runs=len(state.runs),
        events=state.seq,
        members=state.people.count,
        open_proposals=len(state.proposals),
        updated_at=moment(state.at),
        head=visit.head,
        redactions=tuple(
            RedactionShape(seq=item.seq, ground=item.ground, authority=item.authority, kinds=item.kinds)
            for item in state.redactions
        ),
        url=f"/api/v1/commons/{state.name}",
        page=f"/{state.name}",
        git=f"/{state.name}.git",
    )


def event_shape(commons: str, entry: LogEntry) -> EventShape:
    """An event with the commit that carries it."""
    event = entry.event
    return EventShape(
        seq=event.seq,
        at=moment(event.at),
        actor=event.actor,
        type=event.type,
        sentence=sentence(event),
        payload=cast("dict[str, object]", payload_json(event.payload)),
        commit=entry.commit,
        page=_page(commons, event.payload),
        digest=entry.digest,
    )


def _page(commons: str, said: Payload) -> str | None:
    match said:
        case Published(release=release):
            return f"/{commons}/{release.slug}@{release.version}"
        case RunRecorded(key=key):
            return f"/{commons}/runs/{key[:12]}"
        case ScoresReported(slug=slug):
            return f"/{commons}/{slug}"
        case ChildFounded(name=name):
            return f"/{name}"
    number = getattr(said, "number", None)
    return None if number is None else f"/{commons}/proposals/{number}"
