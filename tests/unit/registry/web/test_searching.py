from __future__ import annotations

import pytest

from registry.index.entries import Found, Query
from registry.web.refusals import BadCursorError, BadQueryError
from registry.web.searching import FILTERS, Search, plain_words, read_search


def _found(following: str | None) -> Found:
    return Found(hits=(), total=0, facets={}, next=following)


def test_empty_filters_are_none() -> None:
    """A form sends every field; those left empty narrow nothing and do not stand in the address."""
    search = read_search("spam", {"status": "", "label": " ", "language": None})
    assert search == Search(words="spam", chosen={})
    assert search.page == "/search?q=spam"
    assert read_search(None, {}).page == "/search"


def test_address_is_the_same_whatever_the_order_of_choosing() -> None:
    """Filters stand in one order, so that one set of results has one address."""
    one = read_search("a", {}).narrowed("label", "SP2").narrowed("status", "stable")
    other = read_search("a", {}).narrowed("status", "stable").narrowed("label", "SP2")
    assert one.page == other.page == "/search?q=a&status=stable&label=SP2"
    assert one.without("status").without("label") == read_search("a", {})


def test_address_brings_back_what_was_asked() -> None:
    """Quotes, ampersands and other scripts survive the way through an address."""
    search = Search(words='"a&b" #1 ü 詐欺', chosen={"licence": "MIT OR CC-BY-4.0"})
    assert search.page == "/search?q=%22a%26b%22+%231+%C3%BC+%E8%A9%90%E6%AC%BA&licence=MIT+OR+CC-BY-4.0"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  spam \t and\n scams ", "spam and scams"),
        ("spam\x00scams", "spam scams"),
        ("\u202espam\u2066", "spam"),
        ("half \ud800", "half"),
        (
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
    ],
)
def test_words_keep_only_what_can_be_searched(typed: str, read: str) -> None:
    """Control characters and marks that turn text around go; joiners that a script needs stay."""
    assert plain_words(typed) == read


@pytest.mark.parametrize(("name", "value"), [("status", "Stable"), ("tested", "yes"), ("tested", "1")])
def test_impossible_values_are_refused(name: str, value: str) -> None:
    """A status or a state that there is not is refused with those there are."""
    with pytest.raises(BadQueryError, match=f"`{name}` cannot be"):
        read_search("", {name: value})


def test_query_asks_for_what_was_chosen() -> None:
    """Every filter reaches the index."""
    stated = dict(zip(FILTERS, ("stable", "en", "SP2", "MIT", "roost", "false"), strict=True))
    expected = Query(
        words="w",
        status="stable",
        language="en",
        label="SP2",
        licence="MIT",
        commons="roost",
        tested=False,
        limit=7,
    )
    assert read_search("w", stated).query(None, 7) == expected


def test_cursor_is_good_for_its_own_results_only() -> None:
    """A cursor leads on in the results that gave it out, and nowhere else."""
    search = read_search("w", {"status": "stable"})
    cursor = search.following(_found("here"))
    assert search.query(cursor, 5).after == "here"
    assert search.following(_found(None)) is None
    for other in (read_search("v", {"status": "stable"}), search.without("status"), read_search("", {})):
        with pytest.raises(BadCursorError):
            other.query(cursor, 5)
