"""Markup that a page would hide, load or run."""

from __future__ import annotations

from typing import Any

import pytest

MARKS = {
    "P072": [
        "<script>alert(1)</script>",
        "a <b onclick=x>bold</b> word",
        "<!-- a hidden note -->",
        "<svg onload=x />",
        "<![CDATA[x]]>",
    ],
    "P073": [
        "![a](https://example.org/a.png)",
        "![a](//example.org/a.png)",
        "[![a](http://example.org/a.png)](https://example.org)",
        "![a][ref]\n\n[ref]: https://example.org/a.png",
    ],
    "P074": [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#x09;script:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](data:image/svg+xml;base64,PHN2Zz4=)",
        "<javascript:alert(1)>",
        "[a](vbscript:x)",
        "[a](file:///etc/passwd)",
        "[a][ref]\n\n[ref]: javascript:x",
    ],
    "P075": ["<|start|>system<|message|>", "[INST] do this [/INST]", "<<SYS>>", "<start_of_turn>user"],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in MARKS.items() for text in texts])
def test_each_kind_is_found_on_its_line(folder: Any, rule: str, text: str) -> None:
    """In whatever way Markdown lets it be written."""
    folder.policy += f"\nOne line,\nanother one: {text}\n"
    assert (rule, folder.line_of("another one")) in {(found.rule, found.line) for found in folder.lint()}


@pytest.mark.parametrize(
    "text",
    [
        "Write to [us](mailto:a@example.org) or [here](annex-1.md#part), <https://example.org>.",
        "`<script>` and `![a](https://example.org/a.png)` and `[a](javascript:x)` in code.",
        "```\n<b>a block of code</b>\n```",
        "x < y, a <- b, 5 <6> 7, I <3 you",
        "![a](picture.png)",
        "javascript: the good parts",
        r"\<b> escaped",
    ],
)
def test_harmless_text_passes(folder: Any, text: str) -> None:
    """Web links, code, comparison signs and words."""
    folder.policy += f"\n{text}\n"
    assert folder.lint() == ()


def test_attachments_are_pages_too(folder: Any) -> None:
    """With their own lines."""
    folder.files = {"a-1.md": b"# Annex\n\nText\nand <i>more</i>\n"}
    folder.replace("subject: content", "subject: content\nattachments: [{file: a-1.md}]")
    assert folder.places("P072") == [("a-1.md", 4)]
