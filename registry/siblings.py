"""Checks at start that the packages beside this one are its own."""

from __future__ import annotations

from pathlib import Path

import evaluations
import governance
import policies
import registry


class ForeignPackageError(ImportError):
    """A package of the same name from elsewhere shadows one of ours (`name`, `found`)."""

    def __init__(self, name: str, found: str) -> None:
        self.found = found
        super().__init__(
            f"the package {name!r} comes from {found}, not from this program. Install policy-commons in an "
            "environment of its own.",
            name=name,
        )


def assert_siblings() -> None:
    """Raises `ForeignPackageError` when a generic name such as `policies` was taken by somebody else."""
    home = Path(registry.__file__).parents[1]
    for package in (policies, governance, evaluations):
        if Path(str(package.__file__)).parents[1] != home:
            raise ForeignPackageError(package.__name__, str(package.__file__))
