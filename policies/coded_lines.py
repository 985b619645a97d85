"""Lines that name a label's code the way a heading does, whatever they are marked up with. Pure.

One grammar for two readers: the reader of sections knows a policy's codes and passes those, the
importer of texts without front matter does not know them yet and passes the shape of a code.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

LONGEST_HEADING = 160
"""In characters; a longer line is a sentence."""

# A run of underscores is tried from its beginning only, or a long one inside a word would cost its square.
_EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_+|(?<!_)_+(?!\w)")
_BOLD = re.compile(r"\s*(\*\*|__)(?!\s)(?:(?!\1).)+\1[:.]?\s*")
_LEADING = re.compile(r"^[^\w(\[]+")
_LISTED = re.compile(r"\s*(?:[|>•◦▪‣●]|[-*+]\s)")
_OUTPUT = re.compile(
    r"\W*(?:expected\s+)?(?:output|answer|response|reply|verdict|label|classification)"
    r"(?:\s+(?:formats?|as|with))?\s*[:=–—-]",
    re.IGNORECASE,
)


class Place(StrEnum):
    """Where in its line a code stands."""

    FRONT = "front"  # SP0 Not spam; SP0: Not spam
    FRONT_BRACKETS = "front brackets"  # (SP0) Not spam
    BRACKETS = "brackets"  # Not spam (SP0); Allowed (SP0 - Not spam)
    END = "end"  # Not spam - SP0


class CodedLine(NamedTuple):
    """A line taken apart. `head` stands before the code, `rest` behind it, `mark` between code and rest."""

    code: str
    place: Place
    head: str
    mark: str
    rest: str


def coded_line(text: str, code: str) -> CodedLine | None:
    """The code that a line names as a heading does; None for a line that does not, or names a sub-code.

    `text` is without markup. `code` is a regular expression without groups of its own. "SP0.a" is a
    criterion of SP0, and no heading of it; "Output: SP0" tells the model what to answer.
    """
    if len(text) > LONGEST_HEADING or _OUTPUT.match(text):
        return None
    text = _LEADING.sub("", text).strip()
    for place, pattern in _patterns(code):
        match = pattern.fullmatch(text)
        if match:
            found = match.groupdict()
            return CodedLine(
                code=match["code"],
                place=place,
                head=(found.get("head") or "").strip(" :–—-"),
                mark=found.get("mark") or "",
                rest=(found.get("rest") or "").strip(),
            )
    return None


def is_bold_line(line: str) -> bool:
    """Whether a whole line is one bold piece."""
    return len(line) <= LONGEST_HEADING and _BOLD.fullmatch(line) is not None


def is_listed(line: str) -> bool:
    """Whether a line is an item of a list, a row of a table or a quote."""
    return _LISTED.match(line) is not None


def without_emphasis(text: str) -> str:
    """The words of a line, without the marks of bold, italic and code, on single spaces."""
    return " ".join(_EMPHASIS.sub("", text).split())


@lru_cache(maxsize=256)
def _patterns(code: str) -> tuple[tuple[Place, re.Pattern[str]], ...]:
    mark = r"\s*(?P<mark>[:–—-])?\s*"
    # A code ends where neither a word nor a criterion's letter goes on: SP01, SP0.a, SP0-a.
    ends = r"(?!\w|[.-]\w)"
    kind = r"(?:(?i:label|code|level|category)\s+)?"
    return (
        (
            Place.BRACKETS,
            re.compile(
                rf"(?P<head>[^()\[\]]{{0,120}}?)\s*"
                rf"[(\[](?P<code>{code})(?:\s*(?P<mark>[:–—-])\s*(?P<rest>[^()]*))?[)\]]\s*[:.]?"
            ),
        ),
        (Place.FRONT_BRACKETS, re.compile(rf"[(\[]\s*(?P<code>{code})\s*[)\]]{mark}(?P<rest>\S.*)")),
        (Place.FRONT, re.compile(rf"{kind}(?P<code>{code}){ends}[.)]?{mark}(?P<rest>.*)")),
        (Place.END, re.compile(rf"(?P<head>\S.*?)\s(?P<mark>[:–—-])\s+(?P<code>{code})")),
    )
