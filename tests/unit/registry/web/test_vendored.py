"""Files by others are what their authors published, and what VENDORED.md says."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[4] / "registry" / "web" / "static"


def test_files_by_others_are_as_published() -> None:
    """Each script in the folder stands in VENDORED.md with its SHA-256, and has it."""
    text = (STATIC / "VENDORED.md").read_text("utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text, re.MULTILINE)
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in STATIC.glob("*.js")}
    assert dict(listed) == there
