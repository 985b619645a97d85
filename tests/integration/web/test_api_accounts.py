"""The API's accounts: who asks, and tokens made by tokens."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from registry.accounts.scopes import Scope
from registry.accounts.secret_text import SecretKind
from tests.integration.web.conftest import Serving
from tests.support.people import Person
from tests.support.viewers import bearer, same_secret

ALL = tuple(scope.value for scope in Scope)


@pytest.fixture(scope="module")
def person(serving: Serving) -> Iterator[Person]:
    """Somebody with an account."""
    with Person(serving.base, "tokenmaker") as somebody:
        somebody.sign_up()
        yield somebody


def asking(client: httpx.Client, token: str) -> httpx.Client:
    client.headers.update(bearer(token))
    return client


def test_viewer_is_whoever_the_token_is(client: httpx.Client, person: Person) -> None:
    """With its scopes and its end; without a token there is nobody, and the answer says what to bring."""
    nobody = client.get("/api/v1/viewer")
    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"] == 'Bearer realm="Policy Commons"'
    assert nobody.headers["content-type"].startswith("application/problem+json")
    seen = asking(client, person.make_token("read", "vote")).get("/api/v1/viewer")
    assert seen.headers["cache-control"] == "private, no-store"
    document = seen.json()
    assert (document["handle"], document["scopes"]) == ("tokenmaker", ["read", "vote"])
    assert document["expires_at"].endswith("Z")
    assert len(document["token"]) == 16


def test_token_makes_lists_and_revokes_tokens(client: httpx.Client, person: Person) -> None:
    """The new one is told once, works, and is gone when it is revoked."""
    asking(client, person.make_token(*ALL))
    made = client.post("/api/v1/tokens", json={"name": "nightly import", "scopes": ["propose"], "days": 7})
    assert made.status_code == 201
    secret, token = made.json()["secret"], made.json()["token"]
    listed = client.get("/api/v1/tokens")
    assert token in listed.json()["items"]
    assert secret not in listed.text
    assert client.get("/api/v1/viewer", headers=bearer(secret)).json()["scopes"] == ["propose"]
    assert client.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
    assert client.get("/api/v1/viewer", headers=bearer(secret)).status_code == 401
    assert client.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
    assert client.delete("/api/v1/tokens/nothing").status_code == 204


def test_tokens_take_the_scope_admin(client: httpx.Client, person: Person) -> None:
    """A token without it sees and makes none, and may only revoke itself."""
    other = person.make_token("read")
    name = httpx.get(f"{client.base_url}/api/v1/viewer", headers=bearer(other)).json()["token"]
    asking(client, person.make_token("read", "propose", "review", "vote", "bench"))
    for refused in (
        client.get("/api/v1/tokens"),
        client.post("/api/v1/tokens", json={"name": "x", "scopes": ["read"]}),
        client.delete(f"/api/v1/tokens/{name}"),
    ):
        assert refused.status_code == 403
        assert 'error="insufficient_scope", scope="admin"' in refused.headers["www-authenticate"]
    own = client.get("/api/v1/viewer").json()["token"]
    assert client.delete(f"/api/v1/tokens/{own}").status_code == 204
    assert client.get("/api/v1/viewer").status_code == 401


def test_token_hands_on_no_more_than_it_has(client: httpx.Client, person: Person) -> None:
    """Neither a scope that it lacks nor a day beyond its own end."""
    asking(client, person.make_token("read", "admin", days="30"))
    wider = client.post("/api/v1/tokens", json={"name": "x", "scopes": ["read", "vote"]})
    assert (wider.status_code, wider.json()["type"].rpartition("#")[2]) == (403, "scope")
    longer = client.post("/api/v1/tokens", json={"name": "x", "scopes": ["read"], "days": 90})
    assert (longer.status_code, longer.json()["type"].rpartition("#")[2]) == (422, "field-refused")
    usual = client.post("/api/v1/tokens", json={"name": "x", "scopes": ["read"]}).json()["token"]
    own = client.get("/api/v1/viewer").json()
    assert usual["expires_at"] <= own["expires_at"]


def test_what_does_not_count_is_answered_alike(client: httpx.Client, person: Person) -> None:
    """Revoked, and never made: one answer, to the byte."""
    revoked = person.make_token("read")
    name = httpx.get(f"{client.base_url}/api/v1/viewer", headers=bearer(revoked)).json()["token"]
    httpx.delete(f"{client.base_url}/api/v1/tokens/{name}", headers=bearer(revoked))
    answers = [
        client.get("/api/v1/viewer", headers=bearer(token))
        for token in (revoked, same_secret(SecretKind.TOKEN))
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["www-authenticate"] == answers[1].headers["www-authenticate"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["read"], "id": "0" * 16},
        {"name": "x", "scopes": ["read"], "days": "a week"},
        {"name": "x", "scopes": "read"},
        [],
    ],
)
def test_body_that_is_no_token_is_refused(client: httpx.Client, person: Person, body: object) -> None:
    """With what is wrong with it; nothing unknown is passed over."""
    refused = asking(client, person.make_token(*ALL)).post("/api/v1/tokens", json=body)
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("application/problem+json")


def test_cookie_makes_nothing_through_the_api(client: httpx.Client, person: Person) -> None:
    """A browser's session is nobody there, so no other site can act through it."""
    refused = person.client.post("/api/v1/tokens", json={"name": "x", "scopes": ["read"]})
    assert refused.status_code == 401
