"""Headings of texts that were written without Markdown headings: plain and bold lines. Pure.

Such texts come out of word processors and chats. Only a line that names one label's code can be told
from a sentence with any certainty, and only while the text has no surer form of heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from policies.coded_lines import (
    LONGEST_HEADING,
    CodedLine,
    Place,
    coded_line,
    is_bold_line,
    is_listed,
    without_emphasis,
)

_QUOTE_OR_ARROW = re.compile(r"[\"“”„«»「」→⇒]|[-=]>")
_SENTENCE_ENDS = (".", "!", "?", ";", ",")
_ENDS = (*_SENTENCE_ENDS, ":", '"', "”", "“", "»", "«", "」", ")", "]", "*")
_BULLET = re.compile(r"\s*[•◦▪‣●]\s*")
_CRITERION = re.compile(r"(?:[.-][A-Za-z0-9]{1,3}|[a-z])(?!\w)")
# A line that its writer broke is about full; a shorter one ends where it was meant to.
_WRAPS_AT = 50
_LONGEST_CAPITALS = 60


class TopBlock(NamedTuple):
    """A heading or a paragraph that stands in no list or quote.

    `start` is the number of its first line, 0-based; `code` the label it names when it `heads` a section.
    """

    start: int
    lines: Sequence[str]
    heads: bool
    code: str | None = None


class _Candidate(NamedTuple):
    line: int
    code: str
    bold: bool


def plain_headings(
    lines: Sequence[str], blocks: Sequence[TopBlock], codes: Sequence[str]
) -> Mapping[int, str | None]:
    """The lines (0-based) that head a section for want of better headings, with their codes.

    Where bold lines head sections for two labels, plain ones are text; one plain line alone may be a
    sentence, so two labels need one, unless there is only one. In a text laid out so, a paragraph that
    begins with a line in capitals heads a section without a code.
    """
    known = tuple(sorted(codes, key=len, reverse=True))
    headed = {block.code for block in blocks if block.heads and block.code}
    candidates = _without_legends([*_candidates(blocks, known)], lines)
    bold = [candidate for candidate in candidates if candidate.bold]
    least = min(2, len(known))
    if _labels(bold, headed) >= least or _labels(candidates, headed) < least:
        candidates = bold
    if not candidates:
        return {}
    return dict.fromkeys(_in_capitals(blocks, known)) | {each.line: each.code for each in candidates}


def is_item_of(code: str, line: str) -> bool:
    """Whether a plain line is a criterion of the label: "SP0.a Question", or one behind a printed bullet."""
    if _BULLET.match(line):
        return True
    words = line.lstrip(" \t*_")
    return words.startswith(code) and _CRITERION.match(words, len(code)) is not None


def _labels(candidates: Sequence[_Candidate], headed: Set[str]) -> int:
    return len({candidate.code for candidate in candidates} | headed)


@lru_cache(maxsize=256)
def _any_of(codes: tuple[str, ...]) -> tuple[str, re.Pattern[str]]:
    either = "|".join(re.escape(code) for code in codes)
    return f"(?:{either})", re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _candidates(blocks: Sequence[TopBlock], codes: tuple[str, ...]) -> Iterator[_Candidate]:
    either, named = _any_of(codes)
    for block in blocks:
        if block.heads:
            continue
        for index, line in enumerate(block.lines):
            if len(line) > LONGEST_HEADING or is_listed(line):
                continue
            first = named.search(line)
            if first is None or is_item_of(first.group(), line):
                continue
            words = without_emphasis(line)
            found = coded_line(words, either)
            if found is None or set(named.findall(words)) != {found.code}:
                continue
            bold = is_bold_line(line)
            before = block.lines[index - 1].strip() if index else ""
            after = block.lines[index + 1].strip() if index + 1 < len(block.lines) else ""
            if bold or (_stands_alone(words, found) and not _in_running_text(before, words, after)):
                yield _Candidate(block.start + index, found.code, bold)


def _stands_alone(words: str, found: CodedLine) -> bool:
    """Whether a line without markup reads as a heading, and not as a sentence or an example."""
    if _QUOTE_OR_ARROW.search(words):
        return False
    if not any(sign.isalpha() for sign in found.code):
        return False  # A line that begins with a number is an item of a list.
    if found.place is Place.FRONT and found.mark == ":":
        return True
    if words.endswith(_SENTENCE_ENDS):
        return False
    if found.place is not Place.FRONT or found.mark or not found.rest:
        return True
    # "SP2 Likely spam" is a title; "SP2 applies to shops" is a sentence, as is "OK Then" with a label OK.
    first = found.rest[0]
    return any(sign.isdigit() for sign in found.code) and (
        first in "([" or (first.isalnum() and not first.islower())
    )


def _in_running_text(before: str, line: str, after: str) -> bool:
    """Whether a line is one of a paragraph's that was wrapped by its writer."""
    if len(before) >= _WRAPS_AT and not before.endswith(_ENDS):
        return True
    return len(line) >= _WRAPS_AT and not line.endswith(_ENDS) and after[:1].islower()


def _without_legends(candidates: list[_Candidate], lines: Sequence[str]) -> list[_Candidate]:
    """The lines that head something: those that follow one another list the labels, and define none."""
    if len(candidates) < 2:
        return candidates
    at = {candidate.line for candidate in candidates}
    filled = [number for number, line in enumerate(lines) if line.strip()]
    listed = {number for pair in pairwise(filled) if at.issuperset(pair) for number in pair}
    return [candidate for candidate in candidates if candidate.line not in listed]


def _in_capitals(blocks: Sequence[TopBlock], codes: tuple[str, ...]) -> Iterator[int]:
    """First lines in capitals. One that comes again, such as EXAMPLES, is a part of a section."""
    _, named = _any_of(codes)
    found: dict[int, str] = {}
    for block in blocks:
        for index, line in enumerate(() if block.heads else block.lines):
            # A line of nothing but a no-break space parts paragraphs for everyone but Markdown.
            if len(line) > _LONGEST_CAPITALS or is_listed(line) or (index and block.lines[index - 1].strip()):
                continue
            words = without_emphasis(line).rstrip(": ")
            if (
                words.isupper()
                and sum(map(str.isalpha, words)) >= 4
                and not words.endswith(_SENTENCE_ENDS)
                and not _QUOTE_OR_ARROW.search(words)
                and not named.search(words)
            ):
                found[block.start + index] = words
    times = Counter(found.values())
    yield from (line for line, words in found.items() if times[words] == 1)
