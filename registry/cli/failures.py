"""The one place where an exception becomes an exit code and an error document. Touches nothing.

Imported only once something was raised, so that a command that goes well does not pay for it.
"""

from __future__ import annotations

import re
import traceback
from typing import Any, NamedTuple

import typer

from evaluations import errors as evaluations
from evaluations.comparing import pairing
from governance import errors as governance
from governance.charter import errors as charter
from policies import errors as policies
from policies.findings import Finding
from registry.accounts import errors as accounts
from registry.cli.exit_codes import ExitCode
from registry.client import errors as client
from registry.keys import errors as keys
from registry.services import archive, bundle_file, journal, origin, taking
from registry.services import errors as services
from registry.store import errors as store
from registry.web import refusals as web

# The nearest class of an exception's ancestry decides, so a root stands for what is not named.
_CODES: dict[type[BaseException], ExitCode] = {
    policies.PolicyError: ExitCode.WRONG_INPUT,
    governance.GovernanceError: ExitCode.REFUSED,
    governance.MalformedEventError: ExitCode.DAMAGED,
    charter.MalformedCharterError: ExitCode.WRONG_INPUT,
    charter.InvalidCharterError: ExitCode.WRONG_INPUT,
    evaluations.EvaluationError: ExitCode.WRONG_INPUT,
    evaluations.EngineUnavailableError: ExitCode.TRY_AGAIN,
    evaluations.RecordError: ExitCode.DAMAGED,
    pairing.UnequalItemsError: ExitCode.REFUSED,
    store.StoreError: ExitCode.TRY_AGAIN,
    store.NotACommonsError: ExitCode.NOT_FOUND,
    store.AlreadyExistsError: ExitCode.WRONG_INPUT,
    store.MissingObjectError: ExitCode.DAMAGED,
    store.CorruptObjectError: ExitCode.DAMAGED,
    store.OversizedError: ExitCode.DAMAGED,
    store.ConflictError: ExitCode.DAMAGED,
    store.LogError: ExitCode.DAMAGED,
    store.ClockError: ExitCode.REFUSED,
    services.ServiceError: ExitCode.REFUSED,
    services.UnknownPolicyError: ExitCode.NOT_FOUND,
    services.UnknownCommonsError: ExitCode.NOT_FOUND,
    services.UnknownRunError: ExitCode.NOT_FOUND,
    services.UnknownProposalError: ExitCode.NOT_FOUND,
    services.UnknownCaseError: ExitCode.NOT_FOUND,
    services.LintRefusedError: ExitCode.CHECK_FAILED,
    services.InputRefusedError: ExitCode.WRONG_INPUT,
    keys.KeysError: ExitCode.WRONG_INPUT,
    keys.SignatureRefusedError: ExitCode.REFUSED,
    keys.SigningError: ExitCode.TRY_AGAIN,
    keys.SecretError: ExitCode.DAMAGED,
    accounts.AccountsError: ExitCode.WRONG_INPUT,
    accounts.DatabaseUnusableError: ExitCode.DAMAGED,
    accounts.PlaceRefusedError: ExitCode.WRONG_INPUT,
    accounts.DatabaseReadOnlyError: ExitCode.TRY_AGAIN,
    accounts.DatabaseAwayError: ExitCode.TRY_AGAIN,
    accounts.HandleRefusedError: ExitCode.REFUSED,
    accounts.UnknownAccountError: ExitCode.NOT_FOUND,
    web.WebError: ExitCode.WRONG_INPUT,
    archive.ArchiveError: ExitCode.DAMAGED,
    bundle_file.BundleError: ExitCode.DAMAGED,
    taking.ForgedReleaseError: ExitCode.DAMAGED,
    journal.JournalError: ExitCode.TRY_AGAIN,
    origin.OriginError: ExitCode.TRY_AGAIN,
    client.NotARegistryError: ExitCode.NOT_FOUND,
    client.BadAnswerError: ExitCode.DAMAGED,
    client.RedirectedError: ExitCode.WRONG_INPUT,
    client.RefusedQueryError: ExitCode.WRONG_INPUT,
    client.RefusedActError: ExitCode.REFUSED,
    client.WrongActError: ExitCode.WRONG_INPUT,
    client.UnknownThereError: ExitCode.NOT_FOUND,
    client.LintedActError: ExitCode.CHECK_FAILED,
    client.TokenError: ExitCode.WRONG_INPUT,
    OSError: ExitCode.TRY_AGAIN,
}

# Attributes that errors carry as data and that a program may act on.
_FACTS = (
    *("place", "rule", "remedy", "value", "what", "key", "slug", "version", "declared", "least"),
    *("seq", "file", "line", "field", "oid", "commit", "last", "now", "seconds", "entry"),
    *("template", "engine", "case_ids", "added", "removed", "edited", "relabelled", "shared"),
)


class Failure(NamedTuple):
    """What is told of an exception: `document` is the JSON on standard error, `message` the words."""

    code: ExitCode
    message: str
    document: dict[str, Any]


def failure_of(error: BaseException) -> Failure:
    """What to tell and how to exit; an exception that nobody raised on purpose counts as a bug."""
    if isinstance(error, typer.TyperException):
        return _made("usage", ExitCode.WRONG_INPUT, error.format_message(), {})
    code = next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), ExitCode.BUG)
    if isinstance(error, governance.RefusedError) and error.seq is not None:
        # Not the act at hand was refused but an event of the log, which no rule can have let in.
        code = ExitCode.DAMAGED
    if code is ExitCode.BUG:
        trace = "".join(traceback.format_exception(error))
        message = f"a bug in commons: {type(error).__name__}: {error}. Please report it with:\n{trace}"
        return _made("bug", code, message.rstrip(), {})
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return _made("system", code, f"{place}{error.strerror or error}.", {})
    return _made(_kind(error), code, str(error), _facts(error))


def _kind(error: BaseException) -> str:
    """`UnknownPolicyError` as `unknown-policy`."""
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _facts(error: BaseException) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name in _FACTS:
        value = getattr(error, name, None)
        if isinstance(value, str | int | float):
            facts[name] = value
        elif isinstance(value, tuple) and all(isinstance(item, str) for item in value):
            facts[name] = list(value)
    findings = getattr(error, "findings", ())
    if findings and all(isinstance(finding, Finding) for finding in findings):
        facts["findings"] = [finding.to_json() for finding in findings]
    return facts


def _made(kind: str, code: ExitCode, message: str, facts: dict[str, Any]) -> Failure:
    details = {"kind": kind, "exit_code": int(code), "message": message, **facts}
    return Failure(code, message, {"error": details})
