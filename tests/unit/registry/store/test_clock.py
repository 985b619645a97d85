"""A clock that jumps does not date the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.store.clock import (
    LIMIT_SECONDS,
    Boot,
    Checkpoint,
    SystemClock,
    check_clock,
    confirm_checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from registry.store.errors import ClockError
from registry.store.repository import Repository
from tests.support.acts import nest
from tests.support.vouched import reopened

NOW = 1_767_225_600
DAY = 86_400


class SetClock:
    """A clock whose wall time, boot and uptime are set one by one."""

    def __init__(self, at: int = NOW, boot: str = "first", uptime: int = 1000) -> None:
        self.at, self.name, self.uptime = at, boot, uptime

    def now(self) -> int:
        """UTC seconds since 1970."""
        return self.at

    def boot(self) -> Boot:
        """What was set."""
        return Boot(self.name, self.uptime)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the checkpoint is, noted at `NOW`, 1000 s after the first boot."""
    write_checkpoint(tmp_path / "clock.json", SetClock())
    return tmp_path / "clock.json"


def test_no_checkpoint(tmp_path: Path) -> None:
    """A host that never acted takes its clock as it is."""
    assert check_clock(tmp_path / "clock.json", SetClock(), None) == NOW


def test_checkpoint(place: Path) -> None:
    """A checkpoint holds the wall time and the boot."""
    assert read_checkpoint(place) == Checkpoint(NOW, Boot("first", 1000))


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'{"wall": "x"}', b'{"wall": 1}', b"\xff"],
    ids=["empty", "cut", "list", "text", "half", "bytes"],
)
def test_unreadable_checkpoint(place: Path, raw: bytes) -> None:
    """An unreadable checkpoint counts as none: it only ever holds back."""
    place.write_bytes(raw)
    assert read_checkpoint(place) is None
    assert check_clock(place, SetClock(NOW + 400 * DAY), None) == NOW + 400 * DAY


def test_time_passes(place: Path) -> None:
    """On one boot the clock may go as far as the machine ran, and a day more."""
    uptime = 1000 + 90 * DAY
    assert check_clock(place, SetClock(NOW + 91 * DAY, uptime=uptime), None) == NOW + 91 * DAY


def test_jump_within_one_boot(place: Path) -> None:
    """A clock that runs a day ahead of the machine's uptime is refused, with both and the remedy."""
    with pytest.raises(ClockError) as refused:
        check_clock(place, SetClock(NOW + 60 + LIMIT_SECONDS + 1, uptime=1060), None)
    assert (refused.value.last, refused.value.now) == (NOW, NOW + 60 + LIMIT_SECONDS + 1)
    assert "the clock reads 2026-01-02 00:01 UTC, 1 days 0 hours past the last act" in str(refused.value)
    assert "in which the machine ran for 0 hours" in str(refused.value)
    assert "--confirm" in str(refused.value)


def test_small_jump(place: Path) -> None:
    """A jump of a day is let through."""
    assert check_clock(place, SetClock(NOW + LIMIT_SECONDS), None) == NOW + LIMIT_SECONDS


def test_across_boots(place: Path) -> None:
    """After a restart nobody knows how long the machine was off: a day passes, more is refused."""
    assert check_clock(place, SetClock(NOW + LIMIT_SECONDS, "second", 5), None) == NOW + LIMIT_SECONDS
    with pytest.raises(ClockError, match="across a restart"):
        check_clock(place, SetClock(NOW + LIMIT_SECONDS + 1, "second", 5), None)


def test_no_boot_known(tmp_path: Path) -> None:
    """Where the system names no boot, each look counts as another one."""
    place = tmp_path / "clock.json"
    write_checkpoint(place, SetClock(boot="", uptime=0))
    with pytest.raises(ClockError, match="across a restart"):
        check_clock(place, SetClock(NOW + 2 * DAY, "", 2 * DAY), None)


def test_backwards(place: Path) -> None:
    """A clock that was set back dates the next event like the last one."""
    assert check_clock(place, SetClock(NOW - 400 * DAY), NOW) == NOW


def test_backwards_and_right_again(place: Path) -> None:
    """An act under a clock that was set back does not make the right time look like a jump."""
    write_checkpoint(place, SetClock(NOW - 400 * DAY, "second", 60))
    assert read_checkpoint(place) == Checkpoint(NOW, Boot("second", 60))
    assert check_clock(place, SetClock(NOW + 3600, "second", 120), NOW) == NOW + 3600


def test_confirm(place: Path) -> None:
    """After an operator's word the clock counts from where it stands, also when that is earlier."""
    late = SetClock(NOW + 400 * DAY, "second", 5)
    confirm_checkpoint(place, late)
    assert check_clock(place, late, NOW) == NOW + 400 * DAY
    early = SetClock(NOW, "second", 6)
    confirm_checkpoint(place, early)
    assert read_checkpoint(place) == Checkpoint(NOW, Boot("second", 6))


def test_acts(roost: Repository) -> None:
    """An act is refused under a clock that jumped, changes nothing, and works once it is confirmed."""
    now = roost.state().at
    jumped = SetClock(now + 30 * DAY, "another", 1)
    with reopened(roost.path, clock=jumped) as late:
        with pytest.raises(ClockError):
            nest(late, "teens")
        assert late.state().seq == 1
        confirm_checkpoint(late.paths.clock, jumped)
        nest(late, "teens")
        assert late.state().at == now + 30 * DAY
    with reopened(roost.path, clock=SetClock(now, "another", 2)) as back:
        nest(back, "adults")
        assert back.state().at == now + 30 * DAY


def test_system_clock() -> None:
    """The machine's own clock gives this boot, whose uptime does not go back."""
    clock = SystemClock()
    first, second = clock.boot(), clock.boot()
    assert first.id == second.id
    assert first.seconds <= second.seconds
    assert clock.now() > NOW
