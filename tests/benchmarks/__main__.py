"""`make bench`: every measurement in one run, one table at the end.

Names select some of them: `python -m tests.benchmarks reading writing`.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Line

ALL = (
    "parsing",
    "reading",
    "writing",
    "importing",
    "verifying",
    "deciding",
    "keys",
    "lexical",
    "asking",
    "comparing",
    "vllm",
    "cloning",
    "pushing",
    "klaus",
    "index",
    "search",
    "web",
    "accounts",
    "proposals",
    "voting",
    "forking",
    "inbox",
)


def main() -> int:
    """Runs the chosen measurements and says which targets were missed."""
    lines: list[Line] = []
    for name in sys.argv[1:] or ALL:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="commons-bench-") as folder:
            lines += importlib.import_module(f"tests.benchmarks.bench_{name}").run(Path(folder))
    print("| Work | Measured | Target | Reached |\n|---|---|---|---|")
    for line in lines:
        reached = {True: "yes", False: "**no**", None: "-"}[line.reached]
        print(f"| {line.work} | {line.figure} | {line.target} | {reached} |")
    return 1 if any(line.reached is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
