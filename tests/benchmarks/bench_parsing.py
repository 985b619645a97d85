"""Parsing a policy of 3 KB, beside markdown-it-py alone on its body."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

from policies.codec import parse_policy
from tests.benchmarks.measure import Line, paired_ratio, spread

LIBRARY = Path(__file__).parents[2] / "policies" / "library"


def run(_folder: Path) -> list[Line]:
    """Parses the first 3 KB of a starter policy."""
    raw = (LIBRARY / "spam" / "policy.md").read_bytes()[:3072].rsplit(b"\n", 1)[0] + b"\n"
    body = raw.split(b"\n---\n", 1)[1].decode()
    parser = MarkdownIt("commonmark")

    def ours() -> None:
        for _ in range(50):
            parse_policy(raw)

    def floor() -> None:
        for _ in range(50):
            parser.parse(body)

    each = spread(lambda: parse_policy(raw), 200)
    ratio = paired_ratio(ours, floor)
    return [
        Line("parse of a 3 KB policy, p50", f"{each.p50:.2f} ms", "< 2 ms", each.p50 < 2),
        Line("the same against markdown-it-py on the body alone", f"{ratio:.2f}x", "reported"),
    ]
