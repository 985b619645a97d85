"""Lints policy folders on the disk, each beside its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from policies.findings import Finding, Severity
from policies.lint import lint_folder
from registry.services.folders import is_policy_folder, policy_folders, read_policy_folder


class LintedFolder(NamedTuple):
    """A folder with what was found in it, in file order."""

    path: Path
    slug: str
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings weigh this much."""
        return sum(finding.severity is severity for finding in self.findings)


class LintReport(NamedTuple):
    """Every folder that was looked at."""

    folders: tuple[LintedFolder, ...]

    def count(self, severity: Severity) -> int:
        """How many findings of all folders weigh this much."""
        return sum(folder.count(severity) for folder in self.folders)


def lint(paths: Sequence[Path], progress: Callable[[int], None] = lambda _done: None) -> LintReport:
    """Lints policy folders, and the policy folders in folders of them.

    Siblings, for the rules on names and translations, are the policies that stand beside a folder.
    Raises `InputRefusedError` for what is no policy folder.
    """
    folders = list(dict.fromkeys(folder for path in paths for folder in policy_folders(path)))
    neighbours: dict[Path, tuple[str, ...]] = {}
    linted: list[LintedFolder] = []
    for done, path in enumerate(folders, 1):
        slug, files = read_policy_folder(path)
        parent = path.resolve().parent
        if parent not in neighbours:
            neighbours[parent] = _policies_in(parent)
        siblings = tuple(name for name in neighbours[parent] if name != slug)
        linted.append(LintedFolder(path, slug, lint_folder(slug, files, siblings=siblings)))
        progress(done)
    return LintReport(tuple(linted))


def _policies_in(parent: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in parent.iterdir() if is_policy_folder(path)))
    except OSError:
        # A parent that may be entered but not listed has no neighbours to compare with.
        return ()
