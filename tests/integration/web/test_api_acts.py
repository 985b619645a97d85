"""Acts over the API: which content is meant, the first answer again, and what is wrong with what was sent."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.web.settings import RateLimits
from tests.integration.web.conftest import Serving
from tests.support.hamlet import Hamlet, edited, hamlet, tokens
from tests.support.people import account_settings
from tests.support.viewers import bearer

ROOST = "/api/v1/commons/roost"
Secrets = dict[str, dict[Scope, str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def secrets(place: Hamlet) -> Secrets:
    return tokens(PrivatePlace(path=place.root / "private.db"))


@pytest.fixture(scope="module")
def serving(place: Hamlet, secrets: Secrets, run_server: Callable[..., Any]) -> Iterator[Serving]:
    assert secrets
    private = PrivatePlace(path=place.root / "private.db")
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


def policies(text: str) -> dict[str, Any]:
    return {"spam": {name: raw.decode() for name, raw in edited(text).items()}}


def opened(client: httpx.Client, secrets: Secrets, text: str = "Promotion of each kind.") -> dict[str, Any]:
    """A new proposal of bo's, as it is answered."""
    body = {"title": "Each kind", "reason": "It is clearer.", "policies": policies(text)}
    answer = client.post(f"{ROOST}/proposals", json=body, headers=bearer(secrets["bo"][Scope.PROPOSE]))
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{document["content"]}"'
    return document


def events(client: httpx.Client) -> int:
    seq: int = client.get(ROOST).json()["events"]
    return seq


def test_answer_says_where_it_stands_and_what_comes_next(client: httpx.Client, secrets: Secrets) -> None:
    """Stage, content, each way on with its conditions, and the event in the log."""
    document = opened(client, secrets)
    assert (document["commons"], document["stage"], document["says"]) == ("roost", "review", "in review")
    ways = {way["to"]: way for way in document["ways"]}
    conditions = [one["says"] for one in ways["comment_opened"]["guards"] if not one["holds"]]
    assert conditions == ["0 of 1 approval by people without a stake in it."]
    assert ways["lapsed"]["due"] == document["due"]
    assert document["receipt"]["seq"] <= events(client)


def test_act_is_of_the_content_that_it_names(client: httpx.Client, secrets: Secrets) -> None:
    """The content at hand, or any; for another, an older or a weak one nothing is done."""
    document = opened(client, secrets, "Promotion that was read.")
    number, content = document["number"], document["content"]
    ask = f"{ROOST}/proposals/{number}"
    revised = client.post(
        f"{ask}/revisions",
        json={"policies": policies("Promotion that nobody read.")},
        headers={**bearer(secrets["bo"][Scope.PROPOSE]), "if-match": f'"{content}"'},
    )
    assert revised.status_code == 201
    now = revised.json()["content"]
    before = events(client)
    for tag in (f'"{content}"', f'W/"{now}"', '"x"', now):
        stale = client.post(
            f"{ask}/reviews",
            json={"verdict": "approve"},
            headers={**bearer(secrets["cy"][Scope.REVIEW]), "if-match": tag},
        )
        assert (stale.status_code, stale.headers["etag"]) == (412, f'"{now}"')
        assert stale.json()["type"].endswith("#stale")
    assert events(client) == before
    for tag in (f'"{now}"', "*"):
        done = client.post(
            f"{ask}/reviews",
            json={"verdict": "approve"},
            headers={**bearer(secrets["cy"][Scope.REVIEW]), "if-match": tag},
        )
        assert done.status_code == 201
    assert done.json()["stage"] == "comment"


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("revisions", {"policies": policies("Something else.")}),
        ("adoptions", None),
        ("holds", {"reason": "Wait."}),
        ("objections", {"reason": "No.", "remedy": "Yes."}),
        ("calls", None),
        ("ballots", {"choice": "yes"}),
        ("challenges", {"reason": "No."}),
    ],
)
def test_every_act_of_a_content_is_refused_for_another(
    act: str, body: Any, client: httpx.Client, secrets: Secrets, place: Hamlet
) -> None:
    """Before anything else is looked at, so whoever is late learns that and nothing that misleads."""
    scope = {"revisions": Scope.PROPOSE, "adoptions": Scope.PROPOSE, "ballots": Scope.VOTE}
    number = place.numbers["vote" if act == "ballots" else "review"]
    answer = client.post(
        f"{ROOST}/proposals/{number}/{act}",
        json=body,
        headers={**bearer(secrets["bo"][scope.get(act, Scope.REVIEW)]), "if-match": f'"{"0" * 64}"'},
    )
    assert answer.status_code == 412


def test_act_of_no_content_takes_no_tag(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """It is refused rather than passed over, and so are two tags."""
    headers = {**bearer(secrets["stan"][Scope.PROPOSE]), "if-match": "*"}
    comment = f"{ROOST}/proposals/{place.numbers['comment']}/comments"
    assert client.post(comment, json={"text": "Hm."}, headers=headers).status_code == 400
    several = {**bearer(secrets["cy"][Scope.REVIEW]), "if-match": f'"{"0" * 64}", "{"1" * 64}"'}
    review = f"{ROOST}/proposals/{place.numbers['review']}/reviews"
    answer = client.post(review, json={"verdict": "approve"}, headers=several)
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (400, "bad-header")


def test_first_answer_is_given_again(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """To the byte, however often the same is sent; nothing is done twice, and others' keys are theirs."""
    comment = f"{ROOST}/proposals/{place.numbers['comment']}/comments"
    mine = {**bearer(secrets["ed"][Scope.PROPOSE]), "idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    before = events(client)
    answers = [client.post(comment, json={"text": "Hm."}, headers=mine) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true", "true"]
    assert {answer.headers["etag"] for answer in answers} == {f'"{answers[0].json()["content"]}"'}
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}
    assert events(client) == before + 1
    other = client.post(comment, json={"text": "Hm!"}, headers=mine)
    assert (other.status_code, other.json()["type"].rpartition("#")[2]) == (422, "key-reused")
    elsewhere = f"{ROOST}/proposals/{place.numbers['hold']}/comments"
    assert client.post(elsewhere, json={"text": "Hm."}, headers=mine).status_code == 422
    theirs = {**mine, **bearer(secrets["stan"][Scope.PROPOSE])}
    assert client.post(comment, json={"text": "Hm."}, headers=theirs).status_code == 201
    assert events(client) == before + 2


def test_same_key_at_the_same_time_acts_once(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """A double click, or a proxy that sends again: one event, and nobody is told that it failed."""
    comment = f"{ROOST}/proposals/{place.numbers['comment']}/comments"
    headers = {**bearer(secrets["ed"][Scope.PROPOSE]), "idempotency-key": "twice"}
    before, seen = events(client), []

    def send() -> None:
        seen.append(httpx.post(f"{client.base_url}{comment}", json={"text": "Once."}, headers=headers))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert events(client) == before + 1
    assert {answer.status_code for answer in seen} <= {201, 409}
    assert all("retry-after" in answer.headers for answer in seen if answer.status_code == 409)


def test_refusal_is_not_kept(client: httpx.Client, secrets: Secrets) -> None:
    """What the rules did not allow may be sent again with the same key, once they do."""
    document = opened(client, secrets, "Promotion once more.")
    review = f"{ROOST}/proposals/{document['number']}/calls"
    headers = {**bearer(secrets["hal"][Scope.REVIEW]), "idempotency-key": "later"}
    assert [client.post(review, headers=headers).status_code for _ in range(2)] == [403, 403]


@pytest.mark.parametrize("key", ["", "a b", "ä".encode(), "x" * 256])
def test_key_that_is_none_is_refused(
    key: str | bytes, client: httpx.Client, secrets: Secrets, place: Hamlet
) -> None:
    """Before anything is done."""
    comment = f"{ROOST}/proposals/{place.numbers['comment']}/comments"
    headers = {**bearer(secrets["ed"][Scope.PROPOSE]), "idempotency-key": key}
    before = events(client)
    assert client.post(comment, json={"text": "Hm."}, headers=headers).status_code == 400
    assert events(client) == before


def test_what_is_wrong_with_a_policy_has_its_places(client: httpx.Client, secrets: Secrets) -> None:
    """Every finding with its file, line and fix; what is no UTF-8 comes packed and is read as it is."""
    headers = bearer(secrets["bo"][Scope.PROPOSE])
    broken = policies("Promotion.")
    broken["spam"]["policy.md"] = broken["spam"]["policy.md"].replace("## AA1 Not fine", "## Not fine")
    refused = client.post(f"{ROOST}/proposals", json={"title": "x", "policies": broken}, headers=headers)
    assert (refused.status_code, refused.json()["type"].rpartition("#")[2]) == (422, "lint")
    found = refused.json()["findings"]
    assert {"rule", "severity", "file", "line", "message", "fix"} == set(found[0])
    assert any(one["severity"] == "error" and one["file"] == "policy.md" for one in found)
    files = edited("Promotion in other letters.")
    packed = {name: {"base64": base64.b64encode(raw).decode()} for name, raw in files.items()}
    taken = client.post(
        f"{ROOST}/proposals", json={"title": "x", "policies": {"spam": packed}}, headers=headers
    )
    assert (taken.status_code, taken.json()["findings"]) == (201, [])
    refused = client.post(
        f"{ROOST}/proposals",
        json={"title": "x", "policies": {"spam": {"policy.md": {"base64": "not base64!"}}}},
        headers=headers,
    )
    assert refused.json()["detail"].startswith("policies.spam.policy.md:")


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Nothing"},
        {"title": "Two", "admission": "kim", "withdrawal": {"slug": "spam", "version": "1.0.0"}},
        {"title": " ", "withdrawal": {"slug": "spam", "version": "1.0.0"}},
        {"title": "A charter", "charter": "schema = 1\npreset = nothing"},
        {"title": "Long", "reason": "x" * 70_000, "withdrawal": {"slug": "spam", "version": "1.0.0"}},
        {"title": "Same", "policies": {"spam": {}}},
    ],
)
def test_what_is_no_proposal_is_refused(body: Any, client: httpx.Client, secrets: Secrets) -> None:
    """With the place and the remedy, and nothing stands in the log."""
    before = events(client)
    answer = client.post(f"{ROOST}/proposals", json=body, headers=bearer(secrets["cy"][Scope.PROPOSE]))
    assert answer.status_code == 422
    assert answer.json()["remedy"]
    assert events(client) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("proposals", {"title": "x", "policies": {"../x": {}}}),
        ("proposals", {"title": "x", "withdrawal": {"slug": "spam", "version": "1"}}),
        ("proposals/5/reviews", {"verdict": "maybe"}),
        ("proposals/5/ballots", {"choice": "YES"}),
        ("proposals/5/ballots", {"choice": "yes", "actor": "ana"}),
        ("invitations", {"member": "Kim!"}),
        ("affiliations", {"affiliation": "Some Organisation"}),
        ("revocations", {"fingerprint": "x\ny"}),
    ],
)
def test_body_of_another_form_is_refused(
    path: str, body: Any, client: httpx.Client, secrets: Secrets
) -> None:
    """An unknown field, such as another actor, is an error as well."""
    for scope in Scope:
        answer = client.post(f"{ROOST}/{path}", json=body, headers=bearer(secrets["cy"][scope]))
        assert answer.status_code == 400


def test_what_is_not_there_is_a_404(client: httpx.Client, secrets: Secrets) -> None:
    """A proposal, a commons; for every act alike."""
    headers = bearer(secrets["cy"][Scope.REVIEW])
    for act, body in (("reviews", {"verdict": "approve"}), ("holds", {"reason": "x"}), ("calls", None)):
        for number in ("0", "999", "99999999999999999999"):
            answer = client.post(f"{ROOST}/proposals/{number}/{act}", json=body, headers=headers)
            assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (404, "unknown-proposal")
    nowhere = client.post("/api/v1/commons/nowhere/proposals/1/calls", headers=headers)
    assert (nowhere.status_code, nowhere.json()["type"].rpartition("#")[2]) == (404, "unknown-commons")


def test_large_policies_are_taken_from_whoever_is_known(client: httpx.Client, secrets: Secrets) -> None:
    """4 MiB with a token where policies are taken in; to nobody, and elsewhere, no more than ever."""
    large = policies("Promotion of the large kind.")
    body = {"title": "Large", "reason": "r" * 200_000, "policies": large}
    headers = bearer(secrets["bo"][Scope.PROPOSE])
    assert client.post(f"{ROOST}/proposals", json=body).status_code == 413
    too_long = client.post(f"{ROOST}/proposals", json=body, headers=headers)
    assert (too_long.status_code, "200000" in too_long.json()["detail"]) == (422, True)
    comment = {"text": "c" * 200_000}
    assert client.post(f"{ROOST}/proposals/5/comments", json=comment, headers=headers).status_code == 413
    body["reason"] = "r" * 5_000_000
    assert client.post(f"{ROOST}/proposals", json=body, headers=headers).status_code == 413


def test_acts_draw_on_what_an_account_may_write(
    place: Hamlet, secrets: Secrets, run_server: Callable[..., Any]
) -> None:
    """Every answer says what is left; past it the act is refused and not done."""
    private = PrivatePlace(path=place.root / "private.db")
    rates = RateLimits(writing=3)
    with run_server(place.root, accounts=account_settings(private), rates=rates) as server:
        comment = f"{server.base}{ROOST}/proposals/{place.numbers['comment']}/comments"
        headers = bearer(secrets["gu"][Scope.PROPOSE])
        answers = [httpx.post(comment, json={"text": "Hm."}, headers=headers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
        assert '"writing";r=0' in answers[2].headers["ratelimit"]
        assert "retry-after" in answers[3].headers


def test_many_at_once_are_all_in_the_log_once(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """Whatever was answered with a receipt stands there, at that number, and nothing else does."""
    comment = f"{ROOST}/proposals/{place.numbers['comment']}/comments"
    before, receipts, others = events(client), [], []

    def say(who: str) -> None:
        with httpx.Client(base_url=client.base_url, timeout=60) as mine:
            for word in range(6):
                answer = mine.post(
                    comment, json={"text": f"{who} {word}"}, headers=bearer(secrets[who][Scope.PROPOSE])
                )
                (receipts if answer.status_code == 201 else others).append(answer.json())

    threads = [threading.Thread(target=say, args=(who,)) for who in ("ana", "bo", "cy", "di", "ed", "gu")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert others == []
    assert sorted(one["receipt"]["seq"] for one in receipts) == list(range(before + 1, before + 37))
    assert events(client) == before + 36


def test_review_and_revision_at_once_never_cross(client: httpx.Client, secrets: Secrets) -> None:
    """However they meet, no approval counts for a content that its giver did not read."""
    document = opened(client, secrets, "Promotion at first.")
    ask, read = f"{ROOST}/proposals/{document['number']}", f'"{document["content"]}"'
    seen: dict[str, httpx.Response] = {}

    def post(what: str, who: str, scope: Scope, body: Any) -> None:
        headers = {**bearer(secrets[who][scope]), "if-match": read}
        seen[what] = httpx.post(f"{client.base_url}{ask}/{what}", json=body, headers=headers, timeout=60)

    threads = [
        threading.Thread(target=post, args=("reviews", "cy", Scope.REVIEW, {"verdict": "approve"})),
        threading.Thread(
            target=post, args=("revisions", "bo", Scope.PROPOSE, {"policies": policies("Promotion at last.")})
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen["revisions"].status_code == 201
    now = seen["revisions"].json()
    if seen["reviews"].status_code == 201:
        assert seen["reviews"].json()["receipt"]["seq"] < now["receipt"]["seq"]
    else:
        assert (seen["reviews"].status_code, seen["reviews"].headers["etag"]) == (412, f'"{now["content"]}"')
    after = client.post(f"{ask}/comments", json={"text": "?"}, headers=bearer(secrets["ed"][Scope.PROPOSE]))
    approvals = [
        one["says"]
        for way in after.json()["ways"]
        if way["to"] == "comment_opened"
        for one in way["guards"]
        if "approval" in one["says"]
    ]
    assert approvals == ["0 of 1 approval by people without a stake in it."]


@pytest.mark.parametrize("stated", [{"choice": "yes", "box": "QUJD"}, {"choice": None}, {"box": None}])
def test_signed_ballot_states_one_thing(
    stated: dict[str, Any], client: httpx.Client, secrets: Secrets, place: Hamlet
) -> None:
    """A choice and a box together, or neither, is refused in words, and nothing is recorded."""
    body = {**stated, "signed": {"fingerprint": "SHA256:abc", "signature": "abc"}}
    before = events(client)
    answer = client.post(
        f"{ROOST}/proposals/{place.numbers['vote']}/ballots",
        json=body,
        headers=bearer(secrets["stan"][Scope.VOTE]),
    )
    assert (answer.status_code, "one of them only" in answer.json()["detail"]) == (422, True), answer.text
    assert events(client) == before
