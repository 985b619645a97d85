"""Every ref name and on-disk path of a commons, in one place. Touches nothing.

Layout of the repository: CONTRIBUTING.md, "A commons is a Git repository".
"""

from __future__ import annotations

from pathlib import Path

MAIN = "refs/heads/main"
LOG = "refs/commons/log"
TEXTS = "refs/commons/texts"
RUNS = "refs/commons/runs"
ATTIC = "refs/commons/attic"
TAGS = "refs/tags/"
PROPOSALS = "refs/proposals/"

EVENT_FILE = "event.json"
GOVERNANCE_DIR = "governance"
CHARTER_PATH = f"{GOVERNANCE_DIR}/charter.toml"
POLICIES_DIR = "policies"


def tag_ref(slug: str, version: str) -> str:
    """The ref of a released version: `refs/tags/spam/v1.2.0`."""
    return f"{TAGS}{slug}/v{version}"


def policy_dir(slug: str) -> str:
    """Where a policy stands on `main`."""
    return f"{POLICIES_DIR}/{slug}"


class HostPaths:
    """Files beside the objects that belong to this host and are never served by Git.

    They live inside the bare repository, so that one folder is one commons; a clone has none of them.
    """

    __slots__ = (
        "blocked",
        "clock",
        "epoch",
        "erasing",
        "folder",
        "follow",
        "followed",
        "lock",
        "pruning",
        "pushes",
        "secret",
        "snapshot",
        "writing",
    )

    def __init__(self, repository: Path) -> None:
        self.folder = repository / "commons"
        self.lock = self.folder / "lock"
        self.pruning = self.folder / "pruning"
        self.pushes = self.folder / "pushes"
        self.clock = self.folder / "clock.json"
        self.follow = self.folder / "follow.json"
        self.followed = self.folder / "followed.git"
        self.erasing = self.folder / "erasing.json"
        self.blocked = self.folder / "blocked.json"
        self.secret = self.folder / "secret"
        self.epoch = self.folder / "epoch"
        self.snapshot = self.folder / "snapshot"
        self.writing = self.folder / "writing"
