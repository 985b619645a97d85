"""The commands of deciding together, on a commons that a site serves: real HTTP, tokens, Git and keys."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from governance.charter.amendment import amend
from registry.accounts import tokens
from registry.accounts.accounts import open_accounts
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.sign_up import create
from registry.accounts.windows import Budget
from registry.client.acts import SiteActs
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.verify import verify
from tests.integration.web.conftest import files_of, running
from tests.support.accounts import CHEAP
from tests.support.commandline import Command, Said
from tests.support.people import account_settings


class Site(NamedTuple):
    """A running site with `roost`; `call` types a command as somebody, by their token."""

    address: str
    repository: Path
    secrets: dict[str, str]
    commons: Command
    monkeypatch: pytest.MonkeyPatch

    def call(self, who: str, *arguments: object) -> Said:
        self.monkeypatch.setenv("COMMONS_TOKEN", self.secrets[who])
        return self.commons(*arguments)


@pytest.fixture(params=["open", "sealed_until_close"])
def ballots(request: pytest.FixtureRequest) -> str:
    """How ballots are cast; one is enough for most tests."""
    return str(request.param)


@pytest.fixture
def site(
    request: pytest.FixtureRequest,
    commons: Command,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    library: Path,
) -> Iterator[Site]:
    root = tmp_path / "served"
    root.mkdir()
    rules = {"preset": "circle@1"}
    if "ballots" in request.fixturenames:
        rules["ballot.visibility"] = request.getfixturevalue("ballots")
    with found(root / "roost.git", founder="ana", name="roost") as repository:
        publish(repository, "spam", files_of(library / "spam"), actor="ana")
        for handle in ("bo", "cleo"):
            invite(repository, handle, actor="ana")
            join(repository, actor=handle)
        amend_charter(repository, amend(charter_file(repository), rules).text.encode(), actor="ana")
    place = PrivatePlace(path=tmp_path / "private.db")
    accounts = open_accounts(place, cost=CHEAP)
    secrets = {}
    for handle in ("ana", "bo", "cleo", "dora"):
        create(accounts, handle, in_use=(), vouched=True)
        secrets[handle] = tokens.create(accounts, handle, "shell", set(Scope), days=1).secret
    accounts.close()
    stated = {"evidence": Budget("evidence", 1, 86_400)} if "so_often" in request.node.name else {}
    with running(root, accounts=account_settings(place, **stated)) as serving:
        yield Site(f"{serving.base}/roost", root / "roost.git", secrets, commons, monkeypatch)


def _proposed(site: Site, edited: Path) -> None:
    said = site.call("bo", "propose", site.address, edited, "--title", "Start at the top", "--json")
    assert (said.code, said.document["number"], said.document["stage"]) == (0, 1, "review"), said.err


def test_proposal_goes_its_way_over_the_network(site: Site, edited: Path) -> None:
    """Proposed, talked over, objected to, resolved: each answer says where it stands and where to read on."""
    _proposed(site, edited)
    asked = site.call("dora", "review", site.address, 1, "--comment", "And raffles?")
    assert asked.code == 0, asked.err
    assert asked.out.startswith("dora commented on proposal 1, in event 11.\nIt is in review")
    assert f"{site.address}/proposals/1" in asked.err
    assert site.call("cleo", "review", site.address, 1, "--answer", "They are let be.").code == 0
    assert site.call("cleo", "review", site.address, 1, "--approve", "--json").document["stage"] == "comment"
    why = ("--reason", "Which top?", "--remedy", "Say it.")
    assert site.call("ana", "object", site.address, 1, *why).code == 0
    assert site.call("ana", "object", site.address, 1, "--resolve").code == 0
    with open_commons(site.repository) as repository:
        assert [one.resolved for one in repository.state().proposals[1].objections] == [True]
        assert verify(repository).failure is None


def test_edit_is_suggested_and_taken_over_the_network(site: Site, edited: Path) -> None:
    """Somebody from outside writes the line as it should be, and the proposer takes it by its number."""
    _proposed(site, edited)
    lines = (edited / "policy.md").read_text("utf-8").splitlines()
    number = lines.index(next(line for line in lines if "Go from the top." in line)) + 1
    said = site.call(
        "dora",
        *("review", site.address, 1, "--comment", "Shorter.", "--suggest", "From the top."),
        *("--at", f"policies/spam/policy.md:{number}"),
    )
    assert said.code == 0, said.err
    event = int(said.out.split("in event ")[1].split(".")[0])
    assert site.call("cleo", "propose", site.address, "--revise", 1, "--take", event).code == 3
    taken = site.call("bo", "propose", site.address, "--revise", 1, "--take", event)
    assert taken.out.startswith(f"bo revised proposal 1 with the edit of event {event}."), taken.err
    with open_commons(site.repository) as repository:
        assert verify(repository).failure is None


def test_signed_ballot_is_made_here(site: Site, edited: Path, tmp_path: Path, ballots: str) -> None:
    """Open or sealed, it is signed over the vote at hand with one's own key, and stands so in the log."""
    key = tmp_path / "bo"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    added = site.call("bo", "member", "key", site.address, "--add", key.with_suffix(".pub"), "--json")
    assert added.code == 0, added.err
    _proposed(site, edited)
    early = site.call("bo", "vote", site.address, 1, "yes", "--sign", key, "--json")
    assert (early.code, "no vote on it is open" in early.error["rule"]) == (2, True)
    for who in ("ana", "cleo"):
        assert site.call(who, "vote", site.address, 1, "--call").code == 0
    cast = site.call("bo", "vote", site.address, 1, "yes", "--sign", key, "--json")
    assert cast.code == 0, cast.err
    receipt = cast.document["receipt"]
    assert (receipt["sealed"], receipt["signed"]) == (ballots == "sealed_until_close", True)
    again = site.call("bo", "vote", site.address, 1, "no", "--sign", key)
    assert again.code == 0, again.err
    with open_commons(site.repository) as repository:
        events = site.commons("log", site.repository, "--json").document["events"]
        logged = next(one for one in events if one["seq"] == receipt["seq"])
        assert (logged["digest"], logged["commit"]) == (receipt["digest"], receipt["commit"])
        assert repository.state().people.members["bo"].signed == 2
        assert verify(repository).failure is None


def test_ballot_that_was_signed_for_something_else_is_refused(
    site: Site, edited: Path, tmp_path: Path
) -> None:
    """A signature taken over another choice, or used twice, does not count, and nothing is recorded."""
    key = tmp_path / "bo"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    site.call("bo", "member", "key", site.address, "--add", key.with_suffix(".pub"))
    _proposed(site, edited)
    for who in ("ana", "cleo"):
        site.call(who, "vote", site.address, 1, "--call")
    sent: list[bytes] = []
    with httpx.Client(base_url=site.address.removesuffix("/roost")) as client:
        original = httpx.Client.stream

        def watched(self: httpx.Client, method: str, url: object, **more: object) -> object:
            if method == "POST":
                sent.append(more["content"])  # type: ignore[arg-type]
            return original(self, method, url, **more)  # type: ignore[arg-type]

        site.monkeypatch.setattr(httpx.Client, "stream", watched)
        assert site.call("bo", "vote", site.address, 1, "yes", "--sign", key).code == 0
        headers = {"authorization": f"Bearer {site.secrets['bo']}", "content-type": "application/json"}
        path = "/api/v1/commons/roost/proposals/1/ballots"
        replayed = client.post(path, content=sent[0], headers=headers)
        turned = client.post(path, content=sent[0].replace(b'"yes"', b'"no"'), headers=headers)
        stolen = client.post(
            path, content=sent[0], headers={**headers, "authorization": f"Bearer {site.secrets['cleo']}"}
        )
    assert [one.status_code for one in (replayed, turned, stolen)] == [422, 422, 403]
    assert "ballot paper" in replayed.json()["remedy"]
    with open_commons(site.repository) as repository:
        assert set(repository.state().proposals[1].ballots) == {"bo"}


def test_members_over_the_network(site: Site) -> None:
    """Invited, joined, acting for somebody, gone again: each by their own token."""
    assert site.call("bo", "member", "invite", site.address, "dora").code == 0
    joined = site.call("dora", "member", "join", site.address, "dora", "--for", "youth-council")
    assert (joined.code, joined.out) == (0, "dora is a member of roost.\n")
    assert site.call("dora", "member", "affiliation", site.address, "independent").code == 0
    assert site.call("dora", "member", "leave", site.address).code == 0
    assert site.call("dora", "member", "leave", site.address, "--json").code == 3


def test_refusals_are_those_of_the_rules(site: Site, edited: Path) -> None:
    """Exit codes, rule and remedy are the same as in a repository of one's own; nothing is recorded."""
    _proposed(site, edited)
    own = site.call("bo", "review", site.address, 1, "--approve", "--json")
    assert (own.code, "you may vote" in own.error["remedy"]) == (3, True)
    assert site.call("bo", "review", site.address, 9, "--approve", "--json").code == 4
    other = site.call("bo", "review", site.address, 1, "--comment", "So?", "--as", "ana", "--json")
    assert (other.code, other.error["place"]) == (2, "--as")
    (edited / "policy.md").write_text("---\ntitle: Broken\n---\n", "utf-8")
    broken = site.call("bo", "propose", site.address, edited, "--title", "Broken", "--json")
    assert broken.code == 1
    assert {"rule", "severity", "file", "line", "message", "fix"} <= broken.error["findings"][0].keys()
    key = edited.parent / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    signed = site.call("bo", "review", site.address, 1, "--comment", "So?", "--sign", key, "--json")
    assert (signed.code, signed.error["place"]) == (2, "--sign")
    assert site.call("bo", "enact", site.address, "--json").code == 2


@pytest.mark.parametrize("token", [None, "pc_" + "x" * 36, "with space"])
def test_somebody_unknown_is_told_how_to_get_a_token(site: Site, token: str | None) -> None:
    """Without a token, or with one that does not count, nothing is sent that says more."""
    if token is None:
        site.monkeypatch.delenv("COMMONS_TOKEN", raising=False)
    else:
        site.monkeypatch.setenv("COMMONS_TOKEN", token)
    said = site.commons("vote", site.address, 1, "--call", "--json")
    assert (said.code, "/account/tokens" in said.error["remedy"]) == (2, True)
    assert token is None or token not in said.err


def test_act_is_done_once_though_the_answer_was_lost(site: Site, edited: Path) -> None:
    """The connection breaks after the site recorded it: sent again under its key, it is recorded once."""
    _proposed(site, edited)
    original, broken = httpx.Client.stream, []

    def stream(self: httpx.Client, method: str, url: object, **more: object) -> object:
        made = original(self, method, url, **more)  # type: ignore[arg-type]
        if method == "POST" and not broken:
            broken.append(made)
            with made as answer:
                answer.read()
            raise httpx.ReadError("the connection was reset")
        return made

    site.monkeypatch.setattr(httpx.Client, "stream", stream)
    assert site.call("cleo", "review", site.address, 1, "--comment", "Once.").code == 0
    assert len(broken) == 1
    events = site.commons("log", site.repository, "--json").document["events"]
    assert sum(event["type"] == "commented" for event in events) == 1


def test_evidence_is_made_here_and_kept_there(site: Site, edited: Path) -> None:
    """Planned from a copy, run on this machine, sent whole; what the site counts is what verify recounts."""
    _proposed(site, edited)
    said = site.call("dora", "evidence", site.address, 1, "--json")
    assert said.code == 0, said.err
    shown = said.document["evidence"][0]
    assert (shown["policy"], shown["missed"]["cases"], shown["recorded_now"]) == ("spam", 96, True)
    again = site.call("dora", "evidence", site.address, 1, "--json").document["evidence"][0]
    assert (again["event"], again["recorded_now"]) == (shown["event"], False)
    with open_commons(site.repository) as repository:
        assert {run.key for run in repository.state().runs.values()} == {shown["base"], shown["head"]}
        report = verify(repository)
        assert (report.failure, {one.name: one.count for one in report.checks}["evidence"]) == (None, 1)


def test_evidence_is_brought_so_often_a_day(site: Site, edited: Path) -> None:
    """Runs are kept for good, so an account has only so many; what was refused does not count."""
    _proposed(site, edited)
    headers = {"authorization": f"Bearer {site.secrets['dora']}"}
    path = f"{site.address.removesuffix('/roost')}/api/v1/commons/roost/proposals/1/evidence"
    refused = httpx.post(path, json={"slug": "spam", "base": {}, "head": {}}, headers=headers)
    assert refused.status_code == 422
    assert site.call("dora", "evidence", site.address, 1).code == 0
    over = site.call("dora", "evidence", site.address, 1, "--again", "--json")
    assert (over.code, "once a day" in over.error["rule"]) == (5, True), over.err
    with open_commons(site.repository) as repository:
        assert len(repository.state().runs) == 2


@pytest.mark.parametrize(
    ("tamper", "rule"),
    [
        (lambda body: {**body, "head": body["base"]}, "other texts or cases than the two versions"),
        (lambda body: {**body, "slug": "scams"}, "changes no policy of this name"),
        (lambda body: {**body, "base": {"record.json": "{}"}}, "a run has the files"),
        (
            lambda body: {**body, "head": {**body["head"], "predictions.jsonl": "{}\n"}},
            "it is not sound",
        ),
        (
            lambda body: {
                **body,
                "head": {
                    **body["head"],
                    "record.json": body["head"]["record.json"].replace('"n":', '"n": '),
                },
            },
            "it is not sound",
        ),
    ],
    ids=["same twice", "another policy", "half a run", "other rows", "other bytes"],
)
def test_evidence_that_is_no_evidence_is_refused(
    site: Site, edited: Path, tamper: Callable[[dict[str, Any]], dict[str, Any]], rule: str
) -> None:
    """Runs of something else, half a run, or figures that do not follow: nothing is kept, and it says why."""
    _proposed(site, edited)
    original = SiteActs.send

    def watched(self: SiteActs, path: str, body: dict[str, Any], *rest: Any, **more: Any) -> Any:
        return original(self, path, tamper(body), *rest, **more)

    site.monkeypatch.setattr(SiteActs, "send", watched)
    said = site.call("dora", "evidence", site.address, 1, "--json")
    assert (said.code, rule in said.error["rule"]) == (2, True), said.err
    with open_commons(site.repository) as repository:
        assert not repository.state().runs
