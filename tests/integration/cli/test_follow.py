"""`commons follow`: a repository elsewhere, on the console."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.elsewhere import Elsewhere, spam


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    (tmp_path / "elsewhere").mkdir()
    made = Elsewhere(tmp_path / "elsewhere")
    made.commit(spam())
    return made


def test_following_from_beginning_to_end(commons: Command, elsewhere: Elsewhere) -> None:
    """Begun, looked at again, refused where history was rewritten, and ended by its owner."""
    assert commons("init", "town.git", "--founder", "ana").code == 0
    place = str(elsewhere.bare)
    begun = commons("follow", "town.git", place)
    assert begun.code == 0, begun.err
    assert f"town follows {place} from now on." in begun.out
    assert "1 revision came in, by ana-alvarez." in begun.out
    assert "Nothing new there" in commons("follow", "town.git").out
    first = elsewhere.commit(spam("Promotion at length."), "Bo")
    said = commons("follow", "town.git", "--json").document
    assert (said["commit"], said["revisions"], said["authors"]) == (first, 1, ["bo"])
    assert commons("publish", "town.git", "spam").code == ExitCode.WRONG_INPUT
    elsewhere.back_to(f"{first}~1")
    elsewhere.commit(spam("Something else."))
    rewritten = commons("follow", "town.git")
    assert (rewritten.code, "was rewritten" in rewritten.err) == (ExitCode.REFUSED, True)
    anew = commons("follow", "town.git", "--anew")
    assert (anew.code, "1 revision came in, by ana-alvarez." in anew.out) == (0, True)
    elsewhere.bare.rename(elsewhere.bare.with_name("gone.git"))
    assert commons("follow", "town.git").code == ExitCode.TRY_AGAIN
    assert commons("follow", "town.git", place, "--stop").code == ExitCode.WRONG_INPUT
    assert commons("follow", "town.git", "--stop", "--as", "bo").code == ExitCode.WRONG_INPUT
    assert "is decided here from now on" in commons("follow", "town.git", "--stop").out
    assert commons("verify", "town.git").code == 0
