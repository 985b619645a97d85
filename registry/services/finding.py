"""Finds the commons in a folder: bare repositories at or below it. Reads folders; follows no link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MAX_DEPTH = 8


def repositories(root: Path) -> Iterator[Path]:
    """`root` itself when it is a repository, else those named `*.git` below it, nested ones included."""
    root = root.resolve()
    if is_repository(root):
        yield root
        return
    for folder, below, _ in os.walk(root, followlinks=False):
        here = Path(folder)
        for name in sorted(below):
            if name.endswith(".git") and not (here / name).is_symlink() and is_repository(here / name):
                yield here / name
        deep = len(here.relative_to(root).parts) >= MAX_DEPTH
        # A commons' folder is not entered: its children stand beside it, in a folder of its name.
        below[:] = [] if deep else sorted(name for name in below if not name.endswith(".git"))


def is_repository(path: Path) -> bool:
    """Whether a bare Git repository seems to be here."""
    return (path / "HEAD").is_file() and (path / "objects").is_dir()
