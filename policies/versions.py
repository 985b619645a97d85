"""Version numbers of policies: semantic versioning, read for label schemas. Pure.

Major: a label's meaning changed. Minor: coverage changed. Patch: the wording. The number is given
when a change is enacted; authors declare which of the three it is (https://semver.org).
"""

from __future__ import annotations

from enum import StrEnum

import semver

from policies.errors import InvalidNameError

MAX_LENGTH = 64


class Change(StrEnum):
    """How much a change changes for those who use the policy."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"

    @property
    def weight(self) -> int:
        """2 for major, 1 for minor, 0 for patch."""
        return {"major": 2, "minor": 1, "patch": 0}[self.value]


def parse_version(text: str) -> semver.Version:
    """`text` as a version. Raises `InvalidNameError`.

    Build metadata is refused: two versions that differ in it only would have no order.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidNameError(f"{text[:20]}...", "is too long for a version.", "Use a form such as 1.2.0.")
    try:
        version = semver.Version.parse(text)
    except ValueError:
        remedy = "Write major.minor.patch, such as 1.2.0, without a leading v."
        raise InvalidNameError(text, "is not a semantic version.", remedy) from None
    if version.build is not None:
        raise InvalidNameError(text, "carries build metadata.", f"Write {version.replace(build=None)}.")
    return version


def next_version(current: str | None, change: Change) -> str:
    """The number that a change gives. Raises `InvalidNameError` when `current` is no version.

    The first release is 1.0.0 when declared major and 0.1.0 otherwise; a pre-release leads to the
    release it announces.
    """
    if current is None:
        return "1.0.0" if change is Change.MAJOR else "0.1.0"
    return str(parse_version(current).next_version(change.value))
