from __future__ import annotations

from evaluations.engines import replay
from registry.web.shapes.runs import REPLAY


def test_replay_goes_by_its_own_name() -> None:
    """The name by which recorded answers are known here is the engine's own."""
    assert REPLAY == replay.NAME
