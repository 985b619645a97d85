"""Characters that a reader cannot see and a model reads, and the rules about them. Pure.

Bidi controls reorder what is shown (CVE-2021-42574, "Trojan Source"), zero-width ones split words,
tag characters carry whole hidden sentences. Control characters are refused by reading already. What a
script or an emoji needs of such characters is let through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from policies.findings import Finding
from policies.limits import LIMITS
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading
from policies.lint.rules import found

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"
# The flags of England, Scotland and Wales are a black flag, tag letters and a closing tag.
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{1,6}\U000e007f")
_NAMED = 3


def check_characters(reading: Reading) -> Iterator[Finding]:
    """P070 and P071."""
    seen: set[str] = set()
    for page in reading.whole_pages:
        for line, text in page.lines():
            hidden = hidden_in(text)
            seen.update(hidden)
            if hidden:
                yield found(
                    "P070",
                    page.file,
                    line,
                    f"The line holds {_named(hidden)}.",
                    "Remove them; to write about such a character, write its name.",
                )
    for key, value in reading.values.items():
        # YAML has escapes, so a value may hold what its line does not show.
        hidden = tuple(sign for sign in _hidden_within(value) if sign not in seen)
        if hidden:
            message = f"The value of {key!r} holds {_named(hidden)}."
            yield found("P070", POLICY_FILE, reading.line_of(key), message, "Remove them.")
    raw = reading.files.get(CASES_FILE, b"")
    if len(raw) > LIMITS.cases_bytes:
        return
    for line, text in enumerate(raw.decode("utf-8", errors="replace").split("\n"), start=1):
        # A byte order mark before the first line is a matter of the file, not of the case.
        hidden = hidden_in(text.removeprefix("\ufeff") if line == 1 else text)
        if hidden:
            yield found(
                "P071",
                CASES_FILE,
                line,
                f"The line holds {_named(hidden)}.",
                r"Remove them or, where they are what is tested, write them as \u escapes, such as \u200b.",
            )


def hidden_in(text: str) -> tuple[str, ...]:
    """The hidden characters of a line of text, each once, in order."""
    if text.isascii() and text.isprintable():
        return ()
    text = _FLAG.sub("", text.removesuffix("\r"))
    matches = list(_HIDDEN.finditer(text))
    if not matches:
        return ()
    # Marks that steer a right-to-left line are how such text is written.
    right_to_left = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    hidden = [
        match.group()
        for match in matches
        if not (match.group() in _JOINERS and _joins(text, match.start()))
        and not (match.group() in _MARKS and right_to_left)
    ]
    return tuple(dict.fromkeys(hidden))


def _hidden_within(value: object) -> tuple[str, ...]:
    waiting, hidden = [value], dict[str, None]()
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            hidden.update(dict.fromkeys(hidden_in(item)))
        elif isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, list | tuple):
            waiting.extend(item)
    return tuple(hidden)


def _joins(text: str, position: int) -> bool:
    """Whether a joiner stands where scripts and emoji use one: between two signs that are not Latin."""
    around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    return len(around) == 2 and all(
        ord(sign) > 0x0590 and unicodedata.category(sign)[0] in "LMS" for sign in around
    )


def _named(hidden: tuple[str, ...]) -> str:
    names = [f"U+{ord(sign):04X} {unicodedata.name(sign, 'control character')}" for sign in hidden[:_NAMED]]
    more = f" and {len(hidden) - _NAMED} more kinds" if len(hidden) > _NAMED else ""
    return f"{', '.join(names)}{more}, which readers cannot see"
