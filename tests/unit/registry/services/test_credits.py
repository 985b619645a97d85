from __future__ import annotations

from pathlib import Path

from policies.folder import load_folder
from registry.services.credits import CaseSource, credits_of, gather_credits

POLICY = """---
title: Spam
summary: About spam.
version: 1.2.0
status: draft
licenses: {text: CC-BY-4.0}
language: en
maintainers: [ana]
credits: [{name: Example Org, role: author, url: "https://example.org"}]
labels:
  - {code: SP0, title: Not spam, violates: false}
  - {code: SP1, title: Spam, violates: true}
labelling: single
subject: content
terms: https://example.org/terms
upstream: {policy: roost/spam, version: 1.1.0}
links: []
---
# Goal
"""
CASES = """{"id": "1", "content": "a", "label": "SP0", "source": "set-a", "license": "CC0-1.0"}
{"id": "2", "content": "b", "label": "SP1", "source": "set-a", "license": "CC0-1.0"}
{"id": "3", "content": "c", "label": "SP1"}
"""
FILES = {"policy.md": POLICY.encode(), "cases.jsonl": CASES.encode()}


def test_credits_name_authors_licences_and_sources() -> None:
    """Cases are counted by source and licence; cases without a licence of their own go with the text."""
    made = credits_of(load_folder("spam", FILES), "roost/spam@1.2.0")
    assert (made.address, made.text_license, made.cases_license) == (
        "roost/spam@1.2.0",
        "CC-BY-4.0",
        "CC-BY-4.0",
    )
    assert [(credit.name, credit.role, credit.url) for credit in made.credits] == [
        ("Example Org", "author", "https://example.org")
    ]
    assert (made.terms, made.upstream) == ("https://example.org/terms", "roost/spam@1.1.0")
    assert made.sources == (CaseSource(source="set-a", license="CC0-1.0", cases=2),)


def test_a_folder_goes_by_its_name_and_version(tmp_path: Path) -> None:
    """Where no commons is known, the address is the slug with the version in its front matter."""
    (tmp_path / "spam").mkdir()
    for name, raw in FILES.items():
        (tmp_path / "spam" / name).write_bytes(raw)
    assert [made.address for made in gather_credits(tmp_path)] == ["spam@1.2.0"]
