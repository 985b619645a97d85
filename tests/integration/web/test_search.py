from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.publish import publish
from tests.support.histories import policy_files

SEARCH = "/api/v1/search"
POLICIES = 45

RunServer = Callable[[Path], AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, run_server: RunServer) -> Iterator[httpx.Client]:
    """A site with one commons of so many policies, all alike but for their number."""
    root = tmp_path_factory.mktemp("many")
    with found(root / "many.git", founder="ana") as repository:
        folders = {
            f"p{number:02}": policy_files(f"P{number}", f"Text {number}.") for number in range(POLICIES)
        }
        import_folders(repository, folders, actor="ana", kind="folder")
    with run_server(root) as serving, httpx.Client(base_url=serving.base, timeout=30) as client:
        yield client


def _addresses(answer: httpx.Response) -> list[str]:
    return [item["policy"]["address"] for item in answer.json()["items"]]


def _marked(text: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r"<mark>([^<]*)</mark>", text)]


def _results(text: str) -> list[str]:
    return re.findall(r'<li class="result">\s*<h2[^>]*><a href="([^"]+)"', text)


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_words_are_found_and_shown_where_they_stand(client: httpx.Client) -> None:
    """Every word counts, the last one as a beginning; the excerpt shows them between plain text."""
    found_ = client.get(SEARCH, params={"q": "money sca"}).json()
    assert found_["items"][0]["policy"]["address"] == "starter/scams"
    for item in found_["items"]:
        matching = item["excerpt"][1::2]
        assert matching
        assert all(word.lower().startswith(("money", "sca")) for word in matching)
    assert client.get(SEARCH, params={"q": "money xyzzy"}).json()["total"] == 0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"language": "es"}, ["starter/scams-es"]),
        ({"label": "SH2"}, ["starter/self-harm"]),
        ({"commons": "starter/teens"}, ["starter/teens/dangerous-challenges"]),
        ({"language": "es", "label": "SH2"}, []),
        ({"tested": "true"}, []),
        ({"status": "draft"}, []),
        ({"licence": "MIT"}, []),
    ],
)
def test_filters_narrow(client: httpx.Client, filters: dict[str, str], expected: list[str]) -> None:
    """Each filter keeps what has its value, and several keep what has all of them."""
    assert _addresses(client.get(SEARCH, params=filters)) == expected
    assert _results(client.get("/search", params=filters).text) == [f"/{address}" for address in expected]


def test_counts_say_what_each_choice_would_leave(client: httpx.Client) -> None:
    """Choosing a value gives as many results as its count said, whatever else is chosen."""
    facets = client.get(SEARCH, params={"q": "content", "language": "en"}).json()["facets"]
    assert set(facets) == {"status", "language", "label", "licence", "commons"}
    for name, values in facets.items():
        for value in values[:3]:
            chosen = {"q": "content", "language": "en", name: value["value"]}
            assert client.get(SEARCH, params=chosen).json()["total"] == value["count"], (name, value)


def test_page_and_api_find_the_same(client: httpx.Client) -> None:
    """The page shows what the API gives, in the same order, and marks the same words."""
    for words in ("scam", "person content", '"real person"', ""):
        answer = client.get(SEARCH, params={"q": words})
        page = client.get("/search", params={"q": words}).text
        assert _results(page) == [f"/{address}" for address in _addresses(answer)]
        assert _marked(page) == [word for item in answer.json()["items"] for word in item["excerpt"][1::2]]


def test_pages_give_every_policy_once(many: httpx.Client) -> None:
    """Following the page's own links, and the API's cursor, every result comes once."""
    seen: list[str] = []
    path: str | None = "/search"
    while path:
        page = many.get(path).text
        seen += _results(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = html.unescape(following[1]) if following else None
    assert len(seen) == len(set(seen)) == POLICIES
    listed: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = many.get(SEARCH, params={"limit": "7"} | ({"cursor": cursor} if cursor else {}))
        assert answer.json()["total"] == POLICIES
        listed += _addresses(answer)
        cursor = answer.json()["next"]
    assert [f"/{address}" for address in listed] == seen


def test_commons_page_lists_in_pages_by_name(many: httpx.Client) -> None:
    """The pages of a commons hold its policies by name; the API's list is the same."""
    pattern = r'policy-card">\s*<h3[^>]*><a href="/many/([^"]+)"'
    first = many.get("/many").text
    assert re.findall(pattern, first) == [f"p{number:02}" for number in range(POLICIES)]
    assert 'rel="next"' not in first
    listed = many.get("/api/v1/commons/many/policies", params={"limit": "200"}).json()
    assert [item["slug"] for item in listed["items"]] == re.findall(pattern, first)
    assert listed["total"] == POLICIES
    assert all(item["serial"] == 2 and item["updated_at"].endswith("Z") for item in listed["items"])


def test_list_and_policy_say_the_same(client: httpx.Client) -> None:
    """What the list says of a policy, the policy says too."""
    for item in client.get("/api/v1/commons/starter/policies").json()["items"]:
        detail = client.get(item["url"]).json()
        assert {name: detail[name] for name in item if name in detail} == {
            name: value for name, value in item.items() if name not in ("serial", "updated_at")
        }


def test_start_page_is_bounded(many: httpx.Client) -> None:
    """However many policies there are, the start page shows a few and says how many there are."""
    text = many.get("/").text
    assert len(re.findall("policy-card", text)) == 6
    assert f"All {POLICIES} policies" in text
    assert re.search(r"git clone http://127\.0\.0\.1:\d+/many\.git", text)


def test_untested_policies_say_so_and_show_no_score(client: httpx.Client) -> None:
    """Every card of a policy that was not run on the shared model says so; no list shows a figure."""
    for path in ("/", "/starter", "/search"):
        text = client.get(path).text
        cards = len(re.findall(r"policy-card\"|class=\"result\"", text))
        assert cards
        assert text.count('Not yet tested<span class="unseen"> with gpt-oss-safeguard</span>') == cards
        assert " %" not in text


def test_translation_names_its_original(client: httpx.Client) -> None:
    """The card of a translation leads to what it translates, and its language is said in words."""
    text = " ".join(client.get("/search", params={"language": "es"}).text.split())
    assert 'Translation of <a href="/starter/scams">Scams and fraud</a>' in text
    assert "Spanish" in text


def test_nothing_found_says_what_to_change(client: httpx.Client) -> None:
    """Without a result the page says so, and each filter can be dropped by a link of its own."""
    text = client.get("/search", params={"q": "xyzzy", "language": "en", "label": "SF1"}).text
    assert "No policy was found." in text
    assert 'href="/search?q=xyzzy&amp;label=SF1"' in text
    assert 'href="/search?q=xyzzy&amp;language=en"' in text


HOSTILE = [
    '"',
    '""',
    '"unclosed',
    "*",
    "spam*",
    "AND",
    "OR NOT",
    "NEAR(a b)",
    "title:spam",
    "col : x",
    "-spam",
    "^spam",
    "a AND (b",
    "'; DROP TABLE policy;--",
    "\\",
    "%",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "a\tb",
    "é" * 150,
    "\u202egnp.exe",
    "\u200b",
    "\U0001f600",
    "x " * 300,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_any_text_can_be_searched_for(client: httpx.Client, number: int) -> None:
    """Whatever is typed is words: it finds something or nothing, and stands escaped on the page."""
    for path in (SEARCH, "/search"):
        answer = client.get(path, params={"q": HOSTILE[number]})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "\u202e" not in answer.text


@pytest.mark.parametrize("raw", ["%00", "spam%00", "%ED%A0%80", "%FF%FE", "%C3%28", "%E2%80%AE", "&q=b", "+"])
def test_broken_bytes_are_no_error(client: httpx.Client, raw: str) -> None:
    """NUL, half characters and bytes that are no UTF-8 are looked past."""
    for path in (SEARCH, "/search"):
        assert client.get(f"{path}?q={raw}").status_code == 200
        assert client.get(f"{path}?label={raw}").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=1000000000", 400),
        ("limit=0", 400),
        ("limit=-1", 400),
        ("status=excellent", 400),
        ("tested=perhaps", 400),
        ("cursor=abc", 400),
        ("cursor=" + "A" * 600, 400),
        ("q=" + "a" * 10_000, 414),
    ],
)
def test_impossible_parameters_are_told(client: httpx.Client, query: str, status: int) -> None:
    """A value that cannot be is refused with the reason and what to do instead."""
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_tampered_cursor_is_refused(many: httpx.Client) -> None:
    """A cursor of another search, or one whose inside was changed, is a 400 on the page and in the API."""
    cursor = many.get(SEARCH, params={"limit": "7"}).json()["next"]
    of, after = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    assert many.get(SEARCH, params={"cursor": cursor}).status_code == 200
    assert many.get(SEARCH, params={"cursor": cursor, "q": "text"}).status_code == 400
    bad = ["", "x", "\0", after[:-3], *map(_encoded, ("[null,1]", "[1e999,1]", "[1,1,1]", "[1,1", "{}"))]
    for position in bad:
        made = _encoded(json.dumps([of, position]))
        for path in (SEARCH, "/search"):
            assert many.get(path, params={"cursor": made}).status_code == 400, (path, position)


def test_release_is_found_at_once(
    tmp_path: Path, run_server: RunServer, policy_files: Callable[[str], dict[str, bytes]]
) -> None:
    """What is published while the site serves is in the very next search, list and start page."""
    with found(tmp_path / "starter.git", founder="ana") as repository:
        publish(repository, "spam", policy_files("spam"), actor="ana")
        with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base, timeout=30) as client:
            assert client.get(SEARCH, params={"q": "inheritance"}).json()["total"] == 0
            assert client.get("/api/v1/commons/starter/policies").json()["total"] == 1
            assert "1 policy" in client.get("/").text
            publish(repository, "scams", policy_files("scams"), actor="ana")
            assert _addresses(client.get(SEARCH, params={"q": "inheritance"})) == ["starter/scams"]
            assert client.get("/api/v1/commons/starter/policies").json()["total"] == 2
            assert "2 policies" in client.get("/").text


def test_only_scripts_of_this_site_may_run(client: httpx.Client) -> None:
    """The search page loads one script, from here and kept for good; no other may run, and no eval."""
    page = client.get("/search")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "unsafe" not in policy
    (script,) = re.findall(r'<script src="([^"]+)" defer></script>', page.text)
    answer = client.get(script)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content.startswith(b"var htmx=")


def test_translations_are_tied_across_commons(tmp_path: Path, run_server: RunServer) -> None:
    """A policy's page names its translations in other commons too, and a card their original."""
    text = {name: policy_files(name.title()) for name in ("spam", "other")}
    german = text["spam"] | {
        "policy.md": text["spam"]["policy.md"].replace(
            b"language: en\n", b"language: de\ntranslation_of: {policy: roost/spam, version: 1.0.0}\n"
        )
    }
    assert german != text["spam"]
    with found(tmp_path / "roost.git", founder="ana", name="roost") as repository:
        publish(repository, "spam", text["spam"], actor="ana")
    with found(tmp_path / "berlin.git", founder="bo", name="berlin") as repository:
        publish(repository, "spam-de", german, actor="bo")
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base, timeout=30) as client:
        assert 'href="/berlin/spam-de"' in client.get("/roost/spam").text
        card = " ".join(client.get("/search", params={"language": "de"}).text.split())
        assert 'Translation of <a href="/roost/spam">Spam</a>' in card


def test_start_page_lists_many_commons_in_pages(tmp_path: Path, run_server: RunServer) -> None:
    """With many commons the start page shows some of them, and leads on to the others."""
    names = [f"c{number:02}" for number in range(14)]
    for name in names:
        found(tmp_path / f"{name}.git", founder="ana", name=name).close()
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base, timeout=30) as client:
        listed: list[str] = []
        path: str | None = "/"
        while path:
            text = client.get(path).text
            shown = re.findall(r'<li><a href="/(c[0-9]+)">', text)
            assert len(shown) <= 12
            listed += shown
            following = re.search(r'href="([^"#]+)#commons" rel="next"', text)
            path = following[1] if following else None
        assert listed == names
