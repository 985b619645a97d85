from __future__ import annotations

import pytest

from registry.accounts.sessions import LONGEST_SECONDS
from registry.web.session_cookie import begun, ended


@pytest.mark.parametrize(
    ("scheme", "name", "secure"), [("http", "commons", False), ("https", "__Host-commons", True)]
)
def test_cookie_is_as_safe_as_the_scheme_lets_it_be(scheme: str, name: str, secure: bool) -> None:
    """For no script and no other site; over https bound to the host and never sent in the clear."""
    first, *flags = begun({"scheme": scheme}, "ps_x").split("; ")
    assert first == f"{name}=ps_x"
    assert flags[:4] == ["Path=/", f"Max-Age={LONGEST_SECONDS}", "HttpOnly", "SameSite=Lax"]
    assert flags[4:] == (["Secure"] if secure else [])


def test_cookie_is_taken_back_under_the_same_name() -> None:
    """With the flags without which a browser would keep it."""
    for scheme in ("http", "https"):
        kept, gone = begun({"scheme": scheme}, "x"), ended({"scheme": scheme})
        assert gone == kept.replace("=x;", "=;").replace(f"Max-Age={LONGEST_SECONDS}", "Max-Age=0")
