"""Packages with generic names are told apart from other people's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def _start(*paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import registry.cli.main"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, paths))},
        cwd=paths[0],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_foreign_package_of_the_same_name_is_named(tmp_path: Path) -> None:
    """A `policies` of somebody else's is refused at the start, with where it is and what to do."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "__init__.py").write_text("")
    done = _start(tmp_path, ROOT)
    assert done.returncode == 1
    assert "ForeignPackageError: the package 'policies' comes from" in done.stderr
    assert "Install policy-commons in an environment of its own." in done.stderr


def test_our_own_are_accepted() -> None:
    """With its own packages the program starts."""
    assert _start(ROOT).returncode == 0
