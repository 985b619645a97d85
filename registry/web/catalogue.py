"""Which commons are served: finds them on the disk, opens them when asked, keeps a few open.

A commons goes by the name its own founding gives it, wherever its folder stands. Nested commons and
policies share one set of names, so an address is read from the left as far as commons reach.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from governance.errors import GovernanceError
from registry.services.finding import MAX_DEPTH, repositories
from registry.services.opening import open_commons
from registry.store.errors import StoreError
from registry.store.refs import LOG, HostPaths
from registry.store.repository import Repository
from registry.store.watch import RefWatch
from registry.web.refusals import UnknownCommonsError

PROCESSES = 4
"""Processes that read the objects of one commons, at the most."""


class Resolved(NamedTuple):
    """A commons and what is left of the address behind it."""

    name: str
    rest: tuple[str, ...]


class Catalogue:
    """The commons below some folders. Safe for threads; `close()` ends every git process."""

    def __init__(self, roots: Sequence[Path], *, open_limit: int) -> None:
        self._roots = tuple(roots)
        self._open_limit = open_limit
        self._paths: dict[str, Path] = {}
        self._names: tuple[str, ...] = ()
        self._served = ""
        self._troubles: dict[Path, str] = {}
        self._watches: dict[str, RefWatch] = {}
        self._open: OrderedDict[str, Repository] = OrderedDict()
        self._lent: Counter[str] = Counter()
        self._guard = threading.Lock()
        self._scanning = threading.Lock()
        self._scanned = float("-inf")
        self.rescan()

    @property
    def names(self) -> tuple[str, ...]:
        """Every commons served, in alphabetical order."""
        return self._names

    @property
    def served(self) -> str:
        """The names in one piece: it changes when a commons comes or goes."""
        return self._served

    @property
    def troubles(self) -> Mapping[Path, str]:
        """Repositories that could not be opened, and why. For the operator: paths are not public."""
        return dict(self._troubles)

    def __contains__(self, name: str) -> bool:
        return name in self._paths

    def children(self, name: str) -> tuple[str, ...]:
        """The commons served that are nested directly in this one."""
        return tuple(other for other in self.names if other.rpartition("/")[0] == name)

    def resolve(self, parts: Sequence[str]) -> Resolved | None:
        """The longest commons that an address begins with; None when it begins with none."""
        for end in range(min(len(parts), MAX_DEPTH), 0, -1):
            name = "/".join(parts[:end])
            if name in self._paths:
                return Resolved(name, tuple(parts[end:]))
        return None

    def repository(self, name: str) -> Repository:
        """The commons, open. Raises `UnknownCommonsError`."""
        with self._guard:
            path = self._paths.get(name)
            known = self._open.get(name)
            if known is not None:
                self._open.move_to_end(name)
                return known
        if path is None:
            raise UnknownCommonsError(name)
        # Opening may finish what a crash left behind; the other commons do not wait for it.
        opened = open_commons(path, processes=PROCESSES)
        with self._guard:
            kept = self._open.setdefault(name, opened)
            surplus = [opened] if kept is not opened else []
            # One that is written to stays: its processes are in the middle of something.
            idle = [other for other in self._open if other != name and not self._lent[other]]
            surplus += [self._open.pop(other) for other in idle[: max(0, len(self._open) - self._open_limit)]]
        for repository in surplus:
            # A thread that still reads from it finishes its read; its process ends after that.
            repository.close()
        return kept

    @contextmanager
    def lent(self, name: str) -> Iterator[Repository]:
        """The commons, open, to act in: it is not closed to make room until it is given back.

        Raises `UnknownCommonsError`.
        """
        with self._guard:
            self._lent[name] += 1
        try:
            yield self.repository(name)
        finally:
            with self._guard:
                self._lent[name] -= 1
                if not self._lent[name]:
                    del self._lent[name]

    def place_for(self, name: str) -> Path | None:
        """Where a commons of this name is, or would be founded; None where there is no room for another."""
        known = self._paths.get(name)
        root = self._roots[0]
        if known is not None:
            return known
        return None if (root / "HEAD").is_file() else root / f"{name}.git"

    def head(self, name: str) -> str | None:
        """Where the log of a commons stands, without opening it; None for one that is not served."""
        watch = self._watches.get(name)
        return watch.stands() if watch else None

    def path(self, name: str) -> Path | None:
        """Where a commons that is served lies."""
        return self._paths.get(name)

    def followed(self, name: str) -> str:
        """Stands for what a commons follows and how that goes: another text when that changes."""
        path = self._paths.get(name)
        try:
            found = HostPaths(path).follow.stat() if path is not None else None
        except OSError:
            found = None
        return f"{found.st_ino} {found.st_mtime_ns} {found.st_size}" if found else ""

    @property
    def opened(self) -> int:
        """How many commons are open now."""
        return len(self._open)

    def is_older(self, seconds: float) -> bool:
        """Whether the last look at the disk is longer ago than this."""
        return time.monotonic() - self._scanned > seconds

    def rescan(self, older_than: float = 0.0) -> None:
        """Looks for commons that came or went, unless somebody looked within `older_than` seconds."""
        with self._scanning:
            if self.is_older(older_than):
                self._scan()
                self._scanned = time.monotonic()

    def close(self) -> None:
        """Closes every open commons."""
        with self._guard:
            opened = list(self._open.values())
            self._open.clear()
        for repository in opened:
            repository.close()

    def _scan(self) -> None:
        known = {path: name for name, path in self._paths.items()}
        paths: dict[str, Path] = {}
        troubles: dict[Path, str] = {}
        for path in (found for root in self._roots for found in repositories(root)):
            try:
                name = known.get(path) or _name_of(path)
            except (StoreError, GovernanceError, OSError) as error:
                troubles[path] = str(error)
                continue
            if paths.setdefault(name, path) != path:
                troubles[path] = f"another repository is the commons {name} already: {paths[name]}"
        with self._guard:
            gone = [self._open.pop(name) for name in list(self._open) if paths.get(name) != self._paths[name]]
            self._watches = {
                name: self._watches[name]
                if self._paths.get(name) == path and name in self._watches
                else RefWatch(path, LOG)
                for name, path in paths.items()
            }
            self._paths, self._names, self._troubles = paths, tuple(sorted(paths)), troubles
            self._served = "\n".join(self._names)
        for repository in gone:
            repository.close()


def _name_of(path: Path) -> str:
    repository = open_commons(path, processes=1)
    try:
        return repository.state().name
    finally:
        repository.close()
