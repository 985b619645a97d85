"""Reads through the pool, beside a bare `git cat-file --batch` asked one id at a time."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from registry.store.objects import Change
from registry.store.process import git_command, git_environment
from registry.store.reader import Reader
from registry.store.repository import create
from registry.store.writer import write_objects
from tests.benchmarks.measure import Line, paired_ratio, seconds

OBJECTS, THREADS = 4_000, 4


def run(folder: Path) -> list[Line]:
    """Reads the same objects both ways."""
    path = folder / "reading.git"
    create(path).close()
    change = Change()
    ids = [change.blob(b"x" * 1_000 + b"%d" % number) for number in range(OBJECTS)]
    write_objects(path, change.objects.values())
    reader = Reader(path)
    bare = subprocess.Popen(
        git_command(path, "cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=git_environment(),
    )
    assert bare.stdin is not None
    assert bare.stdout is not None

    def ours() -> None:
        for oid in ids:
            reader.read(oid)

    def floor() -> None:
        for oid in ids:
            bare.stdin.write(oid.encode() + b"\n")
            bare.stdin.flush()
            size = int(bare.stdout.readline().split()[2])
            bare.stdout.read(size + 1)

    ours()
    floor()

    def together() -> None:
        threads = [threading.Thread(target=ours) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    rate = THREADS * OBJECTS / min(seconds(together) for _ in range(5))
    alone = OBJECTS / min(seconds(ours) for _ in range(5))
    ratio = paired_ratio(ours, floor)
    bare.stdin.close()
    bare.wait()
    bare.stdout.close()
    reader.close()
    return [
        Line(f"reads through the pool, {THREADS} threads", f"{rate:,.0f}/s", ">= 10,000/s", rate >= 10_000),
        Line("the same, one thread", f"{alone:,.0f}/s", "reported"),
        Line("one thread against a bare cat-file --batch", f"{ratio:.2f}x", "<= 1.3x", ratio <= 1.3),
    ]
