"""Two revisions of a proposal side by side, as the API says it. Touches nothing but what a visit reads."""

from __future__ import annotations

from typing import Annotated

import msgspec

from registry.services.revisions_made import Made
from registry.web.revised import Between, Revised
from registry.web.shapes.base import Commit, Moment, Shape, moment
from registry.web.shapes.differences import (
    AttachmentChangeShape,
    CaseChangeShape,
    FieldChangeShape,
    LabelChangeShape,
    NamesShape,
    TextDiffShape,
    case_change_shape,
    comparison_parts,
)

MOST_CASES = 1_000
"""Changed cases given of one policy; a clone has all."""


class RevisionShape(Shape, frozen=True):
    """A revision of a proposal, counted from 1; `took` is the comment whose suggested edit it took."""

    number: Annotated[int, msgspec.Meta(examples=[1])]
    event: int
    by: Annotated[str, msgspec.Meta(examples=["bo"])]
    at: Moment
    commit: Commit
    took: int | None


class RevisedShape(Shape, frozen=True):
    """A policy from one revision to the other; parts are null where `trouble` says why."""

    policy: Annotated[str, msgspec.Meta(examples=["spam"])]
    trouble: str | None
    labels: tuple[LabelChangeShape, ...] | None
    sections: NamesShape | None
    front_matter: tuple[FieldChangeShape, ...] | None
    text: TextDiffShape | None
    attachments: tuple[AttachmentChangeShape, ...] | None
    cases: Annotated[
        tuple[CaseChangeShape, ...] | None,
        msgspec.Meta(description=f"At most {MOST_CASES:,} of them; `changed_cases` counts all."),
    ]
    changed_cases: int


class RuleChangeShape(Shape, frozen=True):
    """A rule in plain words on both sides; null where nothing is said."""

    title: str
    before: str | None
    after: str | None
    keys: tuple[str, ...]


class BetweenShape(Shape, frozen=True):
    """What changed from `old` to `new`: the policies that differ, and the rules.

    `moved`: they begin from different states of main, so what came into force between shows here, too.
    """

    proposal: Annotated[int, msgspec.Meta(examples=[3])]
    old: RevisionShape
    new: RevisionShape
    revisions: Annotated[int, msgspec.Meta(description="How many the proposal has.")]
    moved: bool
    same: bool
    policies: tuple[RevisedShape, ...]
    charter: tuple[RuleChangeShape, ...] | None


def between_shape(found: Between) -> BetweenShape:
    """All of it."""
    charter = found.charter
    return BetweenShape(
        proposal=found.number,
        old=_revision(found, found.old),
        new=_revision(found, found.new),
        revisions=len(found.all),
        moved=found.moved,
        same=found.is_same,
        policies=tuple(map(_revised, found.policies)),
        charter=None
        if charter is None
        else tuple(
            RuleChangeShape(title=one.title, before=one.before, after=one.after, keys=one.keys)
            for one in charter
        ),
    )


def _revision(found: Between, made: Made) -> RevisionShape:
    return RevisionShape(
        number=made.number,
        event=made.seq,
        by=made.by,
        at=moment(made.at),
        commit=found.visit.state.current_commit(made.revision.head),
        took=made.took,
    )


def _revised(one: Revised) -> RevisedShape:
    cases = one.made.cases if one.made else None
    return RevisedShape(
        policy=one.slug,
        trouble=one.trouble,
        cases=None if cases is None else tuple(map(case_change_shape, cases[:MOST_CASES])),
        changed_cases=len(cases or ()),
        **comparison_parts(one.made),
    )
