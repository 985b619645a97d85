"""What a refusal says on the terminal, whatever was raised."""

from __future__ import annotations

import logging

import pytest

from governance.errors import RefusedError
from policies.findings import Finding, Severity
from registry.push.errors import PushRefusedError
from registry.push.words import refusal_of
from registry.services.errors import BlockedContentError, InputRefusedError, LintRefusedError
from registry.store.errors import StoreError, WriteError

FINDING = Finding(
    rule="P003", severity=Severity.ERROR, file="policy.md", line=2, message="No title.", fix="Add one."
)


@pytest.mark.parametrize(
    ("error", "refused", "line"),
    [
        (
            LintRefusedError("spam", (FINDING,)),
            "1 lint error",
            "policies/spam/policy.md:2: error P003: No title. Add one.",
        ),
        (PushRefusedError("x\x1b", "it is odd.", "Do y."), "it is odd", "x : it is odd."),
        (RefusedError("bo may not.", "Ask ana."), "bo may not", "bo may not."),
        (
            BlockedContentError("spam/policy.md:2"),
            "redacted here",
            "policies/spam/policy.md:2: this was redacted",
        ),
        (BlockedContentError("the title, line 1"), "redacted here", "the title, line 1: this was redacted"),
        (InputRefusedError("the title", "no words.", "Say."), "not taken", "the title: no words. Say."),
    ],
    ids=["lint", "push", "rules", "redacted", "redacted title", "input"],
)
def test_refusals_have_place_rule_and_remedy(error: Exception, refused: str, line: str) -> None:
    """A few words for git's own line, and all of it for people."""
    said = refusal_of(error)
    assert said.refused == refused
    assert said.lines[0].startswith(line)


@pytest.mark.parametrize(
    "error", [WriteError("/srv/x", OSError(28, "full")), StoreError("/srv/x"), ValueError("/srv/x")]
)
def test_what_goes_wrong_inside_is_the_operators(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of it is told but that it went wrong; the log has it."""
    with caplog.at_level(logging.ERROR):
        said = refusal_of(error)
    assert "/srv" not in "".join(said.lines)
    assert said.refused == "the registry failed"
    assert len(caplog.records) == 1


def test_many_findings_are_cut() -> None:
    """A terminal is no report: the first forty, and how many more."""
    said = refusal_of(LintRefusedError("spam", (FINDING,) * 100))
    assert (len(said.lines), said.lines[-1]) == (40, "... and 62 more.")
