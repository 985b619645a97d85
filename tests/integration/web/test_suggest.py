"""Suggesting a change in a browser: looked at first, then a proposal; nothing typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.reading import release_folder
from registry.services.verify import verify
from tests.integration.web.conftest import Serving
from tests.support.form_fields import form_of
from tests.support.hamlet import Hamlet, edited, hamlet, invited
from tests.support.people import Person, account_settings

PATH = "/roost/spam/suggest"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def codes(place: Hamlet) -> dict[str, str]:
    return invited(PrivatePlace(path=place.root / "private.db"), ("cy", "stan"))


@pytest.fixture(scope="module")
def serving(place: Hamlet, codes: dict[str, str], run_server: Callable[..., Any]) -> Iterator[Serving]:
    private = PrivatePlace(path=place.root / "private.db")
    assert codes
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


@pytest.fixture(scope="module")
def people(serving: Serving, codes: dict[str, str]) -> Iterator[dict[str, Person]]:
    made = {handle: Person(serving.base, handle) for handle in codes}
    for handle, person in made.items():
        person.sign_up(f"?code={codes[handle]}")
    yield made
    for person in made.values():
        person.client.close()


def send(person: Person, do: str, page: httpx.Response | None = None, **changed: str) -> httpx.Response:
    fields = form_of(page or person.get(PATH))
    return person.client.post(PATH, data={**fields, **changed, "do": do})


def events(client: httpx.Client) -> int:
    seq: int = client.get("/api/v1/commons/roost").json()["events"]
    return seq


def test_whoever_is_not_signed_in_is_asked_to(client: httpx.Client) -> None:
    """The policy's page leads there, and the form of nobody is refused."""
    assert f'href="{PATH}"' in client.get("/roost/spam").text
    assert client.get(PATH).headers["location"] == f"/sign-in?next={PATH}"
    assert client.post(PATH, data={"do": "send"}).status_code == 401


def test_unchanged_form_is_no_proposal(people: dict[str, Person], client: httpx.Client) -> None:
    """What nobody changed is told so, and nothing is recorded."""
    before = events(client)
    sent = send(people["cy"], "send", subject="Nothing")
    assert sent.status_code == 422
    assert "nothing changed since 1.0.0" in sent.text
    assert events(client) == before


def test_looking_says_what_comes_of_it(people: dict[str, Person], client: httpx.Client) -> None:
    """Findings with their places, the length, the change in plain words; and nothing is recorded."""
    before = events(client)
    body = form_of(people["cy"].get(PATH))["body"]
    seen = send(people["cy"], "preview", body=body.replace("Promotion nobody asked for.", "Any promotion."))
    assert seen.status_code == 200
    assert "tokens</strong>" in seen.text
    assert "AA1" in seen.text
    assert 'value="send"' in seen.text
    wrong = send(people["cy"], "preview", body=body.replace("## AA1", "## AA7"))
    assert wrong.status_code == 422
    assert re.search(r"<code>policy\.md:\d+</code>", wrong.text)
    assert 'value="send"' not in wrong.text
    # What is in the way cannot be sent, whatever a browser says.
    assert send(people["cy"], "send", body=body.replace("## AA1", "## AA7"), subject="x").status_code == 422
    assert events(client) == before


def test_suggestion_becomes_a_proposal(
    people: dict[str, Person], client: httpx.Client, place: Hamlet
) -> None:
    """Text, title and cases as they were typed; sent twice it is one; what was not touched is as it was."""
    body = form_of(people["cy"].get(PATH))["body"]
    seen = send(
        people["cy"],
        "preview",
        subject="Name raffles",
        why="They were asked about.",
        body=body.replace("Promotion nobody asked for.", "Promotion, raffles included."),
        title="Junk",
        **{"row-0-label": "AA1", "row-0-content": "Buy a ticket of our raffle"},
        table="content\tlabel\nGood morning, all\tAA0",
    )
    assert seen.status_code == 200
    before = events(client)
    fields = {**form_of(seen), "do": "send"}
    answers = [people["cy"].client.post(PATH, data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert events(client) == before + 1
    shown = people["cy"].get(answers[0].headers["location"])
    assert "Your suggestion is a proposal now. Receipt: event" in shown.text
    assert "Name raffles" in shown.text
    with open_commons(place.root / "roost.git") as roost:
        proposal = max(roost.state().proposals.values(), key=lambda one: one.number)
        assert proposal.author == "cy"
        assert proposal.revision is not None
        tree = roost.reader.commit(proposal.revision.head).tree
        folder = roost.reader.entry(tree, "policies/spam")
        assert folder is not None
        made = roost.reader.files(folder.oid)
        old = release_folder(roost, roost.state().policies["spam"].latest).files
        assert verify(roost).ok
    assert b"title: Junk\n" in made["policy.md"]
    assert b"raffles included" in made["policy.md"]
    assert made["cases.jsonl"].startswith(old["cases.jsonl"])
    assert made["cases.jsonl"].count(b"\n") == old["cases.jsonl"].count(b"\n") + 2


def test_what_was_typed_stays(people: dict[str, Person]) -> None:
    """With the error at its field, and with more rows."""
    kept = {"subject": "A <i>title</i>", "why": "Because.", "table": "only one column"}
    refused = send(people["stan"], "preview", **kept)
    assert refused.status_code == 422
    assert "The table, line 1: it has one column." in refused.text
    assert {name: form_of(refused)[name] for name in kept} == kept
    more = send(people["stan"], "rows", page=refused)
    assert form_of(more)["rows"] == "7"
    assert {name: form_of(more)[name] for name in kept} == kept
    body = form_of(more)["body"].replace("nobody asked for", "of others")
    untitled = send(people["stan"], "send", body=body)
    assert untitled.status_code == 422
    assert 'id="subject-wrong" role="alert">No words were given.' in untitled.text
    assert form_of(untitled)["body"] == body


def test_version_released_meanwhile_is_told(
    people: dict[str, Person], place: Hamlet, client: httpx.Client
) -> None:
    """Nobody's change is overwritten unseen; what was typed stays, and goes on from there."""
    with open_commons(place.root / "nest.git") as nest:
        publish_as_owner = nest.state().mode == "owner"
        assert publish_as_owner
        publish(nest, "spam", edited(), actor="ana")
        page = people["cy"].get("/nest/spam/suggest")
        assert page.status_code == 200
        publish(nest, "spam", edited("Promotion of every kind."), actor="ana")
    fields = {**form_of(page), "subject": "Mine", "do": "send"}
    late = people["cy"].client.post("/nest/spam/suggest", data=fields)
    assert late.status_code == 409
    assert "A new version was released since you began." in late.text
    assert form_of(late)["subject"] == "Mine"
    assert form_of(late)["base"] != fields["base"]
    again = people["cy"].client.post("/nest/spam/suggest", data={**form_of(late), "do": "preview"})
    assert again.status_code == 200


def test_form_of_another_site_is_refused(people: dict[str, Person], client: httpx.Client) -> None:
    """As every form of somebody who is signed in."""
    before = events(client)
    fields = form_of(people["cy"].get(PATH))
    fields.pop("csrf")
    assert people["cy"].client.post(PATH, data={**fields, "do": "send"}).status_code == 403
    assert people["cy"].get("/roost/nothing/suggest").status_code == 404
    assert events(client) == before


def test_looked_at_while_typing(people: dict[str, Person], client: httpx.Client) -> None:
    """A piece of the page comes back, whatever is in the way; nothing is recorded, and strangers get none."""
    before = events(client)
    fields = form_of(people["stan"].get(PATH))
    fine = send(people["stan"], "live")
    assert fine.status_code == 200
    assert fine.headers["cache-control"] == "private, no-store"
    assert "<html" not in fine.text
    assert "nothing is in the way." in fine.text
    wrong = send(people["stan"], "live", body=fields["body"].replace("## AA1", "## AA9"))
    assert (wrong.status_code, "finding-error" in wrong.text) == (200, True)
    torn = send(people["stan"], "live", table="one column")
    assert (torn.status_code, "it has one column." in torn.text) == (200, True)
    late = send(people["stan"], "live", base="0" * 64)
    assert (late.status_code, "A new version was released since you began." in late.text) == (200, True)
    assert client.post(PATH, data={**fields, "do": "live"}).status_code == 401
    assert events(client) == before


@pytest.mark.parametrize("do", ["preview", "live"])
def test_text_far_too_long_is_not_looked_at(do: str, people: dict[str, Person]) -> None:
    """Beside the text stands how long it is; lint and rendering would keep everybody else waiting."""
    answer = send(people["stan"], do, body="# a\n" * 40_000)
    assert answer.status_code == (200 if do == "live" else 422)
    assert "10,000 are workable at most." in answer.text
    assert "finding-error" not in answer.text
