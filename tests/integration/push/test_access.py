"""Who may push: a token with the scope, sent as git sends passwords, where anybody may push at all."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from registry.accounts import tokens
from registry.accounts.scopes import Scope
from registry.accounts.secret_text import SecretKind
from registry.services.erasure import Target
from registry.services.redact import redact
from registry.web.settings import RateLimits
from tests.integration.push.conftest import STRANGER, Roost, serving_roost
from tests.support.pushing import REQUEST, address
from tests.support.viewers import basic, bearer, same_secret

POLICY = "policies/scams/policy.md"
GOAL = b"# Goal\n"
ADVERTISED = "/roost.git/info/refs?service=git-receive-pack"
RECEIVE = "/roost.git/git-receive-pack"
CHALLENGE = 'Basic realm="Policy Commons", charset="UTF-8"'


@pytest.fixture(scope="module")
def roost(still: Roost) -> Roost:
    """One for all: nothing here changes it."""
    return still


def both(roost: Roost, headers: dict[str, str]) -> list[httpx.Response]:
    """What git asks, one after the other."""
    with httpx.Client(base_url=roost.base, timeout=30, headers=headers) as client:
        return [client.get(ADVERTISED), client.post(RECEIVE, headers=REQUEST, content=b"0000")]


def test_no_token_is_asked_for(roost: Roost) -> None:
    """With the challenge on which git asks its user."""
    for answer in both(roost, {}):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, CHALLENGE)


def test_tokens_that_do_not_count_are_told_alike(roost: Roost) -> None:
    """Unknown, expired, revoked, or sent with another's name: the same answer to the letter."""
    revoked, expired = roost.token("bo"), roost.expired_token("bo")
    tokens.revoke_secret(roost.accounts, revoked)
    bad = [
        basic("bo", same_secret(SecretKind.TOKEN)),
        basic("bo", revoked),
        basic("bo", expired),
        basic("cy", roost.token("bo")),
    ]
    told = {
        (answer.status_code, answer.headers["www-authenticate"], answer.content)
        for headers in bad
        for answer in both(roost, headers)
    }
    assert len(told) == 1
    assert next(iter(told))[:2] == (401, CHALLENGE)


def test_password_is_no_token(roost: Roost) -> None:
    """Nobody's password opens the way for a program."""
    assert {answer.status_code for answer in both(roost, basic("bo", "seven lamps under water"))} == {401}


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.PROPOSE])
def test_token_needs_the_scope(roost: Roost, scope: Scope) -> None:
    """Any other is a 403 in words."""
    for answer in both(roost, basic("bo", roost.token("bo", scope))):
        assert answer.status_code == 403
        assert "propose" in answer.text


def test_git_shows_why(roost: Roost) -> None:
    """What the server says without a report is shown as well."""
    token = roost.token("bo", Scope.READ)
    clone = roost.clone("bo", token=token)
    pushed = clone.push("-o", "title=X")
    assert pushed.code != 0
    assert "propose" in pushed.said
    assert token not in pushed.said.replace(clone.remote, "")
    unknown = clone.push(remote=address(roost.base, "bo", same_secret(SecretKind.TOKEN)))
    assert "Authentication failed" in unknown.said


def test_token_with_the_scope_may(roost: Roost) -> None:
    """By name and password, without a name, or as a bearer; the answer is for its asker alone."""
    token = roost.token("bo")
    for headers in (basic("bo", token), basic("", token), bearer(token)):
        advertised, empty = both(roost, headers)
        assert (advertised.status_code, empty.status_code, empty.content) == (200, 200, b"")
        assert advertised.headers["cache-control"] == "private, no-store"
        assert advertised.headers["content-type"] == "application/x-git-receive-pack-advertisement"
        assert b"refs/heads/main\0report-status" in advertised.content


def test_private_refs_are_not_advertised(roost: Roost) -> None:
    """Git is told where main stands, and no other name that could be pushed to."""
    advertised = both(roost, basic("bo", roost.token("bo")))[0].content
    assert advertised.count(b"refs/") == 1


def test_pushes_draw_on_the_accounts_budget(tmp_path: Path, scams: dict[str, bytes]) -> None:
    """Whoever writes too much is told when to come back, however many addresses they have."""
    with serving_roost(tmp_path, scams, rates=RateLimits(writing=3)) as roost:
        headers = basic(STRANGER, roost.token(STRANGER))
        codes = [both(roost, headers)[1] for _ in range(4)]
        assert [answer.status_code for answer in codes] == [200, 200, 200, 429]
        assert int(codes[-1].headers["retry-after"]) > 0


def test_site_without_accounts_is_read_only(tmp_path: Path, scams: dict[str, bytes]) -> None:
    """It says so, also to whoever brings a token."""
    with serving_roost(tmp_path, scams, accounts=None) as roost:
        clone = roost.clone("bo")
        clone.replace(POLICY, GOAL, GOAL + b"Decide with care.\n")
        clone.commit()
        pushed = clone.push("-o", "title=X")
        assert pushed.code != 0
        assert "remote: This server is read-only over Git." in pushed.said
        assert {answer.status_code for answer in both(roost, {})} == {403}


def test_what_was_redacted_may_not_return(alone: Roost) -> None:
    """Its line is found, wherever it is put."""
    clone = alone.clone("bo")
    erased = b"- Trade with plain terms: "
    line = next(line for line in (clone.folder / POLICY).read_bytes().splitlines() if line.startswith(erased))
    words = line.decode().partition("“")[2].partition("”")[0]
    with alone.opened() as repository:
        redact(
            repository,
            actor="ana",
            ground="mistake",
            salt=lambda: bytes(16),
            target=Target(slug="scams", words=words),
        )
    fresh = alone.clone("bo")
    assert words.encode() not in (fresh.folder / POLICY).read_bytes()
    fresh.replace(POLICY, GOAL, GOAL + line + b"\n")
    fresh.commit()
    for one in (fresh, clone):
        one.replace(POLICY, GOAL, GOAL + b"Decide with care.\n")
        one.commit()
        pushed = one.push("-o", "title=It returns")
        assert pushed.code == 1
        assert one is clone or "this was redacted from the commons and may not return." in pushed.said
    fresh.git("reset", "-q", "--hard", "origin/main")
    fresh.replace(POLICY, GOAL, GOAL + b"Decide with care.\n")
    fresh.commit()
    said = fresh.push("-o", f"title={line.decode()}").said
    assert "remote: the title, line 1: this was redacted from the commons" in said
    assert alone.state().proposed == 0
