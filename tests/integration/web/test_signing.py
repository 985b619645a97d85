"""Signing up, in and out, over real HTTP and a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.accounts.accounts import open_accounts
from registry.accounts.change_password import offer_reset
from registry.accounts.errors import DatabaseReadOnlyError
from registry.accounts.invitations import invite
from registry.accounts.place import PrivatePlace
from registry.accounts.sign_in import TryLimits
from registry.accounts.windows import Budget
from registry.web.app import create_app
from registry.web.settings import LOOPBACK, AccountSettings, NetworkSettings, Settings, SignUp
from tests.integration.web.conftest import Serving
from tests.support.accounts import CHEAP, OTHER, PASSWORD
from tests.support.people import Person, account_settings

PRIVATE = "private, no-store"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> PrivatePlace:
    """Where the accounts of this module are."""
    return PrivatePlace(path=tmp_path_factory.mktemp("accounts") / "private.db")


@pytest.fixture(scope="module")
def server(shelf: Path, place: PrivatePlace, run_server: Callable[..., Any]) -> Iterator[Serving]:
    with run_server(shelf, accounts=account_settings(place)) as serving:
        yield serving


def test_somebody_signs_up_out_and_in_again(server: Serving) -> None:
    """They are known from the first page on, unknown once they signed out, and known again."""
    with Person(server.base, "nora") as nora:
        assert ">Sign in</a>" in nora.get("/").text
        made = nora.sign_up()
        assert (made.status_code, made.headers["location"]) == (303, "/account")
        assert nora.is_signed_in
        account = nora.get("/account")
        assert account.headers["cache-control"] == PRIVATE
        out = nora.send("/sign-out", page="/account")
        assert (out.status_code, out.headers["location"]) == (303, "/")
        assert not nora.client.cookies
        assert not nora.is_signed_in
        assert nora.sign_in().status_code == 303
        assert nora.is_signed_in


def test_cookie_that_was_signed_out_opens_nothing(server: Serving) -> None:
    """Whoever copied it before has nothing after."""
    with Person(server.base, "olaf") as olaf:
        olaf.sign_up()
        copied = dict(olaf.client.cookies)
        olaf.send("/sign-out", page="/account")
    with httpx.Client(base_url=server.base, cookies=copied) as other:
        assert other.get("/account").headers["location"] == "/sign-in?next=/account"


def test_another_site_signs_nobody_out(server: Serving) -> None:
    """Its form brings no cookie, so it must not be answered with one that takes the session back."""
    with httpx.Client(base_url=server.base) as client:
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
            refused = client.post("/sign-out", headers=headers)
            assert refused.status_code == 403
            assert "set-cookie" not in refused.headers
        assert client.post("/sign-out", headers={"origin": server.base}).status_code == 303


def test_cookie_is_no_scripts_and_no_other_sites(server: Serving) -> None:
    """It is `HttpOnly`, `SameSite=Lax`, for the whole site and no other host."""
    with Person(server.base, "pia") as pia:
        cookie = pia.sign_up().headers["set-cookie"]
    name, *flags = cookie.split("; ")
    assert name.startswith("commons=ps_")
    assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(flags)
    assert not any(flag.startswith("Domain") for flag in flags)


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(
    shelf: Path, tmp_path: Path, run_server: Callable[..., Any]
) -> None:
    """Behind a proxy that was named and says `https`, it is `__Host-` and `Secure`."""
    accounts = account_settings(PrivatePlace(path=tmp_path / "private.db"))
    trusting = NetworkSettings(trusted_proxies=LOOPBACK)
    with run_server(shelf, accounts=accounts, network=trusting) as serving:
        forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7"}
        origin = {"origin": serving.base.replace("http:", "https:")}
        with httpx.Client(base_url=serving.base, headers={**forwarded, **origin}) as client:
            fields = {"handle": "quin", "password": PASSWORD, "repeat": PASSWORD}
            cookie = client.post("/sign-up", data=fields).headers["set-cookie"]
    assert cookie.startswith("__Host-commons=ps_")
    assert "; Secure" in cookie


def test_whether_a_handle_has_an_account_is_not_told(server: Serving) -> None:
    """A wrong password, a handle that nobody has and one that cannot be are answered alike."""
    with Person(server.base, "rita") as rita:
        rita.sign_up()
        rita.client.cookies.clear()
        pages = []
        for handle in ("rita", "nobody-at-all", "Not A Handle!"):
            answer = rita.send("/sign-in", handle=handle, password=OTHER)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            pages.append(answer.text.replace(handle, "HANDLE"))
        assert pages[0] == pages[1] == pages[2]
        assert OTHER not in pages[0]


def test_handle_that_stands_in_a_log_is_nobodys_to_take(server: Serving, place: PrivatePlace) -> None:
    """`ana` founded the commons here: only the operator can say who that is."""
    with Person(server.base, "ana") as ana:
        refused = ana.sign_up()
        assert refused.status_code == 422
        assert "taken, or was once" in refused.text
        accounts = open_accounts(place, cost=CHEAP)
        code = invite(accounts, "ana")
        accounts.close()
        assert ana.sign_up(f"?code={code}").status_code == 303
        assert '<a href="/starter">starter</a>' in ana.get("/account").text
    with Person(server.base, "another") as another:
        assert another.get(f"/sign-up?code={code}").status_code == 410


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"handle": "sam"}, "fewer than 10 characters"),
        ({"handle": "sam", "password": PASSWORD}, "not the same"),
        ({"handle": "sam", "password": "password123", "repeat": "password123"}, "common password"),
        ({"handle": "sam--x", "password": PASSWORD, "repeat": PASSWORD}, "two hyphens"),
        ({"handle": "admin", "password": PASSWORD, "repeat": PASSWORD}, "kept free"),
        ({"handle": "<b>", "password": PASSWORD, "repeat": PASSWORD}, "1 to 39"),
        ({}, "1 to 39"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    server: Serving, fields: dict[str, str], said: str
) -> None:
    """The form comes back with the handle that was typed and what is wrong, and never with a password."""
    with Person(server.base, "sam") as sam:
        refused = sam.send("/sign-up", **fields)
        assert refused.status_code == 422
        assert said in refused.text
        assert "aria-invalid" in refused.text
        assert PASSWORD not in refused.text
        assert "<b>" not in refused.text
        assert not sam.client.cookies


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in", "/reset"])
@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_another_site_signs_nobody_in(server: Serving, path: str, headers: dict[str, str]) -> None:
    """What another site's page sends is refused before anything is looked at."""
    with httpx.Client(base_url=server.base, headers=headers) as client:
        fields = {"handle": "tom", "password": PASSWORD, "repeat": PASSWORD, "code": "x"}
        assert client.post(path, data=fields).status_code == 403
        assert not client.cookies


def test_what_says_nothing_of_where_it_comes_from_signs_nobody_in(server: Serving) -> None:
    """No browser sends a form without saying so; a program uses a token."""
    with httpx.Client(base_url=server.base) as client:
        assert client.post("/sign-in", data={"handle": "tom", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    ("stated", "going"),
    [
        ("/starter/scams?x=1", "/starter/scams?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%09/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
    ],
)
def test_signing_in_leads_to_a_page_of_this_site(server: Serving, stated: str, going: str) -> None:
    """`next` is followed within the site and nowhere else, whether it stands in the page or in the form."""
    with Person(server.base, "uwe") as uwe:
        uwe.sign_up()
        uwe.client.cookies.clear()
        query = str(httpx.QueryParams({"next": stated}))
        assert uwe.sign_in(query=f"?{query}").headers["location"] == going
        uwe.client.cookies.clear()
        fields = {"handle": "uwe", "password": PASSWORD, "next": stated}
        assert uwe.client.post("/sign-in", data=fields).headers["location"] == going


def test_signing_in_leads_back_to_where_one_was(server: Serving) -> None:
    """The page that linked to the form is where one goes on, if it is one of ours."""
    with Person(server.base, "vera") as vera:
        for referer, going in ((f"{server.base}/starter", "/starter"), ("https://evil.example/starter", "/")):
            page = vera.client.get("/sign-in", headers={"referer": referer})
            assert f'name="next" value="{going}"' in page.text


def test_page_that_needs_somebody_asks_who_it_is_and_comes_back(server: Serving) -> None:
    """Reading it leads to the form; sending to it is refused."""
    with httpx.Client(base_url=server.base) as client:
        for path in ("/account", "/account/tokens", "/account/password", "/account/delete"):
            asked = client.get(path)
            assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in?next={path}")
        for path in ("/account/tokens", "/account/tokens/revoke", "/account/sessions/end", "/account/delete"):
            assert client.post(path, data={"x": "y"}).status_code == 401


def test_tries_are_limited_for_an_account_wherever_they_come_from(
    shelf: Path, tmp_path: Path, run_server: Callable[..., Any]
) -> None:
    """After so many wrong passwords the right one is refused too, with when to come back."""
    tries = TryLimits(pair=Budget("sign-in-pair", 3, 900))
    accounts = account_settings(PrivatePlace(path=tmp_path / "private.db"), tries=tries)
    with run_server(shelf, accounts=accounts) as serving, Person(serving.base, "walt") as walt:
        walt.sign_up()
        walt.client.cookies.clear()
        assert [walt.sign_in(OTHER).status_code for _ in range(4)] == [403, 403, 403, 429]
        refused = walt.sign_in()
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 900
        assert "too many tries" in refused.text
        with Person(serving.base, "xara") as xara:
            assert xara.sign_up().status_code == 303


def test_sign_ups_are_limited_for_an_address(
    shelf: Path, tmp_path: Path, run_server: Callable[..., Any]
) -> None:
    """One address makes so many accounts and no more."""
    accounts = account_settings(
        PrivatePlace(path=tmp_path / "private.db"), sign_ups=Budget("sign-up-address", 2, 3_600)
    )
    with run_server(shelf, accounts=accounts) as serving:
        given = []
        for handle in ("one", "two-x", "three"):
            with Person(serving.base, handle) as person:
                given.append(person.sign_up().status_code)
        assert given == [303, 303, 429]


@pytest.mark.parametrize(
    ("sign_up", "alone", "invited"),
    [
        (SignUp.OPEN, 303, 303),
        (SignUp.LOCAL, 303, 303),
        (SignUp.INVITATION, 403, 303),
        (SignUp.CLOSED, 403, 403),
    ],
)
def test_operator_says_who_may_sign_up(
    shelf: Path,
    tmp_path: Path,
    run_server: Callable[..., Any],
    sign_up: SignUp,
    alone: int,
    invited: int,
) -> None:
    """Everybody, who sits at the machine, who was invited, or nobody; the form is shown to who may."""
    place = PrivatePlace(path=tmp_path / "private.db")
    with run_server(shelf, accounts=account_settings(place, sign_up=sign_up)) as serving:
        accounts = open_accounts(place, cost=CHEAP)
        code = invite(accounts)
        accounts.close()
        for handle, query, expected in (("yan", "", alone), ("zoe", f"?code={code}", invited)):
            with Person(serving.base, handle) as person:
                assert ('name="handle"' in person.get(f"/sign-up{query}").text) == (expected == 303)
                fields = {"handle": handle, "password": PASSWORD, "repeat": PASSWORD}
                sent = {**fields, "code": code} if query else fields
                assert person.client.post("/sign-up", data=sent).status_code == expected


def test_what_a_proxy_passes_on_is_not_at_this_machine(
    shelf: Path, tmp_path: Path, run_server: Callable[..., Any]
) -> None:
    """A proxy's address is this machine's; whoever it speaks for is elsewhere, and so is another host."""
    accounts = account_settings(PrivatePlace(path=tmp_path / "private.db"), sign_up=SignUp.LOCAL)
    with run_server(shelf, accounts=accounts) as serving, httpx.Client(base_url=serving.base) as client:
        assert "New here?" in client.get("/sign-in").text
        for headers in ({"x-forwarded-for": "192.0.2.7"}, {"host": "commons.example"}):
            assert "New here?" not in client.get("/sign-in", headers=headers).text
            fields = {"handle": "eve", "password": PASSWORD, "repeat": PASSWORD}
            sent = client.post("/sign-up", data=fields, headers={"sec-fetch-site": "same-origin", **headers})
            assert sent.status_code == 403


def test_new_password_by_a_link_ends_every_session(server: Serving, place: PrivatePlace) -> None:
    """Looking at the link uses nothing up; choosing does, and the old password opens nothing."""
    with Person(server.base, "bea") as bea, Person(server.base, "bea") as elsewhere:
        bea.sign_up()
        elsewhere.sign_in()
        accounts = open_accounts(place, cost=CHEAP)
        code = offer_reset(accounts, "bea")
        accounts.close()
        bea.client.cookies.clear()
        link = f"/reset?code={code}"
        assert bea.send("/reset", page=link, password=OTHER, repeat=PASSWORD).status_code == 422
        assert bea.send("/reset", page=link, password=OTHER, repeat=OTHER).status_code == 303
        assert bea.is_signed_in
        assert not elsewhere.is_signed_in
        assert elsewhere.sign_in().status_code == 403
        assert elsewhere.sign_in(OTHER).status_code == 303
        used = bea.get(link)
        assert used.status_code == 410
        assert code not in used.text


@pytest.mark.parametrize("code", ["", "x", "pr_" + "A" * 36, "pi_" + "A" * 36, "%00", "a" * 900])
def test_links_that_do_not_count_are_answered_alike(server: Serving, code: str) -> None:
    """Unknown, made up or cut: the answer is the same, and holds nothing of it."""
    with httpx.Client(base_url=server.base) as client:
        refused = client.get(f"/reset?code={code}")
        assert refused.status_code == 410
        assert refused.text == client.get("/reset?code=y").text


def test_site_without_accounts_signs_nobody_in(shelf: Path, run_server: Callable[..., Any]) -> None:
    """No page speaks of it, and the addresses say that it is so."""
    with run_server(shelf) as serving, httpx.Client(base_url=serving.base) as client:
        assert "Sign in" not in client.get("/").text
        for path in ("/sign-in", "/sign-up", "/reset"):
            refused = client.get(path)
            assert refused.status_code == 404
            assert "Nobody can sign in" in refused.text
        assert client.post("/sign-in", data={"handle": "ana"}).status_code == 404


def test_where_accounts_cannot_be_written_the_site_is_read(shelf: Path, tmp_path: Path) -> None:
    """At the usual place the operator is told, and everything can be read; one that they named must do."""
    (tmp_path / "private.db").mkdir()
    told: list[str] = []
    create_app(Settings(roots=(shelf,), index=tmp_path / "index.db"), note=told.append)
    assert [line for line in told if "nobody can sign in" in line and "private.db" in line]
    named = AccountSettings(place=PrivatePlace(path=tmp_path / "private.db"))
    with pytest.raises(DatabaseReadOnlyError):
        create_app(Settings(roots=(shelf,), index=tmp_path / "other.db", accounts=named))
