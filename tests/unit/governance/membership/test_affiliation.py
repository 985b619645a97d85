"""Whom somebody acts for, and how long an organisation that they left still counts."""

from __future__ import annotations

import pytest

from governance import payloads
from governance.membership.affiliation import (
    FORMER_HOURS,
    MAX_FORMER,
    acts_for,
    counted_by_affiliation,
    counts_for,
    declared,
    speaks_for,
)
from governance.membership.state import Former, Member
from tests.support.communities import circle, refusal, village
from tests.support.made import HOUR

BO = Member(handle="bo", joined_at=0, active_at=0)


def test_declared() -> None:
    """A member acts for another organisation from then on, and the one before is remembered."""
    bo = declared(declared(declared(BO, "acme", 10), "acme", 15), "beta", 20)
    assert (bo.affiliation, bo.affiliated_at, bo.former) == ("beta", 20, (Former("acme", 20),))
    back = declared(bo, "acme", 30)
    assert (back.affiliation, back.former) == ("acme", (Former("beta", 30),))


def test_none_is_not_remembered() -> None:
    """To have acted for nobody is no side to remember."""
    assert declared(BO, "acme", 10).former == ()


@pytest.mark.parametrize(("hours", "still"), [(0, True), (FORMER_HOURS - 1, True), (FORMER_HOURS, False)])
def test_how_long(hours: int, still: bool) -> None:
    """An organisation that was left counts for half a year: as a conflict, and of its share."""
    bo = declared(declared(BO, "acme", 0), "independent", 0)
    at = hours * HOUR
    assert (acts_for(bo, at) == {"acme"}) == still
    assert (counts_for(bo, at) == "acme") == still
    assert (declared(bo, "beta", at).former == (Former("acme", 0),)) == still


def test_counts_for() -> None:
    """Who acts for an organisation counts for it alone, and makes a conflict for those before as well."""
    bo = declared(declared(BO, "acme", 10), "beta", 20)
    assert counts_for(bo, 30) == "beta"
    assert acts_for(bo, 30) == {"acme", "beta"}
    left = declared(bo, "independent", 40)
    assert counts_for(left, 50) == "beta"
    assert acts_for(left, 50) == {"acme", "beta"}
    assert (counts_for(BO, 5), acts_for(BO, 5)) == ("independent", frozenset())


def test_speaking_for_a_group() -> None:
    """Who speaks for affected people has acted for their organisation as long as one waits for a vote."""
    bo = declared(BO, "youth", 10 * HOUR)
    assert not speaks_for(bo, ("youth",), 5, 14 * HOUR)
    assert speaks_for(bo, ("youth",), 5, 15 * HOUR)
    assert not speaks_for(bo, ("elders",), 5, 15 * HOUR)


@pytest.mark.parametrize(
    ("affiliations", "at_most", "count"),
    [
        ([], 1, 0),
        (["independent"] * 3, 1, 3),
        (["acme"] * 3, 1, 1),
        (["acme"] * 3, 2, 2),
        (["acme", "beta", "acme", "independent"], 1, 3),
    ],
)
def test_counted(affiliations: list[str], at_most: int, count: int) -> None:
    """An organisation gives so many at most; each independent counts."""
    assert counted_by_affiliation(affiliations, at_most) == count


def test_changing_sides_all_the_time() -> None:
    """A member leaves so many organisations in half a year, and no more."""
    commons = circle()
    for number in range(MAX_FORMER + 1):
        commons.act("bo", payloads.AffiliationDeclared(affiliation=f"org-{number}"))
    another = payloads.AffiliationDeclared(affiliation="another")
    assert refusal(lambda: commons.act("bo", another)) == (
        "bo has left 20 organisations in half a year. Stay with one for a while."
    )
    commons.wait(FORMER_HOURS)
    commons.act("bo", another)


def test_declaring_takes_a_member() -> None:
    """Only members declare."""
    work = payloads.AffiliationDeclared(affiliation="acme")
    assert refusal(lambda: circle().act("eve", work)).startswith("eve is not a member of roost.")


def test_a_voucher_counts_for_the_side_they_left() -> None:
    """Whoever turns independent for an afternoon vouches for the same side as before."""
    commons = village(affiliations={"bo": "acme", "cy": "acme"})
    commons.act("cy", payloads.AffiliationDeclared(affiliation="independent"))
    commons.act("joy", payloads.Applied())
    for who in ("bo", "cy"):
        commons.act(who, payloads.Vouched(member="joy"))
    assert "joy" in commons.state.people.applicants
