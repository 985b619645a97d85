"""Revising a proposal in a browser: the form holds what is proposed now, and sent it is a new revision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.services.opening import open_commons
from registry.services.propose import propose, revise
from registry.services.revisions import Draft
from registry.store.repository import Repository
from tests.integration.web.conftest import Serving
from tests.support.form_fields import form_of
from tests.support.hamlet import Hamlet, edited, hamlet, invited
from tests.support.histories import policy_files
from tests.support.people import Person, account_settings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    """The hamlet, and a proposal of bo's with two policies, one of them new."""
    made = hamlet(tmp_path_factory.mktemp("hamlet"))
    with open_commons(made.root / "roost.git") as roost:
        folders = {"spam": edited("Promotion of both kinds."), "gifts": policy_files("Gifts")}
        made.numbers["both"] = propose(roost, Draft(folders=folders), title="Both", actor="bo").number
        roost.paths.clock.unlink()
    return made


@pytest.fixture(scope="module")
def serving(place: Hamlet, run_server: Callable[..., Any]) -> Iterator[Serving]:
    with run_server(place.root, accounts=account_settings(private(place))) as server:
        yield server


@pytest.fixture(scope="module")
def people(serving: Serving, place: Hamlet) -> Iterator[dict[str, Person]]:
    codes = invited(private(place), ("bo", "cy"))
    made = {handle: Person(serving.base, handle) for handle in codes}
    for handle, person in made.items():
        assert person.sign_up(f"?code={codes[handle]}").status_code == 303
    yield made
    for person in made.values():
        person.client.close()


def private(place: Hamlet) -> PrivatePlace:
    return PrivatePlace(path=place.root / "private.db")


def path(place: Hamlet, on: str, slug: str = "spam") -> str:
    return f"/roost/proposals/{place.numbers[on]}/revise/{slug}"


def send(person: Person, address: str, do: str = "send", **changed: str) -> httpx.Response:
    fields = {**form_of(person.get(address)), **changed, "do": do}
    return person.client.post(address, data=fields)


def stands(repository: Repository, number: int, file: str) -> str:
    revision = repository.state().proposals[number].revision
    assert revision is not None
    entry = repository.reader.entry(repository.reader.commit(revision.head).tree, file)
    assert entry is not None
    return repository.reader.blob(entry.oid).decode()


def test_proposer_is_led_to_the_form(people: dict[str, Person], place: Hamlet, client: httpx.Client) -> None:
    """On the proposal's page, at each of its policies; nobody else is, and who goes there is told why not."""
    page, number = path(place, "hold"), place.numbers["hold"]
    assert f'href="{page}"' in people["bo"].get(f"/roost/proposals/{number}").text
    for shown in (people["cy"].get(f"/roost/proposals/{number}"), client.get(f"/roost/proposals/{number}")):
        assert page not in shown.text
    refused = people["cy"].get(page)
    assert refused.status_code == 403
    assert f"cy is neither the author of proposal {number} nor stands behind it." in refused.text
    asked = client.get(page)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in?next={page}")


def test_form_holds_what_is_proposed_now(people: dict[str, Person], place: Hamlet) -> None:
    """And not what stands on main; a title and a reason are the proposal's, so it asks for none."""
    fields = form_of(people["bo"].get(path(place, "hold")))
    assert "Promotion of hold kind." in fields["body"]
    assert "subject" not in fields


def test_looked_at_against_main(people: dict[str, Person], place: Hamlet, client: httpx.Client) -> None:
    """Looking says what the whole would change of what is in force, and records nothing."""
    page = path(place, "hold")
    before = client.get("/api/v1/commons/roost").json()["events"]
    looked = send(people["bo"], page, "preview")
    assert looked.status_code == 200
    assert "Only wording changed: the labels and the cases are the same." in looked.text
    assert client.get("/api/v1/commons/roost").json()["events"] == before


def test_sent_it_is_a_revision(people: dict[str, Person], place: Hamlet) -> None:
    """Another text and one more case of one policy; the other one in the proposal stays as it was."""
    number, page = place.numbers["both"], path(place, "both")
    with open_commons(place.root / "roost.git") as roost:
        gifts = stands(roost, number, "policies/gifts/policy.md")
    shown = people["bo"].get(page)
    body = form_of(shown)["body"].replace("both kinds", "either kind")
    case = {"row-0-content": "Two for one, today", "row-0-label": "AA1"}
    sent = send(people["bo"], page, body=body, **case)
    assert sent.status_code == 303, sent.text
    assert "The proposal is revised. Receipt: event" in people["bo"].get(sent.headers["location"]).text
    with open_commons(place.root / "roost.git") as roost:
        assert len(roost.state().proposals[number].revisions) == 2
        assert "Promotion of either kind." in stands(roost, number, "policies/spam/policy.md")
        assert "Two for one, today" in stands(roost, number, "policies/spam/cases.jsonl")
        assert stands(roost, number, "policies/gifts/policy.md") == gifts
    new = path(place, "both", "gifts")
    assert "Promotion nobody asked for." in form_of(people["bo"].get(new))["body"]


def test_unchanged_is_no_revision(people: dict[str, Person], place: Hamlet) -> None:
    """Sending what is proposed already is said to change nothing."""
    refused = send(people["bo"], path(place, "object"))
    assert refused.status_code == 422
    assert "it proposes exactly this of spam already. Change something first." in refused.text


def test_revised_meanwhile(people: dict[str, Person], place: Hamlet) -> None:
    """Whoever began from an earlier revision keeps what they typed, and is told."""
    number, page = place.numbers["call"], path(place, "call")
    begun = form_of(people["bo"].get(page))
    with open_commons(place.root / "roost.git") as roost:
        revise(roost, number, Draft(folders={"spam": edited("Another text.")}), actor="bo")
    late = people["bo"].client.post(page, data={**begun, "body": begun["body"] + "Mine.\n", "do": "send"})
    assert late.status_code == 409
    assert "The proposal was revised since you began." in late.text
    assert "Mine." in late.text


@pytest.mark.parametrize("slug", ["raffles", "none", "%2e%2e"])
def test_policy_that_it_does_not_change(people: dict[str, Person], place: Hamlet, slug: str) -> None:
    """Is at no address."""
    assert people["bo"].get(path(place, "hold", slug)).status_code in (400, 404)


def test_large_policy_is_taken_in(people: dict[str, Person], place: Hamlet) -> None:
    """As much as a suggestion may bring: more than other forms do."""
    page = path(place, "answer")
    table = "content\tlabel\n" + "".join(f"{at} {'rings ' * 40}\tAA1\n" for at in range(1_000))
    assert send(people["bo"], page, "live", table=table).status_code == 200
