"""Whether the process lives, and whether it can serve what it is there to serve.

Both are asked every few seconds by machines and counted for nobody, so neither looks at a repository.
"""

from __future__ import annotations

from litestar import MediaType, get
from litestar.di import NamedDependency

from registry.web.refusals import NotReadyError
from registry.web.site import Site


@get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@get("/readyz", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def readyz(site: NamedDependency[Site]) -> str:
    """Every commons was read and is in the index; otherwise 503 with how many are not.

    As of the tailer's last look, about a second ago. Names stay with the operator.
    """
    catalogue, tailer = site.library.catalogue, site.library.tailer
    if not tailer.is_ready:
        raise NotReadyError("The index is being made.", "Ask again in a few seconds.")
    unreadable = len(catalogue.troubles) + sum(name in catalogue for name in tailer.troubles)
    if unreadable:
        raise NotReadyError(
            f"{unreadable} of {len(catalogue.names) + len(catalogue.troubles)} repositories cannot be read.",
            "Run `commons verify` on each.",
        )
    return "ready\n"
