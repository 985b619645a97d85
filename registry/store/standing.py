"""Where a ref stands on the disk, without a process of git. Reads only."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import git

_OID = re.compile(r"[0-9a-f]{40}")


def standing_ref(repo: git.Repo, path: Path, name: str) -> str | None:
    """The commit or tag that a ref names; None where there is no such ref.

    As git does, a file of its own wins over the packed ones. It is asked for several times in each act, and
    reading that file takes a third of the time that GitPython takes.
    """
    with suppress(OSError, ValueError):
        stated = (path / name).read_text("ascii").strip()
        if _OID.fullmatch(stated):
            return stated
    try:
        found = str(git.SymbolicReference.dereference_recursive(repo, name))
    except ValueError:
        return None
    return found if _OID.fullmatch(found) else None
