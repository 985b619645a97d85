"""The sections of a policy's Markdown, found on markdown-it tokens. Pure.

Only blocks are parsed: headings, paragraphs and lists. Links, emphasis and raw HTML are left as
text, since nothing here is shown to anyone, and a hostile text of 256 KiB stays linear to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from policies.coded_lines import without_emphasis
from policies.model import Dialect, Item, Section
from policies.plain_headings import TopBlock, is_item_of, plain_headings

_LINE_END = re.compile(r"\r\n?|\n")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_INCLUDES = re.compile(
    r"(what )?(this |it )?(label )?(includes?|included|in scope)\b[^.]{0,40}", re.IGNORECASE
)
_EXCLUDES = re.compile(
    r"(what )?(this |it )?(label )?"
    r"(excludes?|excluded|does not include|not included|out of scope)\b[^.]{0,40}",
    re.IGNORECASE,
)
# Opening and closing marks of the languages that policies are written in. None of the pairs may hold
# its own marks, so each is found in one pass over the text.
_QUOTED = re.compile(
    r"“([^“”]+)”"
    r'|"([^"]+)"'
    r"|«([^«»]+)»"
    r"|„([^„“”]+)[“”]"
    r"|»([^«»]+)«"
    r"|”([^“”]+)”"
    r"|「([^「」]+)」"
)


class Outline(NamedTuple):
    """A text's sections in order, and how it is laid out."""

    sections: tuple[Section, ...]
    dialect: Dialect


def sections_of(body: str, first_line: int = 1, codes: Sequence[str] = ()) -> Outline:
    """The sections of a Markdown text; `first_line` is the line of the file on which it begins.

    Headings, and paragraphs that serve as one ("**Includes:**", "**SP2 Likely spam**"), begin a
    section. Text before the first heading is a section with an empty heading of level 0. A section
    has a code when its heading names one of `codes`: "SP0 Not spam", "SP0: ...", "Not spam (SP0 - ...)".
    In a text none of whose headings names one, lines that do serve as headings (`plain_headings`).
    """
    # Lines are joined again, so that markdown-it and this function count the same ones.
    lines = _LINE_END.split(body)
    blocks = _blocks(lines, tuple(codes))
    starts = [block.start for block in blocks[1:]] + [len(lines)]
    sections = [_section(block, end, lines, first_line) for block, end in zip(blocks, starts, strict=True)]
    if not sections[0].text:
        del sections[0]
    return Outline(tuple(sections), _dialect(sections))


def sections_under(sections: Sequence[Section], code: str) -> tuple[Section, ...]:
    """The section that defines a label with the sections below it, such as its Includes and Excludes."""
    for index, section in enumerate(sections):
        if section.code == code:
            below: list[Section] = []
            for other in sections[index + 1 :]:
                if other.level <= section.level or other.code is not None:
                    break
                below.append(other)
            return (section, *below)
    return ()


def quoted_in(text: str) -> tuple[str, ...]:
    """The quoted strings of a text, without their quotes, in order."""
    found = (match[match.lastindex or 0].strip() for match in _QUOTED.finditer(text))
    return tuple(_ESCAPE.sub(r"\1", quote) if "\\" in quote else quote for quote in found if quote)


def is_includes(section: Section) -> bool:
    """Whether the section lists what a label covers."""
    return _INCLUDES.fullmatch(section.heading.rstrip(": ")) is not None


def is_excludes(section: Section) -> bool:
    """Whether the section lists what a label leaves out."""
    return _EXCLUDES.fullmatch(section.heading.rstrip(": ")) is not None


@dataclass(slots=True)
class _Block:
    """A heading, its lines in the body (0-based, end exclusive) and the items below it."""

    heading: str
    level: int
    code: str | None
    start: int
    end: int
    items: list[_Draft] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """An item while its paragraphs are collected."""

    line: int
    parts: list[str] = field(default_factory=list)


# What a text must hold for a rule to match anywhere in it. Trying a rule on each line costs as much as
# matching it, and most policies need only headings, lists and paragraphs: leaving the others out halves
# the time and changes nothing.
_NEEDED_FOR = {
    "fence": re.compile("```|~~~"),
    "blockquote": re.compile(">"),
    "hr": re.compile(r"([-*_])[ \t]*\1[ \t]*\1"),
    "lheading": re.compile(r"^[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE),
}


@cache
def _parser(needless: tuple[str, ...]) -> MarkdownIt:
    """A parser of blocks without these rules; it holds no state between texts."""
    parser = MarkdownIt("js-default", {"html": False, "maxNesting": 60})
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.disable(["table", "reference", "html_block", *needless])
    return parser


def _tokens(text: str) -> list[Token]:
    needless = tuple(rule for rule, needed in _NEEDED_FOR.items() if not needed.search(text))
    return _parser(needless).parse(text)


def _blocks(lines: list[str], codes: tuple[str, ...]) -> list[_Block]:
    tokens = _tokens("\n".join(lines))
    plain = _plain_headings(tokens, lines, codes) if codes else {}
    blocks = [_Block("", 0, None, 0, 0)]
    open_items: list[_Draft] = []
    level = 0  # of the last true heading
    for index, token in enumerate(tokens):
        kind = token.type
        if kind == "list_item_open":
            open_items.append(_Draft(_span(token)[0]))
            blocks[-1].items.append(open_items[-1])
        elif kind == "list_item_close":
            open_items.pop()
        elif open_items:
            if kind in ("inline", "fence", "code_block"):
                open_items[-1].parts.append(token.content)
        elif kind == "heading_open" and token.level == 0:
            level = int(token.tag[1:])
            blocks.append(_heading(token, tokens[index + 1].content, level, codes))
        elif kind == "paragraph_open" and token.level == 0:
            content = tokens[index + 1].content
            if _serves_as_heading(content, codes):
                block = _heading(token, content, level + 1, codes)
                if block.code is None and blocks[-1].level > level:
                    # "Includes:" belongs to the line above it that heads a label's section.
                    block.level = blocks[-1].level + (blocks[-1].code is not None)
                blocks.append(block)
            elif codes:
                _read_lines(lines, token, level + 1, plain, blocks)
    return blocks


def _heading(token: Token, content: str, level: int, codes: tuple[str, ...]) -> _Block:
    heading = without_emphasis(content)
    return _Block(heading, level, code_in(heading, codes), *_span(token))


def _plain_headings(
    tokens: list[Token], lines: list[str], codes: tuple[str, ...]
) -> Mapping[int, str | None]:
    """The lines that head sections for want of true headings that name a code."""
    blocks: list[TopBlock] = []
    for index, token in enumerate(tokens):
        if token.level != 0 or token.type not in ("heading_open", "paragraph_open"):
            continue
        content = tokens[index + 1].content
        heads = token.type == "heading_open" or _serves_as_heading(content, codes)
        code = code_in(without_emphasis(content), codes) if heads else None
        if code is not None and token.type == "heading_open":
            return {}
        start, end = _span(token)
        blocks.append(TopBlock(start, lines[start:end], heads, code))
    return plain_headings(lines, blocks, codes)


def _read_lines(
    lines: list[str], token: Token, level: int, plain: Mapping[int, str | None], blocks: list[_Block]
) -> None:
    """Reads a paragraph by its lines: each may head a section, be an item, or go on with the item above."""
    item: _Draft | None = None
    for number in range(*_span(token)):
        line, code = lines[number], blocks[-1].code
        if number in plain:
            blocks.append(_Block(without_emphasis(line), level, plain[number], number, number + 1))
            item = None
        elif code is not None and is_item_of(code, line):
            item = _Draft(number, [line])
            blocks[-1].items.append(item)
        elif item is not None and line.lstrip()[:1].islower():
            item.parts.append(line)
        else:
            item = None


def _span(token: Token) -> tuple[int, int]:
    """Its lines in the body: 0-based, end exclusive."""
    start, end = token.map or (0, 0)
    return start, end


def _section(block: _Block, end: int, lines: list[str], first_line: int) -> Section:
    last = end
    while last > block.end and not lines[last - 1].strip():
        last -= 1
    items = ((" ".join(" ".join(draft.parts).split()), draft.line + first_line) for draft in block.items)
    return Section(
        heading=block.heading,
        level=block.level,
        code=block.code,
        text="\n".join(lines[block.end : last]).strip(),
        items=tuple(Item(text=text, line=line, examples=quoted_in(text)) for text, line in items),
        first_line=block.start + first_line,
        last_line=max(last - 1, block.start) + first_line,
    )


def _serves_as_heading(content: str, codes: tuple[str, ...]) -> bool:
    if "\n" in content or len(content) > 120:
        return False
    text = content.rstrip(": ")
    bold = len(text) > 4 and text[:2] == text[-2:] and text[:2] in ("**", "__")
    if not bold and text == content:
        return False
    text = without_emphasis(text).rstrip(": ")
    if _INCLUDES.fullmatch(text) or _EXCLUDES.fullmatch(text):
        return True
    return bold and code_in(text, codes) is not None


def code_in(heading: str, codes: tuple[str, ...]) -> str | None:
    """The code that a heading gives its section to, or None."""
    if not codes or not heading:
        return None
    for pattern in _code_patterns(codes):
        match = pattern.search(heading)
        if match:
            return match[1]
    return None


@lru_cache(maxsize=256)
def _code_patterns(codes: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Where a code may stand, the surest place first: in front, in brackets, behind a dash."""
    # The longest first, so that SP1 does not stand for SP10; and SP0.a is a criterion, not the label.
    code = "(" + "|".join(re.escape(code) for code in sorted(codes, key=len, reverse=True)) + ")"
    ends = r"(?=$|[\s:,;)\]|–—]|-(?:\s|$)|\.(?:\s|$))"
    return (
        re.compile(rf"^[^\w(\[]*[(\[]?(?:(?i:label|code|level|category)\s+)?{code}{ends}"),
        re.compile(rf"[(\[]\s*{code}{ends}"),
        re.compile(rf"\s[–—:-]\s+{code}$"),
    )


def _dialect(sections: Sequence[Section]) -> Dialect:
    if any(is_includes(section) or is_excludes(section) for section in sections):
        return Dialect.INCLUDES_EXCLUDES
    if any(section.code for section in sections):
        return Dialect.SEVERITY_CODES
    return Dialect.FREE
