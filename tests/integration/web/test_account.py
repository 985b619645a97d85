"""The page of an account: tokens, sessions, password, deletion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from governance.membership.roll import belongs
from registry.accounts.accounts import open_accounts
from registry.accounts.invitations import invite as offer
from registry.accounts.place import PrivatePlace
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.opening import open_commons
from registry.services.verify import verify
from tests.integration.web.conftest import Serving
from tests.support.accounts import CHEAP, OTHER, PASSWORD
from tests.support.people import Person, account_settings
from tests.support.viewers import bearer


@pytest.fixture(scope="module")
def server(
    shelf: Path, tmp_path_factory: pytest.TempPathFactory, run_server: Callable[..., Any]
) -> Iterator[Serving]:
    place = PrivatePlace(path=tmp_path_factory.mktemp("accounts") / "private.db")
    with run_server(shelf, accounts=account_settings(place)) as serving:
        yield serving


@pytest.fixture
def nora(server: Serving, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody who just signed up, with a handle of their own in every test."""
    number = abs(hash(request.node.nodeid)) % 10**9
    with Person(server.base, f"nora-x{number}") as person:
        assert person.sign_up().status_code == 303
        yield person


def viewer(nora: Person, token: str) -> httpx.Response:
    """Who a token is."""
    return httpx.get(f"{nora.client.base_url}/api/v1/viewer", headers=bearer(token))


def refs(nora: Person, kind: str) -> list[str]:
    """The tokens or sessions that the page has a button for."""
    return re.findall(rf'name="{kind}" value="([0-9a-f]{{16}})"', nora.get("/account").text)


def test_token_is_shown_once_and_works_until_it_is_revoked(nora: Person) -> None:
    """The page that made it shows it, no later one does; revoked, it is as one that never was."""
    token = nora.make_token("read", "propose", name="push from <my> laptop")
    account = nora.get("/account").text
    assert token not in account
    assert token[:7] in account
    assert "push from &lt;my&gt; laptop" in account
    assert "never used" in account
    assert "never used" not in nora.get("/account/tokens").text
    seen = viewer(nora, token)
    assert seen.status_code == 200
    assert (seen.json()["handle"], seen.json()["scopes"]) == (nora.handle, ["read", "propose"])
    assert "last used" in nora.get("/account").text
    (ref,) = refs(nora, "token")
    revoked = nora.send("/account/tokens/revoke", page="/account", token=ref)
    assert revoked.headers["location"] == "/account?done=token#tokens"
    assert "revoked" in nora.get("/account?done=token").text
    gone, never = viewer(nora, token), viewer(nora, "pc_" + "4" * 30 + "000000")
    assert gone.status_code == never.status_code == 401
    assert refs(nora, "token") == []


def test_token_takes_the_password_once_more(nora: Person) -> None:
    """Whoever finds a screen unlocked makes none, and what was chosen is not lost."""
    fields = {"name": "a bot", "days": "7", "scope-vote": "1"}
    refused = nora.send("/account/tokens", password=OTHER, **fields)
    assert refused.status_code == 403
    assert "This is not your password." in refused.text
    assert 'value="a bot"' in refused.text
    assert re.search(r'name="scope-vote" id="scope-vote" value="1" checked', refused.text)
    assert refs(nora, "token") == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " ", "days": "7", "scope-read": "1"}, "1 to 60 characters"),
        ({"name": "bot", "days": "7"}, "can do nothing"),
        ({"name": "bot", "days": "9999", "scope-read": "1"}, "1 to 365 days"),
        ({"name": "bot", "days": "-1", "scope-read": "1"}, "1 to 365 days"),
        ({"name": "bot", "days": "७", "scope-read": "1"}, "1 to 365 days"),
    ],
)
def test_token_that_cannot_be_made_is_refused_at_its_field(
    nora: Person, fields: dict[str, str], said: str
) -> None:
    """With what is wrong, and the form as it was filled in."""
    refused = nora.send("/account/tokens", password=PASSWORD, **fields)
    assert refused.status_code == 422
    assert said in refused.text


def test_nobody_revokes_or_ends_what_is_anothers(server: Serving, nora: Person) -> None:
    """It is answered as if it had been done, and nothing was."""
    token = nora.make_token("read")
    with Person(server.base, f"mallory{nora.handle[6:]}") as mallory:
        mallory.sign_up()
        (ref,) = refs(nora, "token")
        assert mallory.send("/account/tokens/revoke", page="/account", token=ref).status_code == 303
        assert viewer(nora, token).status_code == 200
        with Person(server.base, nora.handle) as elsewhere:
            elsewhere.sign_in()
            for session in refs(nora, "session"):
                mallory.send("/account/sessions/end", page="/account", session=session)
            assert elsewhere.is_signed_in


def test_session_elsewhere_is_ended(server: Serving, nora: Person) -> None:
    """It is listed by its browser, ends at once, and the one that asks has no button to end itself."""
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1"
    with Person(server.base, nora.handle, **{"user-agent": agent}) as elsewhere:
        elsewhere.sign_in()
        assert "Safari on iPhone" in nora.get("/account").text
        (ref,) = refs(nora, "session")
        nora.send("/account/sessions/end", page="/account", session=ref)
        assert not elsewhere.is_signed_in
        assert nora.is_signed_in


def test_changing_the_password_ends_the_other_sessions(server: Serving, nora: Person) -> None:
    """It takes the old one; the session that asks goes on, tokens too."""
    token = nora.make_token("read")
    with Person(server.base, nora.handle) as elsewhere:
        elsewhere.sign_in()
        wrong = nora.send("/account/password", password=OTHER, new=OTHER, repeat=OTHER)
        assert (wrong.status_code, "This is not your password." in wrong.text) == (403, True)
        weak = nora.send("/account/password", password=PASSWORD, new="password12", repeat="password12")
        assert (weak.status_code, 'id="new-wrong"' in weak.text) == (422, True)
        differs = nora.send("/account/password", password=PASSWORD, new=OTHER, repeat=PASSWORD)
        assert (differs.status_code, 'id="repeat-wrong"' in differs.text) == (422, True)
        assert elsewhere.is_signed_in
        done = nora.send("/account/password", password=PASSWORD, new=OTHER, repeat=OTHER)
        assert done.headers["location"] == "/account?done=password"
        assert nora.is_signed_in
        assert not elsewhere.is_signed_in
        assert elsewhere.sign_in(PASSWORD).status_code == 403
        assert elsewhere.sign_in(OTHER).status_code == 303
    assert viewer(nora, token).status_code == 200


def test_deleting_an_account_leaves_every_commons_and_keeps_the_log(
    tmp_path: Path, run_server: Callable[..., Any]
) -> None:
    """Memberships end by an event, what was done stays, and nobody gets the handle again."""
    with found(tmp_path / "club.git", founder="bo") as repository:
        invite(repository, "dora", actor="bo")
        assert join(repository, actor="dora")
    accounts = account_settings(PrivatePlace(path=tmp_path / "private.db"))
    with run_server(tmp_path, accounts=accounts) as serving, Person(serving.base, "dora") as dora:
        assert dora.sign_up().status_code == 422, "a handle that stands in a log is not for the taking"
        opened = open_accounts(PrivatePlace(path=tmp_path / "private.db"), cost=CHEAP)
        dora.sign_up(f"?code={offer(opened, 'dora')}")
        opened.close()
        assert '<a href="/club">club</a>' in dora.get("/account/delete").text
        token = dora.make_token("read")
        for fields in ({"handle": "bo", "password": PASSWORD}, {"handle": "dora", "password": OTHER}):
            assert dora.send("/account/delete", **fields).status_code in (403, 422)
        assert dora.is_signed_in
        gone = dora.send("/account/delete", handle="Dora ", password=PASSWORD)
        assert (gone.status_code, gone.headers["location"]) == (303, "/")
        assert not dora.client.cookies
        assert viewer(dora, token).status_code == 401
        assert dora.sign_in().status_code == 403
        refused = dora.sign_up()
        assert (refused.status_code, "taken, or was once" in refused.text) == (422, True)
        assert "dora left" in dora.get("/club/log").text
    with closing(open_commons(tmp_path / "club.git")) as repository:
        assert not belongs(repository.state().people.members.get("dora"))
        assert verify(repository).ok


def test_more_commons_than_are_kept_open_are_left(tmp_path: Path, run_server: Callable[..., Any]) -> None:
    """Each in its turn, and the account is gone after the last."""
    names = ("one", "three", "two")
    for name in names:
        with found(tmp_path / f"{name}.git", founder="bo") as repository:
            invite(repository, "dora", actor="bo")
            join(repository, actor="dora")
    place = PrivatePlace(path=tmp_path / "private.db")
    with (
        run_server(tmp_path, accounts=account_settings(place), open_repositories=1) as serving,
        Person(serving.base, "dora") as dora,
    ):
        opened = open_accounts(place, cost=CHEAP)
        dora.sign_up(f"?code={offer(opened, 'dora')}")
        opened.close()
        assert dora.send("/account/delete", handle="dora", password=PASSWORD).status_code == 303
        assert dora.sign_in().status_code == 403
        assert all("dora left" in dora.get(f"/{name}/log").text for name in names)


def test_who_looks_after_a_commons_hands_it_over_first(
    tmp_path: Path, run_server: Callable[..., Any]
) -> None:
    """Nothing is left and nothing deleted; the page says which commons, and what to do."""
    with found(tmp_path / "club.git", founder="bo"):
        pass
    place = PrivatePlace(path=tmp_path / "private.db")
    with run_server(tmp_path, accounts=account_settings(place)) as serving, Person(serving.base, "bo") as bo:
        opened = open_accounts(place, cost=CHEAP)
        bo.sign_up(f"?code={offer(opened, 'bo')}")
        opened.close()
        refused = bo.send("/account/delete", handle="bo", password=PASSWORD)
        assert refused.status_code == 409
        assert "You look after club." in refused.text
        assert "Hand it over first" in refused.text
        assert bo.is_signed_in


def test_pages_of_an_account_are_kept_nowhere(nora: Person) -> None:
    """Neither by caches nor by the browser, and search engines are told to leave them out."""
    for path in ("/account", "/account/tokens", "/account/password", "/account/delete"):
        page = nora.get(path)
        assert page.headers["cache-control"] == "private, no-store"
        assert '<meta name="robots" content="noindex">' in page.text


def test_forms_of_an_account_need_the_sessions_token(nora: Person) -> None:
    """None is taken without it, whatever else it brings."""
    for path, fields in (
        ("/account/tokens", {"name": "x", "days": "7", "scope-read": "1", "password": PASSWORD}),
        ("/account/password", {"password": PASSWORD, "new": OTHER, "repeat": OTHER}),
        ("/account/delete", {"handle": nora.handle, "password": PASSWORD}),
        ("/account/sessions/end", {"session": "0" * 16}),
        ("/account/tokens/revoke", {"token": "0" * 16}),
        ("/sign-out", {}),
    ):
        for csrf in ({}, {"csrf": "x"}):
            assert nora.client.post(path, data={**fields, **csrf}).status_code == 403
    assert nora.is_signed_in


def test_page_says_nothing_that_its_address_makes_up(nora: Person) -> None:
    """Only what the site itself can say was done is said."""
    assert 'role="status"' not in nora.get("/account?done=<b>you+won</b>").text
