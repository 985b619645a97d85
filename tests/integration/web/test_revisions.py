"""What changed between two revisions of a proposal: page and API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from governance.charter.amendment import amend
from registry.services.charters import charter_file
from registry.services.commenting import comment
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.places import read_spot
from registry.services.propose import propose, propose_withdrawal, revise
from registry.services.publish import publish
from registry.services.revisions import Draft
from registry.services.take_edit import take_edit
from registry.store.repository import Repository
from tests.integration.web.conftest import Serving
from tests.support.histories import policy_files

PAGE, API = "/roost/proposals/1/revisions", "/api/v1/commons/roost/proposals/1/revisions"
_CASE = b'{"id": "3", "content": "Rings <b>now</b>", "label": "AA1"}\n'


def charter(repository: Repository, days: int) -> bytes:
    values = {"preset": "circle@1", "objections.lapse": days * 24}
    return amend(charter_file(repository), values).text.encode()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of bo's proposal: other words; a case, another policy and rules; other rules and an edit of ed's."""
    root = tmp_path_factory.mktemp("revisions")
    with found(root / "roost.git", founder="ana", name="roost") as roost:
        for slug in ("spam", "polls"):
            publish(roost, slug, policy_files(slug.capitalize()), actor="ana")
        for handle in ("cy", "di", "ed"):
            invite(roost, handle, actor="ana")
            join(roost, actor=handle)
        first = policy_files("Spam", "Promotion of each kind.")
        propose(roost, Draft(folders={"spam": first}), title="Each <i>kind</i>", actor="bo")
        second = {**first, "cases.jsonl": first["cases.jsonl"] + _CASE}
        polls = policy_files("Polls", "Polls of each kind.")
        revise(
            roost, 1, Draft(folders={"spam": second, "polls": polls}, charter=charter(roost, 30)), actor="bo"
        )
        spot = read_spot("policies/spam/policy.md:22")
        said = comment(roost, 1, "Shorter.", actor="ed", spot=spot, suggestion="Any promotion.")
        take_edit(roost, 1, said.entry.event.seq, actor="bo")
        revise(
            roost,
            1,
            Draft(folders={"spam": policy_files("Spam", "Any promotion.")}, charter=charter(roost, 60)),
            actor="bo",
        )
        propose_withdrawal(roost, "polls", "1.0.0", title="No polls", actor="ana")
    return root


@pytest.fixture(scope="module")
def serving(root: Path, run_server: Callable[..., Any]) -> Iterator[Serving]:
    with run_server(root) as server:
        yield server


def test_cases_and_policies_that_came(client: httpx.Client) -> None:
    """From the first to the second: a case, another policy against main, rules; not the same words."""
    shown = client.get(f"{API}/1..2").json()
    assert (shown["old"]["number"], shown["new"]["number"], shown["revisions"]) == (1, 2, 4)
    assert (shown["old"]["by"], shown["moved"], shown["same"]) == ("bo", False, False)
    polls, spam = shown["policies"]
    assert [one["policy"] for one in (polls, spam)] == ["polls", "spam"]
    assert [(one["id"], one["event"]) for one in spam["cases"]] == [("3", "added")]
    assert (spam["changed_cases"], spam["text"]["changed"], polls["text"]["changed"]) == (1, 0, 2)
    assert "objections.lapse" in {key for one in shown["charter"] for key in one["keys"]}
    page = client.get(f"{PAGE}/1..2").text
    assert "From revision 1 to 2" in page
    assert "Each &lt;i&gt;kind&lt;/i&gt;" in page
    assert "Rings &lt;b&gt;now&lt;/b&gt;" in page


def test_edit_that_was_taken(client: httpx.Client) -> None:
    """Only its line differs, as one that went and one that came; the revision names the comment."""
    shown = client.get(f"{API}/2..3").json()
    (spam,) = shown["policies"]
    assert (spam["text"]["changed"], spam["cases"], shown["charter"]) == (2, [], [])
    assert shown["new"]["took"] == client.get(f"{API}/1..2").json()["new"]["event"] + 1
    page = client.get(f"{PAGE}/2..3").text
    assert '<span class="at" aria-hidden="true">22</span>' in page
    assert "with the edit of" in page


def test_what_is_not_proposed_any_more(client: httpx.Client) -> None:
    """A policy that is left out goes back to what main holds; the rules differ from the ones before."""
    shown = client.get(f"{API}/3..4").json()
    assert [one["policy"] for one in shown["policies"]] == ["polls", "spam"]
    (rule,) = shown["charter"]
    assert ("30 days" in rule["before"], "60 days" in rule["after"]) == (True, True)
    assert client.get(f"{API}/4..3").status_code == 200
    assert "this reads backwards" in client.get(f"{PAGE}/4..3").text


def test_the_same(client: httpx.Client) -> None:
    """A revision does not differ from itself."""
    shown = client.get(f"{API}/2..2").json()
    assert (shown["same"], shown["policies"], shown["charter"]) == (True, [], [])
    assert "Both sides are the same revision." in client.get(f"{PAGE}/2..2").text


@pytest.mark.parametrize("span", ["0..1", "1..5", "1..", "1", "a..b", "01..2", "1...2"])
def test_no_such_revisions(client: httpx.Client, span: str) -> None:
    """Says which there are."""
    for path in (PAGE, API):
        answer = client.get(f"{path}/{span}")
        assert answer.status_code == 404
    assert "It has revisions 1 to 4: name two of them, such as 1..2." in client.get(f"{PAGE}/{span}").text


def test_proposal_without_revisions(client: httpx.Client) -> None:
    """A withdrawal has none to compare."""
    answer = client.get("/api/v1/commons/roost/proposals/2/revisions/1..1")
    assert answer.status_code == 404
    assert client.get("/roost/proposals/9/revisions/1..1").status_code == 404


def test_linked_from_the_proposal(client: httpx.Client) -> None:
    """Each revision but the first leads to what changed, and there is one way over all of them."""
    page = client.get("/roost/proposals/1").text
    assert [f'href="{PAGE}/{span}"' in page for span in ("1..2", "2..3", "3..4", "1..4")] == [True] * 4
