from __future__ import annotations

from pathlib import Path

import pytest

from evaluations.errors import EngineError, EngineUnavailableError, RecordMismatchError
from governance.errors import MalformedEventError, RefusedError
from policies.errors import InvalidNameError
from policies.findings import Finding, Severity
from policies.importers.model import ImportRefusedError
from registry.cli.exit_codes import ExitCode
from registry.cli.failures import failure_of
from registry.client.errors import (
    BadAnswerError,
    BusyRegistryError,
    FailedRegistryError,
    NotARegistryError,
    RedirectedError,
    RefusedQueryError,
    UnreachableError,
)
from registry.keys.errors import KeyRefusedError, SecretError, SignatureRefusedError, SigningError
from registry.services.bundle_file import BundleError
from registry.services.consume import ChangedFolderError
from registry.services.errors import (
    InputRefusedError,
    LintRefusedError,
    NothingChangedError,
    ServiceError,
    UnknownPolicyError,
)
from registry.services.origin import NotHereError
from registry.services.taking import ChangedReleaseError, ForgedReleaseError
from registry.store.errors import (
    AlreadyExistsError,
    BusyError,
    ClockError,
    CorruptObjectError,
    LogError,
    NotACommonsError,
    StoreError,
    WriteError,
)

FINDING = Finding(
    rule="P080", severity=Severity.ERROR, file="policy.md", line=3, message="No licence.", fix="State one."
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidNameError("X", "is not a name.", "Use a-z."), ExitCode.WRONG_INPUT),
        (ImportRefusedError("x", "nothing is here."), ExitCode.WRONG_INPUT),
        (EngineError("x", "is not known.", "Use lexical."), ExitCode.WRONG_INPUT),
        (EngineUnavailableError("x", "does not answer.", "Wait."), ExitCode.TRY_AGAIN),
        (InputRefusedError("x", "is no folder.", "Name one."), ExitCode.WRONG_INPUT),
        (AlreadyExistsError(Path("x")), ExitCode.WRONG_INPUT),
        (LintRefusedError("spam", (FINDING,)), ExitCode.CHECK_FAILED),
        (RefusedError("only the founder may.", "Ask them."), ExitCode.REFUSED),
        (NothingChangedError("spam", "1.0.0"), ExitCode.REFUSED),
        (ServiceError("no"), ExitCode.REFUSED),
        (ClockError(1, 2, "the clock jumped."), ExitCode.REFUSED),
        (UnknownPolicyError("x", "List them."), ExitCode.NOT_FOUND),
        (NotACommonsError(Path("x"), "nothing is here."), ExitCode.NOT_FOUND),
        (BusyError(Path("x"), 30), ExitCode.TRY_AGAIN),
        (WriteError("x", OSError(28, "No space left on device")), ExitCode.TRY_AGAIN),
        (StoreError("try again"), ExitCode.TRY_AGAIN),
        (PermissionError(13, "Permission denied", "x"), ExitCode.TRY_AGAIN),
        (CorruptObjectError("0" * 40, "it is cut."), ExitCode.DAMAGED),
        (LogError("0" * 40, "it is broken."), ExitCode.DAMAGED),
        (MalformedEventError("seq", "is missing."), ExitCode.DAMAGED),
        (RecordMismatchError("metrics", 1, 2), ExitCode.DAMAGED),
        (RefusedError("no such authority.", "", seq=7), ExitCode.DAMAGED),
        (UnreachableError("x", "no answer.", "Try again."), ExitCode.TRY_AGAIN),
        (BusyRegistryError("x", "busy.", 7), ExitCode.TRY_AGAIN),
        (FailedRegistryError("x", "it failed.", "Tell them."), ExitCode.TRY_AGAIN),
        (NotARegistryError("x", "a page.", "Name another."), ExitCode.NOT_FOUND),
        (NotHereError("x", "y", "List them."), ExitCode.NOT_FOUND),
        (RedirectedError("x", "elsewhere.", "Name it."), ExitCode.WRONG_INPUT),
        (RefusedQueryError("x", "refused.", "Ask else."), ExitCode.WRONG_INPUT),
        (BadAnswerError("x", "half.", "Tell them."), ExitCode.DAMAGED),
        (BundleError("x", "y", "it is cut."), ExitCode.DAMAGED),
        (ForgedReleaseError("x", "y", "other bytes."), ExitCode.DAMAGED),
        (ChangedReleaseError("x", "y", "a", "b"), ExitCode.REFUSED),
        (ChangedFolderError("x"), ExitCode.REFUSED),
        (KeyRefusedError("x", "it is empty.", "Give a line."), ExitCode.WRONG_INPUT),
        (SignatureRefusedError("x", "it does not fit.", "Sign again."), ExitCode.REFUSED),
        (SigningError("x", "no such file.", "Name another."), ExitCode.TRY_AGAIN),
        (SecretError("x", "it is damaged.", "Restore it."), ExitCode.DAMAGED),
        (ZeroDivisionError("division by zero"), ExitCode.BUG),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.name,
)
def test_each_exception_has_one_exit_code(error: Exception, code: ExitCode) -> None:
    """Errors raised on purpose have the documented code; anything else is a bug."""
    failure = failure_of(error)
    assert (failure.code, failure.document["error"]["exit_code"]) == (code, int(code))


def test_an_error_names_its_facts_for_programs() -> None:
    """Place, rule and remedy stand in the document by themselves, beside the sentence."""
    failure = failure_of(InputRefusedError("a/b", "it is a link.", "Put the file there."))
    assert failure.document["error"] == {
        "kind": "input-refused",
        "exit_code": 2,
        "message": "a/b: it is a link. Put the file there.",
        "place": "a/b",
        "rule": "it is a link.",
        "remedy": "Put the file there.",
    }


def test_lint_errors_come_with_every_finding() -> None:
    """What stands in the way of publishing is listed with rule, file and line."""
    failure = failure_of(LintRefusedError("spam", (FINDING,)))
    assert failure.document["error"]["findings"] == [FINDING.to_json()]


def test_a_bug_is_told_with_its_trace() -> None:
    """An unforeseen exception shows where it happened and asks to be reported."""
    try:
        raise KeyError("lost")
    except KeyError as error:
        failure = failure_of(error)
    assert failure.document["error"]["kind"] == "bug"
    assert "Please report it" in failure.message
    assert "test_failures.py" in failure.message
