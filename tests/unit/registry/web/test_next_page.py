from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.next_page import page_of_referer, safe_next, sign_in_address


@pytest.mark.parametrize(
    "stated",
    [
        "/",
        "/starter",
        "/starter/scams@1.0.0?from=1.0.0&to=1.1.0",
        "/~ana/spam",
        "/search?q=a%20b+c",
        "/account",
    ],
)
def test_pages_of_this_site_are_followed(stated: str) -> None:
    """A path with its query is where one goes on."""
    assert safe_next(stated) == stated


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "starter",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/a//b",
        "/a\\b",
        "/a#b",
        "/\tevil",
        "/%0d%0aset-cookie:x",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nlocation: x",
        "/ü",
        "/a?next=<script>",
        "/" + "a" * 1_100,
        "/sign-in",
        "/sign-in?next=/x",
        "/sign-up",
        "/sign-out",
        "/reset?code=x",
    ],
)
def test_everything_else_is_the_usual_page(stated: str | None) -> None:
    """Another host however it is written, and pages that would undo the signing in."""
    assert safe_next(stated, "/usual") == "/usual"


@given(st.text(alphabet="/\\.:@%?#ahtps\t\n ", max_size=12))
def test_nothing_leads_to_another_host(stated: str) -> None:
    """Whatever is stated, what is followed begins with one slash and holds no backslash or control."""
    going = safe_next(stated)
    assert going.startswith("/")
    assert not going.startswith(("//", "/\\"))
    assert not set(going) & set("\\\t\n\r #")


def test_referer_is_a_page_of_the_same_host_only() -> None:
    """Path and query; nothing of another host, and nothing of what is no address."""
    assert page_of_referer("http://h:1/a?b=c", "h:1") == "/a?b=c"
    assert page_of_referer("http://H:1/a", "h:1") == "/a"
    for referer, host in (("http://h:2/a", "h:1"), ("http://[", "h"), (None, "h"), ("http://h/a", None)):
        assert page_of_referer(referer, host) is None


def test_sign_in_address_leads_back() -> None:
    """To the page that asked for somebody, with its query."""
    assert sign_in_address("/account", b"") == "/sign-in?next=/account"
    assert sign_in_address("/search", b"q=a%20b") == "/sign-in?next=/search%3Fq%3Da%2520b"
    assert sign_in_address("//evil", b"") == "/sign-in"
