"""What an act left, as the API answers it: a receipt, and how things stand from there. Touches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from governance.commons import Commons
from governance.membership.roll import belongs
from governance.proposals.state import Ended
from policies.findings import Finding
from registry.services.evidence import (
    Shown,
)
from registry.services.explaining import explain_proposal
from registry.services.propose import Opened
from registry.services.publish import PublishedPolicy
from registry.services.stage_words import STAGES
from registry.services.vote import BallotPaper, Receipt
from registry.store.repository import Acted, Repository
from registry.web.shapes.base import Address, Commit, Digest, Moment, Shape, moment
from registry.web.shapes.problems import FindingShape, finding_shape
from registry.web.shapes.proposals import EndpointShape, endpoint_shape
from registry.web.shapes.ways import WayShape, way_shapes

Left = Acted | Opened | Receipt | PublishedPolicy
"""What services give for an act that they recorded."""


class ReceiptShape(Shape, frozen=True):
    """Where an act stands in the log: look for it in any clone."""

    seq: Annotated[int, msgspec.Meta(description="The event's number.", examples=[41])]
    digest: Annotated[Digest, msgspec.Meta(description="SHA-256 of its event.json.")]
    commit: Annotated[Commit, msgspec.Meta(description="The log's commit that carries it.")]
    sealed: Annotated[
        bool | None,
        msgspec.Meta(description="Of a ballot: whether it can be read only after the close."),
    ] = None


class ProposalAct(Shape, frozen=True):
    """An act on a proposal was recorded: where that stands now, and what comes next.

    The `ETag` is the content, to be sent as `If-Match` with an act that is meant for exactly that.
    """

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    number: Annotated[int, msgspec.Meta(description="The proposal's.", examples=[3])]
    stage: Annotated[str, msgspec.Meta(examples=["review"])]
    says: Annotated[str, msgspec.Meta(description="The stage in words.", examples=["in review"])]
    content: Annotated[Digest, msgspec.Meta(description="What reviews and ballots are of.")]
    due: Annotated[
        Moment | None,
        msgspec.Meta(description="When the next step is due; null while people are waited for."),
    ]
    ways: tuple[WayShape, ...]
    receipt: ReceiptShape
    findings: Annotated[
        tuple[FindingShape, ...],
        msgspec.Meta(description="What lint says of the policies; none of it blocks."),
    ] = ()


class EvidenceAct(Shape, frozen=True):
    """What two runs showed, as it stands in the log: `recorded_now`, or found as it was recorded before."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    number: Annotated[int, msgspec.Meta(description="The proposal's.", examples=[3])]
    policy: Annotated[str, msgspec.Meta(examples=["spam"])]
    event: Annotated[int, msgspec.Meta(description="The number of its event.", examples=[42])]
    base: Annotated[Digest, msgspec.Meta(description="The key of the run of what is in force.")]
    head: Annotated[Digest, msgspec.Meta(description="The key of the run of what is proposed.")]
    missed: EndpointShape
    flagged: EndpointShape
    counts: Annotated[bool, msgspec.Meta(description="Whether it was made as the charter asks.")]
    recorded_now: bool


class BallotPaperShape(Shape, frozen=True):
    """What a voter signs, with their choice or box added: all that makes it a ballot of this vote only."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    number: Annotated[int, msgspec.Meta(description="The proposal's.", examples=[3])]
    content: Annotated[Digest, msgspec.Meta(description="What is voted on.")]
    charter: Annotated[Commit, msgspec.Meta(description="The charter that was frozen: a blob's id.")]
    roll: Annotated[Digest, msgspec.Meta(description="Who may vote.")]
    box: Annotated[
        str | None, msgspec.Meta(description="The public key to seal a choice with; null for open ballots.")
    ]
    member: Annotated[str, msgspec.Meta(description="Whose ballot it is.", examples=["cleo"])]
    nonce: Annotated[int, msgspec.Meta(description="Of the member's next signed act.", examples=[4])]


class MembershipAct(Shape, frozen=True):
    """An act about who belongs was recorded: what whom it is about is now."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    handle: Annotated[str, msgspec.Meta(description="Whom it is about.", examples=["cleo"])]
    standing: Annotated[
        str,
        msgspec.Meta(
            description="`member`, `applicant`, `invited`, `left`, or `none`.", examples=["applicant"]
        ),
    ]
    receipt: ReceiptShape


class EmergencyAct(Shape, frozen=True):
    """Somebody called an emergency. It acts once as many members have as are needed."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    release: Annotated[str, msgspec.Meta(examples=["spam@1.2.0"])]
    withdrawn: bool
    callers: tuple[str, ...]
    needed: int
    until: Moment | None
    receipt: ReceiptShape


class ReleaseAct(Shape, frozen=True):
    """A version was released in a commons of one's own. The receipt is of that commons' log."""

    commons: Annotated[str, msgspec.Meta(description="Where it was released.", examples=["~ana"])]
    slug: Annotated[str, msgspec.Meta(examples=["spam"])]
    version: Annotated[str, msgspec.Meta(examples=["1.0.0"])]
    content: Annotated[Digest, msgspec.Meta(description="What runs and proposals are of.")]
    upstream: Annotated[
        Address | None, msgspec.Meta(description="With the version that it has all of: `roost/spam@1.2.0`.")
    ]
    receipt: ReceiptShape
    findings: Annotated[
        tuple[FindingShape, ...], msgspec.Meta(description="What lint says of it; none of it blocks.")
    ] = ()


def receipt_shape(left: Left) -> ReceiptShape:
    """Where an act stands."""
    if isinstance(left, Receipt):
        return ReceiptShape(seq=left.seq, digest=left.digest, commit=left.commit, sealed=left.sealed)
    entry = left.entry if isinstance(left, Acted) else left.acted.entry
    return ReceiptShape(seq=entry.event.seq, digest=entry.digest, commit=entry.commit)


def proposal_act(repository: Repository, number: int, left: Left) -> ProposalAct:
    """How a proposal stands after an act on it."""
    # Without its events: of a vote that is over, its own page has the count.
    explained, state = explain_proposal(repository, number, ()), repository.state()
    found = explained.proposal
    findings: Sequence[Finding] = left.findings if isinstance(left, Opened) else ()
    due = None if isinstance(found, Ended) else found.due
    return ProposalAct(
        commons=state.name,
        number=number,
        stage=str(found.stage),
        says=STAGES[found.stage],
        content=found.content,
        due=None if due is None else moment(due),
        ways=way_shapes(explained, state.at),
        receipt=receipt_shape(left),
        findings=tuple(map(finding_shape, findings)),
    )


def evidence_act(commons: str, number: int, shown: Shown) -> EvidenceAct:
    """Evidence as it was recorded."""
    return EvidenceAct(
        commons=commons,
        number=number,
        policy=shown.slug,
        event=shown.seq,
        base=shown.base,
        head=shown.head,
        missed=endpoint_shape(shown.missed),
        flagged=endpoint_shape(shown.flagged),
        counts=shown.counts,
        recorded_now=shown.fresh,
    )


def paper_shape(paper: BallotPaper) -> BallotPaperShape:
    """A ballot paper as the API gives it."""
    context = paper.context
    return BallotPaperShape(
        commons=context.commons,
        number=context.proposal,
        content=context.content,
        charter=context.charter,
        roll=context.roll,
        box=paper.box,
        member=paper.member,
        nonce=paper.nonce,
    )


def membership_act(state: Commons, handle: str, left: Acted) -> MembershipAct:
    """What somebody is after an act about them."""
    people, member = state.people, state.people.members.get(handle)
    if belongs(member):
        standing = "member"
    elif handle in people.applicants:
        standing = "applicant"
    elif handle in people.invited:
        standing = "invited"
    else:
        standing = "left" if member else "none"
    return MembershipAct(commons=state.name, handle=handle, standing=standing, receipt=receipt_shape(left))


def emergency_act(release: str, left: Acted) -> EmergencyAct:
    """How far an emergency is."""
    state = left.state
    gone = state.withdrawn[release]
    return EmergencyAct(
        commons=state.name,
        release=release,
        withdrawn=gone.since is not None,
        callers=gone.callers,
        needed=state.charter_rules.emergency.actors,
        until=None if gone.until is None else moment(gone.until),
        receipt=receipt_shape(left),
    )


def release_act(made: PublishedPolicy, upstream: str) -> ReleaseAct:
    """What was released, and of which version of its origin it has all."""
    return ReleaseAct(
        commons=made.acted.state.name,
        slug=made.release.slug,
        version=made.release.version,
        content=made.release.content,
        upstream=upstream,
        receipt=receipt_shape(made),
        findings=tuple(map(finding_shape, made.findings)),
    )
