"""A clone of somebody's who proposes with real `git push`, over a commons with members."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from governance.charter.first_file import first_file
from registry.services.amend import amend_charter
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.publish import publish
from registry.store.process import git_environment, git_path

NAME = "roost"


class Pushed(NamedTuple):
    """How a push went: git's exit code, and all that stood on the terminal."""

    code: int
    said: str


def make_roost(root: Path, files: Mapping[str, bytes], *members: str) -> Path:
    """`roost` with `scams` 1.0.0, looked after by ana, and with these members besides."""
    place = root / f"{NAME}.git"
    with found(place, founder="ana", name=NAME) as repository:
        publish(repository, "scams", files, actor="ana")
        for handle in members:
            invite(repository, handle, actor="ana")
            join(repository, actor=handle)
        if members:
            # Among friends: proposals are decided by consent.
            amend_charter(repository, first_file("circle@1"), actor="ana")
    return place


def run_git(*arguments: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """git as a member has it: nothing of this machine's settings."""
    return subprocess.run(
        [git_path(), "-c", "user.name=Somebody", "-c", "user.email=somebody@invalid", *arguments],
        cwd=cwd,
        # Partial clones fetch what they left out when they need it.
        env=git_environment("http", "file") | {"GIT_NO_LAZY_FETCH": "0"} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def address(base: str, handle: str, token: str, name: str = NAME) -> str:
    """Where somebody pushes to. The token stands in it as git's own credential helpers would give it."""
    scheme, _, host = base.partition("://")
    return f"{scheme}://{handle}:{token}@{host}/{name}.git"


class Clone:
    """Somebody's clone."""

    def __init__(self, base: str, folder: Path, handle: str, token: str, *options: str) -> None:
        self.folder = folder
        self.remote = address(base, handle, token)
        done = run_git("clone", "-q", *options, f"{base}/{NAME}.git", str(folder))
        assert done.returncode == 0, done.stderr

    def git(self, *arguments: str) -> str:
        """Runs git in the clone, which must work."""
        done = run_git(*arguments, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write(self, path: str, data: bytes) -> None:
        """Writes a file."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)

    def replace(self, path: str, old: bytes, new: bytes) -> None:
        """Puts some text in the place of another that stands there."""
        before = (self.folder / path).read_bytes()
        assert old in before
        self.write(path, before.replace(old, new, 1))

    def commit(self, message: str = "A change") -> str:
        """Commits everything; gives the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def push(self, *arguments: str, spec: str = "HEAD:refs/for/main", remote: str | None = None) -> Pushed:
        """Pushes, and gives what git says."""
        done = run_git("push", remote or self.remote, spec, *arguments, cwd=self.folder)
        return Pushed(done.returncode, done.stderr)
