"""Many readers and many writers at once, from threads and from processes."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from governance.payloads import ChildFounded, Imported
from policies.digest import folder_digest
from registry.services.gc import gc
from registry.services.reading import release_files
from registry.services.verify import verify
from registry.store import log
from registry.store.errors import BusyError
from registry.store.refs import MAIN
from registry.store.repository import Repository
from tests.support.acts import (
    founded,
    nest,
    release,
    start_process,
    write_many,
    write_until_stopped,
)
from tests.support.vouched import reopened

SECONDS = float(os.environ.get("COMMONS_SOAK", "3"))
READERS, WRITERS, ACTS = 64, 8, 10


class Reading(threading.Thread):
    """Reads until told to stop; `wrong` is the first thing that was not as it should be."""

    def __init__(self, repository: Repository, stop: threading.Event) -> None:
        super().__init__()
        self.repository, self.stop = repository, stop
        self.reads = 0
        self.wrong: BaseException | None = None

    def run(self) -> None:
        """One look after another."""
        try:
            seq = 0
            while not self.stop.is_set():
                seq = self.look(seq)
                self.reads += 1
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
            self.wrong = error

    def look(self, seq: int) -> int:
        """The state never goes back, is of one act, and every byte that it names is what it says."""
        state = self.repository.state()
        assert state.seq >= seq, f"went back from {seq} to {state.seq}"
        if state.policies:
            newest = max(state.policies.values(), key=lambda policy: policy.latest.commit == state.refs[MAIN])
            found = newest.latest
            assert state.refs[MAIN] == found.commit, "main and the releases are of different acts"
            assert state.refs[f"refs/tags/{found.slug}/v{found.version}"] == found.tag
            files = release_files(self.repository, found)
            assert folder_digest(files) == found.folder, "the bytes are not those of the release"
        return state.seq


def test_readers_beside_a_writer(tmp_path: Path) -> None:
    """64 threads read while another process writes and gc runs: nothing wrong, nothing half-done."""
    path, stop_file, stop = tmp_path / "roost.git", tmp_path / "stop", threading.Event()
    founded(path).close()
    writer = start_process(write_until_stopped, path, stop_file)
    with reopened(path) as repository:
        readers = [Reading(repository, stop) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(SECONDS / 4)
            gc(path, grace_seconds=3600)
        stop.set()
        stop_file.touch()
        for reader in readers:
            reader.join()
        writer.join(60)
        assert writer.exitcode == 0
        assert [reader.wrong for reader in readers if reader.wrong] == []
        assert all(reader.reads for reader in readers)
        assert repository.state().seq > 3
        assert verify(repository).failure is None


def test_writers_beside_each_other(tmp_path: Path) -> None:
    """8 processes write to one commons: every act is in the log exactly once."""
    path = tmp_path / "roost.git"
    founded(path).close()
    writers = [start_process(write_many, path, number, ACTS) for number in range(WRITERS)]
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    with reopened(path) as repository:
        head = repository.head()
        assert head is not None
        entries = list(log.oldest_first(repository.reader, head))
        assert [entry.event.seq for entry in entries] == list(range(1, WRITERS * ACTS + 2))
        said = [entry.event.payload for entry in entries]
        nested = sorted(payload.name for payload in said if isinstance(payload, ChildFounded))
        assert nested == sorted(
            f"roost/c{writer}-{number}"
            for writer in range(WRITERS)
            for number in range(ACTS)
            if number % 5 != 4
        )
        released = sorted(payload.releases[0].slug for payload in said if isinstance(payload, Imported))
        assert released == sorted(f"w{writer}" for writer in range(WRITERS) for _ in range(ACTS // 5))
        assert verify(repository).failure is None
        assert repository.recover() == []


def test_lock_stays_taken(tmp_path: Path) -> None:
    """A writer that waits too long for another says so, and has changed nothing."""
    with founded(tmp_path / "roost.git") as holder, reopened(holder.path, lock_seconds=0.05) as waiting:
        with holder.exclusively(), pytest.raises(BusyError, match=r"held the lock for 0\.05 s"):
            nest(waiting, "teens")
        assert waiting.state().seq == 1
        nest(waiting, "teens")
        assert waiting.state().seq == 2


def test_nothing_is_left_open(tmp_path: Path) -> None:
    """After reads, acts and a gc, closing gives back every process and every descriptor."""
    this = psutil.Process()
    founded(tmp_path / "first.git").close()
    children, descriptors = set(this.children(recursive=True)), this.num_fds()
    with founded(tmp_path / "roost.git") as repository:
        for number in range(5):
            release(repository, f"Text {number}.")
            assert release_files(repository, repository.state().policies["spam"].latest)
        threads = [threading.Thread(target=lambda: verify(repository)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gc(repository.path)
        repository.reader.commit(repository.state().refs[MAIN])
    assert set(this.children(recursive=True)) - children == set()
    assert this.num_fds() <= descriptors
