"""A text to try and what an engine says of it, as the API has them. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from registry.services.classify import Judgement
from registry.services.verdict_words import why_not
from registry.web.shapes.base import Address, Shape
from registry.web.shapes.policies import LabelShape, label_shape
from registry.web.trying import Offered


class TryRequest(Shape, frozen=True):
    """A text to judge. Nothing of it is stored."""

    text: Annotated[
        str,
        msgspec.Meta(description="At most 8,000 characters.", examples=["Get 5,000 followers overnight."]),
    ]
    version: Annotated[
        str | None, msgspec.Meta(description="`1.2.0`, `latest` or a commit.", examples=["latest"])
    ] = None
    engine: Annotated[
        str | None,
        msgspec.Meta(
            description="`lexical`, or `openai` (the usual one) where there is a model server.",
            examples=["lexical"],
        ),
    ] = None


class TryAnswer(Shape, frozen=True):
    """What an engine says. `note` is to be read first: a baseline cannot follow rules."""

    note: Annotated[str, msgspec.Meta(description="What the engine says of itself; show it with the answer.")]
    policy: Address
    version: Annotated[str, msgspec.Meta(examples=["1.2.0"])]
    engine: Annotated[str, msgspec.Meta(examples=["lexical"])]
    model: Annotated[str | None, msgspec.Meta(examples=["openai/gpt-oss-safeguard-20b"])]
    answered: Annotated[bool, msgspec.Meta(description="False when no verdict could be read.")]
    violates: Annotated[bool | None, msgspec.Meta(description="Null without a verdict.")]
    labels: Annotated[
        tuple[LabelShape, ...], msgspec.Meta(description="One, or the flags that are raised, perhaps none.")
    ]
    problem: Annotated[str | None, msgspec.Meta(description="Why there is no verdict.")]
    reasoning: Annotated[
        str | None,
        msgspec.Meta(description="What the model wrote. May be wrong or harmful; not for end users."),
    ]


def try_answer(address: str, version: str, engine: Offered, judged: Judgement) -> TryAnswer:
    """A judgement as the API gives it."""
    return TryAnswer(
        note=engine.note,
        policy=address,
        version=version,
        engine=engine.name,
        model=engine.model,
        answered=judged.answered,
        violates=judged.violates,
        labels=tuple(map(label_shape, judged.labels)),
        problem=why_not(judged.verdict),
        reasoning=judged.reasoning,
    )
