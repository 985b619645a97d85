"""Cases that two runs answered differently, as the API says it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from evaluations.flips import Flip, FlipKind
from evaluations.standing import RunClass
from evaluations.verdicts import verdict_to_json
from registry.services.differences import Behaviour, Compared
from registry.web.shapes.base import Shape
from registry.web.shapes.runs import engine_note

MOST_FLIPS = 200
"""Flips listed of one pair of runs; the runs' own rows have all."""


class FlipShape(Shape, frozen=True):
    """One case answered differently to the same input. `kind` judges by `gold`, the newer label."""

    case: Annotated[str, msgspec.Meta(examples=["SP-001"])]
    repeat: int
    gold: Annotated[object, msgspec.Meta(description="A label, or flags (null: unlabelled).")]
    old: Annotated[dict[str, object], msgspec.Meta(examples=[{"label": "SP0"}])]
    new: Annotated[dict[str, object], msgspec.Meta(examples=[{"label": "SP2"}])]
    kind: Annotated[FlipKind, msgspec.Meta(description="fixed, broken or changed.", examples=["fixed"])]
    todo: Annotated[bool, msgspec.Meta(description="A known failure, which counts in no score.")]


class BehaviourShape(Shape, frozen=True):
    """Two runs, one of each version, between which only the policy and its cases differ."""

    old_run: Annotated[str, msgspec.Meta(description="Run key.", examples=["3b5d5c37" * 8])]
    new_run: Annotated[str, msgspec.Meta(description="Run key.", examples=["9f86d081" * 8])]
    engine: Annotated[str, msgspec.Meta(examples=["lexical"])]
    model: Annotated[str, msgspec.Meta(examples=["openai/gpt-oss-safeguard-20b"])]
    template: str | None
    stands_for: Annotated[
        RunClass,
        msgspec.Meta(description="A baseline predicts nothing about the model.", examples=["baseline"]),
    ]
    note: Annotated[str | None, msgspec.Meta(description="What the engine says of its own figures.")]
    compared: Annotated[int, msgspec.Meta(description="Answers of both runs to the same input.")]
    not_comparable: Annotated[int, msgspec.Meta(description="Answers without such a counterpart.")]
    fixed: int
    broken: int
    changed: Annotated[int, msgspec.Meta(description="Wrong before and after, or right both times.")]
    flips: Annotated[tuple[FlipShape, ...], msgspec.Meta(description=f"The first {MOST_FLIPS}, by case.")]


def behaviour_shapes(behaviour: Behaviour | None) -> tuple[BehaviourShape, ...]:
    """Each pair of runs, the shared model's first."""
    return tuple(map(_behaviour, behaviour.compared)) if behaviour else ()


def _behaviour(item: Compared) -> BehaviourShape:
    parts = item.record.parts
    flips = item.flips
    return BehaviourShape(
        old_run=item.old.key,
        new_run=item.new.key,
        engine=parts.engine,
        model=parts.model.id,
        template=parts.template,
        stands_for=item.stands_for,
        note=engine_note(parts.engine),
        compared=flips.compared,
        not_comparable=flips.not_comparable,
        fixed=len(flips.of(FlipKind.FIXED)),
        broken=len(flips.of(FlipKind.BROKEN)),
        changed=len(flips.of(FlipKind.CHANGED)),
        flips=tuple(map(flip_shape, flips.flips[:MOST_FLIPS])),
    )


def flip_shape(flip: Flip) -> FlipShape:
    """One flip."""
    return FlipShape(
        case=flip.case,
        repeat=flip.repeat,
        gold=flip.gold,
        old=dict(verdict_to_json(flip.old)),
        new=dict(verdict_to_json(flip.new)),
        kind=flip.kind,
        todo=flip.todo,
    )
