"""A refusal as RFC 9457 has it, with what to do instead. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What went wrong. `type` leads to the documentation of this kind of problem."""

    type: Annotated[str, msgspec.Meta(examples=["/api/v1/docs#unknown-policy"])]
    title: Annotated[str, msgspec.Meta(examples=["No such policy or version"])]
    status: Annotated[int, msgspec.Meta(examples=[404])]
    detail: Annotated[str | None, msgspec.Meta(examples=["There is no “scam” in this commons."])] = None
    instance: Annotated[str | None, msgspec.Meta(examples=["/api/v1/commons/starter/policies/scam"])] = None
    remedy: Annotated[
        str | None, msgspec.Meta(description="What to do.", examples=["The commons lists what is there."])
    ] = None
