"""Rules about the label schema and the sections that define it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from policies.findings import Finding
from policies.lint.quotes import without_quotes
from policies.lint.reading import POLICY_FILE, Reading
from policies.lint.rules import found
from policies.lint.words import words_of
from policies.markdown import is_excludes, is_includes, sections_under
from policies.model import Dialect, Handling, Label, Labelling, Meta, Policy, Section

_CODE_SHAPE = re.compile(r"([A-Za-z]{1,6})(\d{1,3})")
_CODE_LIKE = re.compile(r"(?<![A-Za-z0-9_.])([A-Z]{1,6})(\d{1,3})(?![A-Za-z0-9_])")
_HEADING_CODE = re.compile(r"#{1,6}[ \t]+([A-Z]{1,6}\d{1,3})\b")
_LEAST_CRITERIA_WORDS = 3


def check_labels(reading: Reading) -> Iterator[Finding]:
    """P030 to P036."""
    policy = reading.policy
    if policy is None:
        return
    yield from _schema(reading, policy.meta)
    yield from _order(reading, policy.meta)
    yield from _handling(reading, policy.meta)
    yield from _sections(reading, policy)
    yield from _undefined_codes(reading, policy)
    yield from _one_sided(policy)


def _schema(reading: Reading, meta: Meta) -> Iterator[Finding]:
    if not meta.labels:
        problem = "The policy defines no labels."
    elif not any(label.violates for label in meta.labels):
        problem = "No label violates the policy."
    elif meta.labelling is Labelling.SINGLE and all(label.violates for label in meta.labels):
        problem = "Every label violates the policy, so nothing can be allowed."
    else:
        return
    fix = (
        "List in `labels` at least one label that violates and, unless `labelling: multi`, one that does not."
    )
    yield found("P030", POLICY_FILE, reading.line_of("labels"), problem, fix)


def _order(reading: Reading, meta: Meta) -> Iterator[Finding]:
    line = reading.line_of("labels")
    fix = "List the labels from the mildest to the most severe and let `severity` rise with them."
    for before, after in pairwise(meta.labels):
        if before.violates and not after.violates:
            message = f"{after.code} is allowed and stands after {before.code}, which violates."
            yield found("P034", POLICY_FILE, line, message, fix)
    graded = [(label, label.severity) for label in meta.labels if label.severity is not None]
    for (before, low), (after, high) in pairwise(graded):
        # Flags are independent of one another, so several may weigh the same.
        if high < low or (high == low and meta.labelling is Labelling.SINGLE):
            message = f"{after.code} has severity {high} and stands after {before.code} with severity {low}."
            yield found("P034", POLICY_FILE, line, message, fix)


def _handling(reading: Reading, meta: Meta) -> Iterator[Finding]:
    for label in meta.labels:
        allowed_yet = not label.violates and label.handling is Handling.REMOVE
        violating_yet = label.violates and label.handling is Handling.ALLOW
        if allowed_yet or violating_yet:
            what = "violates" if label.violates else "does not violate"
            yield found(
                "P035",
                POLICY_FILE,
                reading.line_of("labels"),
                f"{label.code} {what}, and its handling is {str(label.handling)!r}.",
                "Correct `violates` or `handling`; `review` and `escalate` fit both kinds of label.",
            )


def _sections(reading: Reading, policy: Policy) -> Iterator[Finding]:
    for label in policy.meta.labels:
        section = policy.section_of(label.code)
        if section is None:
            if not _described(policy, label):
                yield found(
                    "P031",
                    POLICY_FILE,
                    reading.line_of("labels"),
                    f"No section defines {label.code}.",
                    f"Add a section with the heading '## {label.code} {label.title}'.",
                )
        elif not _has_criteria(policy, section):
            yield found(
                "P032",
                POLICY_FILE,
                section.first_line,
                f"The section of {label.code} states no criteria.",
                "Say in a sentence or a list what content gets this label, before any examples.",
            )


def _described(policy: Policy, label: Label) -> bool:
    """Whether a text that is not laid out by codes speaks of the label in its own way."""
    if policy.dialect is Dialect.INCLUDES_EXCLUDES and not label.violates:
        return True  # What the text excludes is what this label stands for.
    if any(section.code for section in policy.sections):
        return False
    text = f" {' '.join(words_of(policy.body))} "
    return any(f" {' '.join(words_of(name))} " in text for name in (label.code, label.title))


def _has_criteria(policy: Policy, section: Section) -> bool:
    """Whether the section, or one below it, says something that is not an example."""
    texts = [part.text for part in sections_under(policy.sections, str(section.code))]
    return len(words_of(without_quotes("\n".join(texts)))) >= _LEAST_CRITERIA_WORDS


def _undefined_codes(reading: Reading, policy: Policy) -> Iterator[Finding]:
    codes = set(policy.meta.codes)
    shapes = [shape for code in codes if (shape := _CODE_SHAPE.fullmatch(code))]
    if not shapes:
        return  # Labels such as `toxic` are words; that a word is not defined says nothing.
    letters = {shape[1] for shape in shapes if len(shape[1]) > 1}
    slips = {f"{short}{shape[2]}" for shape in shapes for short in _one_letter_less(shape[1])}
    for page in reading.prompt_pages:
        seen = set(codes)
        for line, text in page.lines():
            for code in _codes_in(text, letters, slips):
                if code not in seen:
                    seen.add(code)
                    yield found(
                        "P033",
                        page.file,
                        line,
                        f"The code {code} is used and not defined.",
                        f"Write one of {', '.join(policy.meta.codes)}, or add {code} to `labels`.",
                    )


def _codes_in(text: str, letters: set[str], slips: set[str]) -> Iterator[str]:
    """What a line uses as a label's code. Words such as MP3, H2O or A4 have the same shape and are not."""
    heading = _HEADING_CODE.match(text)
    if heading:
        yield heading[1]
    for match in _CODE_LIKE.finditer(text):
        # "D-S2" beside a label SP2 is a slip, or an older name of it.
        slip = match.group() in slips and (len(match[1]) > 1 or text[: match.start()].endswith("-"))
        if match[1] in letters or slip:
            yield match.group()


def _one_letter_less(letters: str) -> set[str]:
    return {letters[:i] + letters[i + 1 :] for i in range(len(letters))} - {""}


def _one_sided(policy: Policy) -> Iterator[Finding]:
    shown: dict[bool, int] = {True: 0, False: 0}
    lines: list[int] = []
    for section in policy.sections:
        side = _side(policy, section)
        if side is not None and section.examples:
            shown[side] += len(section.examples)
            lines.append(section.first_line)
    for side, words in ((True, "violating"), (False, "allowed")):
        if shown[side] and not shown[not side]:
            yield found(
                "P036",
                POLICY_FILE,
                lines[0],
                f"All {shown[side]} examples are of {words} content.",
                "Add examples of the other side, close to the boundary, in quotes.",
            )


def _side(policy: Policy, section: Section) -> bool | None:
    """Whether a section's examples violate (True), are allowed (False), or neither is known."""
    if section.code is not None:
        label = policy.meta.label(section.code)
        return None if label is None else label.violates
    if is_includes(section):
        return True
    return False if is_excludes(section) else None
