"""The documentation of the document format shows a policy that is one."""

from __future__ import annotations

import re
from pathlib import Path

from policies.lint import lint_folder
from policies.meta_fields import FIELD_ORDER

README = (Path(__file__).parents[3] / "policies" / "README.md").read_text(encoding="utf-8")


def _block(language: str) -> bytes:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(block).encode()


def test_the_example_lints_clean() -> None:
    """What is shown as an example has no finding."""
    files = {
        "policy.md": _block("markdown"),
        "cases.jsonl": _block("json"),
        "annex-1.md": b"# Annex\n\nShops that the platform runs itself.\n",
    }
    assert [str(finding) for finding in lint_folder("spam", files)] == []


def test_every_key_of_the_front_matter_is_documented() -> None:
    """The table lists the keys in the order in which they are written."""
    table = README[README.index("| Key |") : README.index("**The text.**")]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == FIELD_ORDER
