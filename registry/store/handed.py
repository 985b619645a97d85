"""Looks at a repository's own files before git or GitPython opens them.

A commons may be a folder that somebody handed over. A pipe where a ref should stand would hold every
reader for ever, and its configuration can have git read any other file.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from registry.store.errors import NotACommonsError
from registry.store.refs import LOG

_READ_FIRST = ("HEAD", "config", "packed-refs", "commondir", "shallow", "objects/info/alternates", LOG)
_CONFIG_BYTES = 256 * 1024
_INCLUDE = re.compile(rb"^\s*\[\s*include", re.IGNORECASE | re.MULTILINE)
_MAX_REFS = 1_000_000


def refuse_traps(repository: Path) -> None:
    """Raises `NotACommonsError` for the files that everyone reads first."""
    for name in _READ_FIRST:
        _plain(repository, repository / name)
    config = repository / "config"
    if config.is_file():
        if config.stat().st_size > _CONFIG_BYTES:
            raise NotACommonsError(repository, "its config is larger than any of ours.")
        if _INCLUDE.search(config.read_bytes()):
            raise NotACommonsError(repository, "its config includes other files; take that out.")


def refuse_odd_refs(repository: Path) -> None:
    """The same for every loose ref: for those who are about to read them all."""
    seen = 0
    for folder, below, files in os.walk(repository / "refs"):
        for name in (*below, *files):
            seen += 1
            if seen > _MAX_REFS:
                raise NotACommonsError(repository, "it has more refs than any commons.")
            _plain(repository, Path(folder) / name)


def _plain(repository: Path, path: Path) -> None:
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise NotACommonsError(repository, f"its {path.relative_to(repository)} is no plain file.")
