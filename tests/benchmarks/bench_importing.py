"""Importing 10,000 policies in one act, in a process of its own so that its memory can be told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from registry.services.found import found
from registry.services.importing import import_folders
from tests.benchmarks.measure import Line, peak_mb, seconds
from tests.support.histories import policy_files

POLICIES = 10_000


def run(folder: Path) -> list[Line]:
    """Imports in a child process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_importing", str(folder / "many.git")],
        capture_output=True,
        text=True,
        check=True,
    )
    taken, memory = (float(part) for part in done.stdout.split())
    return [
        Line(f"importing {POLICIES:,} policies", f"{taken:.1f} s", "< 60 s", taken < 60),
        Line("its peak memory", f"{memory:.0f} MB", "< 500 MB", memory < 500),
    ]


def main() -> None:
    """Prints seconds and megabytes."""
    folders = {f"policy-{number}": policy_files(f"Policy {number}") for number in range(POLICIES)}
    with found(Path(sys.argv[1]), founder="ana", name="many") as repository:
        taken = seconds(lambda: import_folders(repository, folders, actor="ana", kind="folder"))
    print(taken, peak_mb())


if __name__ == "__main__":
    main()
