"""Rules about what the model reads: its length, and words that leave it without a rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.findings import Finding
from policies.lint.hedges import hedges_in
from policies.lint.quotes import without_quotes
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading
from policies.lint.rules import found
from policies.lint.tokens import estimate_tokens

# Policies of 400 to 600 tokens are advised and 10,000 are workable (OpenAI, gpt-oss-safeguard guide).
ADVISED_TOKENS = 900
MOST_TOKENS = 10_000

_PLACEHOLDER = re.compile(r"\b(?:TODO|FIXME|TBD)\b|(?i:\blorem ipsum\b)|\{\{[^{}\n]{0,80}\}\}")
# Content may speak of anybody's to-do list; a placeholder stands at its beginning.
_CASE_PLACEHOLDER = re.compile(r"\s*(?:(?:TODO|FIXME|TBD)\b|(?i:lorem ipsum))")


def check_wording(reading: Reading) -> Iterator[Finding]:
    """P060 to P063."""
    yield from _length(reading)
    yield from _hedging(reading)
    yield from _placeholders(reading)


def _length(reading: Reading) -> Iterator[Finding]:
    if reading.policy is None:
        return
    tokens = sum(estimate_tokens(page.text) for page in reading.prompt_pages)
    said = f"The text has about {tokens:,} tokens"
    if tokens > MOST_TOKENS:
        fix = "Split the policy: one for each kind of content that is decided apart."
        yield found("P061", POLICY_FILE, 0, f"{said}; {MOST_TOKENS:,} are workable at most.", fix)
    elif tokens > ADVISED_TOKENS:
        fix = "Cut what does not change a decision, or split the policy."
        yield found("P060", POLICY_FILE, 0, f"{said}; up to {ADVISED_TOKENS} are advised.", fix)


def _hedging(reading: Reading) -> Iterator[Finding]:
    language = "" if reading.meta is None else reading.meta.language
    for page in reading.prompt_pages:
        for line, text in page.lines(without_quotes(page.text)):
            words = hedges_in(text, language)
            if words:
                yield found(
                    "P062",
                    page.file,
                    line,
                    f"The rule is left open by “{'”, “'.join(words)}”.",
                    "Say when it applies and when it does not.",
                )


def _placeholders(reading: Reading) -> Iterator[Finding]:
    fix = "Write your own text in its place, or remove it."
    for page in reading.whole_pages:
        for line, text in page.lines():
            match = _PLACEHOLDER.search(text)
            if match:
                yield found("P063", page.file, line, f"{match.group()!r} is still in the text.", fix)
    for case in reading.cases:
        for key, value in (("content", case.content), ("context", case.context), ("note", case.note)):
            if _CASE_PLACEHOLDER.match(value or ""):
                message = f"The {key} of case {case.id!r} is still a placeholder."
                yield found("P063", CASES_FILE, case.line, message, fix)
