"""Overrides as they stand in events: plain values whose every text is bounded by a pattern. Pure.

An override is what a charter says otherwise than its preset: a dotted key and a value. Overrides enter
the log for good, so no free text may hide in one; what each key may hold is narrower (`schema.py`).
This module imports nothing of the package, so that the schemas of events can use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import msgspec

MAX_OVERRIDES = 200
"""More keys than a charter has, groups included."""

OverrideKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_.-]{0,127}\Z")]
OverrideText: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._@/-]{0,130}\Z")]
Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**6)]

Override: TypeAlias = (
    bool
    | Whole
    # Unbounded here, and bounded by its key (`schema.py`): in a union with a list, msgspec 0.22 frees the
    # pattern of a text twice, and the process dies.
    | str
    | Annotated[tuple[OverrideText, ...], msgspec.Meta(max_length=64)]
    | Annotated[dict[OverrideText, Whole | OverrideText], msgspec.Meta(max_length=8)]
)
"""One value: a flag, a number, a word or fraction, a list of words, or the parts of a quorum."""

Overrides: TypeAlias = Annotated[dict[OverrideKey, Override], msgspec.Meta(max_length=MAX_OVERRIDES)]
"""The type of a payload's field `overrides`."""

Plain: TypeAlias = bool | int | str | tuple[str, ...] | Mapping[str, int | str]
"""What an override is in Python."""
