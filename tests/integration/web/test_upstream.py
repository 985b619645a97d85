"""Taking over in the browser what changed where a fork began: conflicts decided, nothing lost, done once."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.services import deliberation, membership
from registry.services.amend import amend_charter
from registry.services.found import found
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.services.verify import verify
from tests.integration.web.conftest import Serving
from tests.support.people import Person, account_settings

PATH = "/~nora/spam/upstream"
GOAL = b"# Goal\n"
OLD = b"Check the labels from the top severity down."
_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
_PLACE = re.compile(
    r'<fieldset class="conflict[^"]*" id="c-(\w+)">\s*<legend dir="auto">(\d+\. [^<]*)</legend>'
)
Edit = tuple[bytes, bytes]


@pytest.fixture
def serving(
    tmp_path: Path, policy_files: Callable[[str], dict[str, bytes]], run_server: Callable[..., Any]
) -> Iterator[Serving]:
    root = tmp_path / "served"
    root.mkdir()
    with found(root / "roost.git", founder="ana") as repository:
        publish(repository, "spam", policy_files("spam"), actor="ana")
    place = PrivatePlace(path=tmp_path / "private.db")
    with run_server(root, accounts=account_settings(place)) as server:
        yield server


@pytest.fixture
def nora(serving: Serving) -> Iterator[Person]:
    """Somebody with a fork of hers."""
    with Person(serving.base, "nora") as person:
        assert person.sign_up().status_code == 303
        assert person.send("/roost/spam/fork", page="/roost/spam").status_code == 303
        yield person


def released(serving: Serving, commons: str, *edits: Edit, cases: bytes = b"") -> str:
    """A new version of spam in a commons, by its owner; gives its number."""
    with open_commons(serving.root / f"{commons}.git") as repository:
        files = dict(read_policy(repository, "spam").folder.files)
        for old, new in edits:
            assert old in files["policy.md"]
            files["policy.md"] = files["policy.md"].replace(old, new, 1)
        files["cases.jsonl"] += cases
        actor = commons.removeprefix("~") if commons.startswith("~") else "ana"
        return publish(repository, "spam", files, actor=actor).release.version


def words(page: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def hidden(page: httpx.Response) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}


def places(page: httpx.Response) -> dict[str, str]:
    """The conflicts of a page by place, with the key of each."""
    return {html.unescape(place): key for key, place in _PLACE.findall(page.text)}


def send(person: Person, do: str, page: httpx.Response, **fields: str) -> httpx.Response:
    return person.client.post(PATH, data={**hidden(page), **fields, "do": do})


def text(serving: Serving, commons: str = "~nora") -> str:
    with open_commons(serving.root / f"{commons}.git") as repository:
        assert verify(repository).failure is None
        return read_policy(repository, "spam").folder.files["policy.md"].decode()


def test_what_fits_comes_over_at_one_click(serving: Serving, nora: Person) -> None:
    """The page of the fork says that it is behind; the next version has both, and says what it has."""
    assert "A fork of roost/spam 1.0.0. It has all of it." in words(nora.get("/~nora/spam"))
    assert "Nothing new" in words(nora.get(PATH))
    released(
        serving, "roost", (OLD, b"Go from the top."), cases=b'{"id":"SP-900","content":"Buy","label":"SP2"}\n'
    )
    released(serving, "~nora", (b"title: Spam", b"title: Our spam"))
    shown = words(nora.get("/~nora/spam"))
    assert "It is 1 release behind: what changed there since . Take it over ." in shown
    page = nora.get(PATH)
    assert "2 changes of theirs fit with yours" in words(page)
    assert "Release it as your next version" in words(page)
    assert "1 case was added." in words(page)
    done = send(nora, "send", page)
    assert done.status_code == 303, done.text
    after = words(nora.get(done.headers["location"]))
    assert "It is released as the next version of yours. Receipt: event 4," in after
    assert "Nothing new: it has all of roost/spam 1.1.0" in after
    written = text(serving)
    assert "title: Our spam" in written
    assert "Go from the top." in written
    assert "upstream: {policy: roost/spam, version: 1.1.0, commit: " in written
    assert "A fork of roost/spam 1.1.0. It has all of it." in words(nora.get("/~nora/spam"))


@pytest.mark.parametrize(
    ("chosen", "stands"),
    [
        ("ours", r"Look at all labels\.[^\n]*\n(?!.*Go from the top)"),
        ("theirs", r"Go from the top\.[^\n]*\n(?!.*Look at all)"),
        ("both", r"Look at all labels\.[^\n]*\n- Go from the top\."),
        ("words", r"\nBegin at the top & look at each\.\n"),
    ],
)
def test_a_conflict_is_decided_by_whoever_owns_the_fork(
    serving: Serving, nora: Person, chosen: str, stands: str
) -> None:
    """Mine, theirs, both, or other words; while it is open nothing is released, and it is said where."""
    released(serving, "roost", (OLD, b"Go from the top."))
    released(serving, "~nora", (OLD, b"Look at all labels."))
    page = nora.get(PATH)
    (key,) = places(page).values()
    assert "Release it" not in words(page)
    for do in ("look", "send"):
        open_ = send(nora, do, page)
        assert (open_.status_code, "Choose one." in words(open_)) == (422, True)
    fields = {f"take-{key}": chosen, f"words-{key}": "Begin at the top & look at each."}
    looked = send(nora, "look", page, **fields)
    assert looked.status_code == 200
    assert "What comes of it" in words(looked)
    assert re.search(rf'value="{chosen}" checked', looked.text)
    assert nora.get("/api/v1/commons/~nora").json()["events"] == 3
    assert send(nora, "send", looked, **fields).status_code == 303
    assert re.search(stands, text(serving), re.DOTALL)


def test_all_mine_says_that_it_was_looked_at(serving: Serving, nora: Person) -> None:
    """Nothing of the text changes, and yet the fork is not behind any more."""
    released(serving, "roost", (OLD, b"Go from the top."))
    released(serving, "~nora", (OLD, b"Look at all labels."))
    page = nora.get(PATH)
    (key,) = places(page).values()
    looked = send(nora, "look", page, **{f"take-{key}": "ours"})
    assert "Yours stays as it is" in words(looked)
    assert send(nora, "send", looked, **{f"take-{key}": "ours"}).status_code == 303
    assert "version: 1.0.1" in text(serving)
    assert "Nothing new" in words(nora.get(PATH))


def test_upstream_that_moved_is_said_and_choices_stay(serving: Serving, nora: Person) -> None:
    """Released there meanwhile: refused, shown anew, and what was chosen stays where it still fits."""
    released(serving, "roost", (OLD, b"Go from the top."), (b"title: Spam", b"title: Unwanted"))
    released(serving, "~nora", (OLD, b"Look at all labels."), (b"title: Spam", b"title: Mine"))
    page = nora.get(PATH)
    keys = list(places(page).values())
    assert len(keys) == 2
    fields = {f"take-{key}": "theirs" for key in keys}
    released(serving, "roost", (b"title: Unwanted", b"title: Rubbish"))
    for do in ("look", "send"):
        moved = send(nora, do, page, **fields)
        assert moved.status_code == 409
        assert "Something was released meanwhile" in words(moved)
        assert moved.text.count(" checked") == 1
        assert "Choose one." in words(moved)
    now = list(places(moved).values())
    assert set(keys) & set(now) == {
        key for key in now if f'name="take-{key}" value="theirs" checked' in moved.text
    }
    done = send(nora, "send", moved, **{f"take-{key}": "theirs" for key in now})
    assert done.status_code == 303
    assert "title: Rubbish" in text(serving)


def test_own_version_that_moved_is_said(serving: Serving, nora: Person) -> None:
    """Somebody released in another tab: nothing of theirs is written over."""
    released(serving, "roost", (OLD, b"Go from the top."))
    page = nora.get(PATH)
    released(serving, "~nora", (b"title: Spam", b"title: Mine"))
    moved = send(nora, "send", page)
    assert (moved.status_code, "meanwhile" in words(moved)) == (409, True)
    assert "Go from the top." not in text(serving)
    assert send(nora, "send", moved).status_code == 303
    assert "title: Mine" in text(serving)


def test_sent_twice_it_is_released_once(serving: Serving, nora: Person) -> None:
    """Two clicks lead to the same place."""
    released(serving, "roost", (OLD, b"Go from the top."))
    data = {**hidden(nora.get(PATH)), "do": "send"}
    answers: list[tuple[int, str]] = []

    def click() -> None:
        headers, cookies = nora.client.headers, nora.client.cookies
        with httpx.Client(base_url=serving.base, cookies=cookies, headers=headers, timeout=30) as client:
            answer = client.post(PATH, data=data)
            answers.append((answer.status_code, answer.headers.get("location", "")))

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {(303, f"{PATH}?done=take&event=3#done")}
    assert nora.get("/api/v1/commons/~nora").json()["events"] == 3


def test_what_lint_finds_stands_in_the_way(serving: Serving, nora: Person) -> None:
    """Other words that leak a case are shown as they would be anywhere, and kept to be mended."""
    released(serving, "roost", (OLD, b"Go from the top."))
    released(serving, "~nora", (OLD, b"Look at all labels."))
    with open_commons(serving.root / "~nora.git") as repository:
        case = max(read_policy(repository, "spam").folder.cases, key=lambda one: len(one.content))
    page = nora.get(PATH)
    (key,) = places(page).values()
    fields = {f"take-{key}": "words", f"words-{key}": f"Such as: {case.content}"}
    for do in ("look", "send"):
        refused = send(nora, do, page, **fields)
        assert refused.status_code == 422
        assert "This stands in the way" in words(refused)
        assert case.content[:30] in html.unescape(refused.text)
    assert nora.get("/api/v1/commons/~nora").json()["events"] == 3


def test_sensitive_cases_stay_hidden_until_asked_for(serving: Serving, nora: Person) -> None:
    """As on every page; and the page is for nobody's cache and no search engine."""
    case = b'{"id":"SP-900","content":"%s","label":"SP2","sensitive":true}\n'
    released(serving, "roost", cases=case % b"Something dire")
    released(serving, "~nora", cases=case % b"Something worse")
    page = nora.get(PATH)
    assert list(places(page)) == ["1. case SP-900"]
    for shown in re.finditer(r"(dire|worse)", page.text):
        before = page.text[: shown.start()]
        assert before.rfind('<details class="hidden-text">') > before.rfind("</details>")
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["x-robots-tag"] == "noindex"


def test_where_others_decide_it_becomes_a_proposal(serving: Serving, nora: Person) -> None:
    """In a commons that decides together; what is enacted is still a fork of the same, with all of it."""
    with open_commons(serving.root / "~nora.git") as own:
        for handle in ("bo", "cleo"):
            membership.invite(own, handle, actor="nora")
            membership.join(own, actor=handle)
        amend_charter(own, b'schema = 1\npreset = "circle@1"\n', actor="nora")
    released(serving, "roost", (OLD, b"Go from the top."))
    page = nora.get(PATH)
    assert "it becomes a proposal" in words(page)
    done = send(nora, "send", page, why="They word it better.")
    assert done.status_code == 303, words(done)
    assert done.headers["location"].startswith("/~nora/proposals/1/act?done=propose&event=")
    shown = nora.get("/api/v1/commons/~nora/proposals/1").json()
    assert shown["title"] == "Take over roost/spam@1.0.1"
    with open_commons(serving.root / "~nora.git") as own:
        for handle in ("bo", "cleo"):
            deliberation.review(own, 1, "approve", actor=handle)
    written = text(serving)
    assert "Go from the top." in written
    assert "upstream: {policy: roost/spam, version: 1.0.1, commit: " in written
    assert "It has all of it." in words(nora.get("/~nora/spam"))


def test_others_may_look_and_not_release(serving: Serving, nora: Person) -> None:
    """Whoever is not signed in is asked to; somebody else can only propose."""
    released(serving, "roost", (OLD, b"Go from the top."))
    with Person(serving.base, "olga") as olga:
        assert olga.get(PATH).headers["location"] == "/sign-in?next=/~nora/spam/upstream"
        assert olga.client.post(PATH).status_code == 401
        olga.sign_up()
        assert "Take it over" not in words(olga.get("/~nora/spam"))
        page = olga.get(PATH)
        assert "Release it" not in words(page)
        assert "Propose it" in words(page)
        assert olga.get("/roost/spam/upstream").status_code == 422
        assert olga.get("/~nora/scam/upstream").status_code == 404


def test_what_began_elsewhere_is_taken_over_elsewhere(
    serving: Serving, nora: Person, policy_files: Callable[[str], dict[str, bytes]]
) -> None:
    """Upstream of another site is not fetched from here: the page says the commands."""
    files = policy_files("scams")
    files["policy.md"] = files["policy.md"].replace(
        b"\nlabels:", b"\nupstream: {policy: other/scams, version: 1.0.0}\nlabels:", 1
    )
    with open_commons(serving.root / "~nora.git") as own:
        publish(own, "scams", files, actor="nora")
    page = words(nora.get("/~nora/scams/upstream"))
    assert "other/scams is not on this site" in page
    assert "commons sync" in page


def test_own_words_far_too_long_are_not_looked_at(serving: Serving, nora: Person) -> None:
    """It is said before they are put together and linted, which would keep everybody else waiting."""
    released(serving, "roost", (OLD, b"Go from the top."))
    released(serving, "~nora", (OLD, b"Look at all labels."))
    page = nora.get(PATH)
    (key,) = places(page).values()
    for do in ("look", "send"):
        answer = send(nora, do, page, **{f"take-{key}": "words", f"words-{key}": "# a\n" * 20_000})
        assert answer.status_code == 422
        assert "Your own words are far too long" in words(answer)
    assert "Choose one." not in words(send(nora, "look", page, **{f"take-{key}": "theirs"}))
