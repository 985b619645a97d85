"""What every parser does first: is there a finished answer at all, free of the format's own tokens? Pure.

Answers that were cut, or that leak special tokens, have been seen to hold a label that was never given;
so no label is ever searched for inside an answer.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from evaluations.context import WINDOW_FULL
from evaluations.verdicts import Unparsed, UnparsedReason

_SPECIAL = "<|"


class Finished(NamedTuple):
    """A finished answer without the blanks around it."""

    text: str


def finished(output: str | None, finish_reason: str | None) -> Finished | Unparsed:
    """The answer, or why there is none to read."""
    if finish_reason == WINDOW_FULL:
        return Unparsed(reason=UnparsedReason.CONTEXT_FULL)
    if finish_reason != "stop":
        return Unparsed(reason=UnparsedReason.NOT_STOPPED)
    answer = (output or "").strip()
    if not answer:
        return Unparsed(reason=UnparsedReason.EMPTY)
    if _SPECIAL in answer:
        return Unparsed(reason=UnparsedReason.SPECIAL_TOKEN)
    return Finished(answer)


def json_object(answer: str) -> dict[str, object] | None:
    """The one JSON object that an answer is, or None: no fence, no second object, no key twice."""
    try:
        value = json.loads(answer, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result
