from __future__ import annotations

import base64
from typing import Any

import pytest

from registry.accounts.secret_text import SecretKind
from registry.web.credentials import Credential, Place, cookie_name, credential_of, place_of
from registry.web.refusals import BadTokenError, TokenInAddressError
from tests.support.viewers import same_secret

SESSION, TOKEN = same_secret(SecretKind.SESSION), same_secret(SecretKind.TOKEN)


def _scope(*headers: tuple[str, str], scheme: str = "http", query: str = "") -> dict[str, Any]:
    stated = [(name.encode(), value.encode()) for name, value in headers]
    return {"headers": stated, "scheme": scheme, "query_string": query.encode()}


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("path", "git", "place"),
    [
        ("/", False, Place.PAGE),
        ("/account", False, Place.PAGE),
        ("/starter/spam", False, Place.PAGE),
        ("/api/v1/commons", False, Place.API),
        ("/api/v1/docs", False, Place.PAGE),
        ("/starter.git/info/refs", True, Place.GIT),
        ("/static/style.css", False, None),
        ("/metrics", False, None),
    ],
)
def test_place_of_an_address(path: str, git: bool, place: Place | None) -> None:
    """Where a request goes decides what it may bring; what is everybody's takes nothing."""
    assert place_of([part for part in path.split("/") if part], git=git) is place


def test_page_takes_the_cookie_alone() -> None:
    """Between other cookies, and in several fields, as HTTP/2 sends them; never the Authorization."""
    found = Credential(SecretKind.SESSION, SESSION)
    assert credential_of(_scope(("cookie", f"a=b; commons={SESSION}; c=d")), Place.PAGE) == found
    assert credential_of(_scope(("cookie", "a=b"), ("cookie", f"commons={SESSION}")), Place.PAGE) == found
    assert credential_of(_scope(("authorization", f"Bearer {TOKEN}")), Place.PAGE) is None


@pytest.mark.parametrize(
    "cookie",
    [
        f"commons={SESSION}; commons={SESSION}",
        f"commons={SESSION}; commons=x",
        f"xcommons={SESSION}",
        f"commons ={SESSION}",
        f'commons="{SESSION}"',
        f"commons={TOKEN}",
        f"commons={SESSION}x",
        "commons=" + "ÿ" * 50,
        "commons=",
        "commons",
        "",
    ],
)
def test_cookie_that_is_not_exactly_ours_is_nobodys(cookie: str) -> None:
    """Two of them, other names, other secrets and slips make a visitor, not an error."""
    assert credential_of(_scope(("cookie", cookie)), Place.PAGE) is None


def test_cookie_of_plain_http_counts_on_https_not_at_all() -> None:
    """Nor the other way round: what a network in between could set is another cookie."""
    assert (cookie_name("http"), cookie_name("https")) == ("commons", "__Host-commons")
    for scheme, other in (("http", "https"), ("https", "http")):
        brought = ("cookie", f"{cookie_name(scheme)}={SESSION}")
        assert credential_of(_scope(brought, scheme=scheme), Place.PAGE) is not None
        assert credential_of(_scope(brought, scheme=other), Place.PAGE) is None


def test_api_takes_bearer_alone() -> None:
    """However the scheme is written; never a cookie, and no password that is meant for a proxy."""
    found = Credential(SecretKind.TOKEN, TOKEN)
    for stated in (f"Bearer {TOKEN}", f"bearer  {TOKEN} "):
        assert credential_of(_scope(("authorization", stated)), Place.API) == found
    assert credential_of(_scope(("cookie", f"commons={SESSION}")), Place.API) is None
    assert credential_of(_scope(("authorization", _basic(f"ana:{TOKEN}"))), Place.API) is None


def test_git_takes_a_token_as_password_or_bearer() -> None:
    """With the name that git sent along."""
    stated = _scope(("authorization", _basic(f"ana:{TOKEN}")))
    assert credential_of(stated, Place.GIT) == Credential(SecretKind.TOKEN, TOKEN, "ana")
    stated = _scope(("authorization", f"Bearer {TOKEN}"))
    assert credential_of(stated, Place.GIT) == Credential(SecretKind.TOKEN, TOKEN)


@pytest.mark.parametrize(
    "stated",
    [
        f"Bearer {TOKEN}x",
        "Bearer",
        "Bearer pc_",
        f"Bearer {SESSION}",
        "Bearer \xff" * 9,
        f"Bearer {TOKEN[:-1]}",
    ],
)
def test_bearer_that_cannot_be_a_token_is_refused(stated: str) -> None:
    """Without a look into any database."""
    for place in (Place.API, Place.GIT):
        with pytest.raises(BadTokenError):
            credential_of(_scope(("authorization", stated)), place)


@pytest.mark.parametrize("stated", ["Basic", "Basic !", "Basic /w==", _basic("ana"), _basic("ana:password")])
def test_password_that_is_no_token_is_refused_to_git(stated: str) -> None:
    """Git is never given an account's password."""
    with pytest.raises(BadTokenError):
        credential_of(_scope(("authorization", stated)), Place.GIT)


def test_two_authorizations_are_refused() -> None:
    """Which one counts could be read in two ways."""
    twice = _scope(("authorization", f"Bearer {TOKEN}"), ("authorization", f"Bearer {TOKEN}"))
    with pytest.raises(BadTokenError):
        credential_of(twice, Place.API)


@pytest.mark.parametrize("place", Place)
def test_token_in_an_address_is_refused(place: Place) -> None:
    """At every place and under every name; what only looks like one is a search like any other."""
    for query in (f"access_token={TOKEN}", f"q=my+{TOKEN}+leaked"):
        with pytest.raises(TokenInAddressError):
            credential_of(_scope(query=query), place)
    assert credential_of(_scope(query=f"q={TOKEN[:-1]}"), place) is None


@pytest.mark.parametrize(
    "name", ["x-forwarded-user", "remote-user", "x-viewer", "x-remote-user", "registry.viewer"]
)
def test_no_other_header_names_a_viewer(name: str) -> None:
    """A header that some proxies set can be set by anybody."""
    for place in Place:
        assert credential_of(_scope((name, "ana")), place) is None
