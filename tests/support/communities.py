"""Small commons to begin a test with: friends, a village, an owner alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from governance.errors import RefusedError
from tests.support.assembly import Assembly
from tests.support.charters import CHARTERS

VILLAGERS = ("ana", "bo", "cy", "di", "ed", "fi", "gu", "ha", "ira")


def solo(**options: Any) -> Assembly:
    """ana alone, with spam 1.0.0, under solo@1."""
    commons = Assembly(**options)
    commons.publish()
    return commons


def circle(overrides: Mapping[str, Any] | None = None, *more: str, **options: Any) -> Assembly:
    """ana, bo and cy (and more), with spam 1.0.0, under circle@1."""
    commons = solo(**options).join("bo", "cy", *more)
    commons.amend("circle@1", overrides)
    return commons


def village(
    overrides: Mapping[str, Any] | None = None,
    *,
    affiliations: Mapping[str, str] | None = None,
    charter: str = "quick",
    **options: Any,
) -> Assembly:
    """Nine members under commons@1 with short times, who have all been there for a month.

    `affiliations` says for whom some of them act, from the beginning; an override of None takes a key out.
    """
    commons = solo(**options)
    for handle in VILLAGERS[1:]:
        commons.join(handle, affiliation=(affiliations or {}).get(handle, "independent"))
    commons.wait(31 * 24)
    preset, values = CHARTERS[charter]
    wanted = {**values, **(overrides or {})}
    commons.amend(preset, {key: value for key, value in wanted.items() if value is not None})
    return commons


def refusal(work: Callable[[], object]) -> str:
    """The rule and the remedy with which this is refused."""
    with pytest.raises(RefusedError) as refused:
        work()
    assert refused.value.seq is not None
    return f"{refused.value.rule} {refused.value.remedy}"
