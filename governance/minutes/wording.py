"""What the sentences share. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

Sentence: TypeAlias = Callable[[str, Any], str]
"""From the actor and the payload to one line without a full stop."""


def plural(count: int, noun: str) -> str:
    """`1 vote`, `2 votes`, `3 policies`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"


def moment(at: int) -> str:
    """`2026-11-28 14:05` in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
