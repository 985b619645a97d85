"""A writer is killed at every step of an act: the commons is as before it or as after it."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from registry.services.importing import import_folders
from registry.services.verify import verify
from registry.store.errors import StoreError
from registry.store.process import run_git
from registry.store.recovery import standing_refs
from registry.store.refs import LOG, MAIN
from registry.store.repository import Repository
from tests.support.acts import (
    Held,
    Steps,
    founded,
    many,
    nest,
    release,
    release_and_die,
    release_many_and_die,
    run_process,
    together,
    together_and_die,
)
from tests.support.vouched import reopened


def expect_whole(repository: Repository) -> None:
    """The refs on the disk are those of the log, and no lock or temporary is left."""
    state = repository.state()
    assert standing_refs(repository.path) == {LOG: repository.head(), **state.refs}
    left = [path for path in repository.path.rglob("*.lock") if path.name != "lock"]
    left += repository.path.glob("objects/**/*tmp*")
    left += repository.path.glob("commons/**/*tmp*")
    assert left == []


def steps_of_a_release(path: Path) -> list[str]:
    steps = Steps()
    with founded(path) as repository:
        repository.fault = steps
        release(repository, "First text.")
    return steps.seen


def test_steps(tmp_path: Path) -> None:
    """An act writes each object, syncs all, names all, syncs the names, and only then moves the refs."""
    seen = steps_of_a_release(tmp_path / "a.git")
    assert seen[0] == "lock: taken"
    kinds = {"objects: blob", "objects: tree", "objects: commit", "objects: tag"}
    assert set(seen[1:-5]) == kinds
    durable = ["objects: sync", "objects: name", "objects: folders"]
    assert seen[-5:] == [*durable, "refs: move", "refs: moved"]


def kill_and_look(path: Path, step: int, *, recover: bool) -> bool:
    """Kills one act at a step; gives whether the act happened, once everything about it was checked."""
    with reopened(path) as repository:
        before = repository.state()
    assert run_process(release_and_die, path, f"Text of step {step}.", step) == -signal.SIGKILL
    with reopened(path) as repository:
        happened = repository.state().seq == before.seq + 1
        assert happened or repository.state() == before
        if recover:
            repository.recover()
            expect_whole(repository)
            assert not repository.lags()
        nest(repository, f"step-{step}")
        assert repository.state().seq == before.seq + 1 + happened
        expect_whole(repository)
    return happened


def test_killed_at_every_step(tmp_path: Path) -> None:
    """Killed at any step, an act is in the log whole or not at all, and recovery leaves no trace."""
    count = len(steps_of_a_release(tmp_path / "steps.git"))
    path = tmp_path / "roost.git"
    founded(path).close()
    outcomes = [kill_and_look(path, step, recover=True) for step in range(count)]
    # Everything before the move is undone by being unreachable, everything after it stands.
    assert outcomes == [False] * (count - 1) + [True]
    with reopened(path) as repository:
        assert verify(repository).failure is None


def test_killed_and_written_to_at_once(tmp_path: Path) -> None:
    """Without anybody's asking for recovery, the next act works wherever the last one was killed."""
    count = len(steps_of_a_release(tmp_path / "steps.git"))
    path = tmp_path / "roost.git"
    founded(path).close()
    steps = (0, count // 2, count - 2, count - 1)
    assert [kill_and_look(path, step, recover=False) for step in steps] == [False, False, False, True]
    with reopened(path) as repository:
        assert verify(repository).failure is None


def test_killed_at_every_step_of_acts_together(tmp_path: Path) -> None:
    """Of acts that are recorded together either all are in the log or none, wherever the writer is killed."""
    steps = Steps()
    with founded(tmp_path / "steps.git") as repository:
        repository.fault = Held(steps)
        together(repository, repository.fault, "c")
    count = len(steps.seen)
    path = tmp_path / "roost.git"
    founded(path).close()
    happened = []
    for step in range(count):
        with reopened(path) as repository:
            before = repository.state()
        assert run_process(together_and_die, path, f"s{step}", step) == -signal.SIGKILL
        with reopened(path) as repository:
            happened.append(repository.state().seq - before.seq)
            repository.recover()
            expect_whole(repository)
            assert not repository.lags()
    # The first act holds up three more and a release: those are one move of the refs.
    assert sorted(set(happened)) == [0, 1, 5]
    assert happened == sorted(happened)
    with reopened(path) as repository:
        assert verify(repository).failure is None


def test_killed_while_packing(tmp_path: Path) -> None:
    """Killed where many objects go into one pack, the act is whole or not at all."""
    path = tmp_path / "roost.git"
    steps = Steps()
    with founded(tmp_path / "steps.git") as repository:
        repository.fault = steps
        import_folders(repository, many("Text"), actor="ana", kind="folder")
    assert steps.seen == ["lock: taken", "objects: pack", "refs: move", "refs: moved"]
    founded(path).close()
    for step in range(len(steps.seen)):
        assert run_process(release_many_and_die, path, f"Text {step}", step) == -signal.SIGKILL
    with reopened(path) as repository:
        repository.recover()
        assert len(repository.state().policies) == 20
        assert verify(repository).failure is None


def half_done(repository: Repository) -> None:
    """Puts main and the tags back to before the last act: a transaction that stopped after the log."""
    moves = repository.state().refs
    entry = repository.head()
    release(repository, "The text that was on its way.")
    for ref in repository.state().refs:
        old = moves.get(ref)
        command = ("update-ref", ref, old) if old else ("update-ref", "-d", ref)
        run_git(repository.path, *command)
    assert repository.head() != entry


def test_log_moved_and_main_not(roost: Repository) -> None:
    """Readers see the act as soon as the log has it, and recovery brings main and the tag there."""
    half_done(roost)
    state = roost.state()
    assert roost.ref(MAIN) != state.refs[MAIN]
    assert roost.lags()
    rolled = {f"rolled {ref} forward to {oid}" for ref, oid in state.refs.items()}
    assert set(roost.recover()) == rolled
    expect_whole(roost)
    assert not roost.lags()


@pytest.mark.parametrize("act", ["moves main", "moves the log alone"])
def test_next_act_over_a_half_done_one(roost: Repository, act: str) -> None:
    """The next act first finishes the one that was cut off, also when it moves other refs itself."""
    half_done(roost)
    with reopened(roost.path) as another:
        if act == "moves main":
            release(another, "The text after it.")
        else:
            nest(another, "teens")
        expect_whole(another)
    assert verify(roost).failure is None


def test_half_done_with_a_lock_file_left(roost: Repository) -> None:
    """A lock file that the killed git left on main does not stop recovery."""
    half_done(roost)
    (roost.path / f"{MAIN}.lock").write_bytes(b"")
    done = roost.recover()
    assert f"removed the stale {MAIN}.lock" in done
    assert f"rolled {MAIN} forward to {roost.state().refs[MAIN]}" in done
    expect_whole(roost)


@pytest.mark.parametrize("name", [f"{LOG}.lock", f"{MAIN}.lock", "packed-refs.lock"])
def test_stale_lock(roost: Repository, name: str) -> None:
    """An act goes through over a lock file whose owner is gone."""
    run_git(roost.path, "pack-refs", "--all")
    lock = roost.path / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_bytes(b"")
    release(roost, "A text over a stale lock.")
    assert roost.state().seq == 2
    if name == "packed-refs.lock":
        roost.recover()
    expect_whole(roost)


def test_git_child_killed_before_the_move(roost: Repository) -> None:
    """The act is recorded once although the git process that moves the refs was killed before."""
    release(roost, "The first text.")
    process = roost._transactions._process
    assert process is not None
    process.kill()
    process.wait()
    release(roost, "The second text.")
    assert roost.state().seq == 3
    expect_whole(roost)


def test_git_child_killed_at_any_moment(roost: Repository) -> None:
    """Wherever the kill hits the git that moves the refs, the act is recorded once or refused whole."""
    release(roost, "The first text.")
    for attempt in range(20):
        before = roost.state().seq
        process = roost._transactions._process
        assert process is not None
        killer = threading.Timer(attempt * 0.0015, process.kill)
        killer.start()
        try:
            release(roost, f"Text of attempt {attempt}.")
            assert roost.state().seq == before + 1
        except StoreError:
            assert roost.state().seq == before
            nest(roost, f"attempt-{attempt}")
        killer.join()
        expect_whole(roost)
    assert verify(roost).failure is None
