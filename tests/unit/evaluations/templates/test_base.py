"""A template's digest is that of its behaviour."""

from __future__ import annotations

from collections.abc import Sequence

from evaluations.templates.base import behaviour_digest
from evaluations.templates.safeguard_label_1 import parse, render
from evaluations.verdicts import LabelVerdict, Verdict

DIGEST = behaviour_digest("t@1", render, parse)


def _lenient(output: str | None, finish_reason: str | None, codes: Sequence[str]) -> Verdict:
    """A parser that takes the last label it finds anywhere."""
    found = [code for code in codes if code in (output or "")]
    return LabelVerdict(code=found[-1]) if found else parse(output, finish_reason, codes)


def test_a_parser_of_other_rules_has_another_digest() -> None:
    """Loosening how answers are read is another template."""
    assert behaviour_digest("t@1", render, _lenient) != DIGEST


def test_another_wording_has_another_digest() -> None:
    """So is another prompt, and another name."""
    assert (
        behaviour_digest("t@1", lambda text, labels, case: render(f"{text}!", labels, case), parse) != DIGEST
    )
    assert behaviour_digest("t@2", render, parse) != DIGEST
