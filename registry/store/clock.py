"""The host's clock, and what keeps a jump of it from poisoning a log whose time never goes backwards.

One event dated next year would force next year's date on every later one. So each act is held against
the last host checkpoint, a small file beside the repository: within one boot the machine's own uptime
says how much time can have passed; across boots, more than a day needs an operator's word.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import NamedTuple, Protocol

from registry.store.errors import ClockError
from registry.store.writer import write_durably

LIMIT_SECONDS = 24 * 3600


class Boot(NamedTuple):
    """Which boot of the machine, and the seconds since, suspended time included."""

    id: str
    seconds: int


class HostClock(Protocol):
    """What the store asks of a clock."""

    def now(self) -> int:
        """UTC seconds since 1970."""

    def boot(self) -> Boot:
        """The uptime, which no change of the wall clock moves."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """UTC seconds since 1970."""
        return int(time.time())

    def boot(self) -> Boot:
        """The uptime; where the system names no boot, each process counts as one."""
        try:
            boot_id = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
            return Boot(boot_id, int(time.clock_gettime(time.CLOCK_BOOTTIME)))
        except (OSError, AttributeError):
            return Boot("", 0)


class Checkpoint(NamedTuple):
    """The last time that this host acted, and on which boot."""

    wall: int
    boot: Boot


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The last checkpoint; an unreadable one counts as none, since it only ever holds back."""
    try:
        value = json.loads(path.read_bytes())
        return Checkpoint(int(value["wall"]), Boot(str(value["boot"]), int(value["seconds"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_checkpoint(path: Path, clock: HostClock) -> None:
    """Notes that the clock stood here.

    A clock that was set back is not noted: once it is right again, that would look like a jump ahead.
    """
    boot, before = clock.boot(), read_checkpoint(path)
    wall = max(clock.now(), before.wall if before else 0)
    if before == Checkpoint(wall, boot):
        # Of many acts in one second, one writes it.
        return
    value = {"wall": wall, "boot": boot.id, "seconds": boot.seconds}
    # Not synced: losing it in a power cut costs one question, and a sync would cost every act.
    path.write_text(json.dumps(value), "ascii")


def confirm_checkpoint(path: Path, clock: HostClock) -> None:
    """Notes an operator's word that the clock is right, durably."""
    boot = clock.boot()
    value = {"wall": clock.now(), "boot": boot.id, "seconds": boot.seconds}
    write_durably(path, json.dumps(value).encode())


def check_clock(path: Path, clock: HostClock, last_event: int | None) -> int:
    """The time for the next event: the clock's, but never before the last event's.

    Raises `ClockError` when the clock stands more than `LIMIT_SECONDS` past what can be vouched for.
    """
    now = clock.now()
    checkpoint = read_checkpoint(path)
    if checkpoint is not None:
        boot = clock.boot()
        same_boot = boot.id != "" and boot.id == checkpoint.boot.id
        passed = boot.seconds - checkpoint.boot.seconds if same_boot else 0
        if now - (checkpoint.wall + passed) > LIMIT_SECONDS:
            ran = f"in which the machine ran for {_span(passed)}" if same_boot else "across a restart"
            raise ClockError(
                checkpoint.wall,
                now,
                f"the clock reads {_stamp(now)}, {_span(now - checkpoint.wall)} past the last act, {ran}. "
                "An event dated too late would date every later one. If the clock is right, say so with "
                "`commons clock REPOSITORY --confirm`; if not, set it.",
            )
    return now if last_event is None else max(now, last_event)


def _span(seconds: int) -> str:
    days, hours = seconds // 86400, seconds % 86400 // 3600
    return f"{days} days {hours} hours" if days else f"{hours} hours"


def _stamp(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))
