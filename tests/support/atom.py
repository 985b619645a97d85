"""Reads an Atom feed and holds it to RFC 4287. The parser is expat, which refuses what is not well-formed."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

_ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class ReadEntry(NamedTuple):
    id: str
    title: str
    updated: str
    link: str
    author: str
    tags: tuple[str, ...]
    text: str


class ReadFeed(NamedTuple):
    id: str
    title: str
    updated: str
    own: str
    page: str
    entries: tuple[ReadEntry, ...]


def read_atom(raw: bytes) -> ReadFeed:
    """The feed; fails at the first rule that it breaks (sections 4.1.1, 4.1.2, 3.3, 4.2.6, 4.2.7)."""
    root = ET.fromstring(raw)
    assert root.tag == f"{_ATOM}feed"
    entries = tuple(map(_entry, root.iter(f"{_ATOM}entry")))
    if not entries or root.find(f"{_ATOM}author") is None:
        assert all(entry.author for entry in entries)
    ids = [entry.id for entry in entries]
    assert len(set(ids)) == len(ids), "two entries have one id"
    times = [entry.updated for entry in entries]
    assert times == sorted(times, reverse=True)
    updated = _date(_one(root, "updated"))
    assert all(updated >= entry.updated for entry in entries)
    return ReadFeed(
        _iri(_one(root, "id")),
        _one(root, "title"),
        updated,
        _link(root, "self"),
        _link(root, "alternate"),
        entries,
    )


def _entry(made: ET.Element) -> ReadEntry:
    _date(_one(made, "published"))
    author = made.find(f"{_ATOM}author")
    assert author is not None
    content = made.find(f"{_ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert len(content) == 0, "HTML stands in the feed as text, not as elements"
    terms = tuple(str(category.get("term")) for category in made.findall(f"{_ATOM}category"))
    assert all(terms)
    return ReadEntry(
        _iri(_one(made, "id")),
        _one(made, "title"),
        _date(_one(made, "updated")),
        _link(made, "alternate"),
        _one(author, "name"),
        terms,
        _plain(content.text or ""),
    )


def _one(parent: ET.Element, name: str) -> str:
    found = parent.findall(f"{_ATOM}{name}")
    assert len(found) == 1, f"{len(found)} of {name}"
    assert found[0].text
    return found[0].text


def _link(parent: ET.Element, rel: str) -> str:
    found = [link for link in parent.findall(f"{_ATOM}link") if link.get("rel") == rel]
    assert len(found) == 1, f"{len(found)} links {rel}"
    return _iri(str(found[0].get("href")))


def _iri(text: str) -> str:
    parts = urlsplit(text)
    assert parts.scheme, f"{text} is not absolute"
    assert parts.netloc or parts.scheme == "urn"
    return text


def _date(text: str) -> str:
    assert _DATE.fullmatch(text), text
    datetime.fromisoformat(text)
    return text


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert (tag, attrs) == ("p", []), "content holds a tag that we did not write"
        self.said.append("")

    def handle_data(self, data: str) -> None:
        self.said[-1] += data


def _plain(html: str) -> str:
    parser = _Paragraphs()
    parser.feed(html)
    parser.close()
    return "\n".join(parser.said)
