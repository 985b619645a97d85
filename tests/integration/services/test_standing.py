from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.services.errors import StewardError
from registry.services.found import found
from registry.services.membership import invite, join, leave
from registry.services.standing import leave_everywhere, standing_in
from registry.services.verify import verify
from registry.store.repository import Repository
from tests.support.circles import circle
from tests.support.histories import ManualClock


@pytest.fixture
def commons(tmp_path: Path) -> Iterator[list[Repository]]:
    """`roost`, in which ana, bo and cleo belong, and `nest`, which bo founded and cleo is in."""
    clock = ManualClock()
    with (
        circle(tmp_path / "roost.git", clock=clock) as roost,
        found(tmp_path / "nest.git", founder="bo", name="nest", clock=clock) as nest,
    ):
        invite(nest, "cleo", actor="bo")
        join(nest, actor="cleo")
        yield [roost, nest]


def test_standing_says_what_somebody_is(commons: list[Repository]) -> None:
    """Member, steward, or nothing at all."""
    roost, nest = (repository.state() for repository in commons)
    ana, bo = standing_in(roost, "ana"), standing_in(roost, "bo")
    assert ana is not None
    assert bo is not None
    assert (ana.member, ana.steward, bo.member, bo.steward) == (True, True, True, False)
    assert standing_in(nest, "ana") is None
    assert standing_in(roost, "zed") is None


def test_member_leaves_everything_at_once(commons: list[Repository]) -> None:
    """A `left` event each, and the logs still verify; a second time there is nothing to leave."""
    before = [repository.state().seq for repository in commons]
    assert leave_everywhere(commons, "cleo") == ("roost", "nest")
    assert [repository.state().seq for repository in commons] == [seq + 1 for seq in before]
    assert all(standing_in(repository.state(), "cleo") is None for repository in commons)
    assert "cleo" in commons[0].state().people.members
    assert leave_everywhere(commons, "cleo") == ()
    for repository in commons:
        assert verify(repository).failure is None


def test_steward_is_told_what_to_do_and_leaves_nothing(commons: list[Repository]) -> None:
    """Also not the commons that they could have left."""
    before = [repository.state().seq for repository in commons]
    with pytest.raises(StewardError, match="nest") as refused:
        leave_everywhere(commons, "bo")
    assert refused.value.names == ("nest",)
    assert "Hand it over first" in refused.value.remedy
    assert [repository.state().seq for repository in commons] == before


def test_what_was_cut_off_goes_on(commons: list[Repository]) -> None:
    """Whoever left one commons already leaves the others."""
    leave(commons[0], actor="cleo")
    assert leave_everywhere(commons, "cleo") == ("nest",)
