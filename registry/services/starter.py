"""The commons `starter`: founded from the library that ships, with a baseline run of each policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import policies
from registry.services.bench import baselines_due, bench_policy
from registry.services.folders import NamedFolder, read_policy_folder
from registry.services.opening import open_commons
from registry.services.starting import start
from registry.store.clock import HostClock

NAME = "starter"
FOUNDER = "policy-commons"

Told = Callable[[str, int, int], None]
"""Progress: what is being done, how many are done, of how many."""


class Starter(NamedTuple):
    """The starter commons, ready: how many policies it holds, and what this call did."""

    path: Path
    policies: int
    founded: bool
    runs: int


def library_folders() -> list[NamedFolder]:
    """The policies that ship with this program, read from its own files."""
    library = Path(policies.__file__).parent / "library"
    return [read_policy_folder(path) for path in sorted(library.iterdir()) if (path / "policy.md").is_file()]


def ensure_starter(root: Path, *, told: Told, clock: HostClock | None = None) -> Starter:
    """Makes `starter.git` below `root` when it is not there, and runs the baselines that are missing.

    Run again it changes nothing, whatever was published to it since: a commons belongs to its people.
    """
    path = root / f"{NAME}.git"
    founded = not path.exists()
    if founded:
        folders = library_folders()
        told("loading the starter policies", 0, len(folders))
        start(
            path,
            founder=FOUNDER,
            name=NAME,
            folders=folders,
            clock=clock,
            progress=lambda done: told("loading the starter policies", done, len(folders)),
        )
    with open_commons(path, clock=clock) as repository:
        state = repository.state()
        due = baselines_due(state)
        for done, slug in enumerate(due):
            told("running baselines", done, len(due))
            bench_policy(repository, slug, actor=state.founder)
        if due:
            told("running baselines", len(due), len(due))
        return Starter(path, len(state.policies), founded, len(due))
