from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.paging import Part, after_key, part_of, read_cursor, write_cursor
from registry.web.refusals import BadCursorError


@given(length=st.integers(0, 60), size=st.integers(1, 9))
def test_parts_cover_a_list_once(length: int, size: int) -> None:
    """Following `next` gives every place of a list exactly once and ends."""
    seen: list[int] = []
    cursor: str | None = None
    for _ in range(length + 1):
        part = part_of(length, cursor, size, "list")
        seen += range(part.start, part.end)
        cursor = part.next
        if cursor is None:
            break
    assert cursor is None
    assert seen == list(range(length))


@given(keys=st.sets(st.text("abcdef", min_size=1, max_size=4)), size=st.integers(1, 5))
def test_key_cursors_cover_a_list_once(keys: set[str], size: int) -> None:
    """Pages by key give every key once, in order."""
    ordered = sorted(keys)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(len(ordered) + 1):
        part = after_key(ordered, cursor, size, "list")
        seen += ordered[part.start : part.end]
        cursor = part.next
        if cursor is None:
            break
    assert seen == ordered


def test_key_cursor_survives_its_key_going() -> None:
    """When the key that a cursor names is gone, the page begins with the next one."""
    cursor = after_key(["a", "b", "c", "d"], None, 2, "list").next
    assert after_key(["a", "c", "d"], cursor, 2, "list") == Part(1, 3, None)


@given(text=st.text(max_size=80))
def test_foreign_cursor_is_refused(text: str) -> None:
    """Whatever is sent as a cursor, it is refused or it is one of ours; nothing else is raised."""
    try:
        place = read_cursor(text, "list")
    except BadCursorError:
        return
    # Padding bits of base64 can be set: another spelling of a cursor of ours.
    assert read_cursor(write_cursor("list", place), "list") == place


@pytest.mark.parametrize("place", ["0", "-1", "10", "11", "1e1", "", "²", "99999999999999"])
def test_cursor_past_the_list_is_refused(place: str) -> None:
    """A place that is not inside the list is refused."""
    with pytest.raises(BadCursorError):
        part_of(10, write_cursor("list", place), 5, "list")


@pytest.mark.parametrize("raw", [b"{}", b"[]", b'["list"]', b'["list", 1]', b'["list","1","2"]', b"[" * 400])
def test_cursor_of_another_shape_is_refused(raw: bytes) -> None:
    """JSON that is no cursor is refused, deep nesting included."""
    with pytest.raises(BadCursorError):
        read_cursor(base64.urlsafe_b64encode(raw).decode().rstrip("="), "list")


def test_cursor_is_of_one_list() -> None:
    """A cursor of one list is no cursor of another."""
    with pytest.raises(BadCursorError):
        read_cursor(write_cursor("one", "1"), "other")
