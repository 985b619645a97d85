"""`git clone` of 2,000 policies from our server, beside `git http-backend` behind nginx."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
from pathlib import Path

from registry.services.found import found
from registry.services.importing import import_folders
from tests.benchmarks.http_backend import has_backend, http_backend
from tests.benchmarks.measure import Line, seconds
from tests.benchmarks.servers import our_server
from tests.support.histories import policy_files

POLICIES, PAIRS = 2_000, 7


def run(folder: Path) -> list[Line]:
    """Clones from both, one after the other, several times."""
    root = folder / "served"
    root.mkdir()
    folders = {f"policy-{number}": policy_files(f"Policy {number}") for number in range(POLICIES)}
    with found(root / "many.git", founder="ana", name="many") as repository:
        import_folders(repository, folders, actor="ana", kind="folder")
    work = f"`git clone` of {POLICIES:,} policies"
    with our_server(root, "--rate-limit", "off") as ours:
        _clone(ours, folder / "warm")
        if not has_backend():
            taken = statistics.median(seconds(lambda: _clone(ours, folder / "c")) for _ in range(PAIRS))
            return [Line(work, f"{taken:.2f} s; no peer", "needs nginx and fcgiwrap (apt-get install)")]
        with http_backend(folder, root) as peer:
            _clone(peer, folder / "warm")
            pairs = [
                (seconds(lambda: _clone(ours, folder / "c")), seconds(lambda: _clone(peer, folder / "c")))
                for _ in range(PAIRS)
            ]
    ratio = statistics.median(one / other for one, other in pairs)
    mine = statistics.median(one for one, _ in pairs)
    return [
        Line(f"{work} against http-backend", f"{ratio:.2f}x ({mine:.2f} s)", "<= 1.2x", ratio <= 1.2),
    ]


def _clone(base: str, to: Path) -> None:
    """Without a checkout: writing the files costs both the same and would hide a difference."""
    subprocess.run(
        ["git", "clone", "--quiet", "--no-checkout", f"{base}/many.git", str(to)],
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"},
    )
    shutil.rmtree(to)
