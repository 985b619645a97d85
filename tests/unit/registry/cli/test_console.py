from __future__ import annotations

import json

import pytest

from registry.cli.console import Output, moment, one_line, plural, printable, tell_failure


def test_what_a_terminal_would_obey_is_shown_as_an_escape() -> None:
    """Control characters and direction marks are spelled out; line ends and tabs stay."""
    assert printable("a\x1b[2Jb\u202ec\x9b\n\t") == "a\\x1b[2Jb\\u202ec\\x9b\n\t"


def test_one_line_joins_and_cuts() -> None:
    """Line ends become spaces, and a text over the width ends in an ellipsis."""
    assert one_line("a\nb\r\n  c") == "a b c"
    assert one_line("abcdef", 4) == "abc…"


def test_plurals() -> None:
    """Counts read as English."""
    assert [plural(1, "policy"), plural(2, "policy"), plural(1200, "case")] == [
        "1 policy",
        "2 policies",
        "1,200 cases",
    ]


def test_moments_are_utc() -> None:
    """A time is shown to the minute, in UTC."""
    assert moment(1_785_247_380) == "2026-07-28 14:03"


def test_a_table_in_a_pipe_is_aligned_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """No cell is cut, columns line up by what they take on a screen, and no line has a trailing space."""
    long = "x" * 200
    Output(json=False).table(("name", "n", "title"), [("スパム", 5, "a"), ("b", 12, long)], right=("n",))
    assert capsys.readouterr().out.splitlines() == [
        "name     n  title",
        "スパム   5  a",
        f"b       12  {long}",
    ]


def test_an_answer_is_given_once_and_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, standard output is one document and the words for people are not printed."""
    output = Output(json=True)
    output.note("not to be seen")
    output.answer({"title": "Belästigung\u202e"}, lambda: output.line("not to be seen"))
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == ({"title": "Belästigung\u202e"}, "")
    assert out.isascii()


def test_progress_is_silent_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Long work prints nothing into a pipe."""
    output = Output(json=False)
    with output.progress("Working", 2) as progress, output.steps() as told:
        progress(1)
        told("loading", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_failures_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """An error never stands among the answers."""
    tell_failure("no such thing", {"error": {}}, as_json=False)
    assert capsys.readouterr() == ("", "Error: no such thing\n")
