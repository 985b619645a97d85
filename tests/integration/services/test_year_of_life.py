"""A commons that has lived for a year."""

from __future__ import annotations

from pathlib import Path

from registry.services.verify import verify
from registry.store.log import newest_first
from registry.store.process import run_git
from tests.support.year import live_a_year


def test_a_year_of_life_reads_as_minutes_and_verifies(tmp_path: Path) -> None:
    """After a year of acts the log reads as minutes, time never goes back, and everything recounts."""
    with live_a_year(tmp_path / "roost.git") as repository:
        report = verify(repository)
        head = repository.head()
        assert head is not None
        entries = list(newest_first(repository.reader, head))[::-1]
    minutes = run_git(tmp_path / "roost.git", "log", "--reverse", "--format=%s", "refs/commons/log").decode()
    lines = minutes.splitlines()

    assert report.failure is None
    assert lines[0] == "ana founded the commons roost under solo@1"
    assert "ana published scams 1.0.1 (patch)" in lines or "ana published scams 1.1.0 (minor)" in lines
    assert any(line.startswith("ana redacted cases") for line in lines)
    assert any(line.startswith("ana confirmed the clock") for line in lines)
    assert len(lines) == len(entries) == report.events
    times = [entry.event.at for entry in entries]
    assert times == sorted(times)
    assert times[-1] - times[0] > 300 * 86_400
