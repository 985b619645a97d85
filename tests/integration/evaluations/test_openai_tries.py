"""How the `openai` engine keeps many cases under way, tries again, and gives up, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Timer
from urllib.parse import urlsplit

import pytest

from evaluations.engines.openai_client import seconds_asked
from evaluations.engines.openai_server import Server
from evaluations.templates.registry import DEFAULT_TEMPLATE
from evaluations.verdicts import (
    Failed,
    LabelVerdict,
    Verdict,
)
from tests.support.asking import QUICK, case, run, session_of
from tests.support.model_server import (
    MODEL,
    Asked,
    Behaviour,
    ModelServer,
    dies_after,
    never,
    says,
    sends,
)


def test_a_slow_answer_is_given_up() -> None:
    """A request that outlasts its time is a failed case, tried as often as the others."""
    with ModelServer(lambda asked: never if asked.content == "slow" else says()) as server:
        answers = run(server, [case("slow"), case("good")], patience=replace(QUICK, seconds=0.1))
    assert answers["slow"].verdict == Failed(error="timeout")
    assert answers["good"].verdict == LabelVerdict(code="SP0")
    assert server.contents().count("slow") == QUICK.tries


def test_a_server_that_is_not_there_fails_every_case() -> None:
    """Nobody listens: each case is told so, and the run comes to its end."""
    with ModelServer(lambda _: says()) as server:
        pass
    answers = run(server, [case("a"), case("b")])
    assert {answer.verdict for answer in answers.values()} == {Failed(error="unreachable")}


def test_a_server_that_dies_takes_no_answer_with_it() -> None:
    """What was answered before stays; what comes after is failed."""
    with ModelServer(lambda _: says()) as server:
        session = session_of(Server(base_url=server.base_url, model=MODEL))
        answers = session.classify([case("a"), case("b"), case("c")])
        first = next(answers)
    # The second may have been under way already.
    *_, last = answers
    assert (first.verdict, last.verdict) == (LabelVerdict(code="SP0"), Failed(error="unreachable"))


@pytest.mark.parametrize(
    "once",
    [
        sends(b"busy", status=429),
        sends(b"", status=500),
        sends(b"", status=503, headers={"retry-after": "0"}),
        sends(b"", status=408),
        dies_after(b"{"),
    ],
)
def test_what_passes_is_tried_again(once: Behaviour) -> None:
    """A limit, a server error and a broken connection are tried again with the very same request."""
    with ModelServer(lambda asked: says() if asked.before else once) as server:
        answers = run(server, [case("a")])
    assert answers["a"].verdict == LabelVerdict(code="SP0")
    assert len(server.asked) == 2
    assert server.asked[0].body == server.asked[1].body


def test_a_storm_of_limits_is_sat_out() -> None:
    """Every case is refused twice while others are, too; in the end all are answered, and none is lost."""
    cases = [case(f"text {number}") for number in range(40)]
    busy = sends(b"", status=429, headers={"retry-after": "0"})
    with ModelServer(lambda asked: says() if asked.before >= 2 else busy) as server:
        answers = run(server, cases, concurrency=16)
    assert {answer.verdict for answer in answers.values()} == {LabelVerdict(code="SP0")}
    assert len(answers) == 40
    assert len(server.asked) == 3 * 40


def test_a_server_that_dies_and_returns_is_met_again() -> None:
    """It goes while texts are under way and comes back at its address: nobody has to do anything."""
    with ModelServer(lambda _: says()) as first:
        port = urlsplit(first.base_url).port
        assert port is not None
        server = Server(base_url=first.base_url, model=MODEL)
        patient = replace(QUICK, tries=12, first_wait=0.05, longest_wait=0.4)
        answers = session_of(server, patience=patient).classify([case(f"text {n}") for n in range(30)])
        got = [next(answers) for _ in range(5)]
    second = ModelServer(lambda _: says(), port=port)
    late = Timer(0.3, second.__enter__)
    late.start()
    try:
        got += answers
    finally:
        late.join()
        second.__exit__()
    assert [answer.verdict for answer in got] == [LabelVerdict(code="SP0")] * 30
    assert second.asked


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (401, 1), (404, 1), (429, 3), (500, 3), (529, 3)])
def test_tries_are_counted_and_what_lasts_is_not_tried_again(status: int, tries: int) -> None:
    """A request that is wrong stays wrong; a busy server is asked so many times and no more."""
    with ModelServer(lambda _: sends(b"", status=status)) as server:
        answers = run(server, [case("a")])
    assert answers["a"].verdict == Failed(error=f"http-{status}")
    assert len(server.asked) == tries


def test_a_wait_that_the_server_asks_for_is_kept() -> None:
    """Retry-After is waited out before the next try, also by whoever else is about to ask."""
    at: list[float] = []

    def script(asked: Asked) -> Behaviour:
        at.append(time.monotonic())
        return sends(b"", status=429, headers={"retry-after": "1"}) if len(at) == 1 else says()

    with ModelServer(script) as server:
        answers = run(server, [case("a"), case("b")], concurrency=1)
    assert {answer.verdict for answer in answers.values()} == {LabelVerdict(code="SP0")}
    assert at[1] - at[0] >= 1.0


def test_a_wait_that_is_too_long_is_not_begun() -> None:
    """A server that wants to be left alone for an hour is left alone, and the case is failed now."""
    header = {"retry-after": "3600"}
    with ModelServer(lambda _: sends(b"", status=429, headers=header)) as server:
        answers = run(server, [case("a")])
    assert answers["a"].verdict == Failed(error="http-429")
    assert len(server.asked) == 1


NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        (format_datetime(NOW.replace(second=30), usegmt=True), 30.0),
        (format_datetime(NOW.replace(hour=11), usegmt=True), 0.0),
        ("9" * 5_000, 999_999_999.0),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_both_forms_of_retry_after_are_read(header: str | None, seconds: float | None) -> None:
    """A number of seconds or a date; anything else says nothing."""
    assert seconds_asked(header, NOW.timestamp()) == seconds


def test_no_more_are_under_way_than_asked_for() -> None:
    """The bound holds, and it is used."""
    cases = [case(f"text {number}") for number in range(40)]
    with ModelServer(lambda _: says()) as server:
        run(server, cases, concurrency=4)
    assert 2 <= server.most_at_once <= 4
    assert sorted(server.contents()) == sorted(item.content for item in cases)


def test_answers_are_given_as_they_come() -> None:
    """A case that hangs holds back no other's answer, and leaving early ends what is under way."""
    with ModelServer(lambda asked: never if asked.content == "slow" else says()) as server:
        session = session_of(Server(base_url=server.base_url, model=MODEL), concurrency=2)
        answers = session.classify([case("slow"), case("a"), case("b")])
        assert [next(answers).case_id, next(answers).case_id] == ["a", "b"]
        answers.close()  # type: ignore[attr-defined]
        assert server.contents().count("slow") == 1


def test_a_fault_of_ours_is_not_taken_for_the_end_of_the_cases() -> None:
    """What no server can cause is raised, whatever the other cases were answered."""

    def broken(output: str | None, _reason: str | None, _codes: Sequence[str]) -> Verdict:
        if output == "SP1":
            raise ZeroDivisionError
        return LabelVerdict(code="SP0")

    template = replace(DEFAULT_TEMPLATE, parse=broken)
    with ModelServer(lambda asked: says("SP1" if asked.content == "b" else "SP0")) as server:
        session = session_of(Server(base_url=server.base_url, model=MODEL), concurrency=2, template=template)
        with pytest.raises(ZeroDivisionError):
            list(session.classify([case("a"), case("b"), case("c")]))
