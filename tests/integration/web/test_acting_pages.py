"""The page of the acts on a proposal: what is offered, what comes of sending it, and who sees what."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from tests.integration.web.conftest import Serving
from tests.support.hamlet import Hamlet, hamlet, invited
from tests.support.people import Person, account_settings

_FORM = re.compile(r'<details class="act" name="act" id="act-([a-z-]+)"')
_ERROR = re.compile(r'<span class="wrong"[^>]*>([^<]*)</span>|role="alert">([^<]*)<')


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def codes(place: Hamlet) -> dict[str, str]:
    return invited(PrivatePlace(path=place.root / "private.db"))


@pytest.fixture(scope="module")
def serving(place: Hamlet, codes: dict[str, str], run_server: Callable[..., Any]) -> Iterator[Serving]:
    assert codes
    private = PrivatePlace(path=place.root / "private.db")
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


@pytest.fixture(scope="module")
def people(serving: Serving, codes: dict[str, str]) -> Iterator[dict[str, Person]]:
    """Everybody at a browser of their own, signed in."""
    made = {handle: Person(serving.base, handle) for handle in codes}
    for handle, person in made.items():
        assert person.sign_up(f"?code={codes[handle]}").status_code == 303
    yield made
    for person in made.values():
        person.client.close()


def path(place: Hamlet, on: str) -> str:
    return f"/roost/proposals/{place.numbers[on]}/act"


def events(client: httpx.Client) -> int:
    seq: int = client.get("/api/v1/commons/roost").json()["events"]
    return seq


def errors(answer: httpx.Response) -> list[str]:
    return [first or second for first, second in _ERROR.findall(answer.text)]


def test_whoever_is_not_signed_in_is_asked_to(client: httpx.Client, place: Hamlet) -> None:
    """And comes back there; a form that is sent all the same is refused."""
    page = path(place, "review")
    asked = client.get(page)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in?next={page}")
    assert client.post(page, data={"act": "review"}).status_code == 401


def test_page_offers_what_is_open_and_says_why_the_rest_is_not(
    people: dict[str, Person], place: Hamlet
) -> None:
    """A reviewer may review; the author is told why they may not; a stranger may comment."""
    page = path(place, "review")
    offered = {who: set(_FORM.findall(people[who].get(page).text)) for who in ("cy", "bo", "stan")}
    assert offered["cy"] == {"review", "comment", "object", "hold", "call"}
    assert offered["bo"] == {"comment", "object", "hold", "call", "give-up"}
    assert offered["stan"] == {"comment"}
    answer = people["bo"].get(page)
    assert "bo made a part of proposal 5" in answer.text
    assert "Somebody without a stake in it reviews; you may vote." in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


def test_page_says_what_comes_next_as_the_proposal_does(
    people: dict[str, Person], place: Hamlet, client: httpx.Client
) -> None:
    """The same conditions in the same words and marks, with the charter's lines."""
    page = path(place, "vote")
    acting, proposal = people["cy"].get(page).text, client.get(page.removesuffix("/act")).text
    conditions = re.compile(r'<ul class="guards">.*?</ul>', re.DOTALL)
    assert conditions.findall(acting) == conditions.findall(proposal)
    assert '<span class="mark">time</span> <span>The vote takes 30 days' in acting


def test_act_is_recorded_and_shown_with_its_receipt(
    people: dict[str, Person], place: Hamlet, client: httpx.Client
) -> None:
    """The browser is led on, and the page says where in the log it stands; loading again sends nothing."""
    page, before = path(place, "vote"), events(client)
    sent = people["ana"].send(page, act="vote", choice="no")
    assert sent.status_code == 303
    shown = people["ana"].get(sent.headers["location"])
    last = client.get("/api/v1/commons/roost/log").json()["items"][0]
    assert (last["actor"], last["type"], last["payload"]["choice"]) == ("ana", "ballot_cast", "no")
    assert f"Your ballot is cast. Receipt: event {last['seq']}, {last['digest']}" in shown.text
    assert events(client) == before + 1
    assert "Receipt" not in people["cy"].get(sent.headers["location"]).text


def test_refused_form_keeps_what_was_typed(
    people: dict[str, Person], place: Hamlet, client: httpx.Client
) -> None:
    """What is missing is said at its field; a rule above the form; and nothing stands in the log."""
    page, before = path(place, "object"), events(client)
    refused = people["cy"].send(page, act="object", reason="It covers <b>raffles</b>.", remedy=" ")
    assert refused.status_code == 422
    assert errors(refused) == ["No words were given. Say it in a sentence at least."]
    assert "It covers &lt;b&gt;raffles&lt;/b&gt;." in refused.text
    unchosen = people["cy"].send(page, act="review", reason="Fine.")
    assert (unchosen.status_code, errors(unchosen)) == (422, ["Choose one."])
    ruled = people["bo"].send(page, act="review", verdict="approve", reason="Mine is best.")
    assert ruled.status_code == 403
    assert "made a part of proposal" in errors(ruled)[0]
    assert "Mine is best." in ruled.text
    assert people["bo"].send(page, act="found").status_code == 400
    assert events(client) == before


def test_form_of_another_content_is_refused(people: dict[str, Person], place: Hamlet) -> None:
    """Whoever had the page open while it was revised reads that first."""
    page = path(place, "hold")
    stale = people["cy"].send(page, act="review", verdict="approve", content="0" * 64)
    assert stale.status_code == 412
    assert "was revised" in errors(stale)[0]


def test_form_that_is_sent_twice_acts_once(
    people: dict[str, Person], place: Hamlet, client: httpx.Client
) -> None:
    """A double click is one comment; another text after going back is another."""
    page, before, seen = path(place, "comment"), events(client), []
    hidden = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', people["ed"].get(page).text)
    )
    fields = {**hidden, "act": "comment", "text": "Only once."}

    def send() -> None:
        with httpx.Client(base_url=client.base_url, cookies=people["ed"].client.cookies) as other:
            seen.append(other.post(page, data=fields, headers={"origin": str(client.base_url)}, timeout=30))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status_code, answer.headers.get("location")) for answer in seen} == {
        (303, seen[0].headers["location"])
    }
    assert events(client) == before + 1
    again = people["ed"].client.post(page, data={**fields, "text": "And this."})
    assert again.status_code == 303
    assert events(client) == before + 2


def test_form_of_another_site_is_refused(
    people: dict[str, Person], place: Hamlet, client: httpx.Client
) -> None:
    """Without what the page hides in it, or with another page's origin, nothing is done."""
    page, before = path(place, "comment"), events(client)
    bare = people["ed"].client.post(page, data={"act": "comment", "text": "Hm."})
    elsewhere = people["ed"].client.post(
        page, data={"act": "comment", "text": "Hm."}, headers={"origin": "https://elsewhere.example"}
    )
    assert (bare.status_code, elsewhere.status_code) == (403, 403)
    assert events(client) == before


def test_what_is_over_offers_what_is_left(people: dict[str, Person], place: Hamlet) -> None:
    """Taking back while there is time, and nothing else; a proposal that is not there is a 404."""
    page = path(place, "undo")
    assert _FORM.findall(people["cy"].get(page).text) == ["undo"]
    done = people["cy"].send(page, act="undo", reason="The old one was clearer.")
    assert done.status_code == 303
    after = people["cy"].get(done.headers["location"])
    assert "It is taken back. Receipt: event" in after.text
    assert _FORM.findall(after.text) == []
    assert people["cy"].get("/roost/proposals/999/act").status_code == 404
