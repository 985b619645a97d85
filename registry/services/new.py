"""Starts a policy: a folder from the template, for an author to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from policies.names import check_slug
from policies.scaffold import new_policy_files
from registry.services.errors import InputRefusedError
from registry.services.folders import replacing, write_files
from registry.store.clock import HostClock, SystemClock


class NewPolicy(NamedTuple):
    """The folder that was made, and how many `TODO` places wait in it."""

    path: Path
    slug: str
    title: str
    files: tuple[str, ...]
    placeholders: int


def new_policy(path: Path, *, title: str | None = None, clock: HostClock | None = None) -> NewPolicy:
    """Makes the folder `path`, whose name is the policy's slug; `title` is by default made of it.

    Raises `InvalidNameError` for the name or the title, `InputRefusedError` when the path is taken.
    """
    slug = check_slug(path.name or path.resolve().name)
    if path.exists() or path.is_symlink():
        raise InputRefusedError(
            str(path), "something is there already.", "Choose another name, or edit what is there."
        )
    shown = title if title is not None else slug.replace("-", " ").capitalize()
    files = new_policy_files(slug, shown, year=_year((clock or SystemClock()).now()))
    with replacing(path) as folder:
        write_files(folder, files)
    count = sum(raw.count(b"TODO:") for raw in files.values())
    return NewPolicy(path, slug, shown, tuple(files), count)


def _year(now: int) -> int:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(now, UTC).year
