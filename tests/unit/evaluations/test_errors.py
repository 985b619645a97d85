"""Errors say where, what and what to do."""

from __future__ import annotations

import pytest

from evaluations.errors import (
    EngineError,
    EvaluationError,
    MalformedRecordError,
    RecordMismatchError,
    SuiteError,
    TemplateError,
    TooLittleTextError,
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SuiteError(["x"], "it is odd.", "Mend it."), "case x: it is odd. Mend it."),
        (SuiteError([], "It is empty.", "Add some."), "It is empty. Add some."),
        (TemplateError("t@1", "is not known.", "Use t@2."), "template t@1: is not known. Use t@2."),
        (EngineError("e", "is not known.", "Use f."), "engine e: is not known. Use f."),
        (
            TooLittleTextError("e", ["A"], "Write some."),
            "engine e: needs text for at least two labels; there is none for A. Write some.",
        ),
        (MalformedRecordError("f", 0, "It broke.", "Mend it."), "f: It broke. Mend it."),
        (MalformedRecordError("f", 3, "It broke.", "Mend it."), "f:3: It broke. Mend it."),
        (
            RecordMismatchError("a.b", 1, 2),
            "a.b: the record states 1, its rows give 2. Run it again, or store what was measured.",
        ),
    ],
)
def test_an_error_names_place_rule_and_remedy(error: EvaluationError, text: str) -> None:
    """The message is whole by itself."""
    assert str(error) == text


def test_long_values_are_cut() -> None:
    """A hostile record cannot fill a log with its own values."""
    assert len(str(RecordMismatchError("a", "x" * 10_000, 2))) < 300
