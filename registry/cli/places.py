"""Where a command looks when nobody says where: one's own runs, and the commons that `make serve` keeps here.

Reads the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from registry.cli.console import Output

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evaluations.run_record import RunRecord
    from policies.model import Case
    from registry.services.run_store import RunStore

Keep: TypeAlias = Annotated[
    bool, typer.Option("--keep/--no-keep", help="Keep the run among your own; commons runs lists them.")
]

SERVED = Path("data")
"""Where `make serve` keeps its commons."""


def own_runs() -> RunStore:
    """The runs that this user made on this machine."""
    from registry.services.run_store import RunStore

    base = os.environ.get("XDG_DATA_HOME")
    # The specification has relative paths ignored.
    data = Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "share"
    return RunStore(data / "policy-commons" / "runs")


def keep_run(output: Output, record: RunRecord, files: Mapping[str, bytes], cases: Iterable[Case]) -> bool:
    """Keeps a run among the user's own; one that a deterministic engine would give again only once.

    Whether it is kept: what came out is shown all the same, since it may have taken hours.
    """
    from evaluations.engines.catalogue import INFOS
    from registry.services.errors import InputRefusedError

    own, info = own_runs(), INFOS.get(record.parts.engine)
    deterministic = info is None or info.promises.deterministic
    try:
        if not deterministic or not own.has(record.key):
            own.keep(files, cases)
    except InputRefusedError as error:
        output.note(f"The run was not kept among your own: {error}", style="yellow")
        return False
    return True


def commons_here() -> list[Path]:
    """The commons in the folder that COMMONS_REGISTRY names, or in `data/`; none where there is no folder."""
    from registry.cli.where import VARIABLE
    from registry.services.finding import repositories

    named = os.environ.get(VARIABLE)
    place = Path(named) if named else SERVED
    return list(repositories(place)) if place.is_dir() else []
