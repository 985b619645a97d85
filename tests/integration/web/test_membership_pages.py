"""The page of the acts about who belongs: what is open to whom, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.services.opening import open_commons
from tests.integration.web.conftest import Serving
from tests.support.accounts import OTHER, PASSWORD
from tests.support.hamlet import Hamlet, hamlet, invited
from tests.support.people import Person, account_settings

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGsB8TAwUF2kjhheJyoGVeK22/ARqf8VIEBi4nQN6TOA me@home"
FINGERPRINT = "SHA256:lo3gPFUOWgoITlJNoWCxwLy/zg4NwLdQqGcA0Kk9Tpw"
ROOST, NEST = "/roost/members/act", "/nest/members/act"
_FORM = re.compile(r'<details class="act" name="act" id="act-([a-z-]+)"')


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture
def people(place: Hamlet, run_server: Callable[..., Any]) -> Iterator[dict[str, Person]]:
    """Four at browsers of their own, over a hamlet of this test's own."""
    private = PrivatePlace(path=place.root / "private.db")
    codes = invited(private, ("ana", "cy", "kim", "stan"))
    server: Serving
    with run_server(place.root, accounts=account_settings(private)) as server:
        made = {handle: Person(server.base, handle) for handle in codes}
        for handle, person in made.items():
            assert person.sign_up(f"?code={codes[handle]}").status_code == 303
        yield made
        for person in made.values():
            person.client.close()


def offered(person: Person, page: str = ROOST) -> list[str]:
    return _FORM.findall(person.get(page).text)


def done(person: Person, sent: httpx.Response) -> str:
    """The page after an act that was taken in."""
    assert sent.status_code == 303, sent.text
    return person.get(sent.headers["location"]).text


def test_each_sees_what_is_theirs_to_do(people: dict[str, Person]) -> None:
    """Members, somebody invited, and a stranger, who is told why they cannot join."""
    assert offered(people["cy"]) == ["invite", "affiliate", "add-key", "leave"]
    assert offered(people["kim"]) == ["join"]
    assert offered(people["stan"]) == []
    page = people["stan"].get(ROOST).text
    assert "stan was not invited, and the charter asks for that" in page
    assert "Ask a member for an invitation." in page
    assert people["stan"].send(ROOST, act="join").status_code == 403


def test_somebody_joins_and_leaves(people: dict[str, Person], place: Hamlet) -> None:
    """In by one form, out by another, which takes the password once more."""
    kim = people["kim"]
    assert "You are a member now. Receipt: event" in done(kim, kim.send(ROOST, act="join"))
    assert "leave" in offered(kim)
    wrong = kim.send(ROOST, act="leave", password=OTHER)
    assert wrong.status_code == 403
    assert "This is not your password." in wrong.text
    assert wrong.text.count(OTHER) == 0
    assert "You have left." in done(kim, kim.send(ROOST, act="leave", password=PASSWORD))
    assert offered(kim) == []
    with open_commons(place.root / "roost.git") as roost:
        assert roost.state().people.members["kim"].left_at is not None


def test_applicant_is_vouched_for(people: dict[str, Person], place: Hamlet) -> None:
    """By those who may, once each; only applicants can be chosen."""
    assert offered(people["kim"], NEST) == ["leave"]
    assert people["cy"].send(NEST, act="vouch", member="stan").status_code == 422
    assert "You vouched for them." in done(people["cy"], people["cy"].send(NEST, act="vouch", member="kim"))
    assert "vouch" not in offered(people["cy"], NEST)
    assert "cy has vouched for kim already." in people["cy"].get(NEST).text
    done(people["ana"], people["ana"].send(NEST, act="vouch", member="kim"))
    with open_commons(place.root / "nest.git") as nest:
        assert "kim" in nest.state().people.present


def test_key_is_added_and_revoked(people: dict[str, Person]) -> None:
    """With the password; what is no public key is said at its field, and a private one is not sent back."""
    cy = people["cy"]
    refused = cy.send(ROOST, act="add-key", public="-----BEGIN OPENSSH PRIVATE KEY-----", password=PASSWORD)
    assert refused.status_code == 422
    assert 'id="add-key-public-wrong"' in refused.text
    assert "BEGIN OPENSSH" not in refused.text
    assert "ssh-dss AAAA" in cy.send(ROOST, act="add-key", public="ssh-dss AAAA", password=PASSWORD).text
    sent = cy.send(ROOST, act="add-key", public=KEY, password=PASSWORD)
    assert "The key is yours to sign with." in done(cy, sent)
    assert FINGERPRINT in cy.get(ROOST).text
    assert cy.send(ROOST, act="revoke-key", fingerprint=FINGERPRINT, password=OTHER).status_code == 403
    revoked = cy.send(ROOST, act="revoke-key", fingerprint=FINGERPRINT, password=PASSWORD)
    assert "The key counts for nothing any more." in done(cy, revoked)
    assert "revoke-key" not in offered(cy)


def test_invitation_and_affiliation(people: dict[str, Person], place: Hamlet) -> None:
    """A handle or a word of another form is refused in words, and kept."""
    cy = people["cy"]
    bad = cy.send(ROOST, act="invite", member="Not A Handle")
    assert (bad.status_code, 'value="Not A Handle"' in bad.text) == (422, True)
    assert "They are invited." in done(cy, cy.send(ROOST, act="invite", member="stan"))
    assert offered(people["stan"]) == ["join"]
    bad = cy.send(ROOST, act="affiliate", affiliation="Youth Council")
    assert bad.status_code == 422
    done(cy, cy.send(ROOST, act="affiliate", affiliation="youth-council"))
    with open_commons(place.root / "roost.git") as roost:
        assert roost.state().people.members["cy"].affiliation == "youth-council"


def test_whoever_looks_after_a_commons_is_told_before_they_leave(people: dict[str, Person]) -> None:
    """The owner of one of their own cannot leave it, and the page says how it is handed over."""
    assert "leave" not in offered(people["ana"], NEST)
    assert "You look after nest." in people["ana"].get(NEST).text
    refused = people["ana"].send(NEST, act="leave", password=PASSWORD)
    assert refused.status_code == 409
