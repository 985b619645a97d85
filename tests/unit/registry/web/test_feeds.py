from __future__ import annotations

import json

import pytest

from registry.web.feeds import Entry, Feed, atom, json_feed, lasting_id
from tests.support.atom import read_atom

BASE = "http://h:8000"
HOSTILE = [
    pytest.param("a\x00b\x0bc\x1bd\ud800e\uffff", "a b c d\ufffde\ufffd", id="not XML at all"),
    pytest.param("<script>alert(1)</script> & ]]> <!--", "<script>alert(1)</script> & ]]> <!--", id="markup"),
    pytest.param("</title><entry>&lt;", "</title><entry>&lt;", id="an end"),
    pytest.param("\u202eevil\u202c \u2066x\u2069\u200f", "evil x", id="turning"),
    pytest.param("two\r\nlines\u2028here", "two lines here", id="lines"),
    pytest.param("עברית 😀 é", "עברית 😀 é", id="other scripts"),
]


def _feed(*entries: Entry) -> Feed:
    return Feed(id=None, title="T", subtitle="S", page="/", folder="", entries=entries)


def _entry(title: str) -> Entry:
    return Entry(
        id=lasting_id("event", "ab" * 20),
        title=title,
        page="/roost/spam@1.0.0",
        at=1_767_225_600,
        author=title,
        sentences=["First.", title],
        tags=["published", title],
    )


@pytest.mark.parametrize("hostile, shown", HOSTILE)
def test_hostile_words_stay_words(hostile: str, shown: str) -> None:
    """Whatever an author writes, both feeds stay well-formed and show it as text on one line."""
    feed = _feed(_entry(hostile))
    read = read_atom(atom(feed, BASE)).entries[0]
    assert (read.title, read.author, read.tags[1]) == (shown, shown, shown)
    assert read.text == f"First.\n{shown}"
    item = json.loads(json_feed(feed, BASE))["items"][0]
    assert (item["title"], item["content_text"]) == (shown, f"First.\n{shown}")
    assert (item["authors"], item["tags"]) == ([{"name": shown}], ["published", shown])


def test_feed_of_nothing_is_a_feed() -> None:
    """A site where nothing happened has a valid feed without entries."""
    read = read_atom(atom(_feed(), BASE))
    assert read.entries == ()
    assert json.loads(json_feed(_feed(), BASE))["items"] == []


def test_addresses_are_absolute() -> None:
    """Each link begins with the address that the site was asked by; a feed's files stand in its folder."""
    feed = _feed(_entry("x"))._replace(page="/roost", folder="/roost", id="urn:x:y")
    read = read_atom(atom(feed, BASE))
    assert (read.own, read.page, read.id) == (f"{BASE}/roost/feed.atom", f"{BASE}/roost", "urn:x:y")
    assert read.entries[0].link == f"{BASE}/roost/spam@1.0.0"
    document = json.loads(json_feed(feed, BASE))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == f"{BASE}/roost/feed.json"
    assert document["items"][0]["url"] == read.entries[0].link


def test_ids_never_change() -> None:
    """An id is the one that earlier releases of this program gave; another would tell every reader anew."""
    assert lasting_id("event", "ab" * 20) == "urn:uuid:c72c0a1d-ae8b-5c10-9690-0d971a62521a"
    assert lasting_id("event", "x") != lasting_id("commons", "x")
