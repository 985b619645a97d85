from __future__ import annotations

import pytest

from registry.web.agents import agent_name


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari on iPhone"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
        (None, "A browser"),
        ("x" * 100_000 + "Firefox", "A browser"),
    ],
)
def test_browser_is_named_and_nothing_else_is_kept(stated: str | None, name: str) -> None:
    """In words of ours: nothing of what it sent goes further."""
    assert agent_name(stated) == name
