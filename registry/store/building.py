"""Makes a repository whole or not at all: beside its place first, and under its name once it is done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.store.bare import lay_out
from registry.store.errors import AlreadyExistsError, WriteError
from registry.store.writer import sync_folder


@contextmanager
def building(to: Path) -> Iterator[Path]:
    """Gives an empty bare repository that becomes `to` when the block ends well and is removed otherwise.

    Raises `AlreadyExistsError`, even for an empty folder, and `WriteError`.
    """
    refuse_existing(to)
    place = to.with_name(f".{to.name}.{os.urandom(4).hex()}")
    try:
        try:
            lay_out(place)
            yield place
            _sync(place)
            refuse_existing(to)
            place.rename(to)
            sync_folder(to.parent)
        except OSError as error:
            raise WriteError(to.name, error) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def refuse_existing(to: Path) -> None:
    """Raises `AlreadyExistsError` when anything is there, a dangling link included."""
    if to.exists() or to.is_symlink():
        raise AlreadyExistsError(to)


def _sync(place: Path) -> None:
    """Our own small files; git has synced its objects and refs."""
    for path in place.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        elif path.relative_to(place).parts[0] not in ("objects", "refs"):
            with path.open("rb") as file:
                os.fsync(file.fileno())
