"""Rules about repetition: among the cases, and between the cases and the policy text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.findings import Finding
from policies.lint.leak import find_leaks
from policies.lint.near import MOST_COMPARISONS, WORDS_COMPARED, near_duplicates
from policies.lint.reading import CASES_FILE, Reading, shortened
from policies.lint.rules import found
from policies.lint.words import folded, words_of
from policies.model import Case

_NAMED = 5


def check_repetition(reading: Reading) -> Iterator[Finding]:
    """P050 to P053."""
    first: dict[tuple[str, ...], Case] = {}
    for case in reading.cases:
        key = (folded(case.content), folded(case.context or ""), str(case.subject))
        earlier = first.setdefault(key, case)
        if earlier is not case:
            yield _duplicate(earlier, case)
    yield from _near(list(first.values()))
    yield from _leaks(reading)


def _duplicate(earlier: Case, case: Case) -> Finding:
    same = (earlier.label, earlier.labels) == (case.label, case.labels)
    labels = "" if same else ", with another label"
    return found(
        "P050",
        CASES_FILE,
        case.line,
        f"Case {case.id!r} repeats case {earlier.id!r} of line {earlier.line}{labels}.",
        "Remove one of them." if same else "Decide which label is right and remove the other case.",
    )


def _near(cases: Sequence[Case]) -> Iterator[Finding]:
    # Emoji and punctuation make a text too, when it has no words.
    texts = [(words_of(text) or tuple(text.split()))[:WORDS_COMPARED] for text in map(_judged, cases)]

    def exempt(earlier: int, later: int) -> bool:
        one, other = cases[earlier], cases[later]
        # Contrast pairs are alike on purpose; a prompt and its response may be.
        return (one.pair is not None and one.pair == other.pair) or one.subject is not other.subject

    found_groups = near_duplicates(texts, exempt=exempt)
    for group in found_groups.groups:
        earlier, *others = (cases[position] for position in group)
        named = ", ".join(f"{case.id!r} (line {case.line})" for case in others[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        yield found(
            "P051",
            CASES_FILE,
            others[0].line,
            f"Nearly the same as case {earlier.id!r} of line {earlier.line}: {named}{more}.",
            "Reword or remove them, or make two that differ in their label a contrast pair with 'pair'.",
        )
    if not found_groups.complete:
        yield found(
            "P051",
            CASES_FILE,
            0,
            f"The search for near-duplicates stopped after {MOST_COMPARISONS:,} comparisons.",
            "Many cases share most of their words; mend those listed and lint again.",
        )


def _judged(case: Case) -> str:
    """All that the model reads of a case."""
    return f"{case.context}\n{case.content}" if case.context else case.content


def _leaks(reading: Reading) -> Iterator[Finding]:
    if reading.policy is None:
        return
    text = "\n".join(page.text for page in reading.prompt_pages)
    examples = [example for section in reading.policy.sections for example in section.examples]
    for leak in find_leaks(text, examples, [case.content for case in reading.cases]):
        case = reading.cases[leak.position]
        degree = "stands" if leak.exact else "nearly stands"
        yield found(
            "P052" if leak.exact else "P053",
            CASES_FILE,
            case.line,
            f"Case {case.id!r} {degree} in the policy text: “{shortened(leak.passage)}”.",
            "Replace the case or the example: what the model reads as an example cannot test it.",
        )
