"""What a commons follows, as this host keeps it: a file beside the objects, which Git never serves.

Which repository a host asks, and how that goes, is that host's business; what came of it stands in the log.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from registry.services.errors import InputRefusedError
from registry.store.errors import WriteError
from registry.store.refs import HostPaths
from registry.store.writer import write_durably


class Following(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which repository, since when, and how the last look went. Times are UTC seconds.

    `branch` None is where its HEAD is, `folder` "" all of it. `actor` is in whose name it comes in. `came` is
    the commit that was there at the last look that went well, `trouble` what was wrong with the last, in
    words for the operator, `public` in words for everybody; `failures` counts those in a row.
    """

    url: str
    branch: str | None = None
    folder: str = ""
    actor: str
    since: int
    looked_at: int
    next_at: int
    came: str | None = None
    trouble: str | None = None
    public: str | None = None
    failures: int = 0

    @property
    def shown(self) -> str:
        """The address as pages show it: a folder of this host is nobody else's business."""
        return "a folder on this host" if self.url.startswith("/") else self.url


def read_following(repository: Path) -> Following | None:
    """What a commons follows, if it does. Raises `InputRefusedError` for a damaged file."""
    path = HostPaths(repository).follow
    try:
        return msgspec.json.decode(path.read_bytes(), type=Following)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise InputRefusedError(
            "commons/follow.json", f"it cannot be read ({error}).", "Remove it, and follow anew."
        ) from error


def write_following(repository: Path, following: Following) -> None:
    """Keeps it. Raises `WriteError`."""
    path = HostPaths(repository).follow
    try:
        path.parent.mkdir(exist_ok=True)
        write_durably(path, msgspec.json.format(msgspec.json.encode(following), indent=1) + b"\n")
    except OSError as error:
        raise WriteError("commons/follow.json", error) from error


def forget_following(repository: Path) -> None:
    """Follows nothing from here on, and keeps nothing of what was fetched beside the objects."""
    paths = HostPaths(repository)
    paths.follow.unlink(missing_ok=True)
    shutil.rmtree(paths.followed, ignore_errors=True)


def refuse_following(repository: Path, what: str) -> None:
    """Raises `InputRefusedError` in a commons that follows another place: the two would part."""
    following = read_following(repository)
    if following is not None:
        raise InputRefusedError(
            what,
            f"this commons follows {following.shown}, and what is changed here alone would part the two.",
            "Change it there; or the owner moves here first: commons follow REPOSITORY --stop.",
        )


@contextmanager
def looking(repository: Path) -> Iterator[bool]:
    """Whether it is our turn to look: one process at a time does."""
    path = HostPaths(repository).folder / "follow.lock"
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        ours = False
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = True
        yield ours
    finally:
        os.close(descriptor)
