"""One commons as a bare Git repository: the state at the log's head, and the one way to change it.

Reading takes the log's head only and derives every other ref from the events, since a ref transaction
can be seen half-way (measured by us and others: it renames one ref after another). Writing is `act`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import git

from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import place
from governance.replay import apply
from registry.store import erasing, log, recovery, together
from registry.store.bare import lay_out
from registry.store.clock import HostClock, SystemClock, check_clock, write_checkpoint
from registry.store.errors import (
    BusyError,
    NotACommonsError,
    StoreError,
    WriteError,
)
from registry.store.handed import refuse_traps
from registry.store.line import Line
from registry.store.locking import exclusively
from registry.store.objects import Change
from registry.store.owned import clear_left_behind
from registry.store.process import git_path
from registry.store.reader import Reader
from registry.store.refs import LOG, HostPaths
from registry.store.standing import standing_ref
from registry.store.together import Acted, Around, Asked, Decide, Decided, Vouch, WaitingAct
from registry.store.transaction import RefMove, RefTransactions
from registry.store.view import View, advance
from registry.store.writer import Fault, no_fault, write_objects

__all__ = ["Acted", "Around", "Decide", "Repository", "Vouch", "create"]

LOCK_SECONDS = 30.0
_ATTEMPTS = 3


class Repository:
    """An open commons. Safe for threads; close it when done (or use it as a context manager)."""

    def __init__(
        self,
        path: Path,
        *,
        clock: HostClock | None = None,
        processes: int = 4,
        fault: Fault = no_fault,
        lock_seconds: float = LOCK_SECONDS,
        vouch: Vouch = lambda _state, event: event,
    ) -> None:
        if not (path / "objects").is_dir() or not (path / "HEAD").is_file():
            raise NotACommonsError(path, "no bare Git repository is here.")
        refuse_traps(path)
        self.path = path
        self.paths = HostPaths(path)
        self.clock = clock or SystemClock()
        self.reader = Reader(path, processes=processes)
        self.fault = fault
        self.vouch = vouch
        self._lock_seconds = lock_seconds
        self._transactions = RefTransactions(path)
        self._line: Line[Asked, Acted] = Line(self._lead)
        self._view = View(None, None)
        self._viewing = threading.Lock()
        self._settled: str | None = None  # the log head that this process knows every ref to stand by
        git.Git.GIT_PYTHON_GIT_EXECUTABLE = git_path()
        try:
            self._repo = git.Repo(str(path))
        except git.InvalidGitRepositoryError as error:
            raise NotACommonsError(path, "this is no whole Git repository.") from error

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends every git process of this repository."""
        self.reader.close()
        self._transactions.close()
        self._repo.close()

    def head(self) -> str | None:
        """Where the log stands: the one ref that readers look at."""
        return self.ref(LOG)

    def ref(self, name: str) -> str | None:
        """Where a ref of ours stands on the disk, read in process."""
        return standing_ref(self._repo, self.path, name)

    def view(self) -> View:
        """The state at the log's head."""
        seen = self._view
        if seen.head == self.head():
            return seen
        with self._viewing:
            # Read again: a head from before we waited may be older than what was folded meanwhile.
            head = self.head()
            if self._view.head != head:
                self._view = advance(self.reader, self.paths.snapshot, self._view, head)
            return self._view

    def state(self) -> Commons:
        """The state at the log's head; raises `NotACommonsError` when nothing was founded."""
        state = self.view().state
        if state is None:
            raise NotACommonsError(self.path, "this repository has no event log.")
        return state

    def act(self, decide: Decide, *, before: Around | None = None, after: Around | None = None) -> Acted:
        """Records one act: decides, writes the objects, moves the refs, the log first.

        The decision is taken before the lock, unless others wait for it, and again under it if the log moved
        meanwhile. `before` and `after` run under the lock on either side of the move; `before` may run twice.
        Raises what `decide` raises, `BusyError`, `ClockError` or `WriteError`; then nothing has changed.
        """
        decided = None
        if not self._line.is_busy:
            view = self.view()
            decided = Decided(view.head, *self._prepare(decide, view))
        acted = self._line.carried_out(Asked(decide, before, after, decided), seconds=self._lock_seconds)
        if acted is None:
            raise BusyError(self.path, self._lock_seconds)
        return acted

    def _lead(self, waiting: list[WaitingAct]) -> None:
        """Carries out, under the lock, whatever threads of this process ask for at the same time."""
        try:
            with self.exclusively():
                self.fault("lock: taken")
                recovery.remove_unnamed(self.path)
                if self.head() != self._settled and self.lags():
                    # Only the last event's refs are ever looked at: none may be built on one that lags.
                    self.settle()
                while left := [one for one in waiting if not one.is_over]:
                    self._record(left)
        except BaseException as error:
            for one in waiting:
                if not one.is_over:
                    one.refused(error)
            if not isinstance(error, Exception):
                raise

    def _record(self, waiting: list[WaitingAct]) -> None:
        """Records the first acts of those that can be made durable together, in one move of the refs."""
        for attempt in range(_ATTEMPTS):
            view = self.view()
            group, objects = together.decided_together(self._prepare, view, waiting)
            if not group:
                return
            try:
                write_objects(self.path, objects.values(), self.fault)
                last, acted = group[-1]
                if last.asked.before is not None:
                    last.asked.before(acted)
                self.fault("refs: move")
                if self._move(acted.entry, view, last=attempt == _ATTEMPTS - 1):
                    break
            except Exception as error:  # noqa: BLE001 - whatever it is, those who asked are told
                for one, _ in group:
                    one.refused(error)
                return
        self.fault("refs: moved")
        self._settled = acted.entry.commit
        with self._viewing:
            self._view = View(acted.entry.commit, acted.state)
        try:
            if last.asked.after is not None:
                last.asked.after(acted)
            # The act stands. A checkpoint that a full disk refuses only ever holds back less.
            with suppress(OSError):
                write_checkpoint(self.paths.clock, self.clock)
        except Exception as error:  # noqa: BLE001 - as above; it was asked for by one alone
            last.refused(error)
        else:
            for one, done in group:
                one.carried_out(done)

    def rehearse(self, decide: Decide) -> None:
        """Decides as `act` does, and records nothing. Raises what `decide` and the rules raise."""
        self._prepare(decide, self.view())

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Holds the commons' lock; raises `BusyError` when it stays taken.

        A file lock of the operating system's: it goes with its process, however that ends.
        """
        with exclusively(self.path, self._lock_seconds):
            yield

    def recover(self) -> list[str]:
        """Puts right what a crash left behind; gives what was done, in words."""
        with self.exclusively():
            cut_off = clear_left_behind(self.paths.pushes)
            return self.settle() + [f"removed a push that was cut off, {place.name}" for place in cut_off]

    def settle(self) -> list[str]:
        """The work of `recover`, for those who hold the lock already."""
        done = self._roll_forward()
        if erasing.pending(self.paths):
            done.append(erasing.finish(self.path, self.paths, self._recorded, self.fault))
        return done

    def lags(self) -> bool:
        """Whether a crash left work: refs behind the log, or an erasure that was recorded and not done."""
        if erasing.pending(self.paths):
            return True
        head = self.head()
        if head is None:
            return False
        entry, _ = log.read_entry(self.reader, head)
        return any(self.ref(move.ref) != move.new for move in entry.event.moves)

    def _recorded(self, digest: str) -> bool:
        """Whether the event with these bytes' SHA-256 is in the log."""
        head = self.head()
        entries = log.newest_first(self.reader, head) if head else iter(())
        return any(entry.digest == digest for entry in entries)

    def _prepare(self, decide: Decide, view: View) -> tuple[Change, Acted]:
        state = view.state
        at = check_clock(self.paths.clock, self.clock, state.at if state else None)
        change = Change()
        draft = decide(state, change, at)
        charter = state.charter if state else draft.charter
        if charter is None:
            raise NotACommonsError(self.path, "nothing was founded here.")
        event = place(
            draft,
            seq=state.seq + 1 if state else 1,
            at=at,
            charter=charter,
            prev=state.prev if state else None,
        )
        if event.key is None:
            event = self.vouch(state, event)
        entry = log.append(change, event, view.head)
        # The fold has the last word: what it would refuse on replay is refused now.
        try:
            return change, Acted(entry, apply(state, event, entry.digest))
        except RefusedError as error:
            # The event has no number yet that anybody could look up.
            raise error.at_event(None) from None

    def _move(self, entry: log.LogEntry, view: View, *, last: bool) -> bool:
        """Whether the refs moved; False asks for another attempt, on what the log says by then."""
        moves = [RefMove(LOG, view.head, entry.commit)]
        moves += [RefMove(move.ref, move.old, move.new) for move in entry.event.moves]
        try:
            self._transactions.move(moves)
        except StoreError as error:
            # A crash may have left a lock file, a ref behind the log, or a git that finished alone.
            self._roll_forward()
            if self.head() == entry.commit:
                return True
            if last or isinstance(error, WriteError):
                raise
            return False
        return True

    def _roll_forward(self) -> list[str]:
        removed = recovery.remove_stale_locks(self.path)
        done = [f"removed the stale {path.relative_to(self.path)}" for path in removed]
        state = self.view().state
        if state is not None:
            moved = recovery.roll_forward(self.path, state, self._transactions)
            done += [f"rolled {move.ref} forward to {move.new}" for move in moved]
        return done


def create(
    path: Path,
    *,
    clock: HostClock | None = None,
    fault: Fault = no_fault,
    vouch: Vouch = lambda _state, event: event,
) -> Repository:
    """Makes an empty bare repository with our settings; the first `act` founds the commons.

    Raises `AlreadyExistsError` when the path is taken.
    """
    lay_out(path)
    return Repository(path, clock=clock, fault=fault, vouch=vouch)
