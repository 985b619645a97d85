"""Excerpts as people read them: the marks of Markdown go, the words stay. Touches nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Headings, list items and quotes begin a line, and an excerpt may begin in the middle of one.
_LINE = re.compile(r"(?:(?<=\n)|(?<=\u2026)|\A)[ \t]*(?:#{1,6}|[-*+>]|[0-9]{1,3}\.)[ \t]+")
_HEADING = re.compile(r"(?:(?<=\n)|\A)#{1,6}[ \t]+([^\n]+)\n+")
_BETWEEN = re.compile(r"\*\*|`+")
_SPACE = re.compile(r"\s+")


def plain_excerpt(excerpt: Sequence[str]) -> tuple[str, ...]:
    """An excerpt in the same parts, plain and matching in turns, on one line."""
    return tuple(_plain(part) for part in excerpt)


def _plain(part: str) -> str:
    text = _LINE.sub(" ", _HEADING.sub("\\1:\n", part))
    return _SPACE.sub(" ", _BETWEEN.sub("", text))
