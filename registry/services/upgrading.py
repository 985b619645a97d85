"""Moves locked policies to their newest release, and says why where it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from policies.versions import Change
from registry.services.consume import ChangedFolderError, State, place
from registry.services.locked import Origins
from registry.services.lockfile import Locked, from_lock
from registry.services.outdated import News, news_of

Told = Callable[[int], None]


class Outcome(StrEnum):
    """What became of one policy."""

    CURRENT = "current"
    UPGRADED = "upgraded"
    MAJOR = "major-refused"
    CHANGED = "folder-changed"
    UNKNOWN = "unknown"
    WRONG = "wrong"


class Moved(NamedTuple):
    """One policy: its news, what became of it, and how it is locked now."""

    news: News
    outcome: Outcome
    entry: Locked


def upgrade(
    entries: Sequence[Locked],
    lock: Path,
    origins: Origins,
    *,
    major: bool = False,
    force: bool = False,
    told: Told = lambda _done: None,
) -> tuple[Moved, ...]:
    """Takes the newest release of each, in its folder and in the lock, policy by policy.

    A major change is left alone unless `major`, a folder with changes of its own unless `force`.
    """
    moved = []
    for done, entry in enumerate(entries, start=1):
        (news,) = news_of((entry,), lock, origins)
        moved.append(_moved(news, lock, major=major, force=force))
        told(done)
    return tuple(moved)


def _moved(news: News, lock: Path, *, major: bool, force: bool) -> Moved:
    entry = news.entry
    if news.unknown:
        return Moved(news, Outcome.UNKNOWN, entry)
    if news.upgrade is None or news.change is None:
        return Moved(news, Outcome.WRONG if news.wrong else Outcome.CURRENT, entry)
    if news.change is Change.MAJOR and not major:
        return Moved(news, Outcome.MAJOR, entry)
    if news.standing.state is State.CHANGED and not force:
        return Moved(news, Outcome.CHANGED, entry)
    try:
        made = place(news.upgrade, from_lock(entry.folder, lock), lock, force=force)
    except ChangedFolderError:
        return Moved(news, Outcome.CHANGED, entry)
    return Moved(news, Outcome.UPGRADED, made.entry)
