"""A policy's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.errors import (
    InvalidNameError,
    MalformedCasesError,
    MalformedDocumentError,
    MalformedPolicyError,
)
from policies.folder import LIMITS, check_files, load_folder, read_folder

POLICY = b"---\ntitle: x\n---\n# Goal\n"
WITH_ANNEX = b"---\ntitle: x\nattachments:\n  - {file: annex-1.md, in_prompt: true}\n---\n"
CASES = b'{"id": "1", "content": "x"}\n'


def test_folder_is_loaded_whole() -> None:
    """Policy, cases and attachments come together with their exact bytes."""
    files = {"policy.md": WITH_ANNEX, "cases.jsonl": CASES, "annex-1.md": b"# Annex\n"}
    folder = load_folder("hate-speech", files)
    assert folder.slug == "hate-speech"
    assert folder.files == files
    assert folder.document.raw == WITH_ANNEX
    assert [case.id for case in folder.cases] == ["1"]


def test_folder_does_not_follow_later_changes_of_its_source() -> None:
    """The files are those at the time of loading."""
    files = {"policy.md": POLICY}
    folder = load_folder("x", files)
    files["policy.md"] = b""
    assert folder.files == {"policy.md": POLICY}


def test_cases_may_be_missing() -> None:
    """A draft without cases is a folder."""
    assert load_folder("x", {"policy.md": POLICY}).cases == ()


def test_bad_slug_is_refused() -> None:
    """The folder's name follows the naming rules."""
    with pytest.raises(InvalidNameError):
        load_folder("CON", {"policy.md": POLICY})


@pytest.mark.parametrize(
    ("files", "error", "rules"),
    [
        ({}, MalformedPolicyError, ["P009"]),
        ({"policy.md": b"# x"}, MalformedPolicyError, ["P001"]),
        ({"policy.md": POLICY, "cases.jsonl": b"x"}, MalformedCasesError, ["P010"]),
        ({"policy.md": b"# x", "cases.jsonl": b"x"}, MalformedDocumentError, ["P001", "P010"]),
        ({"policy.md": WITH_ANNEX}, MalformedPolicyError, ["P009"]),
        ({"policy.md": POLICY, "annex-1.md": b"x"}, MalformedPolicyError, ["P009"]),
        ({"policy.md": b"\xff"}, MalformedPolicyError, ["P008", "P001"]),
        ({"policy.md": POLICY, "cases.jsonl": CASES + b"\xff\n"}, MalformedCasesError, ["P008"]),
    ],
)
def test_problem_raises_with_every_finding(
    files: dict[str, bytes], error: type[MalformedDocumentError], rules: list[str]
) -> None:
    """The error says which file is at fault, and both readers' view of one byte is one finding."""
    with pytest.raises(MalformedDocumentError) as caught:
        load_folder("x", files)
    assert type(caught.value) is error
    assert [finding.rule for finding in caught.value.findings] == rules


def test_attachment_findings_name_their_line() -> None:
    """An attachment that is named and not there is reported where it is named."""
    (finding,) = read_folder({"policy.md": WITH_ANNEX}).findings
    assert (finding.file, finding.line) == ("policy.md", 4)
    assert "annex-1.md" in finding.message


@pytest.mark.parametrize("name", ["policy.md", "cases.jsonl"])
def test_attachment_that_is_no_further_file_is_refused(name: str) -> None:
    """The policy cannot be its own annex, nor can the cases get into the prompt."""
    policy = b"---\ntitle: x\nattachments: [{file: %b, in_prompt: true}]\n---\n" % name.encode()
    (finding,) = read_folder({"policy.md": policy, "cases.jsonl": CASES}).findings
    assert finding.rule == "P009"


def test_attachment_named_twice_is_refused() -> None:
    """A text must not reach the model twice."""
    policy = b"---\ntitle: x\nattachments: [{file: a.md}, {file: a.md}]\n---\n"
    (finding,) = read_folder({"policy.md": policy, "a.md": b"x"}).findings
    assert finding.message == "'attachments' names 'a.md', which is no further file."


@pytest.mark.parametrize(
    "name",
    [
        "POLICY.md",
        "Policy.md",
        "policy.MD",
        "README.md",
        "con.md",
        "aux.md",
        "nul.md",
        "com1.md",
        ".gitmodules",
        ".gitattributes",
        "..",
        "../x.md",
        "a/b.md",
        "a\\b.md",
        "a b.md",
        "a:b.md",
        "a\n.md",
        "a\u202e.md",
        "ä.md",
        "a.md\n",
        "-a.md",
        "a.markdown",
        "cases.csv",
        "",
        "a" * 200 + ".md",
        "\ud800.md",
    ],
)
def test_other_file_names_are_refused(name: str) -> None:
    """Only names that clone alike on every system are allowed, and a bad one is shown printable."""
    (finding,) = check_files({"policy.md": POLICY, name: b"x"})
    assert finding.rule == "P006"
    assert finding.file.isprintable()
    assert len(finding.file) <= 80


@pytest.mark.parametrize("name", ["annex-1.md", "a.md", "examples_de.md", "2.md", "index.md"])
def test_attachment_names_are_allowed(name: str) -> None:
    """Lower-case Markdown files are attachments."""
    assert check_files({"policy.md": POLICY, name: b"x"}) == ()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a\n\x00", 2),
        (b"a\x1b[2J", 1),
        (b"a\n\nb\x7f", 3),
        ("a\n\x85".encode(), 2),
        (b"a\nb\xff", 2),
        (b"\xed\xa0\x80", 1),
        ("a\ne\u0301".encode(), 2),
    ],
)
def test_unclean_text_is_refused_with_its_line(content: bytes, line: int) -> None:
    """Control characters, other encodings and other normal forms are named by line."""
    (finding,) = check_files({"policy.md": POLICY, "a.md": content})
    assert (finding.rule, finding.file, finding.line) == ("P008", "a.md", line)


def test_clean_text_of_any_script_is_allowed() -> None:
    """Tabs, Windows line ends, a byte-order mark, emoji and right-to-left text are fine."""
    text = "\ufeff# Überschrift\r\n\tשלום 🙂 日本語 é\r\n".encode()
    assert check_files({"policy.md": POLICY, "a.md": text}) == ()


def test_sizes_are_limited() -> None:
    """Each kind of file has its limit, and so has their number."""
    attachments = {f"a{number}.md": b"x" for number in range(LIMITS.attachments + 1)}
    big = b"x" * (LIMITS.attachment_bytes + 1)
    findings = check_files({"policy.md": big, "cases.jsonl": big, "a.md": big} | attachments)
    assert [(finding.rule, finding.file) for finding in findings] == [
        ("P007", "policy.md"),
        ("P007", "policy.md"),
        ("P007", "a.md"),
    ]
    assert findings[0].message == "The folder has 18 attachments; at most 16 are allowed."


def test_reading_collects_instead_of_raising() -> None:
    """What can be read is read, and every problem is told."""
    read = read_folder({"policy.md": b"# x\n", "cases.jsonl": CASES + b"x\n", "A.md": b"\x00"})
    assert read.document is not None
    assert read.document.policy.sections[0].heading == "x"
    assert [case.id for case in read.cases] == ["1"]
    assert [(finding.rule, finding.file) for finding in read.findings] == [
        ("P006", "A.md"),
        ("P008", "A.md"),
        ("P001", "policy.md"),
        ("P010", "cases.jsonl"),
    ]
    assert read_folder({}).document is None


def test_starter_folders_load(library: Path) -> None:
    """Every folder that ships loads."""
    folders = [path for path in library.iterdir() if path.is_dir()]
    for path in folders:
        load_folder(path.name, {file.name: file.read_bytes() for file in path.iterdir()})
    assert len(folders) >= 8
