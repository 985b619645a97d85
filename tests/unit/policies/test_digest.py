"""Digests of folders, contents, prompts and cases."""

from __future__ import annotations

import hashlib

import pytest

from policies.digest import case_digest, content_digest, folder_digest, prompt_digest
from policies.folder import load_folder
from policies.model import Case, CaseStatus

POLICY = """---
title: Spam
version: 1.0.0
licenses: {text: CC-BY-4.0}
attachments: [{file: a.md, in_prompt: true}, {file: b.md}]
labels:
  - {code: SP0, title: Not spam, violates: false}
  - {code: SP2, title: Spam, violates: true}
---
# Goal
Decide.
"""
CASES = '{"id": "1", "content": "x", "label": "SP0"}\n{"id": "2", "content": "y", "label": "SP2"}\n'
FILES = {"policy.md": POLICY, "cases.jsonl": CASES, "a.md": "# A\n", "b.md": "# B\n"}


def digests(changes: dict[str, str] | None = None) -> tuple[str, str, str]:
    """Folder, content and prompt digest of the files above with some of them changed."""
    files = {name: text.encode() for name, text in (FILES | (changes or {})).items()}
    folder = load_folder("spam", files)
    return folder_digest(files), content_digest(folder), prompt_digest(folder)


def changed(changes: dict[str, str]) -> tuple[bool, bool, bool]:
    """Which of the three digests a change moves."""
    return tuple(old != new for old, new in zip(digests(), digests(changes), strict=True))  # type: ignore[return-value]


def test_folder_digest_is_that_of_the_documented_form() -> None:
    """Anyone can recompute it: canonical JSON of each name with its SHA-256."""
    a, b = hashlib.sha256(b"x").hexdigest(), hashlib.sha256(b"y").hexdigest()
    expected = hashlib.sha256(f'{{"a.md":"{a}","policy.md":"{b}"}}'.encode()).hexdigest()
    assert folder_digest({"policy.md": b"y", "a.md": b"x"}) == expected


def test_prompt_digest_is_that_of_the_text() -> None:
    """It is the SHA-256 of what the model reads."""
    assert digests()[2] == hashlib.sha256(b"# Goal\nDecide.\n\n# A\n").hexdigest()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("policy.md", "version: 1.0.0", "version: 1.0.1"),
        ("policy.md", "version: 1.0.0", "version: 1.0.0\nupstream: {policy: a/b, version: 1.0.0}"),
        ("policy.md", "version: 1.0.0", "# comment\nversion: 1.0.0"),
        ("policy.md", "title: Spam\nversion: 1.0.0\n", "version: 1.0.0\ntitle: 'Spam'\n"),
        ("policy.md", "version: 1.0.0\n", "version: 1.0.0\nterms:\n"),
        ("policy.md", "\n", "\r\n"),
        ("policy.md", "---\ntitle", "\ufeff---\ntitle"),
        ("policy.md", "Decide.\n", "Decide.\n\n\n"),
        ("cases.jsonl", '"id": "1", ', '"id":"1","sensitive":false,'),
        ("cases.jsonl", '"x"', '"\\u0078"'),
        ("a.md", "# A\n", "\n# A"),
    ],
)
def test_layout_changes_the_folder_only(name: str, old: str, new: str) -> None:
    """Bytes that change nothing that is said move the folder digest and no other."""
    assert old in FILES[name]
    assert changed({name: FILES[name].replace(old, new)}) == (True, False, False)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("policy.md", "title: Spam\n", "title: Spam!\n"),
        ("policy.md", "CC-BY-4.0", "CC0-1.0"),
        ("policy.md", "violates: true", "violates: true, x: 1"),
        ("policy.md", "version: 1.0.0", "version: 1.0.0\nx-own: 1"),
        ("policy.md", "version: 1.0.0", "version: 1.0.0\nx-own: '1'"),
        ("cases.jsonl", '"x"', '"x "'),
        ("cases.jsonl", '"SP2"}', '"SP0"}'),
        ("cases.jsonl", '"SP2"}', '"SP2", "note": "n"}'),
        ("cases.jsonl", '"SP2"}', '"SP2", "x": 0.1}'),
        ("b.md", "# B", "# C"),
    ],
)
def test_what_the_model_does_not_read_changes_the_content(name: str, old: str, new: str) -> None:
    """Evidence does not carry over to other labels, licences, cases or annexes."""
    assert old in FILES[name]
    assert changed({name: FILES[name].replace(old, new, 1)}) == (True, True, False)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("policy.md", "Decide.", "Decide!"),
        ("policy.md", "# Goal\nDecide.", "# Goal\n\nDecide."),
        ("a.md", "# A", "# a"),
    ],
)
def test_what_the_model_reads_changes_all(name: str, old: str, new: str) -> None:
    """A word of the text moves every digest."""
    assert changed({name: FILES[name].replace(old, new)}) == (True, True, True)


def test_order_of_labels_and_cases_counts() -> None:
    """The order of labels is severity, and the order of cases is the suite's."""
    lines = CASES.splitlines(keepends=True)
    assert changed({"cases.jsonl": lines[1] + lines[0]}) == (True, True, False)
    first, second = POLICY.splitlines(keepends=True)[6:8]
    assert changed({"policy.md": POLICY.replace(first + second, second + first)}) == (True, True, False)


def test_different_cases_have_different_digests() -> None:
    """Whatever a case says counts, down to the form in which its characters are written."""
    cases = [
        Case(id="1", content="é"),
        Case(id="1", content="e\u0301"),
        Case(id="2", content="é"),
        Case(id="1", content="é", label="A"),
        Case(id="1", content="é", labels={"A": True}),
        Case(id="1", content="é", labels={"A": None}),
        Case(id="1", content="é", labels={}),
        Case(id="1", content="é", status=CaseStatus.TODO),
        Case(id="1", content="é", sensitive=True),
        Case(id="1", content="é", extra={"a": 1}),
        Case(id="1", content="é", extra={"a": 1.0}),
        Case(id="1", content="é", extra={"a": "1"}),
        Case(id="1", content="é", extra={"a": True}),
        Case(id="1", content="é", extra={"a": [1]}),
        Case(id="1", content="é", extra={"a": {"float": (1.0).hex()}}),
    ]
    assert len({case_digest(case) for case in cases}) == len(cases)


def test_line_of_a_case_does_not_count() -> None:
    """A case that moved in its file is the same case."""
    assert case_digest(Case(id="1", content="x", line=3)) == case_digest(Case(id="1", content="x"))


def test_what_a_policy_cannot_hold_is_a_type_error() -> None:
    """A value that no file could have given is a caller's mistake."""
    with pytest.raises(TypeError, match="no bytes"):
        case_digest(Case(id="1", content="x", extra={"a": b"x"}))
