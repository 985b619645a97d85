"""Overrides as they stand in events: plain values whose every text is bounded. Pure.

An override is what a charter says otherwise than its preset: a dotted key and a value. Overrides enter
the log for good, so no free text may hide in one; what each key may hold is narrower (`schema.py`).
This module imports nothing of the package, so that the schemas of events can use it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, TypeAlias

import msgspec

MAX_OVERRIDES = 200
"""More keys than a charter has, groups included."""

_TEXT = r"^[A-Za-z0-9._@/-]{0,130}\Z"
_Text: TypeAlias = Annotated[str, msgspec.Meta(pattern=_TEXT)]
# msgspec 0.22 corrupts memory when it frees a union of a text with a pattern and a list or a map (its
# issue 717). Beside those, the pattern is for the documentation, and `check_texts` holds it.
_Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=130, extra_json_schema={"pattern": _TEXT})]
_Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**6)]

OverrideKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_.-]{0,127}\Z")]

Override: TypeAlias = (
    bool
    | _Whole
    | _Word
    | Annotated[tuple[_Text, ...], msgspec.Meta(max_length=64)]
    | Annotated[dict[_Text, _Whole | _Text], msgspec.Meta(max_length=8)]
)
"""One value: a flag, a number, a word or fraction, a list of words, or the parts of a quorum."""

Overrides: TypeAlias = Annotated[dict[OverrideKey, Override], msgspec.Meta(max_length=MAX_OVERRIDES)]
"""The type of a payload's field `overrides`. The payload calls `check_texts` in its `__post_init__`."""

Plain: TypeAlias = bool | int | str | tuple[str, ...] | Mapping[str, int | str]
"""What an override is in Python."""

_TEXTS = re.compile(_TEXT)


def check_texts(overrides: Mapping[str, Plain]) -> None:
    """Raises `ValueError` for a word in which free text could hide."""
    for key, value in overrides.items():
        if isinstance(value, str) and not _TEXTS.match(value):
            raise ValueError(f"{key} holds a text that is no word")
