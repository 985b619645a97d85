"""A repository for one push, which borrows the objects of the commons and is thrown away. Writes its folder.

Refused pushes leave nothing that could be fetched by its id, and whatever is killed leaves a folder beside
the objects that no git looks into; whoever opens the commons next, or pushes, takes those away.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from registry.push.errors import PackRefusedError, PushRefusedError
from registry.push.limits import MIB, PackLimits
from registry.push.packets import Incoming
from registry.store.errors import WriteError
from registry.store.owned import clear_left_behind, owned_folder
from registry.store.process import disk_error, git_command, git_environment
from registry.store.refs import HostPaths

_GONE = (ConnectionError, RuntimeError)
_HEADER = 12
_FILES_BEYOND = 64 * MIB
"""Beside the pack itself: the index, and the bases of deltas that are written to it."""
# No threads, small windows and caches: what is held is known, whatever the objects are.
_SMALL = (
    *("-c", "core.packedGitWindowSize=1m", "-c", "core.packedGitLimit=32m"),
    *("-c", "core.deltaBaseCacheLimit=16m", "-c", "core.bigFileThreshold=1m", "-c", "pack.threads=1"),
)
_UNPACK = (
    *_SMALL,
    *("-c", "core.fsync=none"),
    *("index-pack", "--stdin", "--fix-thin", "--threads=1"),
)


@contextmanager
def set_aside(commons: Path) -> Iterator[Path]:
    """An empty bare repository that sees every object of the commons. Raises `WriteError`."""
    pushes = HostPaths(commons).pushes
    clear_left_behind(pushes)
    try:
        with owned_folder(pushes) as place:
            _lay_out(place, commons)
            yield place
    except OSError as error:
        raise WriteError("taking a push", error) from error


async def unpack(place: Path, incoming: Incoming, limits: PackLimits) -> None:
    """Takes the pack that comes into a repository that was set aside; reads it to its end in any case.

    Raises `PackRefusedError`, `WriteError`, `UnreadablePushError`.
    """
    header = await incoming.exactly(_HEADER)
    if header[:4] != b"PACK":
        await incoming.drop()
        raise PackRefusedError("this is no pack.", "Push with a current git.")
    if (count := int.from_bytes(header[8:])) > limits.objects:
        await incoming.drop()
        raise PackRefusedError(
            f"{count:,} objects are over the limit of {limits.objects:,}.", "Fetch, and build on origin/main."
        )
    with (place / "said").open("w+b") as said:
        code, sent = await _index(place, header, incoming.rest(), said.fileno(), limits)
        said.seek(0)
        words = said.read(2_000).decode("utf-8", "replace")
    if sent > limits.pack_bytes:
        raise PackRefusedError(
            f"they are over the limit of {limits.pack_bytes // MIB} MiB.",
            "Fetch, build on origin/main, and push only what changes.",
        )
    if code != 0:
        if (cause := disk_error(words)) is not None:
            raise WriteError("taking a push", cause)
        raise PackRefusedError(
            "git cannot unpack them: they are broken, build on what is not here, or unpack to too much.",
            "Fetch, build on origin/main, and push again; `git fsck` says whether your clone is whole.",
        )


def merge_base(place: Path, main: str, commit: str, limits: PackLimits) -> str | None:
    """The commit of main that another builds on; None where they share nothing.

    git keeps every commit that it passes in memory, and one of zeros packs to almost nothing (measured: 1 GB
    for a push of 1 MB). So it is held as what unpacks is. Raises `PushRefusedError`.
    """
    process = subprocess.Popen(
        git_command(place, *_SMALL, "merge-base", main, commit),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=git_environment(),
        start_new_session=True,
    )
    try:
        _hold(process.pid, limits)
        found, said = process.communicate(timeout=limits.cpu_seconds)
    except subprocess.TimeoutExpired:
        found, said = b"", b""
    finally:
        if process.poll() is None:
            _kill(process.pid)
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    if process.returncode < 0 or b"memory" in said:
        raise PushRefusedError(
            "the pushed commit",
            "its history is larger than any of a commons.",
            "Build on origin/main, and push that.",
        )
    if process.returncode not in (0, 1):
        raise PushRefusedError(
            "the pushed commit", "its history is not whole.", "`git fetch --unshallow`, then push again."
        )
    return next(iter(found.decode().split()), None)


async def _index(
    place: Path, header: bytes, rest: AsyncIterator[bytes], said: int, limits: PackLimits
) -> tuple[int, int]:
    """git's exit code, and how many bytes came."""
    process = await asyncio.create_subprocess_exec(
        *git_command(place, *_UNPACK),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=said,
        env=git_environment(),
        start_new_session=True,
    )
    assert process.stdin is not None
    sent = len(header)
    try:
        # Before the first byte: until then it has nothing to be large with.
        _hold(process.pid, limits)
        with suppress(*_GONE):
            process.stdin.write(header)
        async for piece in rest:
            sent += len(piece)
            if sent > limits.pack_bytes:
                _kill(process.pid)
                continue
            # git may have heard enough and gone: the rest is read and dropped.
            with suppress(*_GONE):
                process.stdin.write(piece)
                await process.stdin.drain()
        with suppress(*_GONE):
            process.stdin.close()
        return await process.wait(), sent
    finally:
        if process.returncode is None:
            _kill(process.pid)
            await process.wait()


def _hold(pid: int, limits: PackLimits) -> None:
    """Limits what a process may take, where the system can do that to another one (Linux)."""
    if not hasattr(resource, "prlimit"):
        return
    stated = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.pack_bytes + _FILES_BEYOND,
        resource.RLIMIT_CORE: 0,
    }
    with suppress(ProcessLookupError):
        for what, most in stated.items():
            resource.prlimit(pid, what, (most, most))


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _lay_out(place: Path, commons: Path) -> None:
    # By hand and not by `git init`, which takes longer than all the rest.
    (place / "objects" / "info").mkdir(parents=True)
    (place / "objects" / "pack").mkdir()
    (place / "refs").mkdir()
    (place / "HEAD").write_text("ref: refs/heads/none\n")
    (place / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    (place / "objects" / "info" / "alternates").write_text(f"{(commons / 'objects').resolve()}\n")
