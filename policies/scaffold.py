"""The template of a new policy's folder. Pure.

What an author has to write stands there as `TODO: ...`, which lint refuses (P063): a template's words
must not reach a model. With all of them replaced the folder lints clean.
"""

from __future__ import annotations

import json

from policies.cases import CASES_FILE, render_cases
from policies.errors import InvalidNameError
from policies.front_matter import POLICY_FILE
from policies.model import Case
from policies.names import check_slug

_POLICY = """\
---
title: {title}
summary: "TODO: one sentence that a person who browses reads."
version: 0.1.0
status: draft
# © {year}, those named in credits. Text and cases may carry different licences (https://spdx.org/licenses/).
licenses: {{text: CC-BY-4.0, cases: CC-BY-4.0}}
language: en
maintainers: ["TODO: your handle"]
credits: [{{name: "TODO: your name or organisation", role: author}}]
# The order is severity, mildest first. handling: allow, review, remove or escalate.
labels:
  - {{code: {code}0, title: "TODO: what is allowed", violates: false, handling: allow}}
  - {{code: {code}1, title: "TODO: what goes too far", violates: true, severity: 1, handling: review}}
  - {{code: {code}2, title: "TODO: what is worst", violates: true, severity: 2, handling: remove}}
labelling: single
subject: content
applies_to: {{surfaces: [comments, posts, dm], jurisdictions: [], audiences: []}}
content_warnings: []
---
# Goal
TODO: what is decided, about what content, and what this policy is not for. Two or three sentences.

## Definitions
- TODO: a term that the sections below use, and what it means here.

## {code}0 Allowed
TODO: what all content with this label has in common, in one or two sentences.
- TODO: a criterion: “TODO: a short example”
- TODO: another criterion, close to the boundary: “TODO: a short example of it”

## {code}1 Violation
TODO: what makes content go too far, in one or two sentences.
- TODO: a criterion of it: “TODO: an example of what goes too far”
- TODO: another criterion of it: “TODO: another example of what goes too far”

## {code}2 Severe violation
TODO: what makes it worse than {code}1, in one or two sentences.
- TODO: a criterion of the worst: “TODO: an example of the worst”
- TODO: another criterion of the worst: “TODO: another example of the worst”

## Ambiguity
- TODO: how to decide between {code}0 and {code}1.
- TODO: how to decide between {code}1 and {code}2.
- TODO: what to do with quotations, jokes and reports.
"""


def new_policy_files(slug: str, title: str, *, year: int) -> dict[str, bytes]:
    """The files of a new policy: `policy.md` with three labels and `cases.jsonl` with six cases.

    Two of the cases are a contrast pair. Raises `InvalidNameError` for the slug, and for a title that
    is blank or holds characters that do not print.
    """
    check_slug(slug)
    if not title.strip() or not title.isprintable():
        raise InvalidNameError(title, "is not a title.", "Use a few words of visible characters.")
    code = _letters(slug)
    policy = _POLICY.format(title=json.dumps(title.strip(), ensure_ascii=False), year=year, code=code)
    return {POLICY_FILE: policy.encode("utf-8"), CASES_FILE: render_cases(_cases(code))}


def _letters(slug: str) -> str:
    """Two letters for the label codes: the words' initials, or a word's first two letters."""
    words = ["".join(filter(str.isalpha, part)) for part in slug.split("-")]
    initials = "".join(word[0] for word in words if word)
    if len(initials) < 2:
        initials = "".join(words)
    return initials[:2].upper() if len(initials) >= 2 else "PL"


def _cases(code: str) -> list[Case]:
    def case(number: int, label: int, content: str, note: str, pair: str | None = None) -> Case:
        return Case(
            id=f"{code}-{number:03}", content=f"TODO: {content}", label=f"{code}{label}", pair=pair, note=note
        )

    return [
        case(1, 0, "content that is allowed", "TODO: why it is allowed.", "p01"),
        case(2, 1, "the same, changed in one respect so that it goes too far", "TODO: what changed.", "p01"),
        case(3, 0, "content that looks like a violation and is none", "TODO: why it is none."),
        case(4, 1, "content that goes too far in another way", "TODO: why it goes too far."),
        case(5, 2, "content of the worst kind", "TODO: why it is of the worst kind."),
        case(6, 2, "content of the worst kind in polite words", "TODO: why the words do not matter."),
    ]
