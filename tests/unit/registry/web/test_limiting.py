from __future__ import annotations

import pytest

from registry.web.budgets import Budget, budget_of
from registry.web.limiting import Limiter
from registry.web.settings import RateLimits
from registry.web.visitors import UNKNOWN, visitor, visitor_of


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_window_begins_with_the_first_request() -> None:
    """A budget is full again a window after a visitor's first request, not when they stop asking."""
    clock = _Clock()
    limiter = Limiter(RateLimits(reading=2, seconds=60), clock)
    clock.now = 30.0
    assert [limiter.take(Budget.READING, "a").allowed for _ in range(3)] == [True, True, False]
    clock.now = 89.5
    refused = limiter.take(Budget.READING, "a")
    assert (refused.allowed, refused.seconds) == (False, 1)
    clock.now = 90.0
    again = limiter.take(Budget.READING, "a")
    assert (again.allowed, again.seconds) == (True, 60)


def test_fields_are_structured_fields() -> None:
    """Both fields are lists of one string with integer parameters (RFC 9651)."""
    taken = Limiter(RateLimits(git=7, seconds=60), _Clock()).take(Budget.GIT, "a")
    assert dict(taken.headers) == {
        b"ratelimit-policy": b'"git";q=7;w=60',
        b"ratelimit": b'"git";r=6;t=60',
    }


def test_flood_of_addresses_takes_no_more_memory() -> None:
    """However many addresses come, so many counts are kept; the latest are among them."""
    clock = _Clock()
    limiter = Limiter(RateLimits(reading=1, visitors=100), clock)
    for number in range(10_000):
        limiter.take(Budget.READING, f"visitor {number}")
    assert limiter.visitors == 100
    assert not limiter.take(Budget.READING, "visitor 9999").allowed


def test_windows_that_ended_are_forgotten() -> None:
    """Counts do not outlive their window by more than the next visitor."""
    clock = _Clock()
    limiter = Limiter(RateLimits(seconds=60), clock)
    for number in range(50):
        limiter.take(Budget.READING, f"visitor {number}")
    clock.now = 60.0
    limiter.take(Budget.READING, "late")
    assert limiter.visitors == 1


def test_refusals_are_counted_by_budget() -> None:
    """Each refusal is counted for its budget."""
    limiter = Limiter(RateLimits(costly=1), _Clock())
    for _ in range(3):
        limiter.take(Budget.COSTLY, "a")
    assert limiter.refused == {Budget.READING: 0, Budget.COSTLY: 2, Budget.GIT: 0}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_visitor_is_an_address_or_a_network(address: str, expected: str) -> None:
    """IPv4 by address, IPv6 by subscriber; whatever cannot be read is one visitor."""
    assert visitor(address) == expected
    assert visitor_of({"client": (address, 1)}) == expected


def test_no_address_is_one_visitor() -> None:
    """A connection without an address, as from a socket in the file system, is counted too."""
    assert visitor_of({"client": None}) == UNKNOWN


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", Budget.READING),
        ("HEAD", "/starter/spam", Budget.READING),
        ("GET", "/static/style.css", Budget.READING),
        ("GET", "/search", Budget.COSTLY),
        ("GET", "/api/v1/search", Budget.COSTLY),
        ("GET", "/starter/spam/diff", Budget.COSTLY),
        ("GET", "/api/v1/commons/starter/policies/spam/diff", Budget.COSTLY),
        ("POST", "/starter/spam/try", Budget.COSTLY),
        ("POST", "/anything", Budget.COSTLY),
        ("GET", "/starter.git/info/refs", Budget.GIT),
        ("POST", "/roost/teen.git/git-upload-pack", Budget.GIT),
        ("GET", "/healthz", None),
        ("GET", "/readyz", None),
        ("GET", "/metrics", None),
        ("GET", "/metrics/other", Budget.READING),
    ],
)
def test_every_address_has_a_budget(method: str, path: str, expected: Budget | None) -> None:
    """Reading, costly work and git are counted apart; what watches the server is not."""
    assert budget_of(method, [part for part in path.split("/") if part]) is expected
