"""`make mutants`: switches each rule of governance off, one at a time, and says which ones no test misses.

python -m tests.mutants [--only TEXT] [--jobs N] [FOLDER ...]

Why not mutmut or cosmic-ray: both change operators, numbers and words everywhere, thousands of times, and
cannot be told what a rule is; what they find here is mostly the wording of refusals. cosmic-ray starts
another interpreter for each change, too. This asks one question: would anybody notice if this rule were gone?
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import pytest

from tests.mutants.running import Plugin
from tests.mutants.switchboard import installed

FOLDERS = ("tests/unit/governance",)


def main() -> int:
    """The exit code: 0 when every rule is missed by some test."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="only rules whose place or source has this text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("folders", nargs="*", default=FOLDERS)
    chosen = parser.parse_args()
    begun = time.monotonic()
    plugin = Plugin(installed(), chosen.only, chosen.jobs)
    quiet = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--no-header", "--no-summary"]
    code = pytest.main([*quiet, *chosen.folders], plugins=[plugin])
    if not plugin.verdicts:
        return int(code) or 2
    sites = plugin.board.sites
    survivors = sorted(verdict.number for verdict in plugin.verdicts if verdict.killer is None)
    print(file=sys.stderr)
    for number in survivors:
        print(f"nobody would notice: {sites[number]}")
    took = time.monotonic() - begun
    asked = f"{len(plugin.verdicts)} rules switched off, {plugin.tests} tests, {took:.0f} s"
    print(f"{asked}: {len(survivors)} unnoticed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
