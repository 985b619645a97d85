"""Opens a commons for a command, and settles who acts in it. Reads the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.cli.console import Output
    from registry.store.repository import Repository


@contextmanager
def opened(path: Path) -> Iterator[Repository]:
    """The commons at `path`, open while the block runs. Raises `NotACommonsError`."""
    from registry.services.errors import InputRefusedError
    from registry.services.opening import open_commons

    if re.match(r"https?:/", str(path)):
        # Path() has made one slash of two, so the address cannot be given back as it was.
        raise InputRefusedError(
            "REPOSITORY",
            "this is an address, and the command works on a folder.",
            "Copy it first with `commons clone ADDRESS FOLDER.git`.",
        )

    # One command reads from one thread: one git process is enough.
    with open_commons(path, processes=1) as repository:
        yield repository


def up_to_date(repository: Repository, output: Output) -> None:
    """Records what is due, so that what is shown is so now; a clone that cannot be written says so."""
    from registry.keys.errors import KeysError
    from registry.services.settling import is_due, settle
    from registry.store.errors import StoreError

    if not is_due(repository.state(), repository.clock.now()):
        return
    try:
        settle(repository)
    except (StoreError, KeysError, OSError) as error:
        output.note(f"Something is due that could not be recorded here: {error}", style="yellow")


def acting(repository: Repository, handle: str | None) -> str:
    """Who acts: the handle that was given, else the founder.

    In mode `owner` the founder decides, and whoever holds the repository's files is in that seat.
    Raises `InputRefusedError` for a handle that is none.
    """
    from registry.services.found import check_handle

    return repository.state().founder if handle is None else check_handle(handle)
