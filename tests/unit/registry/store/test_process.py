"""git is called with nothing of the host's or the user's."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from registry.store.errors import GitFailedError, WriteError
from registry.store.process import disk_error, git_command, git_environment, git_path, refused, run_git
from registry.store.repository import Repository


def test_absolute() -> None:
    """git is named by its absolute path."""
    assert Path(git_path()).is_absolute()
    assert git_command(Path("/x"), "log")[0] == git_path()


def test_environment() -> None:
    """No variable of the caller's reaches git but the search path and the folder for temporaries."""
    outside = set(git_environment()) & set(os.environ)
    assert {name for name in outside if git_environment()[name] == os.environ[name]} <= {
        "PATH",
        "TMPDIR",
        "SYSTEMROOT",
        "LC_ALL",
        "TZ",
        "GIT_TERMINAL_PROMPT",
    }
    assert git_environment()["GIT_CONFIG_GLOBAL"] == os.devnull


def test_configuration_of_the_repository_only(roost: Repository) -> None:
    """Settings come from the repository and the command line, and from nowhere else."""
    listed = run_git(roost.path, "config", "--list", "--show-scope").decode().splitlines()
    assert {line.split("\t")[0] for line in listed} == {"local", "command"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("rev-parse", "--verify", "nothing"), "rev-parse"), (("-c", "a.b=c", "show", "nothing"), "show")],
)
def test_failure(roost: Repository, arguments: tuple[str, ...], named: str) -> None:
    """A failure names the command and what git said."""
    with pytest.raises(GitFailedError, match=f"git {named} failed: ") as failed:
        run_git(roost.path, *arguments)
    assert failed.value.command == named


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_disk(code: int) -> None:
    """What the disk refused is told from what git says of it."""
    said = f"fatal: unable to write loose object file: {os.strerror(code)}"
    found = disk_error(said)
    assert found is not None
    assert found.errno == code
    error = refused("roost.git: packing", GitFailedError("repack", said))
    assert isinstance(error, WriteError)
    assert str(error).startswith(f"roost.git: packing: {os.strerror(code)}. ")


def test_another_failure() -> None:
    """Any other failure stays what it is."""
    error = GitFailedError("repack", "fatal: bad object")
    assert refused("x", error) is error
