"""Linting a whole folder: order, completeness, and any bytes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.lint import RULES, lint_folder

FRONT = "---\ntitle: T\nlabels: [{code: A0, title: B, violates: false}]\n---\n"
PIECES = st.sampled_from(
    ["---\n", "title: a\n", "labels: [{code: A0, title: b, violates: true}]\n", "# A0 b\n", "- “a b c d e”\n"]
    + [
        "<b>",
        "](javascript:",
        "![",
        "```",
        "\u202e",
        "\r\n",
        "\x00",
        "&a ",
        "*a: 1e999\n",
        "licenses: {text: (}\n",
    ]
    + [
        "attachments: [{file: a-1.md, in_prompt: true}]\n",
        "translation_of: {policy: a/b}\n",
        "status: deprecated\n",
    ]
    + [
        '{"id": "1", "content": "a b c d e", "label": "A0"}\n',
        '{"id": "2", "content": "\\ud800"}\n',
        "[[[[",
        '"x"\n',
    ]
    + ['{"id": "3", "content": "é", "labels": {"A0": null}, "pair": "p", "license": "()", "extra": 1e999}\n']
)
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.lists(PIECES, max_size=12).map(lambda parts: "".join(parts).encode("utf-8", errors="surrogatepass")),
    st.text(max_size=100).map(lambda text: (FRONT + text).encode("utf-8", errors="surrogatepass")),
)
NAMES = st.one_of(
    st.sampled_from(["policy.md", "cases.jsonl", "a-1.md", "Ⅷ.md", "../x"]), st.text(max_size=8)
)


@given(
    slug=st.text(max_size=12),
    files=st.dictionaries(NAMES, CONTENT, max_size=4),
    siblings=st.lists(st.text(max_size=8), max_size=3).map(tuple),
)
def test_no_bytes_make_it_raise(slug: str, files: dict[str, bytes], siblings: tuple[str, ...]) -> None:
    """Whatever the files hold, the answer is findings of known rules that can be printed and stored."""
    for finding in lint_folder(slug, files, siblings=siblings):
        assert finding.severity is RULES[finding.rule].severity
        assert finding.line >= 0
        assert str(finding).isprintable()


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![a](",
        "> ",
        "- ",
        "*a **b ",
        "<",
        "`",
        "&#",
        "\n",
        "“",
        "[a]: b\n",
        "x@",
        "{{",
        "A9 ",
        "1 ",
        "<!-- ",
    ],
)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times as long; a quadratic pattern would take 64 times."""
    texts = ((FRONT + piece * (size // len(piece))).encode() for size in (5_000, 40_000))
    # The best of three: what else runs on the machine only ever adds.
    short, long = (min(_seconds(text) for _ in range(3)) for text in texts)
    assert long < 30 * max(short, 0.02)


def _seconds(policy: bytes) -> float:
    started = time.process_time()
    lint_folder("spam", {"policy.md": policy})
    return time.process_time() - started


def test_messages_hold_nothing_that_a_terminal_would_act_on(folder: Any) -> None:
    """Messages quote titles, keys and names, and YAML and JSON can hide an escape sequence in those."""
    folder.replace("title: Fraud", r'title: "Fr\e[2Jaud\u202E"')
    folder.replace("subject: content", 'subject: content\n"ke\\ey": 1')
    folder.cases = folder.cases[:3]
    folder.cases[0]["label"] = "SP\x1b9"
    messages = [f"{found.message}{found.fix}" for found in folder.lint()]
    assert any("\\x1b" in message for message in messages)
    assert [message for message in messages if not message.isprintable()] == []


def test_findings_stand_in_the_order_of_the_folder(folder: Any) -> None:
    """The policy first, then the cases, then attachments; by line, then by rule."""
    folder.files = {"a-1.md": b"<b>\n"}
    folder.replace("subject: content", "subject: content\nattachments: [{file: a-1.md}]")
    folder.replace("choose the more severe one.", "usually choose SP9.")
    folder.cases[0]["label"] = "SP8"
    assert [(found.file, found.rule) for found in folder.lint()] == [
        ("policy.md", "P033"),
        ("policy.md", "P062"),
        ("cases.jsonl", "P043"),
        ("a-1.md", "P072"),
    ]


def test_a_broken_policy_is_told_once_and_its_cases_are_still_read() -> None:
    """Without front matter there are no labels to miss in every case."""
    files = {
        "policy.md": b"# No front matter\n",
        "cases.jsonl": b'{"id": "1", "content": "a", "label": "A0"}\n{]\n'
        b'{"id": "2", "content": "A", "label": "A0"}\n',
    }
    assert [(found.rule, found.file, found.line) for found in lint_folder("spam", files)] == [
        ("P001", "policy.md", 1),
        ("P010", "cases.jsonl", 2),
        ("P050", "cases.jsonl", 3),
    ]


def test_an_empty_folder_lacks_its_files() -> None:
    """Each missing file is one finding."""
    assert [(found.rule, found.file) for found in lint_folder("spam", {})] == [
        ("P009", "policy.md"),
        ("P040", "cases.jsonl"),
    ]
