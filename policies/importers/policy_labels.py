"""The label schema that a policy text defines in its own words. Pure.

Four ways are found in the wild: severity codes with a section each, includes and excludes under a
label, a JSON object of flags as the answer, and a pair of words (VALID and INVALID, 0 and 1). Whether
a label violates is read off the wording; where only the code tells, that is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.coded_lines import LONGEST_HEADING, Place, coded_line, is_bold_line, is_listed
from policies.importers.vocabulary import CODE, polarity
from policies.model import Handling, Label, Labelling

_HEADING_MARK = re.compile(r"^\s{0,3}(#{1,6})\s+")
_LEADING = re.compile(r"^[^\w(]+")
_MARKUP = re.compile(r"\*\*|__|`")

_LISTED = re.compile(rf"\s*[-*•]\s+`?(?P<code>{CODE})`?\s*[:–—-]\s+(?P<title>\S.*)")
_CODE_HEADING = re.compile(r"\((?P<code>[A-Z][A-Z0-9]{0,15}(?:-[A-Z0-9]{1,15})*)\)\s+(?P<title>\S.*)")
_NUMBERED = re.compile(
    r"(?P<title>[^()]{2,80}?)\s*\(\s*label\s*[:=]?\s*`?(?P<code>[01])`?\s*\)", re.IGNORECASE
)
_INCLUDES = re.compile(r"(?:what (?:is|it) )?include[sd]?\s*:?", re.IGNORECASE)
_EXCLUDES = re.compile(r"(?:what (?:is|it) )?exclude[sd]?\s*:?", re.IGNORECASE)
_FLAG_KEY = re.compile(
    r'"(?P<key>[A-Za-z][\w/-]{0,30})"\s*:\s*(?:0 or 1|1 or 0|0 ?[|/] ?1|true ?[|/] ?false|true or false)'
)
_OUTPUT = re.compile(r"^\W*output\b\W{0,6}(?P<word>[A-Z]{3,})", re.IGNORECASE)
_PAIRS = (("VALID", "INVALID"), ("SAFE", "UNSAFE"), ("ALLOWED", "DISALLOWED"), ("ALLOWED", "PROHIBITED"))

_NEGATED_VIOLATION = re.compile(
    r"\b(?:non[- ]?|not (?:a )?|no |does(?:n't| not) )(?:violat\w*|harmful|prohibited|unsafe)", re.IGNORECASE
)
_SAYS_VIOLATING = re.compile(
    r"\b(?:invalid|not (?:allowed|permitted|acceptable|safe|valid)|disallowed|impermissible|unacceptable"
    r"|prohibit\w*"
    r"|violat\w*|remove\w*|forbidden|banned|block\w*|unsafe|harmful)\b",
    re.IGNORECASE,
)
_SAYS_ALLOWED = re.compile(
    r"\b(?:valid|allow(?:ed)?|permit(?:ted)?|permissible|safe|acceptable|compliant|benign|exempt)\b",
    re.IGNORECASE,
)
_PLAIN_ALLOWED = re.compile(
    r"(?:allowed|permitted|acceptable|valid|safe) (?:content|uses?|items?)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLabels:
    """A schema and how firmly the text defines it: 1 is a section for each code.

    `unsure` are codes of which only the number says that they are allowed, or nothing at all.
    """

    labels: tuple[Label, ...]
    labelling: Labelling
    strength: float
    way: str
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Definition:
    code: str
    title: str
    line: int
    above: str


def labels_in(text: str) -> FoundLabels | None:
    """The labels that a policy text defines, None when it defines none."""
    lines = text.split("\n")
    return _by_codes(lines) or _by_includes(lines) or _by_numbers(lines) or _by_flags(text) or _by_words(text)


def heading_text(line: str) -> str | None:
    """The words of a line that serves as a heading (a mark or bold), None for any other line."""
    if not (_HEADING_MARK.match(line) or is_bold_line(line)):
        return None
    return _bare(_HEADING_MARK.sub("", line))


def _bare(line: str) -> str:
    return _LEADING.sub("", _MARKUP.sub("", line)).strip()


def _by_codes(lines: Sequence[str]) -> FoundLabels | None:
    definitions = list(_definitions(lines))
    strong = len({definition.code for definition in definitions})
    if strong < 2:
        definitions = list(_listed(lines))
        if len({definition.code for definition in definitions}) < 2:
            return None
    first: dict[str, _Definition] = {}
    for definition in definitions:
        first.setdefault(definition.code, definition)
    starts = sorted(definition.line for definition in first.values())
    labels: list[Label] = []
    unsure: list[str] = []
    for definition in first.values():
        end = next((start for start in starts if start > definition.line), len(lines))
        outcome = _outcome(lines[definition.line + 1 : end])
        violates = outcome[0] if outcome else _wording(definition)
        handling = outcome[1] if outcome else None
        if violates is None:
            # By convention the code that ends in zero is the allowed one (SP0, ARS0, TVEC0).
            violates = re.fullmatch(r"\D+0", definition.code) is None
            unsure.append(definition.code)
        labels.append(
            Label(code=definition.code, title=definition.title, violates=violates, handling=handling)
        )
    labels.sort(key=lambda label: label.violates)
    return FoundLabels(
        labels=tuple(labels),
        labelling=Labelling.SINGLE,
        strength=1.0 if strong >= 2 else 0.7,
        way="a section for each code" if strong >= 2 else "a list of codes",
        unsure=tuple(unsure),
    )


def _definitions(lines: Sequence[str]) -> Iterator[_Definition]:
    """Lines that open a code's section: a heading, a bold line, or a plain line that says nothing else."""
    above = ""
    for number, line in enumerate(lines):
        if len(line) > LONGEST_HEADING or is_listed(line):
            continue
        marked = heading_text(line)
        bare = marked if marked is not None else _bare(line)
        if not bare:
            continue
        found = coded_line(bare, CODE)
        if found and found.place is Place.BRACKETS:
            gloss = found.rest
            title = (
                gloss if gloss and (not found.head or _PLAIN_ALLOWED.fullmatch(found.head)) else found.head
            )
            yield _Definition(
                code=found.code, title=title or found.code, line=number, above=f"{found.head}\n{above}"
            )
        elif found and found.place is Place.FRONT and found.rest and (marked or found.mark == ":"):
            yield _Definition(code=found.code, title=found.rest.rstrip(" .:"), line=number, above=above)
        elif marked is not None:
            above = marked


def _listed(lines: Sequence[str]) -> Iterator[_Definition]:
    for number, line in enumerate(lines):
        match = _LISTED.fullmatch(line[: 4 * LONGEST_HEADING])
        if match:
            title = _MARKUP.sub("", match["title"]).strip().rstrip(".")
            yield _Definition(code=match["code"], title=title[:LONGEST_HEADING], line=number, above="")


def _outcome(section: Sequence[str]) -> tuple[bool, Handling | None] | None:
    """What a section's own `Output:` line says of its content."""
    for line in section:
        match = _OUTPUT.match(_MARKUP.sub("", line))
        if match and (violates := polarity(match["word"])) is not None:
            escalated = "ESCALATE" in line.upper()
            return violates, Handling.ESCALATE if escalated else None
    return None


def _wording(definition: _Definition) -> bool | None:
    """What the title, the heading above, or a negated title says; the nearest wording decides."""
    for words in (definition.above.split("\n", 1)[0], definition.above, definition.title):
        if _NEGATED_VIOLATION.search(words):
            return False
        if _SAYS_VIOLATING.search(words):
            return True
        if _SAYS_ALLOWED.search(words):
            return False
    return False if re.match(r"(?:non|not)[-\s]", definition.title, re.IGNORECASE) else None


def _by_includes(lines: Sequence[str]) -> FoundLabels | None:
    headings = [(heading_text(line) or _bare(line)) for line in lines if len(line) <= LONGEST_HEADING]
    if not any(_INCLUDES.fullmatch(heading) for heading in headings):
        return None
    if not any(_EXCLUDES.fullmatch(heading) for heading in headings):
        return None
    found: dict[str, str] = {}
    for heading in headings:
        match = _CODE_HEADING.fullmatch(heading)
        if match and len(match["code"]) <= 32:
            found.setdefault(match["code"], match["title"].strip())
    if found:
        labels = tuple(Label(code=code, title=title, violates=True) for code, title in found.items())
        # Each label is asked for by itself and answered with 0 or 1, so they are flags.
        return FoundLabels(
            labels=labels, labelling=Labelling.MULTI, strength=0.9, way="includes and excludes"
        )
    labels = (
        Label(code="0", title="Excluded", violates=False),
        Label(code="1", title="Included", violates=True),
    )
    return FoundLabels(
        labels=labels, labelling=Labelling.SINGLE, strength=0.8, way="includes and excludes without a code"
    )


def _by_numbers(lines: Sequence[str]) -> FoundLabels | None:
    found: dict[str, str] = {}
    for line in lines:
        heading = heading_text(line) if len(line) <= LONGEST_HEADING else None
        match = _NUMBERED.fullmatch(heading) if heading else None
        if match and not match["title"].lower().startswith("example"):
            found.setdefault(match["code"], match["title"].strip().capitalize())
    if set(found) != {"0", "1"}:
        return None
    labels = tuple(Label(code=code, title=found[code], violates=code == "1") for code in ("0", "1"))
    return FoundLabels(labels=labels, labelling=Labelling.SINGLE, strength=0.8, way="sections for 0 and 1")


def _by_flags(text: str) -> FoundLabels | None:
    keys = list(dict.fromkeys(match["key"] for match in _FLAG_KEY.finditer(text)))
    titles: dict[str, str] = {}
    for key in keys[:50]:
        defined = re.search(
            rf"(?:\*\*|^#+\s+|^[-*]\s+){re.escape(key)}\s*(?:\((?P<title>[^()\n]{{1,80}})\)|\s*[:–—])",
            text,
            re.MULTILINE,
        )
        if defined:
            titles[key] = (defined["title"] or key).strip()
    if len(titles) < 2:
        return None
    labels = tuple(Label(code=key, title=titles[key], violates=True) for key in keys if key in titles)
    return FoundLabels(labels=labels, labelling=Labelling.MULTI, strength=0.8, way="flags in a JSON answer")


def _by_words(text: str) -> FoundLabels | None:
    counts = Counter(re.findall(r"\b[A-Z]{4,10}\b", text))
    for allowed, violating in _PAIRS:
        if counts[allowed] and counts[violating]:
            labels = (
                Label(code=allowed, title=allowed.capitalize(), violates=False),
                Label(code=violating, title=violating.capitalize(), violates=True),
            )
            way = f"the words {allowed} and {violating}"
            return FoundLabels(labels=labels, labelling=Labelling.SINGLE, strength=0.6, way=way)
    return None
