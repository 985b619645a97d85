from __future__ import annotations

from typing import Any

import pytest

from registry.accounts.scopes import IN_SESSION
from registry.accounts.secret_text import SecretKind, new_secret
from registry.web.csrf import check_csrf, csrf_of
from registry.web.refusals import CrossSiteError, CsrfError
from registry.web.viewer import Viewer
from tests.support.viewers import same_secret

SESSION = same_secret(SecretKind.SESSION)
CSRF = csrf_of(SESSION)
ANA = Viewer("ana", IN_SESSION, "session", CSRF)
FORM = ("content-type", "application/x-www-form-urlencoded; charset=utf-8")


def _scope(*headers: tuple[str, str]) -> dict[str, Any]:
    return {"headers": [(name.encode(), value.encode()) for name, value in headers]}


def test_token_of_a_session_is_its_own() -> None:
    """It follows from the session, differs from others' and does not hold the secret."""
    assert csrf_of(SESSION) == CSRF != csrf_of(new_secret(SecretKind.SESSION))
    assert SESSION[3:13] not in CSRF


def test_form_or_header_brings_it() -> None:
    """As a field wherever it stands, or as a header for what a script sends."""
    for body in (f"csrf={CSRF}", f"text=a%3Db&csrf={CSRF}&more=", f"a=1&b=2&c=3&csrf={CSRF}" + "&d=" * 500):
        check_csrf(_scope(FORM), ANA, body.encode())
    check_csrf(_scope(FORM, ("x-csrf-token", CSRF)), ANA, b"text=a")
    check_csrf(_scope(("x-csrf-token", CSRF)), ANA, b"")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((FORM,), ""),
        ((FORM,), "csrf="),
        ((FORM,), f"csrf={CSRF[:-1]}"),
        ((FORM,), f"csrf={csrf_of('another')}"),
        ((FORM,), f"csrf={CSRF}&csrf={CSRF}"),
        ((FORM,), f"xcsrf={CSRF}"),
        ((FORM,), "csrf=%ff"),
        ((FORM, ("x-csrf-token", "")), f"csrf={CSRF}"),
        ((FORM, ("x-csrf-token", CSRF), ("x-csrf-token", CSRF)), ""),
        ((), f"csrf={CSRF}"),
        ((("content-type", "text/plain"),), f"csrf={CSRF}"),
        ((("content-type", "multipart/form-data; boundary=x"),), f"csrf={CSRF}"),
    ],
)
def test_anything_else_is_refused(headers: tuple[tuple[str, str], ...], body: str) -> None:
    """None, a wrong one, another session's, two of them, or in a body that no form of ours sends."""
    with pytest.raises(CsrfError):
        check_csrf(_scope(*headers), ANA, body.encode())


def test_other_sites_are_refused_whatever_they_bring() -> None:
    """A page of another site that got hold of the token gets no further."""
    with pytest.raises(CrossSiteError):
        check_csrf(_scope(FORM, ("sec-fetch-site", "cross-site")), ANA, f"csrf={CSRF}".encode())


def test_bearer_needs_none() -> None:
    """No page of another site can make a browser send one."""
    check_csrf(_scope(), Viewer("bo", frozenset(), "token"), b"")
