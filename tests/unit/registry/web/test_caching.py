from __future__ import annotations

from registry.web.caching import StampedCache


def test_value_holds_while_its_commons_stands() -> None:
    """A value is given out while every commons it rests on stands where it stood, and not after."""
    cache: StampedCache[str] = StampedCache(1_000)
    stands = {"a": "1", "b": "1"}
    cache.put("page", "shown", weight=10, rests_on={"a": "1", "b": "1"})
    assert cache.get("page", stands.__getitem__) == "shown"
    stands["b"] = "2"
    assert cache.get("page", stands.__getitem__) is None
    assert cache.weight == 0


def test_noticing_a_move_drops_everything_older() -> None:
    """One new value of a commons that moved on drops all its older ones, and no other commons'."""
    cache: StampedCache[str] = StampedCache(1_000)
    cache.put("old 1", "x", weight=10, rests_on={"a": "1"})
    cache.put("old 2", "x", weight=10, rests_on={"a": "1", "b": "1"})
    cache.put("other", "x", weight=10, rests_on={"b": "1"})
    cache.put("new", "y", weight=10, rests_on={"a": "2"})
    assert cache.weight == 20
    assert cache.get("other", {"b": "1"}.__getitem__) == "x"


def test_heaviest_use_is_bounded() -> None:
    """The least recently used go first; what is heavier than the limit is not kept at all."""
    cache: StampedCache[int] = StampedCache(100)
    for number in range(20):
        cache.put(number, number, weight=20, rests_on={"a": "1"})
        cache.get(0, {"a": "1"}.__getitem__)
    assert cache.weight == 100
    assert cache.get(0, {"a": "1"}.__getitem__) == 0
    assert cache.get(19, {"a": "1"}.__getitem__) == 19
    assert cache.get(5, {"a": "1"}.__getitem__) is None
    cache.put("heavy", 1, weight=101, rests_on={"a": "1"})
    assert cache.get("heavy", {"a": "1"}.__getitem__) is None


def test_same_key_is_kept_once() -> None:
    """Putting a key again replaces its value and its weight."""
    cache: StampedCache[str] = StampedCache(100)
    cache.put("k", "one", weight=20, rests_on={})
    cache.put("k", "two", weight=5, rests_on={})
    assert cache.get("k", lambda _name: "") == "two"
    assert cache.weight == 5
