from __future__ import annotations

from urllib.parse import urlencode

import pytest

from registry.web.refusals import BadQueryError, CrossSiteError
from registry.web.sent import check_same_site, read_form

HOST = {"host": "commons.example:8000"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin", "origin": "http://commons.example:8000"},
        {"sec-fetch-site": "same-origin", "origin": "https://behind-a-proxy.example"},
        {"sec-fetch-site": "none"},
        {"origin": "http://commons.example:8000"},
        {"origin": "https://Commons.example:8000"},
    ],
)
def test_pages_from_here_and_programs_may_send(headers: dict[str, str]) -> None:
    """The browser's own word counts first, whatever a proxy made of the host; a program says nothing."""
    check_same_site({**HOST, **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://commons.example:8000"},
        {"sec-fetch-site": ""},
        {"origin": "http://evil.example"},
        {"origin": "http://commons.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": ""},
    ],
)
def test_pages_of_other_sites_may_not(headers: dict[str, str]) -> None:
    """A neighbour under the same domain is another site, and so is a page that hides where it is from."""
    with pytest.raises(CrossSiteError):
        check_same_site({**HOST, **headers})


def test_a_form_is_read_as_it_was_written() -> None:
    """Line ends of browsers become one, the last of two equal fields counts, half a character is replaced."""
    body = urlencode({"text": "a\r\nb & ü", "engine": ""}).encode() + b"&engine=lexical&x=%ff"
    assert read_form(body) == {"text": "a\nb & ü", "engine": "lexical", "x": "\ufffd"}
    assert read_form(b"") == {}


@pytest.mark.parametrize("body", [b"text=\xff", b"&".join(b"a%d=1" % number for number in range(9))])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    """Raw bytes and floods of fields."""
    with pytest.raises(BadQueryError):
        read_form(body)
