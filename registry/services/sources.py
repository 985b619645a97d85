"""Somebody else's files, as the importers take them: read with suspicion, written out as policy folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from policies.importers.model import ImportResult, Pack
from policies.importers.source import MAX_FILE_BYTES
from policies.limits import MIB
from registry.services.errors import InputRefusedError
from registry.services.folders import read_plain_file, read_policy_folder, replacing, unusable, write_files

MAX_FILES = 20_000
MAX_TOTAL_BYTES = 512 * MIB


class SourceTree(NamedTuple):
    """Files by their path below the folder, with `/`; `passed_over` are those not read, each with why."""

    name: str
    files: dict[str, bytes]
    passed_over: tuple[tuple[str, str], ...]


class Written(NamedTuple):
    """A pack on the disk. `fresh` is False for a folder that held exactly that already."""

    path: Path
    slug: str
    fresh: bool


def read_source_tree(path: Path, progress: Callable[[int], None] = lambda _done: None) -> SourceTree:
    """Every file at or below `path`.

    Links are not followed, and hidden folders such as `.git` not entered. Raises `InputRefusedError`
    for a path that cannot be read and for more than is sensible to hold at once.
    """
    name = path.name or path.resolve().name
    if path.is_file():
        return SourceTree(path.stem, {path.name: read_plain_file(path, MAX_FILE_BYTES)}, ())
    if not path.is_dir():
        raise InputRefusedError(str(path), "there is no such file or folder.", "Check the path.")
    files: dict[str, bytes] = {}
    passed_over: list[tuple[str, str]] = []
    total = 0
    for found in _below(path):
        key = found.relative_to(path).as_posix()
        if found.is_symlink() or not found.is_file():
            passed_over.append((key, "a link or no regular file"))
        elif found.stat().st_size > MAX_FILE_BYTES:
            passed_over.append((key, f"over {MAX_FILE_BYTES // MIB} MiB"))
        else:
            files[key] = read_plain_file(found, MAX_FILE_BYTES)
            total += len(files[key])
        if len(files) > MAX_FILES or total > MAX_TOTAL_BYTES:
            raise InputRefusedError(
                str(path),
                f"it holds more than {MAX_FILES:,} files or {MAX_TOTAL_BYTES // MIB} MiB.",
                "Import its folders one by one.",
            )
        progress(len(files))
    return SourceTree(name, files, tuple(passed_over))


def write_packs(result: ImportResult, out: Path) -> tuple[Written, ...]:
    """Writes each pack to a folder of its name, below its submitter's where it has one.

    Raises `InputRefusedError`, before anything is written, when a folder is there that holds something
    else.
    """
    places = [(pack, _place(pack, out)) for pack in result.packs]
    fresh = {}
    for pack, path in places:
        fresh[path] = not _holds(path, pack)
        if fresh[path] and (path.is_symlink() or path.exists()):
            raise InputRefusedError(
                str(path), "something else is there.", "Choose another folder with --out, or move it away."
            )
    for pack, path in places:
        if fresh[path]:
            with replacing(path) as folder:
                write_files(folder, pack.files)
    return tuple(Written(path, pack.slug, fresh[path]) for pack, path in places)


def _place(pack: Pack, out: Path) -> Path:
    return out / pack.group / pack.slug if pack.group else out / pack.slug


def _holds(path: Path, pack: Pack) -> bool:
    if not path.is_dir():
        return False
    try:
        return read_policy_folder(path).files == dict(pack.files)
    except InputRefusedError:
        return False


def _below(path: Path) -> Iterator[Path]:
    def stop(error: OSError) -> None:
        raise unusable(Path(str(error.filename)), error)

    for folder, folders, names in os.walk(path, onerror=stop):
        # A link to a folder is listed, so that it can be named; os.walk does not enter it.
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield Path(folder) / name
