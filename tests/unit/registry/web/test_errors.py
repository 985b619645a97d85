from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest
from litestar.exceptions import MethodNotAllowedException, NotFoundException

from policies.errors import InvalidNameError
from registry.accounts import errors as accounts
from registry.index.errors import BadPositionError
from registry.keys.errors import SecretError, SignatureRefusedError, SigningError
from registry.services.errors import UnknownPolicyError, UnknownRunError
from registry.store.errors import BusyError, CorruptObjectError, StoreError
from registry.web import git_refusals, refusals, try_refusals
from registry.web.errors import DOCUMENTATION, ErrorAnswers, refusal_of
from registry.web.kinds import KINDS
from registry.web.static_files import StaticFiles
from registry.web.templating import Templates

API, PAGE = "/api/v1/commons/x", "/x"


@pytest.fixture(scope="module")
def answers() -> ErrorAnswers:
    return ErrorAnswers(Templates(StaticFiles()))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (refusals.UnknownCommonsError("x"), 404),
        (refusals.NoSuchPageError(), 404),
        (UnknownPolicyError("x", "y"), 404),
        (UnknownRunError("abcdef"), 404),
        (InvalidNameError("X", "is not a name.", "Use x."), 404),
        (refusals.BadCursorError(), 400),
        (BadPositionError(), 400),
        (refusals.AddressTooLongError("path", 9), 414),
        (refusals.CrossSiteError(), 403),
        (try_refusals.TextRefusedError("Too long.", "Shorten it."), 400),
        (try_refusals.CannotTryError("Too large.", "Try it elsewhere."), 422),
        (try_refusals.TryBusyError("Full."), 503),
        (try_refusals.ModelServerError("It is broken."), 502),
        (try_refusals.ModelSlowError(60.0), 504),
        (git_refusals.GitBusyError("Full.", 7), 503),
        (BusyError(Path("/srv/secret"), 3), 503),
        (CorruptObjectError("a" * 40, "cut off."), 500),
        (SigningError("ssh-keygen", "it did not answer.", "Try again."), 503),
        (SecretError("/srv/secret", "it is a link.", "Put the file itself there."), 500),
        (SignatureRefusedError("event 7", "it is by another key.", "Sign again."), 500),
        (NotFoundException(), 404),
        (MethodNotAllowedException(headers={"allow": "GET, OPTIONS"}), 405),
        (StoreError("/srv/secret is full"), 500),
        (RuntimeError("/srv/secret"), 500),
    ],
)
def test_status_of_each_error(error: Exception, status: int, answers: ErrorAnswers) -> None:
    """Each error has one status, for programs, for people and for git."""
    assert answers.answer(error, API)[0] == status
    assert answers.answer(error, PAGE)[0] == status
    assert answers.line(error, "/x.git/HEAD")[0] == status


@pytest.mark.parametrize(
    "error",
    [
        BusyError(Path("/srv/secret"), 3),
        StoreError("/srv/secret"),
        SecretError("/srv/secret", "it is a link.", "Put the file itself there."),
        SigningError("/srv/secret", "it is no key.", "Make one."),
        KeyError("secret"),
    ],
)
def test_inside_is_never_told(
    error: Exception, answers: ErrorAnswers, caplog: pytest.LogCaptureFixture
) -> None:
    """What went wrong inside goes to the operator's log and to no visitor."""
    with caplog.at_level(logging.ERROR, logger="registry.web"):
        bodies = [answers.answer(error, API)[1].body, answers.answer(error, PAGE)[1].body]
    assert not [body for body in bodies if b"secret" in body]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


def test_problem_is_rfc_9457() -> None:
    """A problem has type, title, status, detail and instance, and what to do instead."""
    refusal = refusal_of(refusals.UnknownCommonsError("roost"), API)
    assert msgspec.to_builtins(refusal.problem) == {
        "type": f"{DOCUMENTATION}#unknown-commons",
        "title": "No such commons",
        "status": 404,
        "detail": "No commons is called roost here.",
        "instance": API,
        "remedy": "The start page lists those that are served.",
    }


def test_busy_says_when_to_come_back(answers: ErrorAnswers) -> None:
    """A 503 carries Retry-After."""
    _, rendered = answers.line(git_refusals.GitBusyError("All places are taken.", 7), "/x.git/info/refs")
    assert rendered.headers["retry-after"] == "7"
    assert rendered.body == b"All places are taken. Try again in 7 seconds.\n"


def test_wrong_method_names_the_right_ones(answers: ErrorAnswers) -> None:
    """A 405 allows HEAD wherever it allows GET."""
    _, rendered = answers.answer(MethodNotAllowedException(headers={"allow": "GET, OPTIONS"}), API)
    assert rendered.headers["allow"] == "GET, HEAD, OPTIONS"


def test_page_escapes_what_was_asked_for(answers: ErrorAnswers) -> None:
    """What a visitor sent is text on the page, whatever it holds."""
    _, rendered = answers.answer(UnknownPolicyError("<script>x</script>", ""), PAGE)
    assert b"<script" not in rendered.body
    assert b"&lt;script&gt;" in rendered.body


def test_kinds_are_told_apart() -> None:
    """A subclass stands before its base, and one id always means one status."""
    types = [type_ for type_, _ in KINDS]
    for later, type_ in enumerate(types):
        assert not [earlier for earlier in types[:later] if issubclass(type_, earlier)]
    statuses: dict[str, int] = {}
    for _, kind in KINDS:
        assert statuses.setdefault(kind.id, kind.status) == kind.status


def test_every_refusal_has_a_kind() -> None:
    """What this package or accounts refuse on purpose is never an error of the server without a name.

    That a database is away or unusable is told as `AccountsAwayError`.
    """
    known = tuple(type_ for type_, _ in KINDS)
    roots = (refusals.WebError, accounts.AccountsError, accounts.FieldError)
    raised = [
        kind
        for module in (refusals, git_refusals, accounts)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, roots) and kind not in roots
        if not issubclass(kind, accounts.DatabaseUnusableError | accounts.DatabaseAwayError)
    ]
    assert len(raised) > 40
    assert [kind for kind in raised if not issubclass(kind, known)] == []
