"""Founding a commons on the site: a form, a preset in plain words, nesting, limits; and over the API."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from governance.charter.amendment import amend
from governance.charter.directions import looser_keys
from governance.charter.first_file import first_file
from governance.charter.values import Plain
from policies.errors import InvalidNameError
from policies.names import check_slug
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.clone import clone
from registry.services.found import found, found_whole
from registry.services.founding import found_within, wanted
from registry.services.membership import join
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.verify import verify
from registry.web.app import create_app
from registry.web.settings import FOUNDINGS, Settings
from tests.integration.web.conftest import Serving
from tests.support.histories import ManualClock
from tests.support.people import Person, account_settings
from tests.support.viewers import bearer

COMMONS = "/api/v1/commons"


@pytest.fixture
def root(tmp_path: Path, policy_files: Callable[[str], dict[str, bytes]]) -> Path:
    folder = tmp_path / "served"
    folder.mkdir()
    with found(folder / "roost.git", founder="ana") as repository:
        publish(repository, "spam", policy_files("spam"), actor="ana")
    return folder


@pytest.fixture
def serving(root: Path, tmp_path: Path, run_server: Callable[..., Any]) -> Iterator[Serving]:
    with run_server(root, accounts=account_settings(PrivatePlace(path=tmp_path / "private.db"))) as server:
        yield server


@pytest.fixture
def nora(serving: Serving) -> Iterator[Person]:
    with Person(serving.base, "nora") as person:
        assert person.sign_up().status_code == 303
        yield person


def _words(page: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def _found(person: Person, **fields: str) -> httpx.Response:
    return person.send("/found", **{"name": "meadow", "parent": "", "preset": "solo", **fields})


def test_form_founds_a_commons_and_leads_to_it(serving: Serving, nora: Person) -> None:
    """It is there at once, is owned by who founded it, and recounts from a clone."""
    made = _found(nora)
    assert (made.status_code, made.headers["location"]) == (303, "/meadow")
    first = _words(nora.get("/meadow"))
    assert "No policy yet. What comes first" in first
    assert "git push origin HEAD:refs/for/main" in first
    with httpx.Client(base_url=serving.base) as anybody:
        assert "What comes first" not in anybody.get("/meadow").text
    shown = nora.get(f"{COMMONS}/meadow").json()
    assert (shown["founder"], shown["preset"], shown["parent"]) == ("nora", "solo@1", None)
    clone(f"{serving.base}/meadow.git", serving.root.parent / "meadow.git")
    with open_commons(serving.root.parent / "meadow.git") as cloned:
        assert verify(cloned).failure is None
    assert "/meadow" in nora.get("/account").text


def test_page_says_before_it_is_sent_what_one_founder_cannot_live_by(nora: Person) -> None:
    """Each preset with how many it takes, its button closed; sent all the same, it is refused there."""
    page = nora.get("/found")
    words = _words(page)
    assert "Takes two members, so nobody can begin with it alone." in words
    assert "Takes nine members who have belonged for 14 days" in words
    closed = re.findall(r'name="preset" value="(\w+)" disabled', page.text)
    assert closed == ["circle", "commons"]
    for preset in closed:
        refused = _found(nora, preset=preset)
        assert refused.status_code == 403
        assert "The charter cannot be lived by" in refused.text
        assert 'value="meadow"' in refused.text
    assert nora.get("/meadow").status_code == 404


def test_nested_commons_has_every_page_at_its_own_address(serving: Serving, nora: Person) -> None:
    """Its founder owns it, the parent's log names it, and pages, API and git answer under the long name."""
    _found(nora)
    assert '<option value="meadow"' in nora.get("/found").text
    made = _found(nora, name="teen-safety", parent="meadow")
    assert (made.status_code, made.headers["location"]) == (303, "/meadow/teen-safety")
    for page in ("", "/proposals", "/members", "/charter", "/ostrom", "/log", "/feed.atom", "/members/act"):
        assert nora.get(f"/meadow/teen-safety{page}").status_code == 200, page
    assert "meadow/teen-safety" in _words(nora.get("/meadow"))
    assert nora.get(f"{COMMONS}/meadow/teen-safety").json()["parent"] == "meadow"
    events = nora.get(f"{COMMONS}/meadow/log").json()["items"]
    assert events[0]["type"] == "child_founded"
    clone(f"{serving.base}/meadow/teen-safety.git", serving.root.parent / "teens.git")
    with open_commons(serving.root.parent / "teens.git") as cloned:
        assert verify(cloned).failure is None


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"name": "api"}, 422, "'api' is a reserved name."),
        ({"name": "Meadow"}, 422, "is not a name."),
        ({"name": ""}, 422, "is not a name."),
        ({"name": "meadow/../roost"}, 422, "is not a name."),
        ({"name": "roost"}, 422, "There is a commons roost here already."),
        ({"name": "r00st"}, 422, "It is easily taken for roost"),
        ({"name": "~ana"}, 422, "~ana is where ana keeps their own."),
        ({"name": "~ana/notes"}, 422, "~ana is where ana keeps their own."),
        ({"name": "nowhere/teens"}, 422, "There is no commons nowhere here."),
        ({"parent": "roost"}, 403, "nora is no owner of roost."),
        ({"name": "spam", "parent": "roost"}, 403, "nora is no owner of roost."),
        ({"preset": "anarchy"}, 422, "There is no preset"),
    ],
)
def test_what_cannot_be_founded_is_said_next_to_the_field(
    serving: Serving, nora: Person, fields: dict[str, str], status: int, said: str
) -> None:
    """In words, with what was typed; nothing is left on the disk, and nothing of it counts."""
    before = sorted(path.name for path in serving.root.rglob("*.git*"))
    refused = _found(nora, **fields)
    assert refused.status_code == status, refused.text
    assert said in _words(refused).replace("&#39;", "'")
    assert str(serving.root) not in refused.text
    assert sorted(path.name for path in serving.root.rglob("*.git*")) == before
    assert _found(nora, name="fine").status_code == 303


def test_one_s_own_commons_can_be_founded_without_a_fork(nora: Person) -> None:
    """And others within it."""
    assert _found(nora, name="~nora").headers["location"] == "/~nora"
    assert _found(nora, name="drafts", parent="~nora").headers["location"] == "/~nora/drafts"


def test_two_clicks_at_once_found_one(serving: Serving, nora: Person) -> None:
    """The same form sent four times at once is one commons, and every click leads to it."""
    shown = nora.get("/found").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))
    answers: list[tuple[int, str]] = []

    def click() -> None:
        with httpx.Client(
            base_url=nora.client.base_url,
            cookies=nora.client.cookies,
            headers=nora.client.headers,
            timeout=30,
        ) as client:
            answer = client.post("/found", data={**hidden, "name": "meadow", "preset": "solo"})
            answers.append((answer.status_code, answer.headers.get("location", "")))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, "/meadow")] * 4
    assert nora.get(f"{COMMONS}/meadow").json()["events"] == 1
    assert [path.name for path in serving.root.iterdir() if ".new-" in path.name] == []


def test_an_account_founds_so_many_a_day(root: Path, tmp_path: Path, run_server: Callable[..., Any]) -> None:
    """Past it one is told when to go on; refusals do not count; with 0 the page says whom to ask."""
    place = PrivatePlace(path=tmp_path / "private.db")
    few = account_settings(place, foundings=FOUNDINGS._replace(quota=2))
    with run_server(root, accounts=few) as server, Person(server.base, "nora") as nora:
        nora.sign_up()
        assert [_found(nora, name=name).status_code for name in ("api", "one", "two")] == [422, 303, 303]
        refused = _found(nora, name="three")
        assert refused.status_code == 429
        assert "An account may found 2 commons a day here, and you have." in _words(refused)
        assert 0 < int(refused.headers["retry-after"]) <= FOUNDINGS.seconds
    none = account_settings(place, foundings=FOUNDINGS._replace(quota=0))
    with run_server(root, accounts=none) as server, Person(server.base, "nora") as nora:
        nora.sign_in()
        closed = nora.get("/found")
        assert closed.status_code == 403
        assert "Nobody founds a commons on this site but its operator." in _words(closed)
        headers = bearer(nora.make_token("admin"))
        assert nora.client.post(COMMONS, json={"name": "three"}, headers=headers).status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(serving: Serving) -> None:
    """And led back to the form."""
    with httpx.Client(base_url=serving.base, headers={"origin": serving.base}) as client:
        answer = client.get("/found")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/found")
        assert client.post("/found", data={"name": "meadow"}).status_code == 401


def test_api_founds_with_a_receipt_once_for_each_key(serving: Serving, nora: Person) -> None:
    """With the scope `admin` alone; the same key gives the first answer; nested in either way."""
    body = {"name": "meadow"}
    assert nora.client.post(COMMONS, json=body).status_code == 401
    for scope in set(Scope) - {Scope.ADMIN}:
        refused = nora.client.post(COMMONS, json=body, headers=bearer(nora.make_token(scope)))
        assert refused.status_code == 403
    headers = {**bearer(nora.make_token("admin")), "idempotency-key": "one"}
    first = nora.client.post(COMMONS, json=body, headers=headers)
    assert first.status_code == 201, first.text
    document = first.json()
    assert (document["commons"], document["founder"], document["preset"]) == ("meadow", "nora", "solo@1")
    assert first.headers["location"] == f"{COMMONS}/meadow"
    event = nora.get(f"{COMMONS}/meadow/log").json()["items"][0]
    assert (event["seq"], event["digest"], event["commit"]) == tuple(
        document["receipt"][field] for field in ("seq", "digest", "commit")
    )
    again = nora.client.post(COMMONS, json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, document)
    assert nora.client.post(COMMONS, json={"name": "other"}, headers=headers).status_code == 422
    headers.pop("idempotency-key")
    assert nora.client.post(COMMONS, json=body, headers=headers).status_code == 422
    nested = {"name": "teens", "parent": "meadow", "preset": "solo@1"}
    assert nora.client.post(COMMONS, json=nested, headers=headers).json()["commons"] == "meadow/teens"
    whole = nora.client.post(COMMONS, json={"name": "meadow/elders"}, headers=headers)
    assert whole.json()["parent"] == "meadow"
    assert nora.client.post(COMMONS, json={"preset": "solo"}, headers=headers).status_code == 400


def test_founding_that_was_cut_off_goes_on(serving: Serving, nora: Person) -> None:
    """A child that stands where its parent does not name it yet is let in when its founder asks again."""
    _found(nora)
    with open_commons(serving.root / "meadow.git") as meadow:
        state = meadow.state()
        assert found_whole(
            serving.root / "meadow" / "teens.git",
            founder="nora",
            name="meadow/teens",
            parent=state.name,
            charter=first_file("solo@1"),
        )
    assert _found(nora, name="teens", parent="meadow").status_code == 303
    assert nora.get(f"{COMMONS}/meadow").json()["events"] == 2
    assert _found(nora, name="teens", parent="meadow").status_code == 422


def test_no_name_of_a_route_is_a_name_of_a_commons(tmp_path: Path) -> None:
    """Whatever addresses begin with, and whatever may follow a commons' name in one, is refused as a name."""
    app = create_app(Settings(roots=(tmp_path,), accounts=None))
    app.state.library.index.close()
    app.state.library.catalogue.close()
    first, second = set[str](), set[str]()
    for route in app.routes:
        parts = [part for part in route.path.split("/") if part]
        if parts and not parts[0].startswith("{"):
            first.add(parts[0])
        if len(parts) > 1 and parts[0].startswith("{commons") and not parts[1].startswith("{"):
            second.add(parts[1])
    assert {"api", "found", "sign-in"} <= first
    assert {"proposals", "charter"} <= second
    for part in sorted(first | second):
        with pytest.raises(InvalidNameError):
            check_slug(part)


def test_commons_within_an_open_community_takes_over_what_that_locks(tmp_path: Path) -> None:
    """By its steward alone: it is founded, recounts, and no locked rule is looser."""
    clock = ManualClock(1_700_000_000)
    with found(tmp_path / "town.git", founder="ana", clock=clock) as town:
        door: dict[str, Plain] = {"membership.join": "open", "membership.joins_min_per_30d": 100}
        amend_charter(town, amend(charter_file(town), door).text.encode(), actor="ana")
        for number in range(9):
            join(town, actor=f"member-{number}")
        clock.at += 20 * 86_400
        rules: dict[str, Plain | None] = {"preset": "commons@1", **dict.fromkeys(door)}
        amend_charter(town, amend(charter_file(town), rules).text.encode(), actor="ana")
        target = tmp_path / "town" / "teens.git"
        made = found_within(town, target, wanted("teens", "town", "solo"), founder="ana")
        assert made.founding.event.seq == 1
        assert "town/teens" in town.state().children
        parent = town.state().charter_rules
    with open_commons(target) as teens:
        assert not looser_keys(parent, teens.state().charter_rules)
        assert verify(teens).failure is None
