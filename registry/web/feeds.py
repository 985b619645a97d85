"""Feeds as Atom (RFC 4287) and as JSON Feed 1.1. Values in, bytes out; touches nothing.

ElementTree writes the XML: feedgen would bring lxml and dateutil, comes as source only, knows no JSON Feed,
dates a feed by the host's clock and fails on a character that XML has no place for.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from html import escape
from typing import NamedTuple
from xml.etree import ElementTree as ET

import msgspec

from registry.web.one_line import one_line
from registry.web.shapes.base import moment

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
ATOM_FILE, JSON_FILE = "feed.atom", "feed.json"

_NAMESPACE = "http://www.w3.org/2005/Atom"
_JSON_VERSION = "https://jsonfeed.org/version/1.1"

# A tag: URI (RFC 4151) would need a host or a mail address that whoever made the commons held that day, and
# every copy of a commons would have to go on naming it. What every copy has is the log: its commit ids name
# each event for good, on any host, and differ between two commons that happen to be called alike.
_OURS = uuid.UUID("6f3b1f1c-7e0a-5d7b-9c43-1b6f0d9a4e52")


class Entry(NamedTuple):
    """One thing that happened. `page` is a path of this site; `sentences` are plain text, a line each."""

    id: str
    title: str
    page: str
    at: int
    author: str
    sentences: Sequence[str]
    tags: Sequence[str]


class Feed(NamedTuple):
    """Entries, newest first. `folder` is the path that the feed's own files stand in; `id` None: its URL."""

    id: str | None
    title: str
    subtitle: str
    page: str
    folder: str
    entries: Sequence[Entry]


def lasting_id(kind: str, name: str) -> str:
    """A URN that follows from what it names alone: `event` and its log commit, `commons` and its first."""
    return uuid.uuid5(_OURS, f"{kind}:{name}").urn


def atom(feed: Feed, base: str) -> bytes:
    """The feed as Atom, with addresses below `base`."""
    own = f"{base}{feed.folder}/{ATOM_FILE}"
    root = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    _text(root, "id", feed.id or own)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", moment(feed.entries[0].at if feed.entries else 0))
    ET.SubElement(root, "link", rel="self", type=ATOM, href=own)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=base + feed.page)
    _text(root, "generator", "Policy Commons")
    for entry in feed.entries:
        _entry(root, entry, base)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(feed: Feed, base: str) -> bytes:
    """The feed as JSON Feed 1.1, with addresses below `base`."""
    written = {
        "version": _JSON_VERSION,
        "title": one_line(feed.title),
        "description": one_line(feed.subtitle),
        "home_page_url": base + feed.page,
        "feed_url": f"{base}{feed.folder}/{JSON_FILE}",
        "language": "en",
        "items": [
            {
                "id": entry.id,
                "url": base + entry.page,
                "title": one_line(entry.title),
                "content_text": "\n".join(map(one_line, entry.sentences)),
                "date_published": moment(entry.at),
                "authors": [{"name": one_line(entry.author)}],
                "tags": [one_line(tag) for tag in entry.tags],
            }
            for entry in feed.entries
        ],
    }
    return msgspec.json.encode(written)


def _entry(root: ET.Element, entry: Entry, base: str) -> None:
    made = ET.SubElement(root, "entry")
    _text(made, "id", entry.id)
    _text(made, "title", entry.title)
    _text(made, "updated", moment(entry.at))
    _text(made, "published", moment(entry.at))
    ET.SubElement(made, "link", rel="alternate", type="text/html", href=base + entry.page)
    _text(ET.SubElement(made, "author"), "name", entry.author)
    for tag in entry.tags:
        ET.SubElement(made, "category", term=one_line(tag))
    content = ET.SubElement(made, "content", type="html")
    # Escaped twice: once as HTML, here, and once as the text of XML, by ElementTree.
    content.text = "".join(f"<p>{escape(one_line(said), quote=False)}</p>" for said in entry.sentences)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = one_line(text)
