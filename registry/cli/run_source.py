"""Which run a command means: `run:KEY` in a repository, or a run's folder. Reads one of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from registry.cli.opening import opened

if TYPE_CHECKING:
    from registry.services.exporting import StoredRun

_KEY = re.compile(r"run:([0-9a-f]{4,64})")


def chosen_run(words: str, repository: Path | None) -> StoredRun:
    """The run that `run:ab12` names in `repository`, or the one whose files lie in the folder `words`.

    Raises `typer.BadParameter` when it is neither, and what reading a run raises.
    """
    from registry.services.exporting import run_in_commons, run_in_folder

    if words.startswith("run:"):
        found = _KEY.fullmatch(words)
        if found is None:
            raise typer.BadParameter(f"{words[:80]!r} is no run's key: give run: and 4 to 64 hex digits.")
        if repository is None:
            raise typer.BadParameter(f"say which commons has {words}: name its repository, such as demo.git.")
        with opened(repository) as commons:
            return run_in_commons(commons, found[1])
    if repository is not None:
        raise typer.BadParameter("a repository goes with run:KEY; a run's folder is named alone.")
    return run_in_folder(Path(words))
