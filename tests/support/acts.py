"""Small acts on a real commons, and processes that do them and are killed while they do."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import ChildFounded
from registry.services.found import found
from registry.services.importing import import_folders
from registry.store.errors import WriteError
from registry.store.objects import Change
from registry.store.repository import Repository
from registry.store.writer import Fault
from tests.support.histories import policy_files
from tests.support.vouched import reopened


def context() -> ForkServerContext:
    """Processes that start from a clean one with our modules loaded: fast, and safe beside threads."""
    chosen = multiprocessing.get_context("forkserver")
    chosen.set_forkserver_preload(["tests.support.acts"])
    return chosen


def founded(path: Path) -> Repository:
    """The commons `roost`, founded by ana."""
    return found(path, founder="ana", name="roost")


def release(repository: Repository, text: str, slug: str = "spam") -> None:
    """An act that moves main and makes a tag: the policy with another text."""
    import_folders(repository, {slug: policy_files(slug.title(), text)}, actor="ana", kind="folder")


def nest(repository: Repository, name: str) -> None:
    """An act that moves the log alone."""

    def decide(state: Commons | None, _change: Change, _at: int) -> Draft:
        assert state is not None
        said = ChildFounded(name=f"{state.name}/{name}", founding="0" * 64)
        return Draft(type="child_founded", actor=state.founder, payload=said)

    repository.act(decide)


class Steps:
    """A fault that notes the steps it is told of, and kills the process at the one with this number."""

    def __init__(self, deadly: int | None = None) -> None:
        self.seen: list[str] = []
        self._deadly = deadly

    def __call__(self, step: str) -> None:
        """Called by the store before each step."""
        if len(self.seen) == self._deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen.append(step)


class Held:
    """A fault that holds the first act up before its refs move, until others have come to wait for it."""

    def __init__(self, fault: Fault) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._fault = fault

    def __call__(self, step: str) -> None:
        """Called by the store before each step."""
        if step == "refs: move" and not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(30)
        self._fault(step)


def together(repository: Repository, held: Held, name: str) -> list[BaseException]:
    """A nesting, and three more and a release that wait for it; gives what was refused."""
    refused: list[BaseException] = []

    def tried(act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            refused.append(error)

    acts: list[Callable[[], None]] = [partial(nest, repository, f"{name}-{number}") for number in range(4)]
    acts.append(partial(release, repository, f"Text of {name}."))
    threads = [threading.Thread(target=tried, args=(act,)) for act in acts]
    for place, thread in enumerate(threads):
        thread.start()
        if place == 0:
            assert held.reached.wait(30)
        else:
            wait_until(lambda place=place: len(repository._line._waiting) == place)
    held.go_on.set()
    for thread in threads:
        thread.join()
    return refused


def together_and_die(path: Path, name: str, step: int) -> None:
    """The same, killed at a step."""
    held = Held(Steps(step))
    with reopened(path, fault=held) as repository:
        together(repository, held, name)


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Returns once it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.001)


def run_process(target: Callable[..., None], *arguments: object) -> int:
    """Runs one process to its end; gives its exit code, negative for the signal that killed it."""
    process = start_process(target, *arguments)
    process.join(60)
    code = process.exitcode
    assert code is not None, "it did not end within a minute"
    process.close()
    return code


def start_process(target: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Starts one."""
    process = context().Process(target=target, args=arguments)
    process.start()
    return process


def release_and_die(path: Path, text: str, step: int) -> None:
    """Releases a policy, and is killed at a step."""
    with reopened(path, fault=Steps(step)) as repository:
        release(repository, text)


def release_many_and_die(path: Path, text: str, step: int) -> None:
    """Releases so many policies that their objects go into one pack, and is killed at a step."""
    with reopened(path, fault=Steps(step)) as repository:
        import_folders(repository, many(text), actor="ana", kind="folder")


def many(text: str) -> dict[str, dict[str, bytes]]:
    """Twenty policies: more objects than are written loose."""
    return {f"p{number}": policy_files(f"P{number}", f"{text} {number}") for number in range(20)}


def write_with_small_files(path: Path, limit: int) -> None:
    """Tries to release where no file may grow past a limit; ends with 0 when that is refused as it should."""
    with reopened(path) as repository:
        repository.view()
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            release(repository, "Larger than is allowed.")
        except WriteError:
            return
    raise SystemExit("the write was not refused")


def write_many(path: Path, writer: int, acts: int) -> None:
    """Does many acts as one of several writers: nestings, and every fifth a release."""
    with reopened(path) as repository:
        for number in range(acts):
            if number % 5 == 4:
                release(repository, f"Text {number} of writer {writer}.", f"w{writer}")
            else:
                nest(repository, f"c{writer}-{number}")


def write_until_stopped(path: Path, stop: Path) -> None:
    """Does acts that move main, until a file says stop."""
    with reopened(path) as repository:
        number = 0
        while not stop.exists():
            number += 1
            release(repository, f"Text number {number}.", f"p{number % 5}")
