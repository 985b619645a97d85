"""A labelled case as the API says it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from policies.model import Case
from registry.web.shapes.base import Shape


class AnnotationShape(Shape, frozen=True):
    """What one annotator said of a case."""

    by: str
    label: str


class CaseShape(Shape, frozen=True):
    """One case. `label` is set for single labelling, `labels` for flags (null: unlabelled)."""

    id: Annotated[str, msgspec.Meta(examples=["SP-001"])]
    content: Annotated[str, msgspec.Meta(examples=["See you at the library at six."])]
    label: Annotated[str | None, msgspec.Meta(examples=["SP0"])]
    labels: dict[str, bool | None] | None
    sensitive: Annotated[bool, msgspec.Meta(description="Hide the content until a reader asks for it.")]
    status: Annotated[
        str, msgspec.Meta(description="active, or todo for a known failure.", examples=["active"])
    ]
    slices: Annotated[tuple[str, ...], msgspec.Meta(examples=[["short", "benign-context"]])]
    pair: str | None
    subject: str | None
    context: str | None
    language: str | None
    source: str | None
    license: str | None
    note: str | None
    annotations: tuple[AnnotationShape, ...]


def case_shape(case: Case) -> CaseShape:
    """A case with everything that it says."""
    return CaseShape(
        id=case.id,
        content=case.content,
        label=case.label,
        labels=dict(case.labels) if case.labels is not None else None,
        sensitive=case.sensitive,
        status=case.status.value,
        slices=case.slices,
        pair=case.pair,
        subject=case.subject.value if case.subject else None,
        context=case.context,
        language=case.language,
        source=case.source,
        license=case.license,
        note=case.note,
        annotations=tuple(AnnotationShape(by=note.by, label=note.label) for note in case.annotations),
    )
