"""Rules about output instructions in a policy text. Pure.

Content of a policy transfers between models, its output instruction does not; so the prompt template
gives it, and a text that carries one of its own is at odds with some template. The patterns read
English, the language that instructions to models are written in even beside other text, and look only
at the policy's own words, not at examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policies.findings import Finding
from policies.lint.quotes import without_quotes
from policies.lint.reading import Reading, shortened
from policies.lint.rules import found
from policies.model import Labelling, Meta

_FILLERS = r"(?:(?:only|exactly|just|a|an|the|one|single|your|either|with|in|as|valid|two)\s+){0,5}"
_WORDS = r"(?:json|xml|yaml|labels?|verdict|classification|0|1|yes|no|true|false|valid|invalid|safe|unsafe)"
_SYMBOLS = r"(?:codes?|digit|number|word|letter|score)"
_START = r"^[^\w\n]{0,8}(?:output|answer|response|reply|label|classification)"
_INSTRUCTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_START}(?:\s+(?:formats?|instructions?|labels?))?\s*:",
        rf"{_START}\s+formats?\b",
        # "Reply with the code" is what a fraud asks for, so that verb needs an unmistakable answer.
        rf"\b(?:return|output|respond|reply|answer|print|emit)\s+{_FILLERS}{_WORDS}\b",
        rf"\b(?:return|output|respond|answer|print|emit)\s+{_FILLERS}{_SYMBOLS}\b",
        r"\bclassify\s+(?:each|every|the)\b[^.\n]{0,60}\bas\s+(?:in)?valid\b",
        r"\b(?:in|as)\s+(?:valid\s+)?json\b",
        r"\bgets?\s+(?:one|two|three)\s+labels?\b",
    )
)
# Answers of different kinds: a text may ask for one of them.
_FORMS = {
    "VALID or INVALID": re.compile(r"\b(?:IN)?VALID\b(?!\s+JSON)"),
    "0 or 1": re.compile(r"(?<![\w.])[01](?![\w.])"),
    "yes or no": re.compile(r"\b(?:yes|no)\b[^.\n]{0,12}\b(?:yes|no)\b", re.IGNORECASE),
    "true or false": re.compile(r"\b(?:true|false)\b[^.\n]{0,12}\b(?:true|false)\b", re.IGNORECASE),
    "safe or unsafe": re.compile(r"\bunsafe\b", re.IGNORECASE),
    "JSON": re.compile(r"\bJSON\b", re.IGNORECASE),
    "two labels": re.compile(r"\btwo\s+labels\b", re.IGNORECASE),
}


def check_contract(reading: Reading) -> Iterator[Finding]:
    """P064 and P065."""
    for page in reading.prompt_pages:
        own_words = list(page.lines(without_quotes(page.text).replace("*", "")))
        instructions = [
            (line, raw)
            for (line, text), (_, raw) in zip(own_words, page.lines(), strict=True)
            if any(pattern.search(text) for pattern in _INSTRUCTIONS)
        ]
        for line, raw in instructions:
            yield found(
                "P064",
                page.file,
                line,
                f"The text tells the model how to answer: {shortened(raw.strip())!r}.",
                "Take it out: the prompt template says how to answer, and its parser reads that.",
            )
        yield from _contradictions(reading.meta, page.file, instructions)


def _contradictions(
    meta: Meta | None, file: str, instructions: Sequence[tuple[int, str]]
) -> Iterator[Finding]:
    forms = dict(_forms(meta))
    first: tuple[int, list[str]] | None = None
    for line, raw in instructions:
        asked = [name for name, pattern in forms.items() if pattern.search(raw)]
        if first is None and asked:
            first = (line, asked)
        elif first is not None and asked and not set(asked) & set(first[1]):
            yield found(
                "P065",
                file,
                line,
                f"Here the answer is {' and '.join(asked)}, and on line {first[0]} {' and '.join(first[1])}.",
                "Take both out; the prompt template asks for one form of answer.",
            )


def _forms(meta: Meta | None) -> Iterator[tuple[str, re.Pattern[str]]]:
    yield from _FORMS.items()
    if meta is not None and meta.codes and meta.labelling is Labelling.SINGLE:
        codes = "|".join(re.escape(code) for code in meta.codes)
        yield "a label's code", re.compile(rf"(?<!\w)(?:{codes})(?!\w)")
