"""Reading and writing policy.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.codec import parse_policy, read_policy, render_policy, with_front_matter
from policies.errors import MalformedPolicyError
from policies.model import Dialect, Status

RAW = b"""---
title: Spam
version: 1.0.0  # given at enactment
x-own: kept
labels:
  - {code: SP0, title: Not spam, violates: false}
---
# Goal
Decide.

## SP0 Not spam
- \xe2\x80\x9cthank you\xe2\x80\x9d
"""


def test_policy_is_read_whole() -> None:
    """Front matter, body and sections come together, with lines of the file."""
    policy = parse_policy(RAW).policy
    assert policy.meta.title == "Spam"
    assert policy.body == RAW.split(b"---\n", 2)[2].decode()
    assert (policy.body_line, policy.dialect) == (8, Dialect.SEVERITY_CODES)
    section = policy.section_of("SP0")
    assert section is not None
    assert (section.first_line, section.last_line, section.examples) == (11, 12, ("thank you",))


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        RAW.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + RAW,
        RAW.rstrip(b"\n"),
        RAW.replace(b"Decide.", b"\t \x20"),
    ],
    ids=["plain", "crlf", "bom", "no-final-newline", "blanks"],
)
def test_bytes_are_given_back(raw: bytes) -> None:
    """What was read is what is written, whatever its layout."""
    assert render_policy(parse_policy(raw)) == raw


def test_all_findings_are_raised_together() -> None:
    """A refusal lists every problem with file and line."""
    raw = b"---\nstatus: x\nlabels: [{code: A}]\n---\n"
    with pytest.raises(MalformedPolicyError) as caught:
        parse_policy(raw, file="spam/policy.md")
    assert str(caught.value).splitlines() == [
        "spam/policy.md:2: error P003: The policy has no title. Add 'title: ...' to the front matter.",
        "spam/policy.md:2: error P004: 'status' is 'x'. Give one of draft, experimental, stable, deprecated.",
        "spam/policy.md:3: error P003: 'labels[0]' has no title. Add 'title: ...'.",
        "spam/policy.md:3: error P003: 'labels[0]' has no violates. Add 'violates: ...'.",
    ]


def test_warnings_do_not_refuse() -> None:
    """An unknown key inside a known field is kept, told, and no reason to refuse."""
    document = parse_policy(b"---\ntitle: x\nsupport: {reason: old, why: y}\n---\n")
    assert [finding.rule for finding in document.findings] == ["P005"]


def test_bare_text_is_refused_and_still_read() -> None:
    """Without front matter there is no policy, yet its sections can be looked at."""
    raw = b'# Spam\n- "buy"\n'
    with pytest.raises(MalformedPolicyError, match=r"policy\.md:1: error P001"):
        parse_policy(raw)
    document = read_policy(raw)
    assert [(section.heading, section.examples) for section in document.policy.sections] == [
        ("Spam", ("buy",))
    ]
    assert document.policy.dialect is Dialect.FREE


def test_front_matter_is_changed_in_place() -> None:
    """The asked keys change, and every other byte stays."""
    document = with_front_matter(parse_policy(RAW), {"version": "1.1.0", "status": "stable"})
    assert document.policy.meta.version == "1.1.0"
    assert document.policy.meta.status is Status.STABLE
    assert document.raw == RAW.replace(b"1.0.0", b"1.1.0").replace(b"x-own", b"status: stable\nx-own")
    assert render_policy(with_front_matter(document, {"version": "1.0.0", "status": None})) == RAW


def test_change_to_a_broken_policy_is_refused() -> None:
    """A change that would leave no policy is refused, and the document is as it was."""
    document = parse_policy(RAW)
    with pytest.raises(MalformedPolicyError):
        with_front_matter(document, {"title": None})
    with pytest.raises(MalformedPolicyError):
        with_front_matter(document, {"version": "1.10"})
    assert render_policy(document) == RAW


def test_starter_policies_are_read_without_findings(library: Path) -> None:
    """Every policy that ships reads cleanly, gives its bytes back, and has a section for each label."""
    read = 0
    for path in library.glob("*/policy.md"):
        raw = path.read_bytes()
        document = parse_policy(raw)
        assert document.findings == ()
        assert render_policy(document) == raw
        codes = [section.code for section in document.policy.sections if section.code]
        assert codes == list(document.policy.meta.codes)
        read += 1
    assert read >= 8
