"""Temporary folders of processes that live, and of those that were killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from registry.store.owned import clear_left_behind, owned_folder
from tests.support.acts import start_process, wait_until


def hold_until_killed(parent: Path) -> None:
    """Makes a folder and stays in it."""
    with owned_folder(parent) as place:
        (place / "half").write_bytes(b"half")
        (parent.parent / "made").touch()
        time.sleep(60)


def test_it_goes_with_the_block(tmp_path: Path) -> None:
    """However the block ends, and with all that is in it."""
    with owned_folder(tmp_path / "pushes") as place:
        (place / "objects").mkdir()
    with pytest.raises(ZeroDivisionError), owned_folder(tmp_path / "pushes"):
        raise ZeroDivisionError
    assert list((tmp_path / "pushes").iterdir()) == []


def test_what_is_held_stays(tmp_path: Path) -> None:
    """Whoever clears leaves what this process, or another that lives, has in use."""
    process = start_process(hold_until_killed, tmp_path / "pushes")
    wait_until((tmp_path / "made").exists)
    with owned_folder(tmp_path / "pushes") as place:
        assert clear_left_behind(tmp_path / "pushes") == []
        assert place.is_dir()
    (other,) = (tmp_path / "pushes").iterdir()
    assert (other / "half").exists()
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert clear_left_behind(tmp_path / "pushes") == [other]
    assert not other.exists()


def test_in_the_making(tmp_path: Path) -> None:
    """What was cut off before it was held is empty and goes; with something in it, it is left for an hour."""
    (tmp_path / "pushes" / "empty").mkdir(parents=True)
    assert clear_left_behind(tmp_path / "pushes") == [tmp_path / "pushes" / "empty"]
    place = tmp_path / "pushes" / "young"
    (place / "objects").mkdir(parents=True)
    assert clear_left_behind(tmp_path / "pushes") == []
    os.utime(place, (0, 0))
    assert clear_left_behind(tmp_path / "pushes") == [place]


def test_nothing_there(tmp_path: Path) -> None:
    """Where nothing was ever pushed there is nothing to do."""
    assert clear_left_behind(tmp_path / "pushes") == []
