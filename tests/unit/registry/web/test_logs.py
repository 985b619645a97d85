from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from io import BytesIO

import pytest

from registry.web.answered import Answered, request_id_of
from registry.web.logs import Logs, Writer, as_json, as_text, noting, shown_path
from registry.web.settings import LogSettings

ANSWERED = Answered("GET", "/{commons}", "/roost", 200, 12_345, 0.0021, "0123456789abcdef", "192.0.2.1")


def _logs(written: list[bytes], *, text: bool, requests: bool = True) -> Logs:
    clock = lambda: datetime(2026, 3, 1, 12, 30, 59, 123_000, UTC)  # noqa: E731
    return Logs(written.append, render=as_text if text else as_json, requests=requests, clock=clock)


def test_request_for_eyes() -> None:
    """On a terminal a request is a line with the time, the status, how long, how much and what."""
    written: list[bytes] = []
    logs = _logs(written, text=True)
    logs(ANSWERED)
    logs(ANSWERED._replace(status=0, path="/a\x1b[2J\n"))
    assert written == [
        b"12:30:59  200       2.1 ms     12,345 B  GET /roost",
        b"12:30:59  left       2.1 ms     12,345 B  GET /a%1B%5B2J%0A",
    ]


def test_note_for_eyes_obeys_nobody() -> None:
    """A trace stands indented below its sentence; what a terminal would obey is shown as an escape."""
    written: list[bytes] = []
    try:
        raise ValueError("a\x1b[2Jb\nc\u202e")
    except ValueError as error:
        logged = logging.LogRecord("x", logging.ERROR, "", 0, "met\r%s", ("\n",), (ValueError, error, None))
    _logs(written, text=True).emit(logged)
    lines = written[0].decode().split("\n")
    assert lines[0] == "12:30:59  error  met\\x0d\\x0a"
    assert all(line.startswith("    ") for line in lines[1:])
    assert lines[-2:] == ["    ValueError: a\\x1b[2Jb", "    c\\x202e"]


def test_note_for_programs_is_one_line_of_ascii() -> None:
    """Whatever a note holds, its JSON is one line without a character that a terminal would obey."""
    written: list[bytes] = []
    note = logging.LogRecord("x", logging.WARNING, "", 0, "é\n\x9b\u202e\x1b", (), None)
    _logs(written, text=False).emit(note)
    assert written[0].isascii()
    assert b"\n" not in written[0]
    assert json.loads(written[0])["event"] == "é\n\x9b\u202e\x1b"


def test_requests_can_be_left_out() -> None:
    """Without requests, only notes are written."""
    written: list[bytes] = []
    logs = _logs(written, text=False, requests=False)
    logs(ANSWERED)
    assert written == []


@pytest.mark.parametrize("asked", [True, False])
def test_addresses_are_told_when_asked_for(asked: bool) -> None:
    """A visitor's address stands in the log only where the operator wants it."""
    written: list[bytes] = []
    Logs(written.append, render=as_json, requests=True, addresses=asked)(ANSWERED)
    assert json.loads(written[0]).get("address") == ("192.0.2.1" if asked else None)


def test_noting_ends_with_its_context() -> None:
    """While a server runs, what any part of the program notes is written; what uvicorn warns of is not."""
    stream = BytesIO()
    with noting(LogSettings(requests=False), stream) as logs:
        logging.getLogger("registry.web").warning("within")
        logging.getLogger("uvicorn.error").warning("strangers send this")
        logs(ANSWERED)
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["within"]
    assert logs not in logging.getLogger().handlers


class _Stalled(BytesIO):
    """A stream whose reader takes nothing until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()
        self.may_go_on = threading.Event()

    def write(self, line: object) -> int:
        self.waiting.set()
        assert self.may_go_on.wait(10)
        return super().write(line)  # type: ignore[arg-type]


def test_lines_past_the_limit_are_counted() -> None:
    """While a reader stalls, lines are taken without waiting; those that are too many are told by number."""
    stream = _Stalled()
    writer = Writer(stream, most_lines=100)
    writer.start()
    writer(b"first")
    assert stream.waiting.wait(10)
    for number in range(150):
        writer(b"%d" % number)
    stream.may_go_on.set()
    writer.stop()
    lines = stream.getvalue().splitlines()
    assert lines[:2] == [b"first", b"0"]
    assert lines[-2:] == [b"99", b'{"event":"dropped","lines":50}']


def test_a_reader_that_left_is_no_error() -> None:
    """A closed stream ends nothing."""
    stream = BytesIO()
    writer = Writer(stream)
    writer.start()
    stream.close()
    writer(b"x")
    writer.stop()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/roost/teen@1.0.0/a~b", "/roost/teen@1.0.0/a~b"),
        ("/a b", "/a%20b"),
        ('/"}\n', "/%22%7D%0A"),
        ("/é\ud800", "/%C3%A9%3F"),
        ("/" + "x" * 2_000, "/" + "x" * 511),
    ],
)
def test_path_is_one_printable_word(path: str, shown: str) -> None:
    """A path in the log is ASCII without spaces, and not longer than it need be."""
    assert shown_path(path) == shown


@pytest.mark.parametrize("stated", [b"short", b"x" * 65, b"with space", b'quote"abc', b"new\nline-", b""])
def test_ill_formed_request_id_is_replaced(stated: bytes) -> None:
    """Only a well-formed id is taken over."""
    made = request_id_of([(b"x-request-id", stated)])
    assert len(made) == 16
    assert made.encode() != stated
    assert request_id_of([(b"x-request-id", b"Good-id_1.2")]) == "Good-id_1.2"
