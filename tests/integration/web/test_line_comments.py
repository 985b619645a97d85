"""Comments on lines over the API and on the page of a proposal, and taking the edits that they suggest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from tests.integration.web.conftest import Serving
from tests.support.hamlet import Hamlet, hamlet, invited, tokens
from tests.support.people import Person, account_settings
from tests.support.viewers import bearer

TEXT, CASES = "policies/spam/policy.md", "policies/spam/cases.jsonl"
LINE = 22
"""Where what bo's proposals change stands in the file."""
Secrets = dict[str, dict[Scope, str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def secrets(place: Hamlet) -> Secrets:
    return tokens(PrivatePlace(path=place.root / "private.db"), ("stan", "ed"))


@pytest.fixture(scope="module")
def serving(place: Hamlet, secrets: Secrets, run_server: Callable[..., Any]) -> Iterator[Serving]:
    assert secrets
    private = PrivatePlace(path=place.root / "private.db")
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


@pytest.fixture(scope="module")
def people(serving: Serving, place: Hamlet) -> Iterator[dict[str, Person]]:
    codes = invited(PrivatePlace(path=place.root / "private.db"), ("bo", "cy"))
    made = {handle: Person(serving.base, handle) for handle in codes}
    for handle, person in made.items():
        assert person.sign_up(f"?code={codes[handle]}").status_code == 303
    yield made
    for person in made.values():
        person.client.close()


def api(number: int) -> str:
    return f"/api/v1/commons/roost/proposals/{number}"


def told(client: httpx.Client, number: int, seq: int) -> dict[str, Any]:
    shown: dict[str, Any] = client.get(api(number)).json()
    (found,) = [one for one in shown["happened"] if one["seq"] == seq]
    return dict(found)


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"].rpartition("#")[2])


def test_comment_on_a_line_over_the_api(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """With its place and edit: where it stands now, what stood there, and its words."""
    number = place.numbers["comment"]
    body = {"text": "Shorter.", "place": {"file": TEXT, "first": LINE}, "suggestion": "Promotion."}
    answer = client.post(f"{api(number)}/comments", json=body, headers=bearer(secrets["stan"][Scope.PROPOSE]))
    assert answer.status_code == 201, answer.text
    shown = told(client, number, answer.json()["receipt"]["seq"])
    assert shown["sentence"] == f"stan suggested an edit of line {LINE} of {TEXT} in proposal {number}"
    assert {one["name"]: one["words"] for one in shown["words"]} == {
        "text": "Shorter.",
        "suggestion": "Promotion.",
    }
    assert shown["place"] == {
        "file": TEXT,
        "case": None,
        "content": answer.json()["content"],
        "first": LINE,
        "last": LINE,
        "quoted": ["Promotion of comment kind."],
        "outdated": False,
        "taken": None,
    }


@pytest.mark.parametrize(
    ("said", "status", "named"),
    [
        ({"file": TEXT}, 422, "input-refused"),
        ({"file": TEXT, "first": 1, "case": "1"}, 422, "input-refused"),
        ({"file": CASES, "first": 1}, 422, "input-refused"),
        ({"file": CASES, "case": "none"}, 422, "input-refused"),
        ({"file": TEXT, "first": 400}, 422, "input-refused"),
        ({"file": TEXT, "first": 1, "content": "0" * 64}, 412, "stale"),
        ({"file": "policies/raffles/policy.md", "first": 1}, 403, "against-the-rules"),
        ({"file": "/etc/passwd", "first": 1}, 400, "bad-request"),
        ({"file": TEXT, "first": 0}, 400, "bad-request"),
    ],
)
def test_place_that_is_none(
    client: httpx.Client, secrets: Secrets, place: Hamlet, said: dict[str, Any], status: int, named: str
) -> None:
    """Refused with the kind of what is wrong, and nothing is recorded."""
    before = client.get("/api/v1/commons/roost").json()["events"]
    address = f"{api(place.numbers['comment'])}/comments"
    headers = bearer(secrets["ed"][Scope.PROPOSE])
    answer = client.post(address, json={"text": "Hm.", "place": said}, headers=headers)
    assert (answer.status_code, kind(answer)) == (status, named), answer.text
    assert client.get("/api/v1/commons/roost").json()["events"] == before


def test_line_leads_to_the_form(people: dict[str, Person], place: Hamlet, client: httpx.Client) -> None:
    """Each line of the difference, for whoever is signed in: the form names it and has its words to edit."""
    page = f"/roost/proposals/{place.numbers['hold']}"
    shown = people["cy"].get(page).text
    links = re.findall(r'<a class="at" href="([^"]+)" aria-label="Comment on line (\d+)"', shown)
    assert (str(LINE)) in {number for _, number in links}
    address = next(link for link, number in links if number == str(LINE))
    assert address == f"{page}?at=policies%2Fspam%2Fpolicy.md%3A{LINE}#say"
    form = people["cy"].get(address).text
    assert f'name="at" type="text" value="{TEXT}:{LINE}"' in form
    assert ">\nPromotion of hold kind.</textarea>" in form
    # Whoever is not signed in is led there by signing in, and crawlers find no hundred addresses.
    assert 'class="at" href' not in client.get(page).text
    assert f"/sign-in?next={page}?at=policies/spam/policy.md%3A{LINE}" in client.get(address).text


def test_comment_stands_at_its_line(people: dict[str, Person], place: Hamlet, client: httpx.Client) -> None:
    """The browser is led back to it; markup is text; the same lines as they were are no edit."""
    number = place.numbers["object"]
    page = f"/roost/proposals/{number}"
    sent = people["cy"].send(
        f"{page}/act",
        page=f"{page}?at={TEXT}:{LINE}",
        act="comment",
        text="Is <b>that</b> so?",
        at=f"{TEXT}:{LINE}",
        suggestion="Promotion of object kind.\r\n",
    )
    assert sent.status_code == 303, sent.text
    seq = int(sent.headers["location"].removeprefix(f"{page}#said-"))
    shown = client.get(page).text
    lines = shown[shown.index('<ol class="lines">') :]
    at = lines.index("Promotion of")
    said = lines.index(f'id="said-{seq}"')
    assert at < said < lines.index("An offer")
    assert "Is &lt;b&gt;that&lt;/b&gt; so?" in lines
    assert "Instead:" not in lines
    assert f'<a href="#said-{seq}">At its lines</a>' in shown


def test_refused_comment_keeps_what_was_typed(people: dict[str, Person], place: Hamlet) -> None:
    """What is wrong with the place is said at its field."""
    page = f"/roost/proposals/{place.numbers['object']}/act"
    refused = people["cy"].send(page, act="comment", text="Hm.", at=f"{TEXT}:999", suggestion="x")
    assert refused.status_code == 422
    assert f"There are no lines 999 to 999 in {TEXT}. It has lines 1 to 23." in refused.text
    assert f'value="{TEXT}:999"' in refused.text


def test_taken_by_a_button(people: dict[str, Person], place: Hamlet, client: httpx.Client) -> None:
    """The proposer has it, and nobody else; one click makes the revision, two make no second one."""
    number = place.numbers["revise"]
    page = f"/roost/proposals/{number}"
    sent = people["cy"].send(
        f"{page}/act", act="comment", text="Shorter.", at=f"{TEXT}:{LINE}", suggestion="Promotion."
    )
    seq = sent.headers["location"].rpartition("-")[2]
    button = "Take this edit"
    assert button not in people["cy"].get(page).text
    assert button not in client.get(page).text
    shown = people["bo"].get(page).text
    assert button in shown
    form = shown[shown.index(f'action="{page}/take#said-{seq}"') :]
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert values["comment"] == seq
    assert "csrf" in values
    answers = [people["bo"].client.post(f"{page}/take", data=values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    after = people["bo"].get(page).text
    assert "taken in <a href" in after
    assert button not in after
    assert "1 comment on what stood there before" in after
    assert told(client, number, int(seq))["place"]["outdated"] is True
    assert people["cy"].client.post(f"{page}/take", data=values).status_code in (401, 403)


def test_refused_edit_is_said_beside_it(people: dict[str, Person], place: Hamlet, secrets: Secrets) -> None:
    """Where lint is against it, the page says so at the comment, and the proposal stays as it was."""
    number = place.numbers["give up"]
    page = f"/roost/proposals/{number}"
    sent = people["cy"].send(
        f"{page}/act", act="comment", text="No.", at=f"{TEXT}:21", suggestion="## AA9 Not fine"
    )
    seq = sent.headers["location"].rpartition("-")[2]
    refused = people["bo"].send(f"{page}/take", page=page, comment=seq)
    assert refused.status_code == 422
    remark = refused.text[refused.text.index(f'id="said-{seq}"') :]
    assert 'role="alert">' in remark[: remark.index("</article>")]
    assert people["bo"].send(f"{page}/take", page=page, comment="x").status_code == 400


def test_taken_over_the_api(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """A revision that names the comment; with something else beside it, it is refused."""
    number = place.numbers["adopt"]
    mine = bearer(secrets["stan"][Scope.PROPOSE])
    body = {"text": "Or so?", "place": {"file": CASES, "case": "2"}, "suggestion": "Buy rings"}
    said = client.post(f"{api(number)}/comments", json=body, headers=mine)
    seq, content = said.json()["receipt"]["seq"], said.json()["content"]
    both = client.post(f"{api(number)}/revisions", json={"take": seq, "change": "major"}, headers=mine)
    assert (both.status_code, kind(both)) == (422, "input-refused")
    stale = client.post(
        f"{api(number)}/revisions", json={"take": seq}, headers={**mine, "if-match": f'"{"0" * 64}"'}
    )
    assert stale.status_code == 412
    headers = {**mine, "if-match": f'"{content}"', "idempotency-key": "take-it"}
    answers = [client.post(f"{api(number)}/revisions", json={"take": seq}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    shown = told(client, number, seq)["place"]
    assert (shown["taken"], shown["outdated"]) == (answers[0].json()["receipt"]["seq"], True)
    assert shown["quoted"] == ["Buy my course now at shop.example"]


def test_much_that_was_said_comes_in_parts(client: httpx.Client, secrets: Secrets, place: Hamlet) -> None:
    """However much one person says, no page is large; going back shows each of it once, and all of it."""
    number = place.numbers["hold"]
    body = {"place": {"file": TEXT, "first": LINE}, "suggestion": "Words. " * 4_000}
    headers = bearer(secrets["ed"][Scope.PROPOSE])
    said = set()
    for turn in range(25):
        answer = client.post(
            f"{api(number)}/comments", json={**body, "text": f"Turn {turn}."}, headers=headers
        )
        assert answer.status_code == 201, answer.text
        said.add(answer.json()["receipt"]["seq"])
    address: str | None = f"/roost/proposals/{number}"
    shown: list[int] = []
    pages = 0
    while address is not None:
        page = client.get(address)
        assert (page.status_code, len(page.content) < 1_500_000) == (200, True)
        assert "on lines stand here only" in page.text
        shown += [int(seq) for seq in re.findall(r'<li id="event-(\d+)">', page.text)]
        earlier = re.search(r'<a href="([^"]+\?upto=\d+)#said">Earlier ones</a>', page.text)
        address = earlier[1] if earlier else None
        pages += 1
    assert pages > 1
    assert len(shown) == len(set(shown))
    assert said < set(shown)
