"""Words of strangers on one line, for formats that break where pages do not. Touches nothing."""

from __future__ import annotations

import re

# What reorders the text around it, and what marks a direction: a title may not turn the line it stands in.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[\s\x00-\x20\x7f-\x9f\u2028\u2029]+")
# What is left of the code points that XML 1.0 (section 2.2) has no place for, not even escaped.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")


def one_line(text: str, most: int | None = None) -> str:
    """`text` without control or bidirectional characters, cut to `most` characters with an ellipsis."""
    line = _NO_CHARACTER.sub("\ufffd", _SPACES.sub(" ", _TURNING.sub("", text))).strip()
    if most is not None and len(line) > most:
        return line[: most - 1].rstrip() + "…"
    return line
