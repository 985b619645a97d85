"""How a commons decides, on pages and through the API: proposals, members, charter, principles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.services.verify import verify
from tests.support.deciding import DISCUSSED, GIVEN_UP, PEOPLE, RULES, VOTED, VOTING, make_town
from tests.support.vouched import reopened

API = "/api/v1/commons/town"


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory,
    policy_files: Callable[[str], dict[str, bytes]],
    run_server: Callable[..., Any],
) -> Iterator[httpx.Client]:
    root = tmp_path_factory.mktemp("town")
    make_town(root / "town.git", policy_files("spam"))
    with reopened(root / "town.git") as repository:
        assert verify(repository).failure is None
    with run_server(root) as serving, httpx.Client(base_url=serving.base, timeout=60) as client:
        yield client


def _page(town: httpx.Client, address: str) -> str:
    answer = town.get(address)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_open_proposals_come_first(town: httpx.Client) -> None:
    """Each with its stage in words; the states narrow it, and a state that is none is refused."""
    listed = town.get(f"{API}/proposals").json()
    assert [one["number"] for one in listed["items"]] == [RULES, DISCUSSED, VOTING, GIVEN_UP, VOTED]
    assert [one["says"] for one in listed["items"][2:]] == ["being voted on", "given up", "in force"]
    for state, numbers in (("open", [5, 4, 3]), ("over", [2, 1]), ("voting", [3]), ("enacted", [1])):
        found = town.get(f"{API}/proposals", params={"state": state}).json()
        assert [one["number"] for one in found["items"]] == numbers
    assert "Nothing at all" in _page(town, "/town/proposals?state=over")
    assert "Ten days to vote" not in _page(town, "/town/proposals?state=over")
    refused = town.get(f"{API}/proposals", params={"state": "asleep"})
    assert (refused.status_code, "asleep" in refused.json()["detail"]) == (400, True)


def test_a_list_has_pages(town: httpx.Client) -> None:
    """A cursor goes on where the page before ended, and is of this list only."""
    first = town.get(f"{API}/proposals", params={"limit": 2}).json()
    second = town.get(f"{API}/proposals", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["number"] for one in second["items"]] == [VOTING, GIVEN_UP]
    other = town.get(f"{API}/proposals", params={"state": "open", "cursor": first["next"]})
    assert other.status_code == 400


def test_a_vote_is_shown_ballot_by_ballot(town: httpx.Client) -> None:
    """The numbers, the arithmetic with the charter's keys, everybody's ballot, and how it ended."""
    shown = town.get(f"{API}/proposals/{VOTED}").json()
    vote = shown["vote"]
    assert (vote["yes"], vote["no"], vote["abstain"], vote["voters"]) == (9, 3, 0, 20)
    assert {one["member"]: one["choice"] for one in vote["ballots"]} == {
        handle: "yes" if place < 9 else "no" for place, handle in enumerate(PEOPLE[:12])
    }
    assert [guard["key"] for guard in vote["arithmetic"]] == ["class.policy.quorum", "class.policy.threshold"]
    page = _page(town, f"/town/proposals/{VOTED}")
    assert "9 yes, 3 no, 0 abstained , of 20 voters." in page
    assert "accepted by a vote" in page
    assert "12 ballots, one by one" in page


def test_what_was_said_is_shown_and_escaped(town: httpx.Client) -> None:
    """Reasons, remedies, comments and answers in their order; markup of a stranger is text."""
    page = town.get(f"/town/proposals/{VOTED}").text
    assert "Does &lt;b&gt;this&lt;/b&gt; cover our choir" in page
    assert "<b>this</b>" not in page
    plain = _page(town, f"/town/proposals/{VOTED}")
    assert plain.index("They ask.") < plain.index("It does.") < plain.index("Remedy: Leave events out.")
    happened = town.get(f"{API}/proposals/{VOTED}").json()["happened"]
    assert "ballot_cast" not in {one["type"] for one in happened}
    assert happened[0]["words"][1] == {"name": "reason", "words": "They ask."}


def test_what_it_waits_for_stands_with_the_charters_lines(town: httpx.Client) -> None:
    """Every condition of every step, the very ones that the fold obeys."""
    page = _page(town, f"/town/proposals/{DISCUSSED}")
    assert "no 0 of 2 approvals by people without a stake in it. class.policy.reviews, commons@1" in page
    assert "person-12 asks for time" in page
    ways = town.get(f"{API}/proposals/{DISCUSSED}").json()["ways"]
    assert [way["to"] for way in ways] == ["comment_opened", "voting_opened", "lapsed"]
    assert not all(guard["holds"] for guard in ways[0]["guards"])


def test_what_time_alone_brings_does_not_hold_before(town: httpx.Client) -> None:
    """Until the second that it names it is neither met nor refused, on the page and for programs."""
    ways = town.get(f"{API}/proposals/{DISCUSSED}").json()["ways"]
    guards = {guard["guard"]: guard for guard in ways[0]["guards"]}
    timed = {name for name, guard in guards.items() if guard["from_at"]}
    assert timed == {"discussion", "edit_freeze", "holds"}
    assert not any(guards[name]["holds"] for name in timed)
    assert guards["base"]["holds"]
    page = _page(town, f"/town/proposals/{DISCUSSED}")
    assert "time It is open for discussion for at least three days" in page
    assert "yes It is open for discussion" not in page
    over = town.get(f"{API}/proposals/{VOTED}").json()["vote"]["arithmetic"]
    assert all(guard["holds"] and guard["from_at"] is None for guard in over)


def test_the_change_is_shown_beside_what_runs_show(town: httpx.Client) -> None:
    """Text, labels and cases as a difference; evidence with what it is of; sensitive content folded."""
    page = _page(town, f"/town/proposals/{DISCUSSED}")
    assert "Label SP4 (Hidden advert) is new; it means violating." in page
    assert "spam, by lexical" in page
    assert "on an earlier revision" in page
    assert "It informs, and decides nothing" in page
    assert "Sensitive text hidden. Show it" in page
    answer = town.get(f"/town/proposals/{DISCUSSED}")
    assert answer.headers["x-robots-tag"] == "noindex"
    rules = _page(town, f"/town/proposals/{RULES}")
    assert "class.policy.voting" in rules


def test_an_open_vote_says_how_many_voted(town: httpx.Client) -> None:
    """Of how many, until when, while it goes on."""
    assert "5 of 20, 5 yes, until" in _page(town, f"/town/proposals/{VOTING}")
    assert town.get(f"{API}/proposals/{VOTING}").json()["ballots_cast"] == 5


def test_a_policy_leads_to_what_is_proposed(town: httpx.Client) -> None:
    """The open proposals that change it, and no others."""
    page = _page(town, "/town/spam")
    assert "Proposed: A label for hidden adverts in review ; The text being voted on" in page
    assert "Nothing at all" not in page


def test_members_and_charter_are_there_to_read(town: httpx.Client) -> None:
    """Who can vote; the rules in words with where each stands, and the file."""
    people = town.get(f"{API}/members").json()
    assert (len(people["members"]), people["voters"]) == (20, 20)
    assert "20 can vote" in _page(town, "/town/members")
    charter = town.get(f"{API}/charter").json()
    assert charter["preset"] == "commons@1"
    assert charter["file"].startswith("# The rules of this commons")
    page = _page(town, "/town/charter")
    assert "A vote is open for one week; it ends sooner only when everyone has approved." in page
    assert "class.policy.voting commons@1" in page


def test_the_principles_are_counted(town: httpx.Client) -> None:
    """How often each was used, and that one never was, or is not there."""
    page = _page(town, "/town/ostrom")
    assert "3 acceptances challenged 1 panel drawn by lot 3 rulings" in page
    assert "Never exercised." in page
    assert "nothing enforces it yet" in page
    assert "policies are decided when nobody objects, and otherwise by vote" in page


def test_the_commons_page_says_how_it_decides(town: httpx.Client) -> None:
    """Not that its founder decides, since nobody does alone; and it leads on."""
    page = _page(town, "/town")
    assert "decided when nobody objects, and otherwise by vote" in page
    assert "is in force at once" not in page
    assert "3 open" in page
    shown = town.get("/api/v1/commons/town").json()
    assert (shown["members"], shown["open_proposals"]) == (20, 3)
    log = town.get(f"{API}/log", params={"limit": 1}).json()["items"][0]
    assert log["page"] == f"/town/proposals/{RULES}"


def test_the_pages_of_a_commons_lead_to_each_other(town: httpx.Client) -> None:
    """Each names all of them, and itself as the one at hand."""
    paths = ["/town", *(f"/town/{one}" for one in ("proposals", "members", "charter", "ostrom", "log"))]
    for path in paths:
        (nav,) = re.findall(r'<nav class="sections".*?</nav>', town.get(path).text, re.DOTALL)
        assert re.findall(r'href="([^"]*)"', nav) == paths
        assert re.findall(r'href="([^"]*)" aria-current="page"', nav) == [path]


def test_what_is_being_decided_and_what_came_into_force_is_told_first(town: httpx.Client) -> None:
    """A commons' page has its open proposals, the start page what a vote brought into force."""
    page = _page(town, "/town")
    assert page.index("Being decided") < page.index("Ten days to vote") < page.index("What happened last")
    assert "Nothing at all" not in page
    assert "proposal 1 came into force: spam 1.0.1" in _page(town, "/")


def test_a_policy_says_how_it_is_decided(town: httpx.Client, client: httpx.Client) -> None:
    """By all of them together it is nobody's alone; where one person owns it, it says who."""
    assert "What it says is decided when nobody objects, and otherwise by vote" in _page(town, "/town/spam")
    assert "its owner" not in _page(town, "/town/spam")
    assert "What it says is decided by its owner, ana" in _page(client, "/starter/scams")


@pytest.mark.parametrize("number", ["99", "0", "-1", "1000000000", "one"])
def test_a_proposal_that_is_none(town: httpx.Client, number: str) -> None:
    """It is not found, or no number; never an error of ours."""
    assert town.get(f"/town/proposals/{number}").status_code in (400, 404)
    answer = town.get(f"{API}/proposals/{number}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_answer_is_kept_until_something_happens(town: httpx.Client) -> None:
    """The same tag is answered with 304."""
    answer = town.get(f"{API}/proposals/{VOTED}")
    again = town.get(f"{API}/proposals/{VOTED}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
