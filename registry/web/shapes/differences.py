"""Two versions of a policy side by side, as the API says it. Touches nothing but what a visit reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from policies.case_changes import CaseChange, CaseEvent
from policies.comparison import AttachmentChange, Comparison, Fate, LabelChange
from policies.diff import FieldChange
from policies.notice import Notice
from policies.text_diff import Line, LineKind, Stretch, TextDiff, stretches_of
from policies.versions import Change
from policies.word_marks import Mark
from registry.services.differences import Side
from registry.web.differences import Difference
from registry.web.shapes.base import Address, Commit, Page, Shape
from registry.web.shapes.cases import CaseShape, case_shape
from registry.web.shapes.flips import BehaviourShape, behaviour_shapes
from registry.web.shapes.policies import LabelShape, json_value, label_shape
from registry.web.visit import Visit

MOST_LINES = 10_000
"""Lines given of one text; the files themselves have all."""

Version = Annotated[str, msgspec.Meta(examples=["1.1.0"])]


class NoticeShape(Shape, frozen=True):
    """What a release changes for its users, the weightiest first. Holds words of its authors: escape them."""

    headline: Annotated[str, msgspec.Meta(examples=["Label SP4 (Phishing) is new; it means violating."])]
    sentences: tuple[str, ...]
    kind: Annotated[
        Change | None,
        msgspec.Meta(
            description="The weightier of what the number announces and what changed; null for a first "
            "release and where nothing changed.",
            examples=["minor"],
        ),
    ]


class SideShape(Shape, frozen=True):
    """One of the two versions."""

    version: Version
    commit: Commit
    readable: bool
    trouble: Annotated[str | None, msgspec.Meta(description="Why it cannot be read.")]
    erased: Annotated[bool, msgspec.Meta(description="Whether a redaction took something out of it.")]


class LabelChangeShape(Shape, frozen=True):
    """A label of either side. Places count from 1, mildest first."""

    code: Annotated[str, msgspec.Meta(examples=["SP2"])]
    fate: Annotated[Fate, msgspec.Meta(description="same, added, removed or changed.", examples=["changed"])]
    old: LabelShape | None
    new: LabelShape | None
    old_place: int | None
    new_place: int | None


class NamesShape(Shape, frozen=True):
    """Parts by their names: a label's section goes by its code."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Annotated[tuple[str, ...], msgspec.Meta(examples=[["Goal", "SP2"]])]


class FieldChangeShape(Shape, frozen=True):
    """A key of the front matter on both sides; null where it is not stated."""

    key: Annotated[str, msgspec.Meta(examples=["status"])]
    old: object
    new: object


class PieceShape(Shape, frozen=True):
    """Words of a line, and whether they stand on both sides."""

    mark: Annotated[Mark, msgspec.Meta(description="same, removed or added.", examples=["added"])]
    text: str


class LineShape(Shape, frozen=True):
    """A line with its number on each side. A changed line holds the words of both."""

    kind: Annotated[LineKind, msgspec.Meta(description="same, changed, removed or added.", examples=["same"])]
    old: int | None
    new: int | None
    pieces: tuple[PieceShape, ...]


class StretchShape(Shape, frozen=True):
    """Lines around a change, or, without its lines, a stretch that is `unchanged`."""

    unchanged: bool
    under: Annotated[str, msgspec.Meta(description="The heading before it.", examples=["SP2 Likely spam"])]
    count: Annotated[int, msgspec.Meta(description="How many lines it has.")]
    lines: tuple[LineShape, ...]


class TextDiffShape(Shape, frozen=True):
    """A text, line by line."""

    changed: Annotated[int, msgspec.Meta(description="Lines that are not the same.")]
    exact: Annotated[bool, msgspec.Meta(description="False where it was too large to compare line by line.")]
    left_out: Annotated[
        int, msgspec.Meta(description=f"Changed lines not given: at most {MOST_LINES:,} lines are.")
    ]
    stretches: tuple[StretchShape, ...]


class AttachmentChangeShape(Shape, frozen=True):
    """An attachment, and whether the model read it and reads it."""

    file: Annotated[str, msgspec.Meta(examples=["annex-1.md"])]
    fate: Fate
    was_read: bool
    is_read: bool
    text: TextDiffShape


class CaseChangeShape(Shape, frozen=True):
    """A case on both sides. `fields` differ beside the label. Hide texts of `sensitive` ones."""

    id: Annotated[str, msgspec.Meta(examples=["SP-001"])]
    event: Annotated[
        CaseEvent, msgspec.Meta(description="relabelled, added, removed or edited.", examples=["relabelled"])
    ]
    fields: Annotated[tuple[str, ...], msgspec.Meta(examples=[["note"]])]
    old: CaseShape | None
    new: CaseShape | None


class DifferenceShape(Shape, frozen=True):
    """From `old` to `new`. Parts that need both texts are null where one cannot be read."""

    policy: Address
    old: Annotated[SideShape | None, msgspec.Meta(description="Null where `new` is the first version.")]
    new: SideShape
    backwards: Annotated[bool, msgspec.Meta(description="Whether `old` is the later version.")]
    same: Annotated[bool | None, msgspec.Meta(description="Whether both say the same.")]
    notice: NoticeShape | None
    least_change: Annotated[
        Change | None,
        msgspec.Meta(description="The least that the change may be called.", examples=["minor"]),
    ]
    labels: tuple[LabelChangeShape, ...] | None
    sections: NamesShape | None
    front_matter: tuple[FieldChangeShape, ...] | None
    text: TextDiffShape | None
    attachments: tuple[AttachmentChangeShape, ...] | None
    cases: Page[CaseChangeShape] | None
    flips: Annotated[
        tuple[BehaviourShape, ...],
        msgspec.Meta(
            description="By runs of both versions under the same conditions, the shared model first."
        ),
    ]


def notice_shape(notice: Notice) -> NoticeShape:
    """A notice as it is."""
    return NoticeShape(headline=notice.headline, sentences=notice.sentences, kind=notice.kind)


def difference_shape(
    visit: Visit, slug: str, found: Difference, cases: Page[CaseChangeShape] | None
) -> DifferenceShape:
    """The whole difference; `cases` is the page of them that was asked for."""
    made = found.comparison
    return DifferenceShape(
        policy=f"{visit.name}/{slug}",
        old=_side(found.old) if found.old else None,
        new=_side(found.new),
        backwards=found.backwards,
        same=made.is_same if made else None,
        notice=notice_shape(made.notice) if made else None,
        least_change=made.diff.least_change if made and found.old else None,
        cases=cases,
        **comparison_parts(made),
        flips=behaviour_shapes(found.behaviour),
    )


def comparison_parts(made: Comparison | None) -> dict[str, Any]:
    """What differs but for the cases; None for each part where a side cannot be read."""
    if made is None:
        return dict.fromkeys(("labels", "sections", "front_matter", "text", "attachments"))
    return {
        "labels": tuple(map(_label_change, made.labels)),
        "sections": _sections(made),
        "front_matter": tuple(map(_field, made.diff.front_matter)),
        "text": text_diff_shape(made.text),
        "attachments": tuple(map(_attachment, made.attachments)),
    }


def case_change_shape(change: CaseChange) -> CaseChangeShape:
    """A changed case."""
    return CaseChangeShape(
        id=change.id,
        event=change.event,
        fields=change.fields,
        old=case_shape(change.old) if change.old else None,
        new=case_shape(change.new) if change.new else None,
    )


def text_diff_shape(diff: TextDiff) -> TextDiffShape:
    """A text's difference without the lines that are far from any change."""
    left = MOST_LINES
    shapes: list[StretchShape] = []
    for stretch in stretches_of(diff):
        lines = () if stretch.unchanged else stretch.lines[:left]
        left -= len(lines)
        if lines or stretch.unchanged:
            shapes.append(_stretch(stretch, lines))
    given = sum(line.kind is not LineKind.SAME for shape in shapes for line in shape.lines)
    return TextDiffShape(
        changed=diff.changed, exact=diff.exact, left_out=diff.changed - given, stretches=tuple(shapes)
    )


def _side(side: Side) -> SideShape:
    return SideShape(
        version=side.release.version,
        commit=side.release.commit,
        readable=side.folder is not None,
        trouble=side.trouble,
        erased=side.erased,
    )


def _label_change(change: LabelChange) -> LabelChangeShape:
    return LabelChangeShape(
        code=change.code,
        fate=change.fate,
        old=label_shape(change.old) if change.old else None,
        new=label_shape(change.new) if change.new else None,
        old_place=change.old_place,
        new_place=change.new_place,
    )


def _sections(made: Comparison) -> NamesShape:
    diff = made.diff
    return NamesShape(added=diff.sections_added, removed=diff.sections_removed, changed=diff.sections_changed)


def _field(change: FieldChange) -> FieldChangeShape:
    return FieldChangeShape(key=change.key, old=json_value(change.old), new=json_value(change.new))


def _stretch(stretch: Stretch, lines: Iterable[Line]) -> StretchShape:
    return StretchShape(
        unchanged=stretch.unchanged,
        under=stretch.under,
        count=len(stretch.lines),
        lines=tuple(
            LineShape(
                kind=line.kind,
                old=line.old,
                new=line.new,
                pieces=tuple(PieceShape(mark=piece.mark, text=piece.text) for piece in line.pieces),
            )
            for line in lines
        ),
    )


def _attachment(change: AttachmentChange) -> AttachmentChangeShape:
    return AttachmentChangeShape(
        file=change.file,
        fate=change.fate,
        was_read=change.was_read,
        is_read=change.is_read,
        text=text_diff_shape(change.text),
    )
