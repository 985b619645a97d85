"""What each exception means over HTTP: the one map of exceptions to statuses. Touches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from litestar.exceptions import MethodNotAllowedException, ValidationException

from evaluations.comparing.pairing import UnequalItemsError
from evaluations.errors import MalformedRecordError
from governance.charter.errors import InvalidCharterError, MalformedCharterError
from governance.errors import ClockBehindError, MalformedEventError, RefusedError
from policies.errors import InvalidNameError, MalformedDocumentError
from registry.accounts import errors as accounts
from registry.index.errors import BadPositionError, IndexingError
from registry.keys.errors import KeyRefusedError, KeysError, SigningError
from registry.services import errors as services
from registry.services.errors import UnknownPolicyError, UnknownRunError
from registry.store.errors import (
    BusyError,
    ClockError,
    CorruptObjectError,
    LogError,
    MissingObjectError,
    WriteError,
)
from registry.web import git_refusals, refusals, try_refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of refusal: its status, its stable id and its title; `public` details may be told."""

    status: HTTPStatus
    id: str
    title: str
    public: bool = True


def _kind(status: HTTPStatus, id_: str, title: str, *, public: bool = True) -> Kind:
    return Kind(status=status, id=id_, title=title, public=public)


FOUND_NOTHING = _kind(HTTPStatus.NOT_FOUND, "not-found", "Nothing is here")
_DAMAGED = _kind(HTTPStatus.INTERNAL_SERVER_ERROR, "damaged", "Part of this commons cannot be read")
_BUSY = _kind(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Busy right now")
_TOO_MANY = _kind(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
_BAD_REQUEST = _kind(HTTPStatus.BAD_REQUEST, "bad-request", "This request cannot be understood")
_BAD_CURSOR = _kind(HTTPStatus.BAD_REQUEST, "bad-cursor", "This cursor cannot be used")
_REFUSED_INPUT = _kind(HTTPStatus.UNPROCESSABLE_ENTITY, "input-refused", "This cannot be taken in")
_CANNOT_WRITE = _kind(
    HTTPStatus.SERVICE_UNAVAILABLE, "cannot-write", "Nothing can be written here right now", public=False
)
AGAINST_THE_RULES = _kind(HTTPStatus.FORBIDDEN, "against-the-rules", "The rules do not allow this")
"""An act that the rules refused. What they refuse of a log is damage instead."""
INTERNAL = _kind(
    HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong on this server", public=False
)

# The first row that fits counts, so a subclass stands before its base.
KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (refusals.UnknownCommonsError, _kind(HTTPStatus.NOT_FOUND, "unknown-commons", "No such commons")),
    (refusals.NoSuchPageError, FOUND_NOTHING),
    (UnknownPolicyError, _kind(HTTPStatus.NOT_FOUND, "unknown-policy", "No such policy or version")),
    (UnknownRunError, _kind(HTTPStatus.NOT_FOUND, "unknown-run", "No such run")),
    (services.EndedProposalError, _kind(HTTPStatus.CONFLICT, "proposal-over", "This proposal is over")),
    (services.UnknownProposalError, _kind(HTTPStatus.NOT_FOUND, "unknown-proposal", "No such proposal")),
    (services.OtherContentError, _kind(HTTPStatus.PRECONDITION_FAILED, "stale", "Changed meanwhile")),
    (services.OtherCharterError, _kind(HTTPStatus.PRECONDITION_FAILED, "stale", "Changed meanwhile")),
    (
        services.LintRefusedError,
        _kind(HTTPStatus.UNPROCESSABLE_ENTITY, "lint", "Something is wrong with this policy"),
    ),
    (services.StewardError, _kind(HTTPStatus.CONFLICT, "steward", "You look after this commons")),
    (services.OvertakenError, _kind(HTTPStatus.CONFLICT, "overtaken", "Something happened meanwhile")),
    (services.InputRefusedError, _REFUSED_INPUT),
    (services.NothingChangedError, _REFUSED_INPUT),
    (services.ChangeTooSmallError, _REFUSED_INPUT),
    (services.BlockedContentError, _REFUSED_INPUT),
    (MalformedCharterError, _REFUSED_INPUT),
    (InvalidCharterError, _REFUSED_INPUT),
    (MalformedEventError, _REFUSED_INPUT),
    (KeyRefusedError, _REFUSED_INPUT),
    (UnequalItemsError, _kind(HTTPStatus.CONFLICT, "unequal-items", "These runs were not asked the same")),
    (InvalidNameError, FOUND_NOTHING),
    (refusals.BadCursorError, _BAD_CURSOR),
    (BadPositionError, _BAD_CURSOR),
    (refusals.BadQueryError, _kind(HTTPStatus.BAD_REQUEST, "bad-query", "This query cannot be used")),
    (refusals.BadHeaderError, _kind(HTTPStatus.BAD_REQUEST, "bad-header", "A header field cannot be used")),
    (refusals.BadHostError, _kind(HTTPStatus.BAD_REQUEST, "bad-host", "No host is named")),
    (refusals.RateLimitedError, _TOO_MANY),
    (refusals.BodyTooLargeError, _kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "Too large")),
    (refusals.BodyNotJsonError, _kind(HTTPStatus.BAD_REQUEST, "body-not-json", "Not understood")),
    (refusals.BodyTypeError, _kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "body-type", "Not understood")),
    (refusals.SlowBodyError, _kind(HTTPStatus.REQUEST_TIMEOUT, "slow-body", "Too slow")),
    (refusals.AddressTooLongError, _kind(HTTPStatus.REQUEST_URI_TOO_LONG, "too-long", "Address too long")),
    (refusals.CrossSiteError, _kind(HTTPStatus.FORBIDDEN, "cross-site", "Sent from another site")),
    (
        refusals.AccountsAwayError,
        _kind(HTTPStatus.SERVICE_UNAVAILABLE, "accounts-away", "Accounts cannot be reached"),
    ),
    (refusals.AccountsBusyError, _BUSY),
    (refusals.ActsBusyError, _BUSY),
    (refusals.FoundingClosedError, _kind(HTTPStatus.FORBIDDEN, "founding-closed", "Nobody founds one here")),
    (refusals.DailyLimitError, _kind(HTTPStatus.TOO_MANY_REQUESTS, "daily-limit", "Enough for today")),
    (refusals.LooksBusyError, _BUSY),
    (refusals.StaleError, _kind(HTTPStatus.PRECONDITION_FAILED, "stale", "Changed meanwhile")),
    (accounts.TooManyTriesError, _TOO_MANY),
    (accounts.SignInRefusedError, _kind(HTTPStatus.FORBIDDEN, "sign-in-refused", "Not signed in")),
    (accounts.FieldError, _kind(HTTPStatus.UNPROCESSABLE_ENTITY, "field-refused", "This cannot be taken")),
    (accounts.TooManyError, _kind(HTTPStatus.CONFLICT, "too-many-kept", "There are too many")),
    (accounts.LinkRefusedError, _kind(HTTPStatus.GONE, "link-refused", "This link does not count")),
    (accounts.SignUpClosedError, _kind(HTTPStatus.FORBIDDEN, "sign-up-closed", "Nobody can sign up here")),
    (accounts.UnknownAccountError, _kind(HTTPStatus.NOT_FOUND, "unknown-account", "No such account")),
    (
        accounts.KeyReusedError,
        _kind(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", "This key came with something else"),
    ),
    (accounts.KeyInUseError, _kind(HTTPStatus.CONFLICT, "key-in-use", "Being answered")),
    (refusals.NotSignedInError, _kind(HTTPStatus.UNAUTHORIZED, "not-signed-in", "Not signed in")),
    (refusals.BadTokenError, _kind(HTTPStatus.UNAUTHORIZED, "bad-token", "This token does not count")),
    (
        refusals.TokenInAddressError,
        _kind(HTTPStatus.BAD_REQUEST, "token-in-address", "A token does not belong in an address"),
    ),
    (refusals.ScopeError, _kind(HTTPStatus.FORBIDDEN, "scope", "Not with this token")),
    (
        refusals.PasswordNeededError,
        _kind(HTTPStatus.FORBIDDEN, "password-needed", "Not without your password"),
    ),
    (refusals.CsrfError, _kind(HTTPStatus.FORBIDDEN, "csrf", "Not sent from your page")),
    (
        try_refusals.TextRefusedError,
        _kind(HTTPStatus.BAD_REQUEST, "text-refused", "This text cannot be tried"),
    ),
    (
        try_refusals.CannotTryError,
        _kind(HTTPStatus.UNPROCESSABLE_ENTITY, "cannot-try", "No text can be tried with this here"),
    ),
    (try_refusals.TryBusyError, _BUSY),
    (
        try_refusals.ModelServerError,
        _kind(HTTPStatus.BAD_GATEWAY, "model-server", "No usable answer from the model server"),
    ),
    (
        try_refusals.ModelSlowError,
        _kind(HTTPStatus.GATEWAY_TIMEOUT, "model-slow", "Model server too slow"),
    ),
    (
        refusals.AheadOfLogError,
        _kind(HTTPStatus.CONFLICT, "ahead-of-log", "This log does not have that event"),
    ),
    (refusals.StreamsFullError, _BUSY),
    (refusals.StreamsOfOneError, _TOO_MANY),
    (refusals.NotReadyError, _kind(HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", "Not ready")),
    (git_refusals.GitNotFoundError, _kind(HTTPStatus.NOT_FOUND, "git-not-found", "Not found")),
    (git_refusals.GitRefusedError, _kind(HTTPStatus.FORBIDDEN, "git-refused", "Not offered")),
    (git_refusals.GitMethodError, _kind(HTTPStatus.METHOD_NOT_ALLOWED, "git-method", "Wrong method")),
    (git_refusals.GitTooLargeError, _kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "git-too-large", "Too large")),
    (
        git_refusals.GitEncodingError,
        _kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "git-encoding", "Not understood"),
    ),
    (git_refusals.GitUnreadableError, _kind(HTTPStatus.BAD_REQUEST, "git-unreadable", "Not understood")),
    (git_refusals.GitSlowError, _kind(HTTPStatus.REQUEST_TIMEOUT, "git-slow", "Too slow")),
    (git_refusals.GitBusyError, _BUSY),
    (git_refusals.GitManyError, _TOO_MANY),
    # After the position above, which is one of its kind: the index is being made anew, or its disk is full.
    (IndexingError, _kind(HTTPStatus.SERVICE_UNAVAILABLE, "index", "The lists are not ready", public=False)),
    (BusyError, _kind(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Busy right now", public=False)),
    (ClockError, _CANNOT_WRITE),
    (WriteError, _CANNOT_WRITE),
    (MissingObjectError, _DAMAGED),
    (CorruptObjectError, _DAMAGED),
    (LogError, _DAMAGED),
    # Keys that visitors bring stand above: this host's secret or its ssh-keygen failed, or what is recorded.
    (SigningError, _kind(HTTPStatus.SERVICE_UNAVAILABLE, "signing", "Nothing can be signed", public=False)),
    (KeysError, _kind(HTTPStatus.INTERNAL_SERVER_ERROR, "keys", "A key cannot be used", public=False)),
    (MalformedDocumentError, _DAMAGED),
    (MalformedRecordError, _DAMAGED),
    # Time passed a deadline again and again while somebody acted.
    (ClockBehindError, _BUSY),
    (RefusedError, _DAMAGED),
    (ValidationException, _BAD_REQUEST),
    (MethodNotAllowedException, _kind(HTTPStatus.METHOD_NOT_ALLOWED, "wrong-method", "Wrong method")),
)
