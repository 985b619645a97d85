"""Who asks, at every kind of address: what is made for one viewer is seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.web.viewer import Scope
from tests.integration.web.conftest import Serving
from tests.support.viewers import Known, basic, bearer

PAGES = (
    "/",
    "/search?q=money",
    "/starter",
    "/starter/log",
    "/starter/scams",
    "/starter/scams@1.0.0",
    "/starter/scams/cases",
    "/starter/scams/try",
    "/starter/scams/diff",
    "/starter/teens",
    "/api/v1/docs",
)
PRIVATE = "private, no-store"


@pytest.fixture(scope="module")
def known() -> Known:
    """Who is signed in."""
    return Known()


@pytest.fixture(scope="module")
def server(shelf: Path, known: Known, run_server: Callable[..., Any]) -> Iterator[Serving]:
    with run_server(shelf, identify=known) as serving:
        yield serving


@pytest.fixture
def client(server: Serving) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base, timeout=30) as made:
        yield made


@pytest.mark.parametrize("path", PAGES)
def test_page_of_one_viewer_is_shown_to_nobody_else(client: httpx.Client, known: Known, path: str) -> None:
    """Before and after a viewer looks at an address, everybody else is shown the same page as ever."""
    ana, bo = known.sign_in("ana-the-viewer"), known.sign_in("bo-the-viewer")
    first = client.get(path)
    seen_by_ana, seen_by_bo = client.get(path, headers=ana.headers), client.get(path, headers=bo.headers)
    last = client.get(path)
    assert [answer.status_code for answer in (first, seen_by_ana, seen_by_bo, last)] == [200] * 4
    assert first.content == last.content
    assert "the-viewer" not in first.text
    assert "ana-the-viewer" in seen_by_ana.text
    assert "bo-the-viewer" in seen_by_bo.text
    assert "bo-the-viewer" not in seen_by_ana.text
    assert seen_by_ana.headers["cache-control"] == PRIVATE
    assert first.headers["cache-control"] == last.headers["cache-control"] != PRIVATE


@pytest.mark.parametrize("path", PAGES)
def test_viewer_first_leaves_nothing_behind(
    shelf: Path, known: Known, run_server: Callable[..., Any], path: str
) -> None:
    """The first to ask for an address being a viewer, the next visitor is shown nothing of theirs."""
    with run_server(shelf, identify=known) as serving:
        answers = serving.library.use["answers"].entries
        client = httpx.Client(base_url=serving.base, timeout=30)
        with client:
            client.get(path, headers=known.sign_in("ana-the-viewer").headers).raise_for_status()
            assert serving.library.use["answers"].entries == answers
            assert "the-viewer" not in client.get(path).text


def test_nothing_of_a_viewers_is_ever_unchanged(client: httpx.Client, known: Known) -> None:
    """A tag from before signing in, or from their own page, or `*`, brings no 304 to a viewer."""
    ana = known.sign_in("ana")
    tag = client.get("/starter").headers["etag"]
    own = client.get("/starter", headers=ana.headers)
    for wanted in (tag, "*", own.headers.get("etag", '"x"')):
        answer = client.get("/starter", headers={**ana.headers, "if-none-match": wanted})
        assert answer.status_code == 200
        assert "/account" in answer.text
    # And a viewer's tag brings none to anybody else.
    other = client.get("/starter", headers={"if-none-match": own.headers.get("etag", '"x"')})
    assert other.status_code == 200
    assert client.get("/starter", headers={"if-none-match": tag}).status_code == 304


def test_pages_tell_caches_that_they_differ_by_cookie(client: httpx.Client) -> None:
    """Both whole and unchanged ones."""
    page = client.get("/starter")
    unchanged = client.get("/starter", headers={"if-none-match": page.headers["etag"]})
    assert page.headers["vary"] == unchanged.headers["vary"] == "cookie"


def test_errors_are_private_too(client: httpx.Client, known: Known) -> None:
    """A page that is not there names the viewer to the viewer alone."""
    ana = known.sign_in("ana-the-viewer")
    for path in ("/none", "/starter/none", "/%00", "/a//b"):
        seen = client.get(path, headers=ana.headers)
        assert (seen.status_code, seen.headers["cache-control"]) == (404, PRIVATE) or path in (
            "/%00",
            "/a//b",
        )
        assert "the-viewer" not in client.get(path).text


def test_static_files_are_everybodys(client: httpx.Client, known: Known) -> None:
    """A viewer's browser keeps stylesheets as any other does."""
    address = client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    plain = client.get(address)
    seen = client.get(address, headers=known.sign_in("ana").headers)
    assert seen.headers["cache-control"] == plain.headers["cache-control"]
    assert "immutable" in plain.headers["cache-control"]


def test_cookie_means_nothing_to_the_api(client: httpx.Client, known: Known) -> None:
    """It answers a browser as it answers anybody."""
    path = "/api/v1/commons/starter"
    seen = client.get(path, headers=known.sign_in("ana").headers)
    assert seen.headers["cache-control"] == client.get(path).headers["cache-control"] != PRIVATE


def test_token_makes_answers_of_the_api_private(client: httpx.Client, known: Known) -> None:
    """They say the same, and carry the tag that `If-Match` takes."""
    path = "/api/v1/commons/starter"
    plain = client.get(path)
    headers = bearer(known.token("bot", Scope.READ))
    seen = client.get(path, headers={**headers, "if-none-match": plain.headers["etag"]})
    assert (seen.status_code, seen.headers["cache-control"]) == (200, PRIVATE)
    assert (seen.content, seen.headers["etag"]) == (plain.content, plain.headers["etag"])


def test_token_that_does_not_count_is_told_so(client: httpx.Client, known: Known) -> None:
    """Whoever sends one means to be known: 401, with what to bring, and never as if they had sent none."""
    revoked = Known().token("bot")
    for token in (revoked, revoked[:-1], "x"):
        refused = client.get("/api/v1/commons", headers=bearer(token))
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith('Bearer realm="Policy Commons", error=')
        assert refused.json()["type"].endswith("#bad-token")
        assert token not in refused.text or token == "x"


def test_git_takes_a_token_as_password(client: httpx.Client, known: Known) -> None:
    """A wrong one is refused as git understands it; the right one, and none at all, may fetch."""
    path = "/starter.git/info/refs?service=git-upload-pack"
    refused = client.get(path, headers=basic("bot", Known().token("bot")))
    assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
    assert client.get(path, headers=basic("bot", known.token("bot", Scope.READ))).status_code == 200
    assert client.get(path).status_code == 200


def test_token_in_an_address_is_refused(client: httpx.Client, known: Known) -> None:
    """Everywhere, and the refusal does not repeat it."""
    token = known.token("bot", Scope.READ)
    for path in (f"/api/v1/commons?access_token={token}", f"/search?q={token}", f"/?token={token}"):
        refused = client.get(path)
        assert refused.status_code == 400
        assert token not in refused.text


def test_form_of_a_viewer_needs_its_token(client: httpx.Client, known: Known) -> None:
    """A form that anybody may send is refused in a viewer's name without what their page gave it."""
    ana, path = known.sign_in("ana"), "/starter/scams/try"
    page = client.get(path, headers=ana.headers)
    assert f'name="csrf" value="{ana.csrf}"' in page.text
    assert "csrf" not in client.get(path).text
    sent = {"text": "Send money now.", "engine": "lexical"}
    assert client.post(path, data=sent).status_code == 200
    refused = client.post(path, data=sent, headers=ana.headers)
    assert refused.status_code == 403
    assert "made for you" in refused.text
    assert (
        client.post(path, data={**sent, "csrf": known.sign_in("bo").csrf}, headers=ana.headers).status_code
        == 403
    )
    taken = client.post(path, data={**sent, "csrf": ana.csrf}, headers=ana.headers)
    assert (taken.status_code, taken.headers["cache-control"]) == (200, PRIVATE)


def test_session_that_is_over_is_nobodys(client: httpx.Client, known: Known) -> None:
    """The page is that of any visitor, and may be kept as any."""
    over = Known().sign_in("ana")
    seen, plain = client.get("/starter", headers=over.headers), client.get("/starter")
    assert (seen.content, seen.headers["etag"]) == (plain.content, plain.headers["etag"])
