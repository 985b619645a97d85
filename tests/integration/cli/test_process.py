"""The real command in a process of its own: pipes, signals, speed, encodings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "registry.cli"]
ROOT = Path(__file__).parents[3]


def _environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=_environment(**environment), capture_output=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path, library: Path) -> Path:
    shutil.copytree(library / "spam", tmp_path / "spam")
    assert _run(tmp_path, "init", "demo.git", "--from", "spam", "--founder", "ana").returncode == 0
    return tmp_path


def test_the_way_of_a_stranger(tmp_path: Path, library: Path) -> None:
    """Make, lint, found, publish, pull and check, as the README says, each ending as documented."""
    steps: list[tuple[int, list[str]]] = [
        (0, ["new", "my-policy"]),
        (1, ["lint", "my-policy"]),
        (0, ["init", "demo.git", "--from", str(library)]),
        (1, ["publish", "demo.git", "my-policy"]),
        (0, ["log", "demo.git"]),
        (0, ["show", "demo.git", "spam"]),
        (0, ["pull", "demo.git", "spam@1.0.0", "--to", "used/spam"]),
        (0, ["lock", "--check"]),
        (0, ["credits", "."]),
        (0, ["verify", "demo.git"]),
    ]
    assert [(_run(tmp_path, *arguments).returncode, arguments) for _code, arguments in steps] == steps


def test_git_identity_is_never_read(folder: Path) -> None:
    """A name and address in Git's configuration end up nowhere in the repository."""
    (folder / ".gitconfig").write_text("[user]\n\tname = Real Name\n\temail = real@example.org\n", "utf-8")
    done = _run(folder, "publish", "demo.git", "spam", HOME=str(folder), GIT_AUTHOR_NAME="Real Name")
    assert done.returncode == 3
    assert _run(folder, "init", "other.git", "--from", "spam", HOME=str(folder)).returncode == 0
    said = subprocess.run(
        ["git", "--git-dir", str(folder / "other.git"), "log", "--all", "--format=%an %ae %cn %ce"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(said.stdout.splitlines()) == {"founder founder@invalid founder founder@invalid"}


def test_json_is_one_document_and_nothing_else(folder: Path) -> None:
    """Standard output parses whole, and standard error is empty."""
    for arguments in (["show", "demo.git"], ["log", "demo.git"], ["lint", "spam"], ["verify", "demo.git"]):
        done = _run(folder, *arguments, "--json")
        assert (done.returncode, done.stderr) == (0, b"")
        assert isinstance(json.loads(done.stdout), dict)


def test_a_reader_that_leaves_early_is_no_error(folder: Path) -> None:
    """`commons show ... | head -1` ends with 141 and without a word."""
    with subprocess.Popen(
        [*COMMAND, "show", "demo.git", "spam", "--cases"],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


def test_other_encodings_get_escapes(folder: Path, library: Path) -> None:
    """A terminal that knows only ASCII sees escapes in place of a crash."""
    assert _run(folder, "publish", "demo.git", str(library / "harassment-de")).returncode == 0
    done = _run(folder, "show", "demo.git", "harassment-de", PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert (done.returncode, b"Bel\\xe4stigung" in done.stdout) == (0, True)


def test_no_color_is_honoured_and_pipes_have_none(folder: Path) -> None:
    """No escape sequence is written into a pipe, even where colour is asked of the terminal."""
    done = _run(folder, "show", "demo.git", TERM="xterm-256color")
    assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("stage", ["while founding", "later"])
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, library: Path, stage: str) -> None:
    """Interrupted while it founds and imports, `init` exits 130, and not even a temporary folder stays."""
    process = subprocess.Popen(
        [*COMMAND, "init", "demo.git", "--from", str(library)],
        cwd=tmp_path,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while process.poll() is None and not any(tmp_path.iterdir()):
        time.sleep(0.001)
    if stage == "later":
        time.sleep(0.1)
    # A terminal sends Ctrl-C to the whole group: to git as well.
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    if process.returncode == 0 or b"founded the commons" in out:
        # It was quicker than the signal, which may have met it on its way out: then the whole commons stands.
        assert [path.name for path in tmp_path.iterdir()] == ["demo.git"]
        return
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_help_answers_at_once(tmp_path: Path) -> None:
    """The best of five `commons --help` takes less than 0.4 s of processor time."""
    taken = []
    for _ in range(5):
        before = os.times()
        assert _run(tmp_path, "--help").returncode == 0
        after = os.times()
        taken.append(
            after.children_user - before.children_user + after.children_system - before.children_system
        )
    assert min(taken) < 0.4


def test_completion_is_offered(tmp_path: Path) -> None:
    """The shell's own completion asks the command, which names its commands."""
    done = _run(tmp_path, _COMMONS_COMPLETE="complete_bash", COMP_WORDS="commons pu", COMP_CWORD="1")
    assert done.stdout.split() == [b"publish", b"pull"]


def test_standard_input_is_read_where_a_hyphen_stands(folder: Path) -> None:
    """`--text -` takes the content from the pipe, without the line end that the shell added."""
    done = subprocess.run(
        [*COMMAND, "render", "spam", "--text", "-", "--json"],
        cwd=folder,
        env=_environment(),
        input=b"Buy now\n",
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["messages"][1]["content"] == "Buy now"


def test_a_served_commons_can_be_cloned_until_ctrl_c(folder: Path) -> None:
    """The first line on standard output that names the address comes at once; Ctrl-C ends the server."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "demo.git", "--port", "0", "--quiet"],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Serving on "):
        line = process.stdout.readline()
        assert line, f"the server ended: {process.communicate()}"
        lines.append(line.rstrip("\n"))
    address = lines[-1].split()[2]
    cloned = _run(folder, "clone", f"{address}/demo.git", "copy.git", "--json")
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert (cloned.returncode, json.loads(cloned.stdout)["name"]) == (0, "demo")
    assert "demo: 1 policy, 0 runs" in lines
    assert (process.returncode, err.strip()) == (0, "")
