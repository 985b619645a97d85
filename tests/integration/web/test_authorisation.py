"""Who may do what: every address that takes anything in, asked by everybody, with every token.

The list of addresses is the app's own route table: one that has no entry here fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.services.clone import clone
from registry.services.opening import open_commons
from registry.services.verify import verify
from registry.web.app import create_app
from registry.web.settings import Settings
from tests.integration.web.conftest import Serving
from tests.support.hamlet import Hamlet, edited, hamlet, tokens
from tests.support.people import account_settings
from tests.support.viewers import bearer

_COMMONS = "/api/v1/commons/{commons}"
_PROPOSAL = _COMMONS + "/proposals/{number}"

Asked = tuple[tuple[str, int], ...]


class ActRoute(NamedTuple):
    """The scope that an act takes, on which proposal, and what each person is answered, one after another.

    `body` is sent where the example of the document is not enough.
    """

    scope: Scope
    asked: Asked
    on: str = ""
    body: dict[str, Any] | None = None
    commons: str = "roost"


def _all(*people: str) -> Asked:
    return tuple((who, 201) for who in people)


def _none(*people: str) -> Asked:
    return tuple((who, 403) for who in people)


_OUTSIDE = _none("stan", "hal")
_POLICIES = {"spam": {name: raw.decode() for name, raw in edited().items()}}

# In this order: whoever leaves does so last.
ACTS: Mapping[str, ActRoute] = {
    f"{_COMMONS}/proposals": ActRoute(
        Scope.PROPOSE, _all("stan", "hal", "cy", "ana"), body={"title": "A change", "policies": _POLICIES}
    ),
    f"{_COMMONS}/policies/{{slug}}/forks": ActRoute(
        Scope.PROPOSE, (*_all("stan", "hal"), ("hal", 422), *_all("ana"))
    ),
    f"{_PROPOSAL}/revisions": ActRoute(
        Scope.PROPOSE,
        (*_OUTSIDE, *_none("cy", "ana"), *_all("bo")),
        "revise",
        {"policies": _POLICIES},
    ),
    f"{_PROPOSAL}/adoptions": ActRoute(Scope.PROPOSE, (*_OUTSIDE, *_all("cy"), *_none("ana")), "adopt"),
    f"{_PROPOSAL}/withdrawals": ActRoute(
        Scope.PROPOSE, (*_OUTSIDE, *_none("cy", "ana"), *_all("bo"), ("bo", 409)), "give up"
    ),
    f"{_PROPOSAL}/comments": ActRoute(Scope.PROPOSE, _all("stan", "hal", "cy", "bo", "ana"), "comment"),
    f"{_PROPOSAL}/answers": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_all("cy"), *_none("ana")), "answer"),
    # Whether two runs are what they claim is asked after who brings them.
    f"{_PROPOSAL}/evidence": ActRoute(Scope.BENCH, (("stan", 422), ("cy", 422)), "review"),
    f"{_PROPOSAL}/reviews": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_none("bo"), *_all("cy", "ana")), "review"),
    f"{_PROPOSAL}/holds": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_all("cy", "bo", "ana")), "hold"),
    f"{_PROPOSAL}/objections": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_all("cy", "bo", "ana")), "object"),
    f"{_PROPOSAL}/resolutions": ActRoute(
        Scope.REVIEW, (*_OUTSIDE, *_none("bo", "ana"), *_all("cy")), "resolve"
    ),
    f"{_PROPOSAL}/calls": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_all("cy", "ana"), *_none("cy")), "call"),
    f"{_PROPOSAL}/ballots": ActRoute(
        Scope.VOTE, (*_OUTSIDE, *_all("cy", "bo", "ana", "ana")), "vote", {"choice": "yes"}
    ),
    f"{_PROPOSAL}/challenges": ActRoute(
        Scope.REVIEW, (*_OUTSIDE, *_all("cy", "ana"), *_none("bo")), "challenge"
    ),
    f"{_PROPOSAL}/rulings": ActRoute(
        Scope.REVIEW, (*_OUTSIDE, *_none("bo", "gu"), *_all("cy", "ana")), "rule"
    ),
    f"{_PROPOSAL}/undo": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_all("ana"), *_none("cy")), "undo"),
    f"{_COMMONS}/emergencies": ActRoute(Scope.REVIEW, (*_OUTSIDE, *_all("cy", "ana"), *_none("bo"))),
    f"{_COMMONS}/invitations": ActRoute(Scope.ADMIN, (*_OUTSIDE, *_all("cy", "ana"))),
    f"{_COMMONS}/applications": ActRoute(Scope.ADMIN, (*_none("stan", "hal", "cy"), *_all("kim"))),
    f"{_COMMONS}/vouchers": ActRoute(
        Scope.REVIEW, (*_none("stan"), *_all("cy"), *_none("cy"), *_all("ana"), *_none("bo")), commons="nest"
    ),
    f"{_COMMONS}/charter": ActRoute(
        Scope.ADMIN,
        (*_none("stan", "bo"), *_all("ana"), *_none("ana")),
        body={"set": {"evidence.mode": "advisory"}},
        commons="nest",
    ),
    f"{_COMMONS}/affiliations": ActRoute(Scope.ADMIN, (*_OUTSIDE, *_all("gu"))),
    f"{_COMMONS}/keys": ActRoute(Scope.ADMIN, (*_OUTSIDE, *_all("gu"), *_none("ana"))),
    f"{_COMMONS}/revocations": ActRoute(Scope.ADMIN, (*_none("stan", "ana"), *_all("gu"), *_none("gu"))),
    f"{_COMMONS}/departures": ActRoute(Scope.ADMIN, (*_OUTSIDE, *_all("gu"), *_none("gu"))),
}

# What only its owner reads, with the scope that it takes.
READS: Mapping[str, Scope] = {f"{_PROPOSAL}/ballot-paper": Scope.VOTE}

# Who may what with these is tested where each is: `test_api_accounts.py`, `test_account.py`,
# `test_signing.py`, `test_try.py`, `test_acting_pages.py`, `test_suggest.py`, `test_forks.py`,
# `test_found.py`, `test_line_comments.py`, `test_charter_amend.py`, `test_upstream.py`, `test_revise.py`.
FOUNDING = {"POST /api/v1/commons"}
TOKENS = {"POST /api/v1/tokens", "DELETE /api/v1/tokens/{token}"}
ANYBODY = {
    "POST /sign-in",
    "POST /sign-up",
    "POST /sign-out",
    "POST /reset",
    "POST /{commons}/{address}/try",
    "POST /api/v1/commons/{commons}/policies/{slug}/try",
    "POST /api/v1/commons/{commons}/charter/check",
}
SESSION = {
    "POST /account/tokens",
    "POST /account/tokens/revoke",
    "POST /account/sessions/end",
    "POST /account/password",
    "POST /account/delete",
    "POST /found",
    "POST /{commons}/charter/amend",
    "POST /{commons}/proposals/{number}/act",
    "POST /{commons}/proposals/{number}/take",
    "POST /{commons}/proposals/{number}/revise/{slug}",
    "POST /{commons}/{address}/fork",
    "POST /{commons}/{address}/suggest",
    "POST /{commons}/{address}/upstream",
    "POST /{commons}/members/act",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def private(place: Hamlet) -> PrivatePlace:
    return PrivatePlace(path=place.root / "private.db")


@pytest.fixture(scope="module")
def secrets(private: PrivatePlace) -> dict[str, dict[Scope, str]]:
    return tokens(private)


@pytest.fixture(scope="module")
def serving(
    place: Hamlet,
    private: PrivatePlace,
    secrets: dict[str, dict[Scope, str]],
    run_server: Callable[..., Any],
) -> Iterator[Serving]:
    """A server over the hamlet, whose people have accounts."""
    assert secrets
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


def written_routes(root: Path) -> set[str]:
    """Every method and address that takes something in, out of the app itself."""
    app = create_app(Settings(roots=(root,), accounts=None))
    app.state.library.index.close()
    app.state.library.catalogue.close()
    found = set()
    for route in app.routes:
        for method in getattr(route, "methods", ()):
            if method not in ("GET", "HEAD", "OPTIONS"):
                found.add(f"{method} {_plain(route.path)}")
    return found


def _plain(path: str) -> str:
    """`{number:int}` as `{number}`."""
    return "/".join(
        f"{{{part[1:-1].partition(':')[0]}}}" if part.startswith("{") else part for part in path.split("/")
    )


def test_every_address_that_takes_something_in_has_an_entry(tmp_path: Path) -> None:
    """A new route is decided on here, or this fails."""
    assert (
        written_routes(tmp_path) == {f"POST {path}" for path in ACTS} | FOUNDING | TOKENS | ANYBODY | SESSION
    )


@pytest.mark.parametrize("path", ACTS, ids=lambda path: path.rpartition("/")[2])
def test_act_is_whose_it_is(
    path: str, place: Hamlet, secrets: dict[str, dict[Scope, str]], client: httpx.Client
) -> None:
    """Nobody without a token, none with another scope, and then whoever the rules of the commons let."""
    act = ACTS[path]
    address = path.format(commons=act.commons, number=place.numbers.get(act.on, 0), slug="spam")
    body = act.body if act.body is not None else example(client, path)
    before = _events(client, act.commons)
    for headers in ({}, bearer("pc_" + "x" * 36), {"cookie": "commons=ps_none"}):
        assert client.post(address, json=body, headers=headers).status_code == 401
    for who, _ in act.asked:
        for scope in set(Scope) - {act.scope}:
            refused = client.post(address, json=body, headers=bearer(secrets[who][scope]))
            assert refused.status_code == 403
            assert f'scope="{act.scope}"' in refused.headers["www-authenticate"]
    assert _events(client, act.commons) == before
    for who, status in act.asked:
        seq = _events(client, act.commons)
        answer = client.post(address, json=body, headers=bearer(secrets[who][act.scope]))
        assert answer.status_code == status, (who, answer.text)
        assert answer.headers["cache-control"] in ("private, no-store", "no-store")
        if status == 201:
            event = _event(client, answer.json()["commons"], answer.json()["receipt"])
            assert event["actor"] == who
        else:
            assert answer.json()["remedy"]
            assert _events(client, act.commons) == seq


@pytest.mark.parametrize("path", READS, ids=lambda path: path.rpartition("/")[2])
def test_own_paper_takes_its_scope(
    path: str, place: Hamlet, secrets: dict[str, dict[Scope, str]], client: httpx.Client
) -> None:
    """Nobody without a token or with another scope; it is of whoever asks, and nobody else's to keep."""
    address = path.format(commons="roost", number=place.numbers["vote"])
    assert client.get(address).status_code == 401
    for scope in set(Scope) - {READS[path]}:
        assert client.get(address, headers=bearer(secrets["cy"][scope])).status_code == 403
    answer = client.get(address, headers=bearer(secrets["cy"][READS[path]]))
    assert (answer.status_code, answer.json()["member"]) == (200, "cy")
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("route", sorted(SESSION))
def test_what_is_sent_from_a_page_takes_a_session(
    route: str, client: httpx.Client, secrets: dict[str, dict[Scope, str]]
) -> None:
    """Nobody else, also not somebody with a token: pages look at cookies alone."""
    method, _, address = route.format(commons="roost", number=5, address="spam", slug="spam").partition(" ")
    for headers in ({}, bearer(secrets["ana"][Scope.ADMIN])):
        answer = client.request(method, address, data={"handle": "ana"}, headers=headers)
        assert answer.status_code == 401


def test_clone_agrees_with_what_was_done(place: Hamlet, serving: Serving, tmp_path: Path) -> None:
    """After all of the above, everything recounts from a clone: signatures, links, digests, authority."""
    for name in ("roost", "nest"):
        clone(f"{serving.base}/{name}.git", tmp_path / f"{name}.git")
        with open_commons(tmp_path / f"{name}.git") as cloned:
            report = verify(cloned)
            assert report.failure is None
            counts = {check.name: check.count for check in report.checks}
            assert counts["signatures"] == counts["log"] == report.events


def example(client: httpx.Client, path: str) -> dict[str, Any] | None:
    """The body that the document shows for an act."""
    schema = client.get("/api/v1/openapi.json").json()
    operation = schema["paths"][path]["post"]
    if "requestBody" not in operation:
        return None
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    shape = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return {name: shape["properties"][name]["examples"][0] for name in shape.get("required", ())}


def _events(client: httpx.Client, commons: str) -> int:
    events: int = client.get(f"/api/v1/commons/{commons}").json()["events"]
    return events


def _event(client: httpx.Client, commons: str, receipt: Mapping[str, Any]) -> Mapping[str, Any]:
    items = client.get(f"/api/v1/commons/{commons}/log").json()["items"]
    found: Mapping[str, Any] = next(item for item in items if item["seq"] == receipt["seq"])
    assert (found["digest"], found["commit"]) == (receipt["digest"], receipt["commit"])
    return found
