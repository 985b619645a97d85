from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaluations.verdicts import LASTING_FAILURES, Failed, LabelVerdict, Unparsed, UnparsedReason
from registry.services.verdict_words import why_not

ENGINES = Path(__file__).parents[4] / "evaluations" / "engines"


def test_a_verdict_needs_no_words() -> None:
    """Only what is none is explained."""
    assert why_not(LabelVerdict(code="SP0")) is None


@pytest.mark.parametrize("reason", UnparsedReason)
def test_each_reason_is_a_sentence(reason: UnparsedReason) -> None:
    """Every way in which an answer cannot be read has words of its own."""
    said = why_not(Unparsed(reason=reason))
    assert said is not None
    assert re.fullmatch(r"[A-Z].*\.", said)


def test_each_failure_that_an_engine_gives_is_a_sentence() -> None:
    """The codes that stand in the engines are all explained; statuses are told as they are."""
    sources = "".join(path.read_text("utf-8") for path in ENGINES.glob("*.py"))
    codes = set(re.findall(r'(?:error=|NoAnswerError\(|Refused\()"([a-z-]+)"', sources)) | LASTING_FAILURES
    assert {"too-long", "timeout", "not-json"} <= codes
    assert [code for code in codes if (why_not(Failed(error=code)) or "").startswith("No answer:")] == []
    assert why_not(Failed(error="http-418")) == "The model server answered with the error 418."
    assert why_not(Failed(error="something-new")) == "No answer: something-new."
