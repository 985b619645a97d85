"""What a policy gives a classifier to learn from: its own examples and criteria, per label. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from policies.markdown import is_excludes, quoted_in, sections_under
from policies.model import Policy, Section

# Codes such as SP2 are no words of any language, so a line of plain text that holds one is about it.
_SEVERITY_CODE = re.compile(r"[A-Z]{1,4}\d{1,2}")


class LabelledText(NamedTuple):
    """A piece of the policy's text and the code of the label it describes."""

    code: str
    text: str


def labelled_texts(policy: Policy) -> tuple[LabelledText, ...]:
    """Every example, every list item and every section text that belongs to a declared label.

    What a label's section excludes is left out: it describes some other label. A policy whose text has
    no section for any label, because it was written without headings, gives the lines that belong to
    one severity code.
    """
    by_section = tuple(
        LabelledText(code, text)
        for code in policy.meta.codes
        for section in sections_under(policy.sections, code)
        if not is_excludes(section)
        for text in _texts(section)
    )
    return by_section or tuple(_texts_of_lines(policy))


def _texts(section: Section) -> Iterator[str]:
    if section.text.strip():  # A heading alone says no more than the label's title.
        yield from (
            *section.examples,
            *(item.text for item in section.items),
            f"{section.heading}\n{section.text}",
        )


def _texts_of_lines(policy: Policy) -> Iterator[LabelledText]:
    """Lines that name one code, with the lines that follow without a blank one between."""
    codes = [code for code in policy.meta.codes if _SEVERITY_CODE.fullmatch(code)]
    if not codes:
        return
    named = re.compile(rf"(?<![\w-])({'|'.join(codes)})(?!\w)")
    lines: dict[str, list[str]] = {code: [] for code in codes}
    current: str | None = None
    for line in policy.body.splitlines():
        found = set(named.findall(line))
        if found or not line.strip():
            current = found.pop() if len(found) == 1 else None
        if current is not None:
            lines[current].append(named.sub(" ", line))
    for code, its in lines.items():
        yield from (LabelledText(code, text) for line in its for text in (*quoted_in(line), line))
        if its:
            yield LabelledText(code, "\n".join(its))
