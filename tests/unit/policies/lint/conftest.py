"""A small folder without any finding, to be spoiled in one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from policies.findings import Finding
from policies.lint import lint_folder

POLICY = """\
---
title: Spam
summary: Tells spam from ordinary talk.
version: 1.0.0
status: experimental
licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}
language: en
maintainers: [ana]
credits: [{name: Example Org, role: author}]
labels:
  - {code: SP0, title: Not spam, violates: false, handling: allow}
  - {code: SP1, title: Promotion, violates: true, severity: 1, handling: review}
  - {code: SP2, title: Fraud, violates: true, severity: 2, handling: remove}
labelling: single
subject: content
content_warnings: []
---
# Goal
Decide whether content is spam. It does not judge whether a product is good.

## SP0 Not spam
Talk without promotion, or promotion that was asked for.
- Help that was asked for: “The shop behind the station mends such wheels.”

## SP1 Promotion
Promotion that nobody asked for.
- A plug off the topic: “Sad news. By the way, my candles are half price.”

## SP2 Fraud
Promotion that rests on a lie.
- A false notice: “Your parcel waits, pay the fee to see it.”

## Ambiguity
- When two labels fit, choose the more severe one.
"""

CASES: tuple[dict[str, object], ...] = (
    {"id": "1", "content": "Which bus goes to the harbour on Sundays?", "label": "SP0"},
    {"id": "2", "content": "New lamps in my store, link in the profile.", "label": "SP1", "pair": "p1"},
    {"id": "3", "content": "Someone asked: the lamps come from my store.", "label": "SP0", "pair": "p1"},
    {"id": "4", "content": "We owe you a refund, enter your card to get it.", "label": "SP2"},
)


@dataclass
class Folder:
    """A folder to be changed; `lint` gives what the rules then say."""

    slug: str = "spam"
    policy: str = POLICY
    cases: list[dict[str, object]] = field(default_factory=lambda: [dict(case) for case in CASES])
    files: dict[str, bytes] = field(default_factory=dict)
    siblings: tuple[str, ...] = ()
    languages: dict[str, str] = field(default_factory=dict)

    def replace(self, old: str, new: str) -> None:
        """Changes one place of policy.md; the place must be there."""
        assert self.policy.count(old) == 1, f"{old!r} stands {self.policy.count(old)} times in the policy"
        self.policy = self.policy.replace(old, new)

    def line_of(self, text: str) -> int:
        """The 1-based line of policy.md that holds `text`."""
        return next(n for n, line in enumerate(self.policy.split("\n"), start=1) if text in line)

    def lint(self) -> tuple[Finding, ...]:
        rows = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in self.cases)
        files = {"policy.md": self.policy.encode(), "cases.jsonl": rows.encode()} | self.files
        return lint_folder(
            self.slug,
            {name: raw for name, raw in files.items() if raw},
            siblings=self.siblings,
            languages=self.languages,
        )

    def places(self, rule: str) -> list[tuple[str, int]]:
        """Where a rule found something."""
        return [(found.file, found.line) for found in self.lint() if found.rule == rule]


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def new_folder() -> Callable[[], Folder]:
    return Folder
