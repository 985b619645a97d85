"""Amending a charter on the site: said in one of three ways, looked at, then proposed or put in force."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from governance.charter.amendment import amend
from registry.accounts.place import PrivatePlace
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.found import found, found_child
from registry.services.membership import invite, join
from registry.services.opening import open_commons
from tests.integration.web.conftest import Serving
from tests.support.hamlet import invited
from tests.support.people import Person, account_settings

API = "/api/v1/commons"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """`roost` decides together, `nest` is ana's alone, and `roost/teens` is cy's, under what roost locks."""
    folder = tmp_path / "served"
    folder.mkdir()
    with found(folder / "roost.git", founder="ana") as roost:
        for handle in ("bo", "cy"):
            invite(roost, handle, actor="ana")
            join(roost, actor=handle)
        locked = {"preset": "circle@1", "nesting.locked": ("audit", "membership.join")}
        amend_charter(roost, amend(charter_file(roost), locked).text.encode(), actor="ana")
        teens = folder / "roost" / "teens.git"
        found_child(roost, teens, name="teens", founder="cy", actor="ana").close()
    with found(folder / "nest.git", founder="ana") as nest:
        invite(nest, "bo", actor="ana")
        join(nest, actor="bo")
    return folder


@pytest.fixture
def serving(root: Path, run_server: Callable[..., Any]) -> Iterator[Serving]:
    with run_server(root, accounts=account_settings(PrivatePlace(path=root / "private.db"))) as server:
        yield server


@pytest.fixture
def people(serving: Serving, root: Path) -> Iterator[dict[str, Person]]:
    handles = ("ana", "bo", "cy")
    codes = invited(PrivatePlace(path=root / "private.db"), handles)
    made = {handle: Person(serving.base, handle) for handle in handles}
    for handle, person in made.items():
        assert person.sign_up(f"?code={codes[handle]}").status_code == 303
    yield made
    for person in made.values():
        person.client.close()


def _words(page: httpx.Response) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.text).split()))


_FIELD = re.compile(r'<input id="[^"]*" name="([\w.-]+)"[^>]* value="([^"]*)"')
_SELECT = re.compile(r'<select id="[^"]*" name="([\w.-]+)"[^>]*>(.*?)</select>', re.DOTALL)
_AREA = re.compile(r'<textarea id="text" name="text"[^>]*>\n(.*?)</textarea>', re.DOTALL)
_SEND = re.compile(r'<form class="stack" id="send".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def _filled(page: str) -> dict[str, str]:
    """Every field of the form as a browser would send it untouched."""
    fields = {name: html.unescape(value) for name, value in _FIELD.findall(page)}
    for name, options in _SELECT.findall(page):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        fields[name] = (chosen[1] or chosen[2]) if chosen else ""
    area = _AREA.search(page)
    assert area is not None
    return {**fields, "text": html.unescape(area[1])}


def _look(person: Person, commons: str, do: str, **changes: str) -> httpx.Response:
    path = f"/{commons}/charter/amend"
    shown = person.get(path).text
    hidden = dict(_HIDDEN.findall(shown))
    sent = {**hidden, **_filled(shown), **{key.replace("__", "."): value for key, value in changes.items()}}
    return person.client.post(path, data={**sent, "do": do})


def _send(person: Person, looked: httpx.Response, do: str, **fields: str) -> httpx.Response:
    form = _SEND.search(looked.text)
    assert form is not None, _words(looked)
    hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(form[0])}
    return person.client.post(looked.request.url.path, data={**hidden, **fields, "do": do})


def test_owner_puts_a_preset_in_force_with_a_password(people: dict[str, Person]) -> None:
    """After looking at what it means; without the password, or from somebody else, nothing changes."""
    ana, bo = people["ana"], people["bo"]
    looked = _look(ana, "nest", "preset", preset="circle@1")
    assert looked.status_code == 200
    words = _words(looked)
    assert "Another member has to review and approve it." in words
    assert "The members could live by it as they are now." in words
    refused = _send(ana, looked, "force", password="wrong")
    assert refused.status_code == 403
    assert "This is not your password." in _words(refused)
    assert "Put it in force" not in _words(_look(bo, "nest", "preset", preset="circle@1"))
    assert _send(bo, looked, "force", password=bo.password).status_code == 403
    assert ana.get(f"{API}/nest").json()["preset"] == "solo@1"
    done = _send(ana, looked, "force", password=ana.password)
    assert (done.status_code, done.headers["location"]) == (303, "/nest/charter")
    assert ana.get(f"{API}/nest").json()["preset"] == "circle@1"


def test_members_propose_a_rule_that_they_changed_in_a_field(people: dict[str, Person], root: Path) -> None:
    """Only what was changed is in it, the file's comments stay, and how it is decided is said before."""
    cy = people["cy"]
    looked = _look(cy, "roost", "keys", class__policy__voting="120", class__policy__quorum__floor="3")
    words = _words(looked)
    assert "A vote is open for five days" in words
    assert "It is a change of these rules, decided by vote." in words
    missing = _send(cy, looked, "propose", title=" ", reason="")
    assert missing.status_code == 422
    assert "No words were given." in _words(missing)
    done = _send(cy, missing, "propose", title="Five days", reason="Three are short.")
    assert done.status_code == 303, _words(done)
    assert done.headers["location"].startswith("/roost/proposals/1/act?done=propose")
    assert "A vote is open for five days" in _words(cy.get("/roost/proposals/1"))
    with open_commons(root / "roost.git") as roost:
        revision = roost.state().proposals[1].revision
        assert revision is not None
        assert revision.charter is not None
        assert revision.charter.overrides["class.policy.voting"] == 120
        assert revision.charter.overrides["class.policy.quorum"] == {"share": "1/2", "floor": 3}


def test_form_that_was_not_touched_changes_nothing(people: dict[str, Person]) -> None:
    """Whichever of the three ways is looked at, and whatever the charter says."""
    for commons in ("roost", "nest", "roost/teens"):
        for do in ("preset", "keys", "text"):
            same = _look(people["cy"], commons, do)
            assert same.status_code == 422
            assert "Nothing is changed." in _words(same)


@pytest.mark.parametrize(
    ("do", "changes", "said"),
    [
        ("keys", {"class__policy__voting": "soon"}, "Give a whole number from 0 to 87600"),
        ("keys", {"class__policy__threshold": "2/4"}, "the fraction in lowest terms"),
        ("keys", {"class__policy__quorum__floor": ""}, "a quorum whose floor is a whole number"),
        ("keys", {"new-group": "No Such", "new-group-delegates": "youth"}, "A group is a name of a-z"),
        ("preset", {"preset": "anarchy@1"}, "No preset of that name ships"),
        ("text", {"text": 'schema = 1\npreset = "circle@1"\nfoo = 1\n'}, "Line 3"),
        ("text", {"text": "schema = "}, "Line 1"),
    ],
)
def test_what_no_charter_may_hold_is_said_at_its_field(
    people: dict[str, Person], do: str, changes: dict[str, str], said: str
) -> None:
    """With what was typed, and nothing to send."""
    refused = _look(people["cy"], "roost", do, **changes)
    assert refused.status_code == 422, _words(refused)
    assert said in _words(refused)
    assert _SEND.search(refused.text) is None
    shown = _filled(refused.text)
    for name, typed in changes.items():
        # What is chosen from a list cannot be typed.
        assert name == "preset" or shown[name.replace("__", ".")].strip() == typed.strip()


def test_charter_that_members_cannot_live_by_cannot_be_sent(people: dict[str, Person]) -> None:
    """The arithmetic is shown, and no button; sent by hand it is refused."""
    cy = people["cy"]
    looked = _look(cy, "roost", "keys", class__policy__quorum__floor="9")
    words = _words(looked)
    assert "The members could not live by it as they are now" in words
    assert "is 9, and 3 members can vote." in words
    assert _SEND.search(looked.text) is None
    good = _look(cy, "roost", "keys", class__policy__voting="120")
    form = _SEND.search(good.text)
    assert form is not None
    hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(form[0])}
    hidden["charter"] += "\n[class.policy.quorum]\nshare = '1/2'\nfloor = 9\n"
    sent = cy.client.post("/roost/charter/amend", data={**hidden, "do": "propose", "title": "Nine"})
    assert sent.status_code in (403, 422)
    assert cy.get(f"{API}/roost/proposals").json()["total"] == 0


def test_nested_commons_says_which_rules_its_parent_locks(people: dict[str, Person]) -> None:
    """At the rule, with its value; what is looser cannot be sent, and stricter can."""
    cy = people["cy"]
    words = _words(cy.get("/roost/teens/charter/amend"))
    assert "roost locks 2 rules of this charter" in words
    assert 'Locked by roost at "invited": stricter is allowed (later in the list), looser is not.' in words
    looser = _look(cy, "roost/teens", "keys", membership__join="open")
    assert "The commons above locks it at" in _words(looser)
    assert _SEND.search(looser.text) is None
    stricter = _look(cy, "roost/teens", "keys", audit__checkpoint_hours="12")
    done = _send(cy, stricter, "force", password=cy.password)
    assert done.headers["location"] == "/roost/teens/charter"


def test_charter_that_was_changed_meanwhile_is_said(people: dict[str, Person], root: Path) -> None:
    """What was read is not in force any more: nothing is sent, and the change is looked at anew."""
    ana = people["ana"]
    looked = _look(ana, "nest", "preset", preset="circle@1")
    with open_commons(root / "nest.git") as nest:
        changes = {"evidence.mode": "advisory"}
        amend_charter(nest, amend(charter_file(nest), changes).text.encode(), actor="ana")
    stale = _send(ana, looked, "force", password=ana.password)
    assert stale.status_code == 412
    assert "The charter was changed meanwhile" in _words(stale)
    assert ana.get(f"{API}/nest").json()["preset"] == "solo@1"


def test_same_form_sent_twice_is_one_proposal(people: dict[str, Person]) -> None:
    """A double click leads to the same one."""
    cy = people["cy"]
    looked = _look(cy, "roost", "keys", class__policy__voting="120")
    first, second = (_send(cy, looked, "propose", title="Five days", reason="") for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert cy.get(f"{API}/roost/proposals").json()["total"] == 1


def test_api_says_what_a_charter_would_mean_and_takes_it(people: dict[str, Person]) -> None:
    """Anybody may ask; its owner puts it in force; elsewhere the text is proposed; another base is stale."""
    ana = people["ana"]
    asked = {"preset": "circle@1"}
    checked = ana.client.post(f"{API}/nest/charter/check", json=asked)
    assert checked.status_code == 200, checked.text
    document = checked.json()
    assert (document["kind"], document["decided"], document["findings"]) == (
        "entrenched",
        "decided by its owner",
        [],
    )
    headers = {"authorization": f"Bearer {ana.make_token('admin', 'propose')}"}
    stale = ana.client.post(f"{API}/nest/charter", json={**asked, "base": "0" * 40}, headers=headers)
    assert stale.status_code == 412
    body = {"charter": document["charter"], "base": document["base"]}
    done = ana.client.post(f"{API}/nest/charter", json=body, headers=headers)
    assert done.status_code == 201, done.text
    assert done.json()["preset"] == "circle@1"
    refused = ana.client.post(
        f"{API}/roost/charter", json={"set": {"ballot.change_allowed": False}}, headers=headers
    )
    assert refused.status_code == 403
    assert "Propose it." in refused.text
    both = ana.client.post(f"{API}/roost/charter/check", json={**asked, "charter": "x"})
    assert both.status_code == 422
    wrong = ana.client.post(f"{API}/roost/charter/check", json={"set": {"class.policy.votes": 1}})
    assert wrong.status_code == 422
    wide = ana.client.post(
        f"{API}/roost/charter/check", json={"set": {"ballot.change_allowed": False}}
    ).json()
    proposed = ana.client.post(
        f"{API}/roost/proposals", json={"title": "No changing", "charter": wide["charter"]}, headers=headers
    )
    assert proposed.status_code == 201, proposed.text
    for bad in ({"set": {"class.policy.voting": 1.5}}, {"set": []}, {"unset": "x"}):
        assert ana.client.post(f"{API}/roost/charter/check", json=bad).status_code == 400


def test_whoever_is_not_signed_in_is_asked_to(serving: Serving) -> None:
    """And led back; without an account nothing is taken in."""
    with httpx.Client(base_url=serving.base, headers={"origin": serving.base}) as client:
        answer = client.get("/roost/charter/amend")
        assert answer.headers["location"] == "/sign-in?next=/roost/charter/amend"
        assert client.post("/roost/charter/amend", data={"do": "keys"}).status_code == 401
