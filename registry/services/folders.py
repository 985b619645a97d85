"""Policy folders on the disk, read with suspicion and written whole or not at all.

Reading opens nothing but regular files, follows no link and looks at sizes before it looks at bytes.
Writing makes a folder beside its place and moves it there, so that an interrupted command leaves
either what was there before or what was meant.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from policies.cases import CASES_FILE
from policies.front_matter import POLICY_FILE
from policies.limits import KIB, LIMITS
from registry.services.errors import InputRefusedError

MAX_ENTRIES = 256
"""More files than any policy folder has: a wrong folder was named, and is not read to its end."""


class NamedFolder(NamedTuple):
    """A policy folder's name with its files' bytes."""

    slug: str
    files: dict[str, bytes]


def read_policy_folder(path: Path) -> NamedFolder:
    """The files of one policy folder; its name is the slug.

    Names that begin with a dot are passed over: editors and file managers leave them, and a policy has
    none. Raises `InputRefusedError` for anything else that is not a plain file of an allowed size.
    """
    files: dict[str, bytes] = {}
    for entry in _entries(path):
        place = path / entry.name
        if entry.is_symlink():
            raise InputRefusedError(
                str(place),
                "a policy folder holds no symbolic links.",
                "Put the file itself in its place.",
            )
        if not entry.is_file(follow_symlinks=False):
            raise InputRefusedError(
                str(place),
                "a policy folder holds files only.",
                "Move it out of the folder; attachments stand beside policy.md.",
            )
        files[entry.name] = read_plain_file(place, _limit(entry.name))
    if POLICY_FILE not in files:
        raise InputRefusedError(
            str(path), f"no {POLICY_FILE} is here.", "Name a policy folder; `commons new NAME` makes one."
        )
    return NamedFolder(path.name or path.resolve().name, files)


def is_policy_folder(path: Path) -> bool:
    """Whether this looks like a policy folder: it has a `policy.md`, readable or not."""
    return (path / POLICY_FILE).is_file()


def policy_folders(path: Path) -> list[Path]:
    """`path` itself when it is a policy folder, else the policy folders in it, by name.

    Raises `InputRefusedError` when there are none.
    """
    if is_policy_folder(path):
        return [path]
    if path.is_file() and path.name == POLICY_FILE:
        return [path.parent]
    try:
        found = sorted(below for below in path.iterdir() if below.is_dir() and is_policy_folder(below))
    except OSError as error:
        raise unusable(path, error) from error
    if not found:
        raise InputRefusedError(
            str(path),
            f"neither it nor a folder in it has a {POLICY_FILE}.",
            "Name a policy folder, or a folder of them; `commons new NAME` makes one.",
        )
    return found


def read_plain_file(path: Path, limit: int) -> bytes:
    """A regular file's bytes, links not followed. Raises `InputRefusedError` for more than `limit` bytes."""
    try:
        # O_NONBLOCK: a named pipe that took the file's place would otherwise hang us here.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise unusable(path, error) from error
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise InputRefusedError(str(path), "it is no regular file.", "Put a plain file in its place.")
        if facts.st_size > limit:
            raise InputRefusedError(
                str(path),
                f"it has {-(-facts.st_size // KIB):,} KiB, and at most {limit // KIB:,} KiB are allowed.",
                "Shorten or split it.",
            )
        return file.read(limit + 1)[:limit]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `path` once the block ends well.

    What stood at `path` goes away only when the new one stands there; an exception, Ctrl-C included,
    leaves it as it was.
    """
    # A dot in front: whoever lists the parent meanwhile does not take it for a policy.
    marks = f"{os.getpid()}-{os.urandom(3).hex()}"
    fresh, former = (path.with_name(f".{path.name}.{word}-{marks}") for word in ("new", "old"))
    try:
        # Made inside the block that clears away: Ctrl-C may come between any two steps.
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.mkdir()
        except OSError as error:
            raise unusable(path, error) from error
        yield fresh
        try:
            if path.exists():
                path.rename(former)
            fresh.rename(path)
        except BaseException:
            if former.exists() and not path.exists():
                former.rename(path)
            raise
    finally:
        if path.exists():
            # The former folder is only ever deleted once something stands in its place.
            shutil.rmtree(former, ignore_errors=True)
        if fresh.exists():
            _clear(fresh)


def _clear(folder: Path) -> None:
    """Deletes a folder that stayed behind.

    A git that Ctrl-C caught as it was starting may outlive us for a moment and make files there: gone
    is what is gone at a second look.
    """
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)
        if not folder.exists():
            return


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files with checked names into a folder of our own making."""
    for name, raw in files.items():
        (folder / name).write_bytes(raw)


def write_file(path: Path, raw: bytes) -> None:
    """Writes one file whole or not at all."""
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}-{os.urandom(3).hex()}")
    try:
        fresh.write_bytes(raw)
        fresh.replace(path)
    except OSError as error:
        raise unusable(path, error) from error
    finally:
        fresh.unlink(missing_ok=True)


def unusable(path: Path, error: OSError) -> InputRefusedError:
    """What the system says of a path, as a refusal with a remedy."""
    said = (error.strerror or type(error).__name__).lower()
    return InputRefusedError(str(path), f"{said}.", "Check the path and who may use it.")


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as listed:
            found = [entry for entry in listed if not entry.name.startswith(".")]
    except OSError as error:
        raise unusable(path, error) from error
    if len(found) > MAX_ENTRIES:
        raise InputRefusedError(
            str(path),
            f"{len(found):,} files are too many for a policy folder.",
            "Name the policy's own folder.",
        )
    return sorted(found, key=lambda entry: entry.name)


def _limit(name: str) -> int:
    sizes = {POLICY_FILE: LIMITS.policy_bytes, CASES_FILE: LIMITS.cases_bytes}
    return sizes.get(name, LIMITS.attachment_bytes)
