"""Trying a text: what is answered, what is refused, and that nothing of it stays."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar._parsers import parse_url_encoded_form_data

from evaluations.engines.openai_server import Server
from registry.web.settings import TryLimits
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, never, says, sends

SENTENCE = "It cannot follow rules and predicts nothing about the model."
PAGE = "/starter/scams/try"
API = "/api/v1/commons/starter/policies/scams/try"
TEXT = "Send me a gift card & I <b>promise</b> to double your money"
KEY = "sk-very-secret"
ANSWERED = re.compile(r'<section id="answer".*?</section>', re.DOTALL)


def answer_in(page: str) -> str:
    found = ANSWERED.search(page)
    assert found is not None, page
    return found[0]


def script(asked: Asked) -> Behaviour:
    behaviours: dict[str, Behaviour] = {
        "chatty": says("I would say SF2."),
        "dead": sends(b"<html>Bad gateway</html>", status=502, content_type="text/html"),
        "html": sends(b"<html>Hello</html>", content_type="text/html"),
        "busy": sends(b"", status=429, headers={"retry-after": "60"}),
        "key": sends(b"", status=401),
        "hang": never,
    }
    return behaviours.get(asked.content) or says("SF2", reasoning="It asks for <script>money</script>.")


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(script) as server:
        yield server


@pytest.fixture(scope="module")
def with_model(shelf: Path, model: ModelServer, run_server: Callable[..., Any]) -> Iterator[httpx.Client]:
    """A client of a site whose operator named a model server."""
    settings = {
        "model": Server(base_url=model.base_url, model=MODEL, key=KEY),
        "trying": TryLimits(model_seconds=0.5, model_concurrent=1, waiting=0),
    }
    with run_server(shelf, **settings) as serving, httpx.Client(base_url=serving.base, timeout=30) as client:
        yield client


def test_the_baseline_s_sentence_stands_before_what_it_says(client: httpx.Client) -> None:
    """The page has the sentence, then label, title and advice, and the text back in the form as text."""
    answer = client.post(PAGE, data={"text": TEXT})
    assert answer.status_code == 200
    part = answer_in(answer.text)
    assert part.index(SENTENCE) < part.index('class="verdicts"')
    assert re.search(r'<span class="code (?:violates|allowed)">SF\d</span>', part)
    assert "Advice: " in part
    assert "Send me a gift card &amp; I &lt;b&gt;promise" in answer.text
    assert "<b>promise" not in answer.text
    assert "Not yet tested with gpt-oss-safeguard." in answer.text


def test_nothing_of_a_text_stays(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """No cache may keep the answer, the form is empty for the next visitor, no log or memory has it."""
    remembered = parse_url_encoded_form_data.cache_info().currsize
    with caplog.at_level(logging.DEBUG):
        page = client.post(PAGE, data={"text": "zanzibar-7"})
        api = client.post(API, json={"text": "zanzibar-7"})
    assert page.headers["cache-control"] == api.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert "zanzibar" in page.text
    assert (
        "zanzibar"
        not in client.get(PAGE).text + api.text + str(page.headers) + str(api.headers) + caplog.text
    )
    assert parse_url_encoded_form_data.cache_info().currsize == remembered


def test_every_version_and_nested_commons_can_be_tried(client: httpx.Client) -> None:
    """The version in the address judges; a nested commons works as any other."""
    old = client.post("/starter/scams@1.0.0/try", data={"text": TEXT}).text
    assert "This is version 1.0.0. The newest is" in old
    assert client.post("/starter/teens/dangerous-challenges/try", data={"text": TEXT}).status_code == 200
    assert 'action="/starter/scams@1.0.0/try#answer"' in client.get("/starter/scams@1.0.0").text
    assert 'action="/starter/scams/try#answer"' in client.get("/starter/scams").text


def test_the_api_says_the_same(client: httpx.Client) -> None:
    """One document, the sentence first; the labels are those of the schema."""
    answer = client.post(API, json={"text": TEXT, "version": "1.0.0", "engine": "lexical"}).json()
    assert next(iter(answer)) == "note"
    assert SENTENCE in answer["note"]
    assert (answer["policy"], answer["version"], answer["engine"]) == ("starter/scams", "1.0.0", "lexical")
    assert (answer["answered"], answer["model"], answer["reasoning"]) == (True, None, None)
    labels = client.get("/api/v1/commons/starter/policies/scams").json()["labels"]
    assert answer["labels"][0] in labels
    assert answer["violates"] is answer["labels"][0]["violates"]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        (PAGE, {"text": ""}, 400),
        (PAGE, {"text": " \r\n "}, 400),
        (PAGE, {}, 400),
        (PAGE, {"text": "x" * 8_001}, 400),
        (PAGE, {"text": "x", "engine": "openai"}, 422),
        (PAGE, {"text": "x", "engine": "gpt"}, 422),
        (PAGE, {"text": "x" * 200_000}, 413),
        ("/starter/nothing/try", {"text": "x"}, 404),
        ("/starter/scams@9.9.9/try", {"text": "x"}, 404),
        ("/starter/Scams/try", {"text": "x"}, 404),
    ],
)
def test_what_cannot_be_tried_is_refused(
    client: httpx.Client, path: str, form: dict[str, str], status: int
) -> None:
    """Each refusal has its status, the same for people and programs."""
    answer = client.post(path, data=form)
    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-store"
    if path == PAGE and status != 413:
        problem = client.post(API, json={"text": "", **form})
        assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")


def test_a_refused_text_is_not_lost(client: httpx.Client) -> None:
    """The page names the limit and keeps what was written."""
    text = "x" * 8_001
    page = client.post(PAGE, data={"text": text}).text
    assert "The text has 8,001 characters; at most 8,000 are taken here." in page
    assert text in page


def test_the_longest_text_fits_in_any_script(client: httpx.Client) -> None:
    """8,000 characters of four bytes, as a form and as escaped JSON, are within the body's limit."""
    text = "😀" * 8_000
    assert client.post(PAGE, data={"text": text}).status_code == 200
    assert client.post(API, json={"text": text}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"text": 7}',
        b'{"text": "\\ud800"}',
        b'{"text": "x", "more": 1}',
        b'{"version": "1.0.0"}',
    ],
)
def test_a_body_that_is_none_is_a_400(client: httpx.Client, body: bytes) -> None:
    """Whatever is sent, the answer is a problem that says what is wrong, and repeats none of it."""
    answer = client.post(API, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("path", [PAGE, API])
@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}, {"origin": "null"}]
)
def test_other_sites_cannot_send_in_a_visitor_s_name(
    client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    """A form elsewhere could spend what a visitor or the operator may ask of the model."""
    sent: dict[str, Any] = {"json": {"text": "x"}} if path == API else {"data": {"text": "x"}}
    answer = client.post(path, headers=headers, **sent)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_wrong_methods_are_told_the_right_ones(client: httpx.Client) -> None:
    """Only a form and its answer are here."""
    assert client.put(PAGE).headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.get(API).status_code == 405


def test_the_operator_s_model_is_asked_first(with_model: httpx.Client, model: ModelServer) -> None:
    """Its verdict is shown with its name, and what it wrote is folded, marked and escaped."""
    form = with_model.get(PAGE).text
    assert form.index('value="openai" checked') < form.index('value="lexical"')
    assert "the text is sent to the model server that the operator of this site chose" in form
    page = with_model.post(PAGE, data={"text": TEXT}).text
    part = answer_in(page)
    assert "SF2" in part
    assert f"Said by {MODEL}. It may be wrong." in part
    folded = part[part.index('<details class="reasoning">') :]
    assert "may be wrong or harmful, not for end users" in folded
    assert "&lt;script&gt;money" in folded
    assert SENTENCE not in part
    assert model.asked[-1].content == TEXT
    assert model.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in page
    baseline = with_model.post(PAGE, data={"text": TEXT, "engine": "lexical"}).text
    assert SENTENCE in answer_in(baseline)
    assert 'value="lexical" checked' in baseline


def test_an_answer_that_is_no_label_is_told(with_model: httpx.Client) -> None:
    """No verdict is made out of what a model says around one."""
    page = with_model.post(PAGE, data={"text": "chatty"})
    assert page.status_code == 200
    assert "No verdict." in answer_in(page.text)
    answer = with_model.post(API, json={"text": "chatty"}).json()
    assert (answer["answered"], answer["violates"], answer["labels"]) == (False, None, [])
    assert answer["problem"] == "The model answered something other than one label of this policy."


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("dead", 502, "The model server answered with the error 502."),
        ("html", 502, "answer is not JSON."),
        ("key", 502, "did not accept the key."),
        ("busy", 503, "The model server is asked too often."),
        ("hang", 504, "did not answer within 0.5 seconds."),
    ],
)
def test_a_model_server_that_fails_is_told_clearly(
    with_model: httpx.Client, text: str, status: int, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The page keeps the text and says what is wrong; neither key nor text goes into the operator's log."""
    with caplog.at_level(logging.DEBUG):
        page = with_model.post(PAGE, data={"text": text})
        problem = with_model.post(API, json={"text": text})
    assert (page.status_code, problem.status_code) == (status, status)
    assert said in " ".join(page.text.replace("&#39;", "'").split())
    assert f">\n{text}</textarea>" in page.text
    assert said in problem.json()["detail"]
    assert ("retry-after" in page.headers) is (status == 503)
    assert not [secret for secret in (KEY, f'"{text}"', f"'{text}'") if secret in caplog.text]


def test_a_server_that_is_gone_leaves_the_rest_of_the_site(
    shelf: Path, run_server: Callable[..., Any]
) -> None:
    """Nobody listens there: a 502 that says so, and the baseline still answers."""
    with ModelServer(script) as gone:
        pass
    settings = {"model": Server(base_url=gone.base_url, model=MODEL)}
    with run_server(shelf, **settings) as serving, httpx.Client(base_url=serving.base, timeout=30) as client:
        assert client.post(PAGE, data={"text": "x"}).status_code == 502
        assert client.post(PAGE, data={"text": "x", "engine": "lexical"}).status_code == 200


def test_whoever_finds_no_place_is_told_to_come_back(with_model: httpx.Client, model: ModelServer) -> None:
    """With one place and nobody allowed to wait, a second text is a 503; pages are served meanwhile."""
    while model.holding.acquire(blocking=False):
        """Earlier tests let it hang as well."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(with_model.post, PAGE, data={"text": "hang"})
        assert model.holding.acquire(timeout=10)
        second = with_model.post(API, json={"text": "x"})
        assert with_model.get("/starter/scams").status_code == 200
        assert first.result().status_code == 504
    assert (second.status_code, second.headers["retry-after"]) == (503, "10")
    assert second.json()["remedy"] == "Try again in 10 seconds."


def test_a_policy_that_is_too_large_to_fit_is_refused_in_words(
    shelf: Path, run_server: Callable[..., Any]
) -> None:
    """The page says why, and what works instead."""
    with (
        run_server(shelf, trying=TryLimits(fit_work=1_000)) as serving,
        httpx.Client(base_url=serving.base, timeout=30) as client,
    ):
        page = client.post(PAGE, data={"text": "x"})
    assert page.status_code == 422
    assert "more examples than can be learned from while you wait" in page.text


def test_warnings_of_a_policy_stand_on_its_form(client: httpx.Client) -> None:
    """A policy that speaks of self-harm says so before anything is tried."""
    page = client.get("/starter/self-harm/try")
    assert "This policy speaks of" in page.text
    assert page.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize(
    "body", [b"[" * 30_000, b'{"text":' + b"[" * 20_000, b'"\xed\xa0\x80"', b"{"], ids=range(4)
)
def test_json_that_nobody_can_read_is_a_400(client: httpx.Client, body: bytes) -> None:
    """Nested without end, of half characters, cut: the refusal says what to send."""
    answer = client.post(
        "/api/v1/commons/starter/policies/scams/try",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("#body-not-json")


def test_a_verdict_is_given_whatever_tags_are_sent(client: httpx.Client) -> None:
    """Only what is fetched can be unchanged: an answer to a POST has no tag and is never a 304."""
    answer = client.post(
        "/api/v1/commons/starter/policies/scams/try",
        json={"text": "Send the gift card now"},
        headers={"if-none-match": "*"},
    )
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.json()["answered"]
