from __future__ import annotations

from typing import Any

from registry.web.written import BODY, written_of


def _scope(body: bytes, kind: str = "application/x-www-form-urlencoded", **headers: str) -> dict[str, Any]:
    stated = {"content-type": kind, "host": "h", **headers}
    return {
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in stated.items()],
        BODY: body,
    }


def test_what_was_written_is_given_back() -> None:
    """With its field's name, so that a refusal loses nobody's text."""
    assert written_of(_scope(b"title=A+title&text=one%0D%0Atwo&empty=")) == (
        ("title", "A title"),
        ("text", "one\ntwo"),
    )


def test_secrets_are_not() -> None:
    """Neither a password nor what vouches for a form comes back."""
    body = b"handle=ana&password=secret&new=secret&repeat=secret&csrf=x&next=/a&code=pr_x"
    assert written_of(_scope(body)) == (("handle", "ana"),)


def test_what_another_site_sent_is_not_shown() -> None:
    """It would be their words on our page."""
    for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
        assert written_of(_scope(b"text=Call+this+number", **headers)) == ()


def test_what_is_no_form_is_not_shown() -> None:
    """JSON, files, nothing, and more fields than a form here has."""
    assert written_of(_scope(b'{"a": 1}', "application/json")) == ()
    assert written_of(_scope(b"x", "multipart/form-data; boundary=x")) == ()
    assert written_of({"headers": []}) == ()
    assert written_of(_scope(b"&".join(b"a=b" for _ in range(600)))) == ()
