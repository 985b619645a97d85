"""What founding a commons or changing its charter left, as the API answers it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.commons import Commons
from registry.services.charters import CheckedCharter
from registry.services.founding import FoundedHere
from registry.store.repository import Acted
from registry.web.shapes.acts import ReceiptShape, receipt_shape
from registry.web.shapes.base import Shape
from registry.web.shapes.problems import FindingShape, finding_shape


class CharterChangeShape(Shape, frozen=True):
    """One difference in plain words."""

    title: str
    before: str | None
    after: str | None
    keys: tuple[str, ...]


class CharterCheck(Shape, frozen=True):
    """What another charter would mean for a commons as it is now. Nothing was recorded."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    kind: Annotated[str, msgspec.Meta(description="`charter` or `entrenched`.", examples=["charter"])]
    decided: Annotated[str, msgspec.Meta(examples=["decided by vote"])]
    changes: tuple[CharterChangeShape, ...]
    findings: Annotated[
        tuple[FindingShape, ...], msgspec.Meta(description="What its members could not live by.")
    ]
    base: Annotated[str, msgspec.Meta(description="The charter in force, as a Git blob.")]
    charter: Annotated[str, msgspec.Meta(description="The whole file, to propose or to put in force.")]


class CharterAct(Shape, frozen=True):
    """A charter was put in force."""

    commons: Annotated[str, msgspec.Meta(examples=["starter"])]
    preset: Annotated[str, msgspec.Meta(examples=["circle@1"])]
    blob: Annotated[str, msgspec.Meta(description="Git blob id of the file.")]
    receipt: ReceiptShape


def charter_check(state: Commons, checked: CheckedCharter) -> CharterCheck:
    """What another charter would mean."""
    return CharterCheck(
        commons=state.name,
        kind=str(checked.kind),
        decided=checked.decided,
        changes=tuple(
            CharterChangeShape(title=one.title, before=one.before, after=one.after, keys=one.keys)
            for one in checked.changes
        ),
        findings=tuple(map(finding_shape, checked.findings)),
        base=state.charter,
        charter=checked.file.text,
    )


def charter_act(left: Acted) -> CharterAct:
    """A charter as it is in force."""
    state = left.state
    return CharterAct(
        commons=state.name, preset=state.rules.preset, blob=state.charter, receipt=receipt_shape(left)
    )


class FoundingAct(Shape, frozen=True):
    """A commons was founded: the receipt is of the first event of its own log."""

    commons: Annotated[str, msgspec.Meta(examples=["meadow"])]
    parent: Annotated[str | None, msgspec.Meta(description="The commons that it is nested in.")]
    founder: Annotated[str, msgspec.Meta(examples=["ana"])]
    preset: Annotated[str, msgspec.Meta(examples=["solo@1"])]
    page: Annotated[str, msgspec.Meta(examples=["/meadow"])]
    git: Annotated[str, msgspec.Meta(description="Clone it from here.", examples=["/meadow.git"])]
    receipt: ReceiptShape


def founding_act(founder: str, made: FoundedHere) -> FoundingAct:
    """A commons as it was founded."""
    name, entry = made.wanted.name, made.founding
    return FoundingAct(
        commons=name,
        parent=made.wanted.parent,
        founder=founder,
        preset=made.wanted.preset,
        page=f"/{name}",
        git=f"/{name}.git",
        receipt=ReceiptShape(seq=entry.event.seq, digest=entry.digest, commit=entry.commit),
    )
