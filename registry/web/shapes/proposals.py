"""Proposals, members and the charter as the API says them. Touches nothing but what a visit reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from governance.payloads import Endpoint
from governance.proposals.state import Evidence
from registry.services.explaining import Counted
from registry.services.line_comments import LineComment
from registry.web.proposals import Line, Seen
from registry.web.shapes.base import Digest, Moment, Shape, moment
from registry.web.shapes.ways import GuardShape, WayShape, guard_shapes, way_shapes


class ProposalLineShape(Shape, frozen=True):
    """A proposal in a list. Holds words of its author: escape them."""

    number: Annotated[int, msgspec.Meta(examples=[3])]
    title: Annotated[str, msgspec.Meta(examples=["What was asked for"])]
    author: Annotated[str, msgspec.Meta(examples=["bo"])]
    kind: Annotated[str, msgspec.Meta(description="The kind of change.", examples=["policy"])]
    stage: Annotated[str, msgspec.Meta(examples=["comment"])]
    says: Annotated[str, msgspec.Meta(description="The stage in words.", examples=["in review"])]
    open: bool
    at: Annotated[Moment, msgspec.Meta(description="When it was opened, or ended.")]
    due: Annotated[Moment | None, msgspec.Meta(description="When its next step is due.")]
    policies: tuple[str, ...]
    url: Annotated[str, msgspec.Meta(examples=["/api/v1/commons/roost/proposals/3"])]
    page: Annotated[str, msgspec.Meta(examples=["/roost/proposals/3"])]


class EndpointShape(Shape, frozen=True):
    """One way of being wrong, before against after, in counts of cases."""

    cases: int
    mended: int
    broken: int
    judgement: Annotated[str, msgspec.Meta(examples=["inconclusive"])]


class EvidenceShape(Shape, frozen=True):
    """What two runs showed of a policy before and after the change."""

    event: int
    policy: str
    content: Digest
    model: str
    effort: str
    template: str
    missed: EndpointShape
    flagged: EndpointShape


class SayingShape(Shape, frozen=True):
    """Words that came with an act; null where they were redacted. Words of strangers: escape them."""

    name: Annotated[str, msgspec.Meta(examples=["reason"])]
    words: str | None


class PlaceShape(Shape, frozen=True):
    """What a comment is about: lines of a file, or a case, of the revision with this `content`.

    `first` and `last` are where the same lines stand in what is proposed now, null where it is `outdated`;
    `quoted` is what stood there, null where it cannot be read any more. `taken` is the event of the revision
    that took the suggested edit.
    """

    file: Annotated[str, msgspec.Meta(examples=["policies/spam/policy.md"])]
    case: str | None
    content: Digest
    first: int | None
    last: int | None
    quoted: tuple[str, ...] | None
    outdated: bool
    taken: int | None


class HappeningShape(Shape, frozen=True):
    """An event of the proposal; `place` where it is a comment on lines, perhaps with a `suggestion`."""

    seq: int
    at: Moment
    actor: str
    type: Annotated[str, msgspec.Meta(examples=["reviewed"])]
    sentence: Annotated[str, msgspec.Meta(examples=["cleo approved proposal 3"])]
    words: tuple[SayingShape, ...]
    place: PlaceShape | None


class BallotShape(Shape, frozen=True):
    """A ballot as it was counted; `choice` is null where it was spoilt."""

    member: str
    choice: str | None
    spoilt: str | None
    event: int


class CountShape(Shape, frozen=True):
    """A vote that is over: the numbers, the arithmetic, and every ballot."""

    outcome: Annotated[str, msgspec.Meta(examples=["accepted"])]
    yes: int
    no: int
    abstain: int
    voters: int
    arithmetic: tuple[GuardShape, ...]
    ballots: tuple[BallotShape, ...]


class ProposalShape(ProposalLineShape, frozen=True):
    """A proposal with where it stands and why, what it changes, and what was said.

    `ended` says how it ended; `ways` are the steps that an open one may take. `ballots_cast` counts ballots,
    each change of one included. `happened` has its newest events but for ballots.
    """

    content: Annotated[
        Digest,
        msgspec.Meta(description="What reviews and ballots are of: in quotes, the `If-Match` of an act."),
    ]
    sponsor: str | None
    ended: str | None
    ways: tuple[WayShape, ...]
    vote: CountShape | None
    evidence: tuple[EvidenceShape, ...]
    touches: Annotated[dict[str, tuple[str, ...]], msgspec.Meta(description="What it changes, by policy.")]
    ballots_cast: int
    happened: tuple[HappeningShape, ...]


class MemberShape(Shape, frozen=True):
    """Somebody who belongs."""

    handle: Annotated[str, msgspec.Meta(examples=["bo"])]
    joined_at: Moment
    active_at: Moment
    affiliation: Annotated[str, msgspec.Meta(examples=["independent"])]
    can_vote: bool
    proposed: int
    reviewed: int
    keys: Annotated[tuple[str, ...], msgspec.Meta(description="Fingerprints of keys that count now.")]


class MembersShape(Shape, frozen=True):
    """Everybody who belongs, and who asked to."""

    members: tuple[MemberShape, ...]
    applicants: tuple[str, ...]
    voters: int


class SentenceShape(Shape, frozen=True):
    """A rule in plain words, with the charter's keys that say so and where their values come from."""

    text: str
    keys: tuple[str, ...]
    sources: tuple[str, ...]


class SectionShape(Shape, frozen=True):
    """Rules about one thing."""

    title: Annotated[str, msgspec.Meta(examples=["Members"])]
    sentences: tuple[SentenceShape, ...]


class CharterShape(Shape, frozen=True):
    """The rules in force: in plain words, and as the file that they are."""

    preset: Annotated[str, msgspec.Meta(examples=["circle@1"])]
    blob: Annotated[str, msgspec.Meta(description="Git blob id of the file.")]
    sections: tuple[SectionShape, ...]
    file: str


def line_shape(commons: str, line: Line) -> ProposalLineShape:
    """A proposal in a list."""
    return ProposalLineShape(**_line(commons, line))


def proposal_shape(seen: Seen, line: Line) -> ProposalShape:
    """All that is said of a proposal."""
    explained, open_, now = seen.explained, seen.open, seen.visit.state.at
    places = {one.seq: _place(one) for one in seen.comments}
    return ProposalShape(
        **_line(seen.visit.name, line),
        content=seen.proposal.content,
        sponsor=open_.sponsor if open_ else None,
        ended=explained.how,
        ways=way_shapes(explained, now),
        vote=_count(explained.counted, explained.source, now) if explained.counted else None,
        evidence=tuple(_evidence(one) for one in (open_.evidence if open_ else ())),
        touches={one.change.slug: tuple(map(str, one.change.touches)) for one in seen.changes},
        ballots_cast=seen.cast,
        happened=tuple(
            HappeningShape(
                seq=one.seq,
                at=moment(one.at),
                actor=one.actor,
                type=one.type,
                sentence=one.sentence,
                words=tuple(SayingShape(name=said.name, words=said.words) for said in one.sayings),
                place=places.get(one.seq),
            )
            for one in seen.happened
        ),
    )


def _place(one: LineComment) -> PlaceShape:
    return PlaceShape(
        file=one.spot.file,
        case=one.spot.case,
        content=one.content,
        first=one.now.first if one.now else None,
        last=one.now.last if one.now else None,
        quoted=one.quoted,
        outdated=one.is_outdated,
        taken=one.taken,
    )


def _line(commons: str, line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "title": line.title,
        "author": line.author,
        "kind": line.kind,
        "stage": line.stage,
        "says": line.words,
        "open": line.is_open,
        "at": moment(line.at),
        "due": None if line.due is None else moment(line.due),
        "policies": line.slugs,
        "url": f"/api/v1/commons/{commons}/proposals/{line.number}",
        "page": f"/{commons}/proposals/{line.number}",
    }


def _count(counted: Counted, source: Callable[[str], str], now: int) -> CountShape:
    tally = counted.tally
    return CountShape(
        outcome=tally.outcome,
        yes=tally.yes,
        no=tally.no,
        abstain=tally.abstain,
        voters=tally.voters,
        arithmetic=guard_shapes(counted.lines, source, now),
        ballots=tuple(
            BallotShape(member=one.member, choice=one.choice, spoilt=one.spoilt, event=one.seq)
            for one in counted.ballots
        ),
    )


def _evidence(shown: Evidence) -> EvidenceShape:
    return EvidenceShape(
        event=shown.seq,
        policy=shown.slug,
        content=shown.content,
        model=shown.model,
        effort=shown.effort,
        template=shown.template,
        missed=endpoint_shape(shown.missed),
        flagged=endpoint_shape(shown.flagged),
    )


def endpoint_shape(end: Endpoint) -> EndpointShape:
    """One way of being wrong, as the API has it."""
    return EndpointShape(cases=end.cases, mended=end.mended, broken=end.broken, judgement=end.judgement)
