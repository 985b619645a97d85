"""Which run a command means: `run:KEY`, wherever runs are kept, or a run's folder. Reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from registry.cli.opening import opened
from registry.cli.places import commons_here, own_runs

if TYPE_CHECKING:
    from registry.services.exporting import StoredRun

_KEY = re.compile(r"run:([0-9a-f]{4,64})")


def chosen_run(words: str, repository: Path | None) -> StoredRun:
    """The run that `run:ab12` names, or the one whose files lie in the folder `words`.

    Without a repository, one's own runs are looked through, then the commons that are served here. Raises
    `typer.BadParameter` when it is neither, and what reading a run raises.
    """
    from registry.services.exporting import run_in_commons, run_in_folder

    if words.startswith("run:"):
        found = _KEY.fullmatch(words)
        if found is None:
            raise typer.BadParameter(f"{words[:80]!r} is no run's key: give run: and 4 to 64 hex digits.")
        if repository is None:
            return _kept(found[1])
        with opened(repository) as commons:
            return run_in_commons(commons, found[1])
    if repository is not None:
        raise typer.BadParameter("a repository goes with run:KEY; a run's folder is named alone.")
    return run_in_folder(Path(words))


def _kept(key: str) -> StoredRun:
    from registry.services.errors import UnknownRunError
    from registry.services.exporting import run_in_commons

    own = own_runs().find(key)
    if own is not None:
        return own
    here = commons_here()
    for path in here:
        with opened(path) as commons:
            try:
                return run_in_commons(commons, key)
            except UnknownRunError:
                continue
    also = f", and none of the commons here ({', '.join(path.name for path in here)}) has one" if here else ""
    raise UnknownRunError(
        key,
        f"none of your own begins so{also}. `commons runs` lists your own; name the repository or the folder "
        "that has another.",
    )
