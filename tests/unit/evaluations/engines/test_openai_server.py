from __future__ import annotations

import pytest

from evaluations.engines.openai_server import Server
from evaluations.errors import EngineError

SECRET = "sk-very-secret"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("https://api.example/openai/v1/", "https://api.example/openai/v1"),
        (" http://[::1]:8000/v1 ", "http://[::1]:8000/v1"),
        ("http://h/v1/chat/completions", "http://h/v1"),
        ("HTTP://Example", "http://Example"),
    ],
)
def test_an_address_is_taken_up_to_its_version(given: str, kept: str) -> None:
    """A slash at the end, blanks around it and the endpoint itself do no harm."""
    assert Server(base_url=given, model="m").base_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000/v1",
        "file:///etc/passwd",
        "ftp://h/v1",
        "http://",
        "http://h:99999/v1",
        "http://h:0/v1",
        "http://[::1/v1",
        f"http://user:{SECRET}@h/v1",
        f"http://{SECRET}@h/v1",
        f"http://h/v1?key={SECRET}",
        f"http://h/v1#{SECRET}",
        f"http://h/v1\r\nX-Key: {SECRET}",
        f"http://h/{SECRET} /v1",
        "http://h/\u202ev1",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    """Only http and https with a host and a path; what was pasted into it is not told back."""
    with pytest.raises(EngineError) as raised:
        Server(base_url=url, model="m")
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("key", ["", "a b", f"{SECRET}\n", "schlüssel", "x" * 5_000])
def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(key: str) -> None:
    """A stray line end would otherwise become a header of its own."""
    with pytest.raises(EngineError) as raised:
        Server(base_url="http://h/v1", model="m", key=key)
    assert not key or key not in str(raised.value)


def test_the_key_is_not_among_what_a_server_says_of_itself() -> None:
    """Neither its words nor those of what holds it show the key."""
    assert SECRET not in repr(Server(base_url="http://h/v1", model="m", key=SECRET))


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": ""},
        {"model": "a b"},
        {"model": "a\nb"},
        {"model": "m" * 201},
        {"effort": "extreme"},
        {"stated": {"Engine!": "x"}},
        {"stated": {"dtype": "b\x1b[31m"}},
        {"stated": {"dtype": ""}},
    ],
)
def test_what_cannot_stand_in_a_record_is_refused(wrong: dict[str, object]) -> None:
    """Model, effort and settings are short plain words."""
    with pytest.raises(EngineError):
        Server(**{"base_url": "http://h/v1", "model": "m", **wrong})  # type: ignore[arg-type]
