"""What the model reads."""

from __future__ import annotations

from policies.folder import load_folder
from policies.prompt import plain_text, prompt_text, text_line

POLICY = b"""---
title: A title for people
attachments: [{file: b.md, in_prompt: true}, {file: a.md, in_prompt: true}, {file: c.md}]
---

# Goal
Decide.

"""


def test_body_and_named_attachments_are_joined_in_order() -> None:
    """The front matter's order counts; what it does not put in the prompt stays out."""
    folder = load_folder(
        "x", {"policy.md": POLICY, "a.md": b"# A\r\nx\r\n", "b.md": b"\xef\xbb\xbf# B\n\n", "c.md": b"# C\n"}
    )
    assert prompt_text(folder) == "# Goal\nDecide.\n\n# B\n\n# A\nx\n"


def test_layout_of_the_file_does_not_reach_the_model() -> None:
    """Line ends and a byte-order mark give the same prompt."""
    files = {"policy.md": POLICY, "a.md": b"A", "b.md": b"B", "c.md": b"C"}
    other = files | {"policy.md": b"\xef\xbb\xbf" + POLICY.replace(b"\n", b"\r\n")}
    assert prompt_text(load_folder("x", files)) == prompt_text(load_folder("x", other))


def test_plain_text_keeps_what_stands_inside() -> None:
    """Only edges, marks and line ends change."""
    assert plain_text("\ufeff\n a \r\r\n  b\n\n\nc \n") == "a \n\n  b\n\n\nc"


def test_line_on_which_the_text_begins() -> None:
    """Counted in the file, blank lines before it included, whatever its line ends are."""
    files = {"policy.md": POLICY, "a.md": b"A", "b.md": b"B", "c.md": b"C"}
    for policy in (POLICY, POLICY.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + POLICY):
        made = load_folder("x", files | {"policy.md": policy}).document.policy
        assert policy.splitlines()[text_line(made) - 1] == b"# Goal"
