"""The inbox: what waits for somebody in all commons, news, privacy; and what a person did in public."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from governance.charter.amendment import amend
from registry.accounts.place import PrivatePlace
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.commenting import comment
from registry.services.deliberation import object_to, review
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.opening import open_commons
from registry.services.propose import propose, revise
from registry.services.revisions import Draft
from registry.services.waiting import waiting_for
from tests.integration.web.conftest import Serving
from tests.support.hamlet import PEOPLE, Hamlet, edited, hamlet, invited
from tests.support.people import Person, account_settings
from tests.support.viewers import bearer

INBOX = "/api/v1/viewer/inbox"


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture
def serving(place: Hamlet, run_server: Callable[..., Any]) -> Iterator[Serving]:
    private = PrivatePlace(path=place.root / "private.db")
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


@pytest.fixture
def person(serving: Serving, place: Hamlet) -> Iterator[Callable[[str], Person]]:
    codes = invited(PrivatePlace(path=place.root / "private.db"), PEOPLE)
    made: list[Person] = []

    def sign_up(handle: str) -> Person:
        person = Person(serving.base, handle)
        made.append(person)
        code = f"?code={codes[handle]}" if handle in codes else ""
        assert person.sign_up(code).status_code == 303
        return person

    yield sign_up
    for one in made:
        one.client.close()


def _words(page: httpx.Response) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.text).split()))


def _inbox(person: Person) -> dict[str, Any]:
    answer = person.client.get(INBOX, headers=bearer(person.make_token("read")))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    document: dict[str, Any] = answer.json()
    return document


def _waits(person: Person) -> set[tuple[str, str, int | None]]:
    return {(one["wait"], one["commons"], one["proposal"]) for one in _inbox(person)["waiting"]}


def test_member_sees_everything_that_waits_for_them(place: Hamlet, person: Callable[[str], Person]) -> None:
    """Votes and rulings with their end first, then reviews, answers, adoptions and applications."""
    cy, number = person("cy"), place.numbers
    waits = _waits(cy)
    assert ("vote", "roost", number["vote"]) in waits
    assert ("answer", "roost", number["answer"]) in waits
    assert ("adopt", "roost", number["adopt"]) in waits
    assert ("vouch", "nest", None) in waits
    reviews = {"review", "comment", "hold", "object", "resolve", "call", "give up", "revise", "answer"}
    assert {one for wait, _, one in waits if wait == "review"} == {number[name] for name in reviews}
    document = _inbox(cy)
    ends = [one["until"] for one in document["waiting"]]
    assert ends == sorted(ends, key=lambda until: until or "9999")
    assert not document["more"]
    page = cy.get("/inbox")
    assert page.headers["cache-control"] == "private, no-store"
    assert "Vote on “ To any ” until" in _words(page).replace("“To any”", "“ To any ”")
    for one in document["waiting"]:
        assert f'href="{one["page"]}"' in page.text
        act = cy.get(one["page"].partition("#")[0])
        assert f'id="{one["page"].partition("#")[2]}"' in act.text, one


def test_what_was_done_waits_no_longer(place: Hamlet, person: Callable[[str], Person]) -> None:
    """After the vote, the review, the voucher: exactly these are gone, for exactly who did them."""
    cy, number = person("cy"), place.numbers
    before = _waits(cy)
    voted, reviewed = f"/roost/proposals/{number['vote']}/act", f"/roost/proposals/{number['call']}/act"
    assert cy.send(voted, act="vote", choice="yes").status_code == 303
    assert cy.send(reviewed, act="review", verdict="approve").status_code == 303
    assert cy.send("/nest/members/act", act="vouch", member="kim").status_code == 303
    gone = {("vote", "roost", number["vote"]), ("review", "roost", number["call"]), ("vouch", "nest", None)}
    assert before - _waits(cy) == gone
    assert ("vote", "roost", number["vote"]) in _waits(person("gu"))


def test_author_is_asked_to_revise_and_an_objector_to_look_again(
    place: Hamlet, person: Callable[[str], Person]
) -> None:
    """Changes that were asked for, objections that stand; once revised, whoever objected is asked."""
    bo, cy, number = person("bo"), person("cy"), place.numbers
    with open_commons(place.root / "roost.git") as roost:
        review(roost, number["hold"], "request_changes", reason="Shorter.", actor="di")
    asked = {one["proposal"]: one["why"] for one in _inbox(bo)["waiting"] if one["wait"] == "revise"}
    assert asked[number["hold"]] == "di asked for changes"
    assert asked[number["resolve"]] == "an objection by cy stands"
    assert not any(wait == "resolve" for wait, *_ in _waits(cy))
    with open_commons(place.root / "roost.git") as roost:
        revise(roost, number["resolve"], Draft(folders={"spam": edited("Promotion, named.")}), actor="bo")
    assert ("resolve", "roost", number["resolve"]) in _waits(cy)


def test_whoever_was_invited_is_told(place: Hamlet, person: Callable[[str], Person]) -> None:
    """In a commons in which they never did anything, until they have joined."""
    kim = person("kim")
    invitation = next(one for one in _inbox(kim)["waiting"] if one["wait"] == "join")
    assert (invitation["commons"], invitation["whom"]) == ("roost", "ana")
    assert kim.send("/roost/members/act", act="join", affiliation="independent").status_code == 303
    assert not any(wait == "join" for wait, *_ in _waits(kim))


def test_applicant_who_is_voted_on_waits_for_a_proposal(
    place: Hamlet, serving: Serving, person: Callable[[str], Person]
) -> None:
    """Where people are let in by vote, members are told that somebody asked, until it is proposed."""
    with found(place.root / "hill.git", founder="ana") as hill:
        invite(hill, "cy", actor="ana")
        join(hill, actor="cy")
        rules = {"membership.join": "by_vote", "preset": "circle@1"}
        amend_charter(hill, amend(charter_file(hill), rules).text.encode(), actor="ana")
        join(hill, actor="stan")
    serving.library.catalogue.rescan()
    cy = person("cy")
    asked = next(one for one in _inbox(cy)["waiting"] if one["commons"] == "hill")
    assert (asked["wait"], asked["whom"]) == ("admit", "stan")
    assert "commons propose --admit stan" in cy.get("/inbox").text


def test_who_owes_nothing_sees_so(person: Callable[[str], Person]) -> None:
    """A stranger with no part in anything, on a page that says it in words; nobody is shown another's."""
    nora = person("nora")
    document = _inbox(nora)
    assert (document["waiting"], document["news"], document["more"]) == ([], [], False)
    assert "Nothing waits for you." in _words(nora.get("/inbox"))
    assert '<a href="/inbox">Inbox</a>' in nora.get("/").text


def test_inbox_is_for_whoever_asks_alone(serving: Serving, person: Callable[[str], Person]) -> None:
    """Not without signing in, not with another scope, and never out of a cache, also not as a 304."""
    ana, nora = person("ana"), person("nora")
    with httpx.Client(base_url=serving.base) as client:
        assert client.get("/inbox").headers["location"] == "/sign-in?next=/inbox"
        assert client.get(INBOX).status_code == 401
        assert client.get(INBOX, headers=bearer(nora.make_token("vote"))).status_code == 403
        assert '<a href="/inbox">' not in client.get("/").text
    first = ana.get("/inbox")
    again = ana.client.get("/inbox", headers={"if-none-match": first.headers.get("etag", '"x"')})
    assert again.status_code == 200
    assert "Review" in _words(first)
    assert "Review" not in _words(nora.get("/inbox"))


def test_token_that_ends_soon_is_told(person: Callable[[str], Person]) -> None:
    """Within two weeks, with its name; one of a year is not."""
    nora = person("nora")
    nora.make_token("read", name="nightly", days="7")
    nora.make_token("read", name="yearly", days="365")
    assert [one["name"] for one in _inbox(nora)["tokens"]] == ["nightly"]
    assert "nightly" in _words(nora.get("/inbox"))


def test_news_are_of_what_one_takes_part_in(place: Hamlet, person: Callable[[str], Person]) -> None:
    """What others did on one's proposals and those one spoke on, newest first; not ballots, not one's own."""
    stan, number = person("stan"), place.numbers
    with open_commons(place.root / "roost.git") as roost:
        comment(roost, number["answer"], "Go on.", actor="ed")
        comment(roost, number["hold"], "Elsewhere.", actor="ed")
        comment(roost, number["answer"], "And mine?", actor="stan")
        object_to(roost, number["adopt"], "Too wide.", "Name it.", actor="ed")
    news = [one["sentence"] for one in _inbox(stan)["news"]]
    assert news[:2] == [
        f"ed objected to proposal {number['adopt']}",
        f"ed commented on proposal {number['answer']}",
    ]
    assert not any(said.startswith("stan ") or f"proposal {number['hold']}" in said for said in news)


def test_looking_is_bounded_and_says_so(place: Hamlet) -> None:
    """With more open than is tried at once, what ends first is there, and it is said that there is more."""
    with open_commons(place.root / "roost.git") as roost:
        few, all_ = waiting_for(roost, "cy", most=3), waiting_for(roost, "cy", most=100)
        assert (few.tried, few.more) == (3, True)
        assert not all_.more
        assert few.items == all_.items[: len(few.items)]
        assert few.items[0].until is not None
        assert waiting_for(roost, "nora", most=100).items == ()


def test_what_somebody_did_is_a_page_and_feeds(serving: Serving, person: Callable[[str], Person]) -> None:
    """Over all commons, newest first, without their ballots; linked from the members and from the inbox."""
    cy = person("cy")
    with httpx.Client(base_url=serving.base) as client:
        assert '<a href="/members/cy" rel="nofollow">cy</a>' in client.get("/roost/members").text
        words = _words(client.get("/members/cy"))
        assert "cy approved proposal" in words
        assert "nest member roost member" in words
        feed = client.get("/members/cy/feed.json").json()
        assert {item["authors"][0]["name"] for item in feed["items"]} == {"cy"}
        assert {item["url"].split("/")[3] for item in feed["items"]} == {"roost", "nest"}
        dates = [item["date_published"] for item in feed["items"]]
        assert dates == sorted(dates, reverse=True)
        atom = client.get("/members/cy/feed.atom")
        assert atom.headers["content-type"].startswith("application/atom+xml")
        assert "cy approved proposal" in atom.text
        for nobody in ("nobody", "registry-", "CY"):
            assert client.get(f"/members/{nobody}").status_code == 404
            assert client.get(f"/members/{nobody}/feed.atom").status_code == 404
    assert '/members/cy"' in cy.get("/inbox").text
    voted = cy.send("/roost/proposals/4/act", act="vote", choice="yes")
    assert voted.status_code == 303
    assert "ballot" not in cy.get("/members/cy/feed.json").text


def test_proposal_of_somebody_s_own_is_not_theirs_to_review(
    place: Hamlet, person: Callable[[str], Person]
) -> None:
    """Nor whatever else the rules refuse them: it is tried."""
    with open_commons(place.root / "roost.git") as roost:
        opened = propose(roost, Draft(folders={"polls": edited("Other.", "Polls")}), title="Mine", actor="gu")
    gu, di = person("gu"), person("di")
    assert ("review", "roost", opened.number) not in _waits(gu)
    assert ("review", "roost", opened.number) in _waits(di)
