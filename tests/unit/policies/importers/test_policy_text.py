"""Tests of `policies.importers.policy_text`."""

from __future__ import annotations

import unicodedata

import pytest

from policies.codec import parse_policy
from policies.importers.model import FileRole, Topic
from policies.importers.policy_text import OWN_POLICY, POLICY_TEXT
from policies.importers.reading import FileReading
from policies.importers.source import Source, read_source

_TEXT = """Noise Policy (#NO)
GOAL: Find noise. Classify each EXAMPLE as VALID or INVALID.

Quiet (NO0 – Allowed)
Output: VALID

Noise (NO1 – Loud)
Output: INVALID
"""


def _read(raw: bytes, file: str = "policy.txt") -> FileReading:
    source = read_source(file, raw)
    assert isinstance(source, Source)
    assert POLICY_TEXT.recognises(source) > 0
    return POLICY_TEXT.read(source)


@pytest.mark.parametrize("file", ["policy", "policy.txt", "policy.md", "noise"])
def test_a_policy_is_told_by_its_structure(file: str) -> None:
    """The file's name does not matter."""
    reading = _read(_TEXT.encode(), file)
    assert reading.role is FileRole.POLICY
    assert reading.policy is not None
    assert (reading.policy.title, reading.policy.summary) == ("Noise Policy", "Find noise.")
    assert [label.code for label in reading.policy.labels] == ["NO0", "NO1"]


@pytest.mark.parametrize("text", [_TEXT, _TEXT.replace("\n", "\r\n"), _TEXT.rstrip()])
def test_the_authors_bytes_are_kept(text: str) -> None:
    """Line ends and a missing last newline stay as they are."""
    draft = _read(text.encode()).policy
    assert draft is not None
    assert draft.body == text.encode()


def test_output_instructions_are_told_with_their_lines() -> None:
    """They stay in the text; the notice names where they stand."""
    (notice,) = [
        notice for notice in _read(_TEXT.encode()).notices if notice.topic is Topic.OUTPUT_INSTRUCTION
    ]
    assert notice.line == 2
    assert "lines 2, 5, 8" in notice.message


def test_a_text_that_is_not_in_normal_form_is_normalised_and_told() -> None:
    """A commons holds normal form C, so the change is made and said."""
    text = _TEXT.replace("Noise", "Noisé")
    reading = _read(unicodedata.normalize("NFD", text).encode())
    assert reading.policy is not None
    assert reading.policy.body == unicodedata.normalize("NFC", text).encode()
    assert any("normal form C" in notice.message for notice in reading.notices)


@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        (_TEXT.encode().replace(b"VALID or", b"VALID \xff or") + "é".encode(), 2, "not UTF-8"),
        (_TEXT.encode().replace(b"VALID or", b"VALID \x07 or"), 2, "U+0007"),
        (_TEXT.encode() + b"words\n" * 60_000, 0, "256 KiB"),
    ],
)
def test_a_text_that_a_commons_cannot_hold_is_refused(raw: bytes, line: int, reason: str) -> None:
    """Broken bytes, control characters and endless texts are named with their line."""
    reading = _read(raw)
    assert reading.role is FileRole.UNREAD
    (problem,) = reading.problems
    assert problem.line == line
    assert reason in problem.reason


def test_the_commons_own_policies_are_taken_over() -> None:
    """A text with front matter keeps every byte, its comments included."""
    raw = (
        b"---\ntitle: Noise  # ours\nlabels:\n  - {code: NO0, title: Quiet, violates: false}\n---\n# Noise\n"
    )
    source = read_source("policy.md", raw)
    assert isinstance(source, Source)
    assert OWN_POLICY.recognises(source) == 1.0
    draft = OWN_POLICY.read(source).policy
    assert draft is not None
    assert (draft.ready, draft.title) == (raw, "Noise")


def test_front_matter_that_cannot_be_read_is_named() -> None:
    """A malformed policy gives its findings with their lines."""
    raw = b"---\ntitle: Noise\nlabels: [{code: NO0}]\n---\n"
    source = read_source("policy.md", raw)
    assert isinstance(source, Source)
    reading = OWN_POLICY.read(source)
    assert reading.role is FileRole.UNREAD
    assert {problem.line for problem in reading.problems} == {3}


def test_a_front_matter_without_labels_gets_those_of_the_text() -> None:
    """Another tool's front matter stays; the labels that the text defines are added to it."""
    raw = f"---\nlayout: page\ntitle: Din  # ours\n---\n{_TEXT}".encode()
    draft = _read(raw).policy
    assert draft is not None
    assert draft.ready is not None
    policy = parse_policy(draft.ready).policy
    assert (policy.meta.codes, policy.body) == (("NO0", "NO1"), _TEXT)
    assert b"layout: page\ntitle: Din  # ours\n" in draft.ready


def test_three_hyphens_may_be_a_line_in_the_text() -> None:
    """A text that begins with a rule has no front matter, and keeps its rule."""
    draft = _read(f"---\n\n{_TEXT}".encode()).policy
    assert draft is not None
    assert (draft.ready, draft.body) == (None, f"---\n\n{_TEXT}".encode())


def test_a_file_named_policy_is_one() -> None:
    """A text that defines no labels in a way we know is still the policy when its name says so."""
    text = b"# Noise\n\nNo drums after ten, please.\n"
    draft = _read(text, "bea/noise/Policy.md").policy
    assert draft is not None
    assert (draft.body, draft.labels) == (text, ())
    for file in ("bea/noise/notes.md", "privacy-policy.md"):
        source = read_source(file, text)
        assert isinstance(source, Source)
        assert POLICY_TEXT.recognises(source) == 0.0


@pytest.mark.parametrize("text", ["# Results\n\nThe policy did well.\n", "print('policy')\n", "a,b\n1,2\n"])
def test_other_texts_are_no_policies(text: str) -> None:
    """Reports, programs and tables are left to others."""
    source = read_source("file.md", text.encode())
    assert isinstance(source, Source)
    assert POLICY_TEXT.recognises(source) == 0.0
