"""What a request says of a commons to found, or of its charter, as the API takes it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.charter.values import Plain
from registry.services.errors import InputRefusedError
from registry.web.shapes.base import SHOWN, Shape


class FoundingRequest(Shape, frozen=True):
    """A commons to found."""

    name: Annotated[
        str,
        msgspec.Meta(
            description="Its path, `roost/teen-safety` where it is nested; or its last part, with `parent`.",
            examples=["meadow"],
            max_length=600,
        ),
    ]
    preset: Annotated[
        str, msgspec.Meta(description="Its first charter; one founder begins with `solo`.", max_length=60)
    ] = "solo"
    parent: Annotated[str | None, msgspec.Meta(description="The commons that it is nested in.")] = None


class CharterRequest(Shape, frozen=True):
    """Another charter: a whole file, or the one in force with some keys changed."""

    charter: Annotated[str | None, msgspec.Meta(description="The text of the whole file.")] = None
    preset: Annotated[str | None, msgspec.Meta(description="Another preset.", examples=["circle@1"])] = None
    set: Annotated[
        dict[str, bool | int | str | list[str] | dict[str, int | str]],
        msgspec.Meta(
            description="Keys with their values.",
            examples=[{"class.policy.voting": 72}],
            extra_json_schema={SHOWN: True},
        ),
    ] = msgspec.field(default_factory=dict)
    unset: Annotated[
        tuple[str, ...], msgspec.Meta(description="Keys that are as the preset has them again.")
    ] = ()
    base: Annotated[
        str | None,
        msgspec.Meta(description="`blob` of the charter that you read: with another in force, it is a 412."),
    ] = None


def charter_changes(asked: CharterRequest) -> dict[str, Plain | None] | None:
    """The keys to change; None where a whole file is given. Raises `InputRefusedError` for both."""
    changes: dict[str, Plain | None] = {
        **{key: tuple(value) if isinstance(value, list) else value for key, value in asked.set.items()},
        **dict.fromkeys(asked.unset),
    }
    if asked.preset is not None:
        changes["preset"] = asked.preset
    if asked.charter is None:
        return changes
    if changes:
        raise InputRefusedError("charter", "it is a whole charter.", "Leave out preset, set and unset.")
    return None
