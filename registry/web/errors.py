"""The one place where an exception becomes an answer, with the status of `kinds.py`. Touches nothing.

The API answers with problem+json (RFC 9457), a browser gets a page with the same facts, git a line of
text that it prints. What went wrong inside is never told to a visitor: it goes to the operator's log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException

from evaluations.comparing.pairing import UnequalItemsError
from governance.charter.errors import InvalidCharterError, MalformedCharterError
from governance.errors import ClockBehindError, MalformedEventError, RefusedError
from policies.errors import InvalidNameError, MalformedDocumentError
from registry.accounts import errors as accounts
from registry.keys import errors as keys
from registry.services import errors as services
from registry.services.errors import UnknownPolicyError, UnknownRunError
from registry.web import git_refusals, refusals
from registry.web.badges import BADGE_FILE, SVG, Badge, Colour, svg
from registry.web.kinds import AGAINST_THE_RULES, FOUND_NOTHING, INTERNAL, KINDS, Kind
from registry.web.rendered import HTML, TEXT, Rendered
from registry.web.shapes.problems import FindingShape, Problem, finding_shape
from registry.web.templating import Templates
from registry.web.viewer import Viewer

API_PREFIX = "/api/"
PROBLEM_JSON = "application/problem+json"
DOCUMENTATION = "/api/v1/docs"

_log = logging.getLogger("registry.web")


_BUSY_SECONDS = 5
_REALM = "Policy Commons"

_RULE_AND_REMEDY = (
    refusals.WebError,
    accounts.AccountsError,
    RefusedError,
    services.StewardError,
    services.OtherContentError,
    services.OtherCharterError,
)
_WITH_FINDINGS = (services.LintRefusedError, MalformedCharterError, InvalidCharterError)

_BODY_UNREAD = (refusals.BodyTooLargeError, refusals.BodyTypeError, refusals.SlowBodyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What to answer: the problem's facts and the headers that go with them."""

    problem: Problem
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status


def refusal_of(error: Exception, path: str) -> Refusal:
    """What an exception means for the visitor who asked for `path`; notes the unexpected for the operator."""
    kind, headers = _kind_of(error)
    if kind.status is HTTPStatus.SERVICE_UNAVAILABLE and kind.public:
        # Foreseen, and as often as visitors like: without a trace.
        _log.warning("answered 503 to %s: %s", path, error)
    elif kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("answered %d to %s", kind.status, path, exc_info=error)
    detail, remedy = _said(error, kind)
    problem = Problem(
        type=f"{DOCUMENTATION}#{kind.id}",
        title=kind.title,
        status=int(kind.status),
        detail=detail,
        instance=path,
        remedy=remedy,
        findings=_findings(error),
    )
    return Refusal(problem=problem, headers=headers)


class ErrorAnswers:
    """Writes refusals for programs and for people."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def answer(
        self,
        error: Exception,
        path: str,
        viewer: Viewer | None = None,
        written: Sequence[tuple[str, str]] = (),
    ) -> tuple[int, Rendered]:
        """The status and the whole answer for whoever asked for `path`, and sent what is `written`."""
        refusal = refusal_of(error, path)
        headers = {"cache-control": "no-store", **refusal.headers}
        if path.startswith(API_PREFIX):
            body = msgspec.json.encode(refusal.problem)
            return refusal.status, Rendered.of(body, PROBLEM_JSON, headers)
        if path.endswith(f"/{BADGE_FILE}"):
            # What asks for a picture shows a picture: a README says what is wrong with its badge.
            body = svg(Badge("policy", refusal.problem.title, Colour.NONE, refusal.problem.detail or ""))
            return refusal.status, Rendered.of(body, SVG, headers)
        body = self._templates.render(
            "error.html",
            viewer=viewer,
            problem=refusal.problem,
            written=written,
            sign_in=refusal.status == HTTPStatus.UNAUTHORIZED,
        )
        return refusal.status, Rendered.of(body, HTML, headers)

    def line(self, error: Exception, path: str) -> tuple[int, Rendered]:
        """The same as text, which git shows as what the remote said."""
        refusal = refusal_of(error, path)
        said = " ".join(
            filter(None, (refusal.problem.detail or refusal.problem.title, refusal.problem.remedy))
        )
        headers = {"cache-control": "no-store", **refusal.headers}
        if "www-authenticate" in headers:
            # git asks its user for a name and a password on this, and on nothing else.
            headers["www-authenticate"] = f'Basic realm="{_REALM}", charset="UTF-8"'
        return refusal.status, Rendered.of(f"{said}\n".encode(), TEXT, headers)


def _kind_of(error: Exception) -> tuple[Kind, dict[str, str]]:
    if isinstance(error, RefusedError) and error.seq is None and not isinstance(error, ClockBehindError):
        return AGAINST_THE_RULES, {}
    kind = next((kind for type_, kind in KINDS if isinstance(error, type_)), None)
    if kind is not None:
        return kind, _headers_of(error, kind)
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.NOT_FOUND:
            return FOUND_NOTHING, {}
        public = status < HTTPStatus.INTERNAL_SERVER_ERROR
        kind = Kind(
            status=status, id=status.phrase.lower().replace(" ", "-"), title=status.phrase, public=public
        )
        return kind, {}
    return INTERNAL, {}


def _findings(error: Exception) -> tuple[FindingShape, ...]:
    """Everything that is wrong with what was sent, where there may be much of it."""
    if isinstance(error, services.LintRefusedError | MalformedCharterError):
        return tuple(finding_shape(finding) for finding in error.findings)
    return ()


def _headers_of(error: Exception, kind: Kind) -> dict[str, str]:
    if isinstance(error, git_refusals.GitMethodError):
        return {"allow": error.allow}
    if isinstance(error, MethodNotAllowedException):
        return {"allow": _allowed(error)}
    if kind.status is HTTPStatus.UNAUTHORIZED or isinstance(error, refusals.ScopeError):
        return {"www-authenticate": _challenge(error)}
    if isinstance(error, _BODY_UNREAD):
        # The rest of the body is not waited for, so what comes next on this connection is not a request.
        return {"connection": "close"}
    if isinstance(error, refusals.StaleError):
        return {"etag": error.etag}
    if isinstance(error, services.OtherContentError):
        return {"etag": f'"{error.content}"'}
    if isinstance(error, accounts.KeyInUseError):
        return {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    if kind.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"retry-after": str(getattr(error, "retry_after", _BUSY_SECONDS))}
    return {}


def _challenge(error: Exception) -> str:
    """What to bring (RFC 6750, 3). Browsers do not know this scheme and ask nobody for anything."""
    said = f'Bearer realm="{_REALM}"'
    if isinstance(error, refusals.BadTokenError):
        return f'{said}, error="invalid_token"'
    if isinstance(error, refusals.ScopeError):
        return f'{said}, error="insufficient_scope", scope="{error.scope}"'
    return said


def _allowed(error: MethodNotAllowedException) -> str:
    """What a 405 allows: HEAD goes wherever GET goes."""
    stated = {name.lower(): value for name, value in (error.headers or {}).items()}.get("allow", "")
    methods = {method.strip() for method in stated.split(",") if method.strip()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _invalid(error: ValidationException) -> str:
    """Which parameters are wrong, and how."""
    extra = error.extra if isinstance(error.extra, list) else []
    told = [
        f"`{item['key']}`: {item['message']}" for item in extra if isinstance(item, dict) and "key" in item
    ]
    return "; ".join(told) + "." if told else "A parameter has a value that it cannot have."


def _said(error: Exception, kind: Kind) -> tuple[str | None, str | None]:
    """What is told of it, and what to do instead."""
    if not kind.public:
        return None, "Try again in a moment; if it stays, tell the operator of this server."
    if isinstance(error, _RULE_AND_REMEDY):
        return error.rule, error.remedy or None
    if isinstance(error, services.InputRefusedError | keys.KeyRefusedError):
        return f"{error.place}: {error.rule}", error.remedy
    if isinstance(error, _WITH_FINDINGS):
        return f"{error.findings[0]}", "Correct what `findings` lists, and send it again."
    if isinstance(error, MalformedEventError):
        return f"{error.place}: {error.rule}", "The documentation says what each field takes."
    if isinstance(error, services.UnknownProposalError):
        return str(error), "The page of the commons says what is open."
    if isinstance(error, InvalidNameError):
        return f"{error.value} is not an address here: it {error.rule}", error.remedy
    if isinstance(error, UnknownPolicyError):
        return f"There is no “{error.what}” in this commons.", "The page of the commons lists what there is."
    if isinstance(error, UnknownRunError):
        missing = f"There is no run {error.key} in this commons."
        return (
            f"Run {error.key}: {error.told}" if error.told else missing,
            "The page of a policy lists its runs.",
        )
    if isinstance(error, UnequalItemsError):
        return error.told, "Compare the cases that both were asked alone: shared=true."
    if isinstance(error, MalformedDocumentError):
        return (
            f"A file of this version cannot be read: {error.findings[0]}",
            "Another version may be readable.",
        )
    if isinstance(error, MethodNotAllowedException):
        return "This address does not take that method.", f"Use one of {_allowed(error)}."
    if isinstance(error, ValidationException):
        return _invalid(error), "The documentation says what each parameter takes."
    if isinstance(error, HTTPException):
        return error.detail, None
    return str(error), None
