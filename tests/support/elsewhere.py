"""A community's repository that is no commons: a work tree, and the bare one that is fetched from."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.histories import policy_files


class Elsewhere:
    """A community's repository, with a work tree in which people commit."""

    def __init__(self, root: Path) -> None:
        self.bare = root / "community.git"
        self.tree = root / "tree"
        self._git("init", "--quiet", "--initial-branch=main", str(self.tree), at=root)
        self._commits = 0

    def commit(self, files: dict[str, bytes], author: str = "Ana Álvarez", *more: str) -> str:
        """A commit of these files by path; gives its id, and puts it where it is served."""
        for name, raw in files.items():
            path = self.tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        self._commits += 1
        self._git("add", "--all")
        said = f"{author} <someone@example.org>"
        date = f"2025-01-0{self._commits}T12:00:00Z"
        self._git(
            "commit", "--quiet", "--allow-empty", f"--author={said}", f"--date={date}", "-m", "Change", *more
        )
        self._publish()
        return self._git("rev-parse", "HEAD").strip()

    def back_to(self, commit: str) -> None:
        """Rewrites history."""
        self._git("reset", "--quiet", "--hard", commit)

    def _publish(self) -> None:
        if not self.bare.exists():
            self._git("clone", "--quiet", "--bare", str(self.tree), str(self.bare))
        self._git("push", "--quiet", "--force", str(self.bare), "HEAD:main")

    def _git(self, *words: str, at: Path | None = None) -> str:
        settings = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        done = subprocess.run(
            ["git", *settings, *words], cwd=at or self.tree, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def spam(text: str = "Promotion nobody asked for.") -> dict[str, bytes]:
    """A policy as its files lie there."""
    files = policy_files("Spam", text)
    return {f"policies/spam/{name}": raw for name, raw in files.items()}
