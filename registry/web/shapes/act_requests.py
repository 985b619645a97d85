"""What a request says of an act, as the API takes it. Touches nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from governance.payloads.base import Handle, Sha256, Slug, Token, Version
from governance.payloads.talk import (
    LineNumber,
    PlaceFile,
)
from policies.line_edits import Span
from policies.versions import Change
from registry.services.errors import InputRefusedError
from registry.services.evidence_taking import Upload
from registry.services.places import PLACE, Spot, is_of_cases
from registry.services.revisions import Draft
from registry.web.shapes.base import SHOWN, Shape

Reason = Annotated[
    str, msgspec.Meta(description="Why, for those who decide.", examples=["Raffles are harmless."])
]
Change_ = Annotated[
    Change | None,
    msgspec.Meta(description="The kind of version; the least that the difference asks for when left out."),
]


EventNumber = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class Packed(Shape, frozen=True):
    """A file that is not UTF-8."""

    base64: str


Policies = Annotated[
    dict[Slug, dict[str, str | Packed]],
    msgspec.Meta(
        description="Whole policies by name: each file's text by the file's name.",
        examples=[{"spam": {"policy.md": "---\ntitle: Spam\n...", "cases.jsonl": "..."}}],
    ),
]
Charter = Annotated[str | None, msgspec.Meta(description="The text of a charter to put in force instead.")]


RunFiles = Annotated[
    dict[str, str],
    msgspec.Meta(
        description="A run's files: `record.json`, `predictions.jsonl` and `reasoning.jsonl`, as texts.",
        examples=[{"record.json": "{...}", "predictions.jsonl": "...", "reasoning.jsonl": "..."}],
        max_length=3,
    ),
]


class EvidenceRequest(Shape, frozen=True):
    """Two whole runs about one policy of a proposal, asked the same in every way but for the policy."""

    slug: Annotated[Slug, msgspec.Meta(examples=["spam"])]
    base: Annotated[RunFiles, msgspec.Meta(description="Of what is in force.")]
    head: Annotated[RunFiles, msgspec.Meta(description="Of what is proposed.")]


class WithdrawalRequest(Shape, frozen=True):
    """A release that is not to be used any more."""

    slug: Annotated[Slug, msgspec.Meta(examples=["spam"])]
    version: Annotated[Version, msgspec.Meta(examples=["1.0.0"])]


class ProposalRequest(Shape, frozen=True):
    """A proposal proposes one thing: policies and perhaps a charter, a withdrawal, or an admission."""

    title: Annotated[str, msgspec.Meta(description="In one line.", examples=["Let raffles be"])]
    reason: Reason | None = None
    policies: Policies = msgspec.field(default_factory=dict)
    charter: Charter = None
    change: Change_ = None
    withdrawal: Annotated[
        WithdrawalRequest | None,
        msgspec.Meta(examples=[{"slug": "spam", "version": "1.0.0"}], extra_json_schema={SHOWN: True}),
    ] = None
    admission: Annotated[
        Handle | None, msgspec.Meta(description="Somebody who applied.", examples=["kim"])
    ] = None


class RevisionRequest(Shape, frozen=True):
    """What is proposed instead: whole again, and not what changed since."""

    policies: Annotated[Policies, msgspec.Meta(extra_json_schema={SHOWN: True})] = msgspec.field(
        default_factory=dict
    )
    charter: Charter = None
    change: Change_ = None
    take: Annotated[
        EventNumber | None,
        msgspec.Meta(
            description="Alone: takes the edit that this comment suggests, by the number of its event."
        ),
    ] = None


class ReviewRequest(Shape, frozen=True):
    """What one thinks of exactly the content at hand."""

    verdict: Annotated[Literal["approve", "request_changes"], msgspec.Meta(examples=["approve"])]
    reason: Annotated[
        str | None, msgspec.Meta(description="With `request_changes`: which. Else as you like.")
    ] = None


class PlaceRequest(Shape, frozen=True):
    """A place in what a proposal proposes: lines of a policy's text or of the charter, or a case."""

    file: Annotated[PlaceFile, msgspec.Meta(examples=["policies/spam/policy.md"])]
    first: Annotated[LineNumber | None, msgspec.Meta(description="The first line, from 1.")] = None
    last: Annotated[LineNumber | None, msgspec.Meta(description="The last one; `first` if left out.")] = None
    case: Annotated[str | None, msgspec.Meta(description="In `cases.jsonl`, instead of lines.")] = None
    content: Annotated[
        Sha256 | None,
        msgspec.Meta(description="The `content` of the proposal as you read it; else as it is now."),
    ] = None


class CommentRequest(Shape, frozen=True):
    """Words about a proposal, perhaps about a place in it, with what should stand there instead."""

    text: Annotated[str, msgspec.Meta(examples=["How does this treat raffles?"])]
    place: Annotated[
        PlaceRequest | None,
        msgspec.Meta(
            examples=[{"file": "policies/spam/policy.md", "first": 12}], extra_json_schema={SHOWN: True}
        ),
    ] = None
    suggestion: Annotated[
        str | None,
        msgspec.Meta(
            description="With a place: the lines that should stand there, or what should be judged in the "
            "case; empty takes the lines out.",
            examples=["Sold twice is sold once too often."],
        ),
    ] = None


class AnswerRequest(Shape, frozen=True):
    """An answer to those from outside who wait for one."""

    text: Annotated[str, msgspec.Meta(examples=["A raffle of a school is let be."])]
    comments: Annotated[
        tuple[EventNumber, ...],
        msgspec.Meta(
            description="Which comments, by the numbers of their events; all that wait when left out.",
            max_length=200,
        ),
    ] = ()


class ReasonRequest(Shape, frozen=True):
    """An act that asks for a reason."""

    reason: Reason


class ObjectionRequest(Shape, frozen=True):
    """An objection has a reason, and says what would resolve it."""

    reason: Reason
    remedy: Annotated[str, msgspec.Meta(examples=["Name what is meant."])]


class ResolutionRequest(Shape, frozen=True):
    """An objection or a hold of one's own, as resolved."""

    objection: Annotated[
        EventNumber | None,
        msgspec.Meta(description="The number of its event; the last that stands when left out."),
    ] = None


class RulingRequest(Shape, frozen=True):
    """What a member of the panel says should become of a challenged acceptance."""

    ruling: Annotated[Literal["uphold", "void", "return"], msgspec.Meta(examples=["uphold"])]
    reason: Reason


class BallotSignature(Shape, frozen=True):
    """A voter's own, over the ballot paper with the choice or box in it."""

    fingerprint: Annotated[Token, msgspec.Meta(description="Of a key that they registered.")]
    signature: Annotated[str, msgspec.Meta(description="In its compact form.", max_length=8_192)]


class BallotRequest(Shape, frozen=True):
    """A choice, sealed by this server where the charter says so; or a ballot that its voter signed."""

    choice: Annotated[
        Literal["yes", "no", "abstain"] | None,
        msgspec.Meta(
            description="Left out where a box holds it.", examples=["yes"], extra_json_schema={SHOWN: True}
        ),
    ] = None
    box: Annotated[Token | None, msgspec.Meta(description="A sealed choice, which is signed.")] = None
    signed: BallotSignature | None = None


class EmergencyRequest(Shape, frozen=True):
    """A release that does harm now."""

    slug: Annotated[Slug, msgspec.Meta(examples=["spam"])]
    version: Annotated[Version, msgspec.Meta(examples=["1.0.0"])]
    reason: Reason


def upload_of(data: EvidenceRequest) -> Upload:
    """Two runs that somebody brings."""
    base, head = ({name: text.encode() for name, text in files.items()} for files in (data.base, data.head))
    return Upload(data.slug, base, head)


def spot_of(data: CommentRequest) -> tuple[Spot | None, str | None]:
    """The place that a comment names, and of which content. Raises `InputRefusedError`."""
    place = data.place
    if place is None:
        return None, None
    by_case = is_of_cases(place.file)
    if by_case != (place.case is not None) or by_case == (place.first is not None):
        raise InputRefusedError(
            PLACE,
            "it names neither lines nor a case, or both.",
            "Give `case` for cases.jsonl, and `first` (and `last`) for any other file.",
        )
    if place.first is None:
        return Spot(place.file, None, place.case), place.content
    last = place.first if place.last is None else place.last
    return Spot(place.file, Span(place.first, last)), place.content


def draft_of(
    policies: Mapping[str, Mapping[str, str | Packed]], charter: str | None, change: Change | None
) -> Draft:
    """What somebody wants to propose. Raises `InputRefusedError`."""
    return Draft(
        folders={
            slug: {name: _bytes(f"policies.{slug}.{name}", file) for name, file in files.items()}
            for slug, files in policies.items()
        },
        charter=None if charter is None else charter.encode(),
        declared=change,
    )


def _bytes(place: str, file: str | Packed) -> bytes:
    try:
        return file.encode() if isinstance(file, str) else base64.b64decode(file.base64, validate=True)
    except (binascii.Error, ValueError):
        raise InputRefusedError(place, "this is no base64.", "Send the text as it is, or pack it.") from None
