"""Search: what is found, in which order, with which counts, page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.index.entries import Query
from registry.index.errors import BadPositionError
from registry.index.index import Index
from registry.services.found import found
from registry.services.importing import import_folders
from tests.support.histories import ManualClock, policy_files


def _files(title: str, text: str, *, status: str = "experimental", language: str = "en") -> dict[str, bytes]:
    files = policy_files(title, text)
    policy = files["policy.md"].replace(b"status: experimental", f"status: {status}".encode())
    files["policy.md"] = policy.replace(b"language: en", f"language: {language}".encode())
    return files


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Two commons: `one` with 30 policies on gardens and a few others, `two` with one."""
    folder = tmp_path_factory.mktemp("search")
    opened = Index.open(folder / "index.db")
    gardens = {f"garden-{number:02}": _files(f"Garden {number}", "About hedges.") for number in range(30)}
    others = {
        "telephone": _files("Telephone", "Calls at night.", status="stable"),
        "night": _files("Night", "A telephone may ring.", language="de"),
        "leaves": _files("Leaves & <b>bold</b>", "Hedges again, and telephone poles.", language="de"),
    }
    with found(folder / "one.git", founder="ana", name="one", clock=ManualClock()) as one:
        import_folders(one, {**gardens, **others}, actor="ana", kind="folder")
        opened.follow(one)
    with found(folder / "two.git", founder="bo", name="two", clock=ManualClock(1_800_000_000)) as two:
        import_folders(two, {"telephone": _files("Telephone", "Of two.")}, actor="bo", kind="folder")
        opened.follow(two)
    yield opened
    opened.close()


def _addresses(index: Index, query: Query) -> list[str]:
    return [hit.policy.address for hit in index.search(query).hits]


def test_a_title_counts_for_more_than_a_text(index: Index) -> None:
    """Policies called by the word come before those that mention it."""
    found_ = _addresses(index, Query(words="telephone"))
    assert set(found_[:2]) == {"one/telephone", "two/telephone"}
    assert set(found_[2:]) == {"one/night", "one/leaves"}


def test_filters_narrow_and_counts_say_what_the_others_leave(index: Index) -> None:
    """Each facet counts under the other filters, so that one can be exchanged for another."""
    found_ = index.search(Query(words="telephone", language="de"))
    assert {hit.policy.slug for hit in found_.hits} == {"night", "leaves"}
    assert found_.total == 2
    assert {facet.value: facet.count for facet in found_.facets["language"]} == {"en": 2, "de": 2}
    assert {facet.value: facet.count for facet in found_.facets["commons"]} == {"one": 2}
    assert {facet.value: facet.count for facet in found_.facets["status"]} == {"experimental": 2}
    assert {facet.value: facet.count for facet in found_.facets["label"]} == {"AA0": 2, "AA1": 2}


@pytest.mark.parametrize(
    "query",
    [
        Query(commons="two"),
        Query(status="stable"),
        Query(words="hedges", language="de"),
        Query(words="telephone", commons="two", label="AA1", licence="CC-BY-4.0", tested=False),
    ],
)
def test_every_filter_finds_its_one(index: Index, query: Query) -> None:
    """Alone and together."""
    assert index.search(query).total == 1


@pytest.mark.parametrize(
    "query", [Query(label="ZZ9"), Query(tested=True), Query(words="telephone", licence="MIT")]
)
def test_a_value_that_nobody_has_finds_nothing(index: Index, query: Query) -> None:
    """And says so with empty hits, not with an error."""
    found_ = index.search(query)
    assert (found_.hits, found_.total, found_.next) == ((), 0, None)


@pytest.mark.parametrize("words", ["", "garden", "hedges"])
def test_pages_hold_everything_once(index: Index, words: str) -> None:
    """Page by page, every result comes exactly once and in the order of one long page."""
    whole = _addresses(index, Query(words=words, limit=100))
    pages: list[str] = []
    after: str | None = None
    while True:
        page = index.search(Query(words=words, limit=7, after=after))
        assert page.total == len(whole)
        pages += [hit.policy.address for hit in page.hits]
        after = page.next
        if after is None:
            break
    assert pages == whole
    assert len(set(whole)) == len(whole)


def test_without_words_the_newest_come_first(index: Index) -> None:
    """By the last event that touched them."""
    assert _addresses(index, Query(limit=1)) == ["two/telephone"]


def test_an_excerpt_is_text_with_the_matches_in_between(index: Index) -> None:
    """Plain and matching in turns; a match in the title needs none, for that stands there anyway."""
    hit = next(hit for hit in index.search(Query(words="poles")).hits if hit.policy.slug == "leaves")
    assert hit.excerpt[1] == "poles"
    assert hit.excerpt[0].endswith("telephone ")
    bold = index.search(Query(words="bold")).hits[0]
    assert bold.excerpt == ()
    assert "<b>" in bold.policy.title


@pytest.mark.parametrize("after", ["x", "", "W10", "WyJhIiwxXQ", "WzEsMl0", "Ww" * 300, "WzFlOTk5LDFd"])
def test_a_position_that_no_page_gave_is_refused(index: Index, after: str) -> None:
    """Tampered, cut, of another shape or endless."""
    with pytest.raises(BadPositionError):
        index.search(Query(after=after))


def test_punctuation_alone_finds_nothing(index: Index) -> None:
    """It asks for something that no text has, which is not the same as asking for nothing."""
    assert index.search(Query(words="???")).total == 0
