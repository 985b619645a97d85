"""Rules about where a policy stands: its keys, its translation, its end, its people. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from policies.findings import Finding
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading, places, shortened
from policies.lint.rules import found
from policies.model import Meta, Status

# The repetitions are bounded because a pattern without bounds takes quadratic time on hostile text.
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:.]{1,64}\.[^\s@<>()\[\],;:]{2,64}")
_PHONE = re.compile(r"(?<![\w.-])[+(]?\d[\d ()./-]{6,20}\d(?![\w-])")
# ORCID iDs, dates, spans of years, versions and row numbers are digits too, and reach nobody.
_NO_PHONE = re.compile(
    r"\d{4}-\d{4}-\d{4}-\d{4}|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4} ?[-/] ?\d{4}"
    r"|\d+(?:\.\d+){1,3}|\d{1,9}"
)
_LEAST_DIGITS = 7


def check_standing(reading: Reading) -> Iterator[Finding]:
    """P025 to P029, about the front matter."""
    meta = reading.meta
    if meta is not None:
        yield from _unknown_keys(reading, meta)
        yield from _translation(reading, meta)
        yield from _deprecation(reading, meta)
    yield from _contacts(reading)


def _unknown_keys(reading: Reading, meta: Meta) -> Iterator[Finding]:
    for key in meta.extra:
        yield found(
            "P025",
            POLICY_FILE,
            reading.line_of(key),
            f"Key {shortened(key)!r} is not part of the format; it is kept and has no effect.",
            "Check the spelling, or leave it if another program reads it.",
        )
    first: dict[str, int] = {}
    count: defaultdict[str, int] = defaultdict(int)
    for case in reading.cases:
        for key in case.extra:
            first.setdefault(key, case.line)
            count[key] += 1
    for key, line in first.items():
        cases = f"{count[key]} case{'s' * (count[key] > 1)}"
        yield found(
            "P025",
            CASES_FILE,
            line,
            f"Key {shortened(key)!r} is not part of the format (in {cases}).",
            "Check the spelling, or leave it if another program reads it.",
        )


def _translation(reading: Reading, meta: Meta) -> Iterator[Finding]:
    base, _, suffix = reading.slug.rpartition("-")
    own = _primary(meta.language)
    original = meta.translation_of
    if original is None:
        if suffix == own and base in reading.siblings:
            yield found(
                "P027",
                POLICY_FILE,
                reading.line_of("language"),
                f"The name says that this is {base!r} in another language; `translation_of` is missing.",
                f"Add `translation_of: {{policy: <commons>/{base}, version: <version>}}`.",
            )
        return
    line = reading.line_of("translation_of")
    if original.version is None and original.commit is None:
        yield found(
            "P027",
            POLICY_FILE,
            line,
            f"`translation_of` names {original.policy!r} and no version.",
            "Add the version that was translated.",
        )
    language = reading.languages.get(original.policy)
    if original.policy.rpartition("/")[2] == reading.slug and language is None:
        problem = "The policy is given as a translation of itself."
    elif language is not None and language.casefold() == meta.language.casefold():
        problem = f"{original.policy!r} is in {language!r} as well."
    elif len(suffix) == 2 and suffix != own and original.policy.rpartition("/")[2] == base:
        problem = f"The name ends in {suffix!r}, and `language` says {meta.language!r}."
    else:
        return
    yield found(
        "P026", POLICY_FILE, line, problem, "Correct `language` or `translation_of`, or remove the latter."
    )


def _deprecation(reading: Reading, meta: Meta) -> Iterator[Finding]:
    if meta.status is not Status.DEPRECATED:
        return
    if meta.support is None or not (meta.support.reason or "").strip():
        yield found(
            "P028",
            POLICY_FILE,
            reading.line_of("support", "status"),
            "The policy is deprecated and does not say why.",
            "Add `support: {reason: ..., superseded_by: ...}`.",
        )


def _contacts(reading: Reading) -> Iterator[Finding]:
    meta = reading.meta
    people: list[tuple[str, str]] = []
    if meta is not None:
        people += [("maintainers", text) for text in meta.maintainers]
        people += [("credits", f"{each.name}\n{each.role}\n{each.url or ''}") for each in meta.credits]
        people += [("links", text) for text in meta.links]
    fix = "Name a handle, an organisation or a web page instead, and mind the file's history."
    for key in dict.fromkeys(key for key, text in people if _contact_in(text)):
        message = f"`{key}` holds an e-mail address or a phone number."
        yield found("P029", POLICY_FILE, reading.line_of(key), message, fix)
    lines = [
        case.line
        for case in reading.cases
        if any(_contact_in(text) for text in (case.source or "", *(note.by for note in case.annotations)))
    ]
    if lines:
        # An annotator's address stands in every row, so one finding names them all.
        message = f"Source or annotators are given by e-mail address or phone number ({places(lines)})."
        yield found("P029", CASES_FILE, lines[0], message, fix)


def _contact_in(text: str) -> bool:
    if _EMAIL.search(text):
        return True
    # Addresses hold long numbers of their own.
    plain = " ".join(word for word in text.split() if "://" not in word)
    return any(
        sum(digit.isdigit() for digit in match.group()) >= _LEAST_DIGITS
        and not _NO_PHONE.fullmatch(match.group())
        for match in _PHONE.finditer(plain)
    )


def _primary(language: str) -> str:
    """The language itself, without script or region: `pt` of `pt-BR`."""
    return language.partition("-")[0].casefold()
