"""What a policy gives a classifier to learn from: its own examples and criteria, per label. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from policies.model import Policy, Section


class LabelledText(NamedTuple):
    """A piece of the policy's text and the code of the label it describes."""

    code: str
    text: str


def labelled_texts(policy: Policy) -> tuple[LabelledText, ...]:
    """Every example, every list item and every section text that belongs to a declared label.

    A section without a code that stands deeper than a label's section, such as `### Examples`, is
    part of that label's section.
    """
    codes = set(policy.meta.codes)
    return tuple(
        LabelledText(code, text)
        for code, section in _coded(policy.sections)
        if code in codes
        for text in _texts(section)
    )


def _coded(sections: tuple[Section, ...]) -> Iterator[tuple[str, Section]]:
    parent: Section | None = None
    for section in sections:
        if section.code is not None:
            parent = section
        elif parent is not None and section.level <= parent.level:
            parent = None
        if parent is not None and parent.code is not None:
            yield parent.code, section


def _texts(section: Section) -> Iterator[str]:
    whole = f"{section.heading}\n{section.text}"
    yield from (text for text in (*section.examples, *(item.text for item in section.items), whole) if text.strip())
