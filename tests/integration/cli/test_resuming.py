"""A run that is cut short goes on: killed, interrupted, without room on the disk, or with answers missing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, never, says, sends

ROOT = Path(__file__).parents[3]
CASES = 128
# No bytecode: a child whose files may not grow would leave it cut short, for everybody.
_CHILD = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def _asking(server: ModelServer) -> tuple[str, ...]:
    return ("bench", "spam", "--engine", "openai", "--base-url", server.base_url, "--model", MODEL)


def _start(folder: Path, *arguments: str, before: str = "") -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    program = f"{before}\nfrom registry.cli.main import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={
            **kept,
            **_CHILD,
            "XDG_CACHE_HOME": str(folder / ".cache"),
            "XDG_DATA_HOME": str(folder / ".data"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class _Holding:
    """Answers the first 40 requests and leaves the others waiting, until it is let go."""

    def __init__(self) -> None:
        self.held = True
        self.given = 0
        self.answered: Counter[str] = Counter()

    def __call__(self, asked: Asked) -> Behaviour:
        if self.held and self.given >= 40:
            return never
        self.given += 1
        self.answered[asked.content] += 1
        return says("SP2", reasoning="Mass signs.")


def _journal(folder: Path) -> Path:
    (found,) = (folder / ".cache" / "policy-commons" / "runs").iterdir()
    return found


def _written(folder: Path) -> int:
    """Whole answers in journals."""
    journals = (folder / ".cache" / "policy-commons" / "runs").iterdir()
    return sum(path.read_bytes().count(b"\n") - 1 for path in journals)


def _stop(
    server: ModelServer, process: subprocess.Popen[bytes], end: Callable[[], None], folder: Path
) -> bytes:
    """Ends the child once all its workers wait and what came before is written; gives its stderr."""
    for _ in range(32):
        if not server.holding.acquire(timeout=60):
            process.kill()
            raise AssertionError(process.communicate())
    deadline = time.monotonic() + 60
    while _written(folder) < 40 and time.monotonic() < deadline:
        time.sleep(0.02)
    end()
    return process.communicate(timeout=60)[1]


@pytest.mark.parametrize("torn", [False, True])
def test_a_killed_run_goes_on_where_it_was(commons: Command, tmp_path: Path, torn: bool) -> None:
    """kill -9: what was answered is not asked again, also when the last line was cut; nothing is missing."""
    script = _Holding()
    with ModelServer(script) as server:
        process = _start(tmp_path, *_asking(server))
        _stop(server, process, process.kill, tmp_path)
        assert process.returncode == -signal.SIGKILL
        journal = _journal(tmp_path)
        assert len(journal.read_bytes().splitlines()) == 1 + 40
        if torn:
            journal.write_bytes(journal.read_bytes()[:-7])
        script.held = False
        said = commons(*_asking(server), "--out", "run", "--json")
    assert (said.code, said.document["unanswered"]) == (0, 0)
    assert sum(script.answered.values()) == CASES + torn
    assert len(script.answered) == CASES
    assert len(Path("run/predictions.jsonl").read_text().splitlines()) == CASES
    assert not journal.exists()
    assert commons("export", "run", "--out", "exported").code == 0


def test_ctrl_c_says_how_to_go_on(commons: Command, tmp_path: Path) -> None:
    """130, with what is kept, where, and the command."""
    script = _Holding()
    with ModelServer(script) as server:
        process = _start(tmp_path, *_asking(server))
        err = _stop(server, process, lambda: process.send_signal(signal.SIGINT), tmp_path)
        assert process.returncode == ExitCode.INTERRUPTED
        assert b"40 answers kept in " in err
        assert b"To go on: commons bench spam --engine openai" in err
        script.held = False
        assert "Going on with 40 of 128 answers" in commons(*_asking(server)).err
    assert set(script.answered.values()) == {1}


def test_a_full_disk_stops_the_run_and_loses_nothing(commons: Command, tmp_path: Path) -> None:
    """Exit 5 says how much is kept; with room again the same command goes on."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))"
    script = _Holding()
    script.held = False
    with ModelServer(script) as server:
        process = _start(tmp_path, *_asking(server), before=limit)
        _, err = process.communicate(timeout=60)
        assert process.returncode == ExitCode.TRY_AGAIN, err
        assert b"answers are kept. Put that right" in err
        whole = _journal(tmp_path).read_bytes().count(b"\n") - 1
        assert 0 < whole < CASES
        script.answered.clear()
        said = commons(*_asking(server), "--json")
    assert (said.code, sum(script.answered.values())) == (0, CASES - whole)


def test_answers_that_never_came_are_asked_for_again(commons: Command, tmp_path: Path) -> None:
    """The run is neither written nor kept; the same command asks the one that is missing, and both are."""
    broken = [True]
    first = json.loads(Path("spam/cases.jsonl").read_text("utf-8").splitlines()[0])["content"]

    def script(asked: Asked) -> Behaviour:
        return sends(b"<html>", status=404) if broken[0] and asked.content == first else says("SP2")

    with ModelServer(script) as server:
        command = (*_asking(server), "--out", "run", "--record-to", "demo.git")
        said = commons(*command)
        assert (said.code, Path("run").exists()) == (ExitCode.CHECK_FAILED, False)
        assert "1 answer never came" in said.err
        assert (
            f"To ask for what is missing: commons bench spam --engine openai --base-url {server.base_url}"
            in said.err
        )
        broken[0] = False
        del server.asked[:]
        assert commons(*command).code == 0
        assert server.contents() == [first]
    assert Path("run/record.json").is_file()


def test_another_effort_does_not_go_on_with_this_journal(commons: Command, tmp_path: Path) -> None:
    """By default it has a journal of its own; a named one of another run is refused and stays."""
    with ModelServer(lambda _asked: sends(b"", status=404)) as server:
        assert commons(*_asking(server), "--journal", "j.jsonl").code == ExitCode.CHECK_FAILED
        before = Path("j.jsonl").read_bytes()
        said = commons(*_asking(server), "--journal", "j.jsonl", "--effort", "low")
    assert said.code == ExitCode.WRONG_INPUT
    assert "this is the journal of another run; its effort differs" in said.err
    assert Path("j.jsonl").read_bytes() == before
    assert commons("bench", "spam", "--journal", "j.jsonl").code == ExitCode.WRONG_INPUT


def test_a_comparison_goes_on_too(commons: Command, tmp_path: Path) -> None:
    """Killed while the old version runs: the same command asks what is missing, of both."""
    shutil.copytree("spam", "my-spam")
    with Path("my-spam/policy.md").open("a", encoding="utf-8") as file:
        file.write("- When in doubt, choose SP0.\n")
    script = _Holding()
    with ModelServer(script) as server:
        arguments = ("compare", "spam", "my-spam", *_asking(server)[2:], "--again")
        process = _start(tmp_path, *arguments)
        _stop(server, process, process.kill, tmp_path)
        script.held = False
        said = commons(*arguments, "--json")
    assert (said.code, said.document["n"]) == (0, CASES)
    assert sum(script.answered.values()) == 3 * CASES
    assert not list((tmp_path / ".cache" / "policy-commons" / "runs").iterdir())


@pytest.mark.parametrize("work", ["compare", "probe"])
def test_two_runs_are_gone_on_with_after_ctrl_c(commons: Command, tmp_path: Path, work: str) -> None:
    """130 and the command; typed again it asks what is missing, and nothing twice but for A/A."""
    twin = tmp_path / "twin"
    shutil.copytree(tmp_path / "spam", twin)
    path = twin / "policy.md"
    path.write_text(path.read_text("utf-8").replace("from the top severity down", "from the top"), "utf-8")
    script = _Holding()
    with ModelServer(script) as server:
        asking = _asking(server)[2:]
        words = ("compare", "spam", "twin", *asking) if work == "compare" else ("bench", "spam", *asking)
        words += ("--no-again",) if work == "compare" else ("--probe", "inversion")
        process = _start(tmp_path, *words)
        err = _stop(server, process, lambda: process.send_signal(signal.SIGINT), tmp_path)
        assert process.returncode == ExitCode.INTERRUPTED
        assert b"What was answered is kept in " in err
        assert f"To go on: commons {words[0]} spam".encode() in err
        script.held = False
        assert commons(*words).code == 0
    # Two texts ask about each content once each.
    assert set(script.answered.values()) == {2}
    assert sum(script.answered.values()) == 2 * CASES
