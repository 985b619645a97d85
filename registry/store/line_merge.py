"""Merges texts by their lines with git's own `merge-file`. Runs git on files of its own."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from policies.conflicts import Clash
from registry.store.errors import GitFailedError
from registry.store.process import git_environment, git_path

_LEAST = 40
_MARKS = re.compile(r"^([<>=|])\1*", re.MULTILINE)
# Nothing but a newline parts lines: texts may hold other marks that Python takes for one.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NAMES = ("ours", "base", "theirs")


def merge_lines(base: str, ours: str, theirs: str) -> tuple[str | Clash, ...]:
    """Ours and theirs over their base: merged text, and where lines clash all three of them.

    Line ends are `\\n`. Raises `GitFailedError`.
    """
    # Longer than whatever in the texts could be taken for a mark.
    longest = max(
        (len(found[0]) for text in (base, ours, theirs) for found in _MARKS.finditer(text)), default=0
    )
    size = max(_LEAST, longest + 1)
    with tempfile.TemporaryDirectory(prefix="commons-merge-") as folder:
        paths = [Path(folder) / name for name in _NAMES]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(text.encode())
        command = [git_path(), "merge-file", "-p", "--diff3", f"--marker-size={size}"]
        for name in _NAMES:
            command += ["-L", name]
        done = subprocess.run(
            [*command, *map(str, paths)], capture_output=True, check=False, env=git_environment(), cwd=folder
        )
    # 0: nothing clashes; up to 127: so many clashes.
    if done.returncode > 127:
        detail = done.stderr.decode("utf-8", "replace").strip()[-500:]
        raise GitFailedError("merge-file", detail or f"exit code {done.returncode}")
    return tuple(_parts(done.stdout.decode("utf-8"), size))


def _parts(text: str, size: int) -> Iterator[str | Clash]:
    marks = {f"{sign * size} {name}": name for sign, name in (("<", "ours"), ("|", "base"), (">", ""))}
    marks["=" * size] = "theirs"
    marks[f"{'>' * size} theirs"] = ""
    gathered: dict[str, list[str]] = {"": []}
    now = ""
    for line in _LINE.findall(text):
        mark = marks.get(line.rstrip("\n"))
        if mark is None:
            gathered[now].append(line)
            continue
        if mark == "ours":
            if gathered[""]:
                yield "".join(gathered[""])
            gathered = {"ours": [], "base": [], "theirs": []}
        elif not mark:
            yield Clash(*("".join(gathered[name]) for name in ("base", "ours", "theirs")))
            gathered = {"": []}
        now = mark
    if gathered[""]:
        yield "".join(gathered[""])
