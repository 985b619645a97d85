"""A clone of somebody's who proposes with real `git push`, over a commons with members."""

from __future__ import annotations

import hashlib
import subprocess
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from governance.charter.first_file import first_file
from registry.push.packets import FLUSH, packet, packets
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


RESULT = "application/x-git-receive-pack-result"
REQUEST = {"content-type": "application/x-git-receive-pack-request"}
ABILITIES = "report-status side-band-64k push-options"
NOTHING = "0" * 40


def commands(*moves: tuple[str, str, str], options: Iterable[str] = (), able: str = ABILITIES) -> bytes:
    """The beginning of a push as bytes: refs (old, new, name) and options."""
    lines = [
        packet(f"{old} {new} {ref}".encode() + (b"\0" + able.encode() if at == 0 else b""))
        for at, (old, new, ref) in enumerate(moves)
    ]
    stated = [packet(option.encode()) for option in options]
    return b"".join([*lines, FLUSH, *stated, FLUSH])


def pack(*objects: bytes, count: int | None = None) -> bytes:
    """A pack of objects that are encoded already."""
    body = b"PACK" + (2).to_bytes(4) + (len(objects) if count is None else count).to_bytes(4)
    body += b"".join(objects)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def packed(kind: int, data: bytes, *, lead: bytes = b"", size: int | None = None) -> bytes:
    """One object of a pack: 1 commit, 2 tree, 3 blob, 7 delta on the object that `lead` names."""
    left = len(data) if size is None else size
    first, left = kind << 4 | left & 15, left >> 4
    head = bytearray()
    while left:
        head.append(first | 0x80)
        first, left = left & 0x7F, left >> 7
    head.append(first)
    return bytes(head) + lead + zlib.compress(data)


def words_of(answer: bytes) -> str:
    """What a report says on the terminal and to git, of an answer in bands."""
    bands = [one for one in packets(answer) if one]
    return b"".join(one[1:] for one in bands).decode("utf-8", "replace")
