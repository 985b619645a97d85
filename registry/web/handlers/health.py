"""Whether the process lives, and whether it can serve what it is there to serve."""

from __future__ import annotations

from litestar import MediaType, get
from litestar.di import NamedDependency

from governance.errors import GovernanceError
from registry.store.errors import StoreError
from registry.web.refusals import NotReadyError
from registry.web.site import Site


@get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@get("/readyz", media_type=MediaType.TEXT, sync_to_thread=True, include_in_schema=False)
def readyz(site: NamedDependency[Site]) -> str:
    """Every commons can be read; otherwise 503 with how many cannot. Names stay with the operator."""
    catalogue = site.library.catalogue
    unreadable = len(catalogue.troubles)
    for name in catalogue.names:
        try:
            site.library.visit(name)
        except (StoreError, GovernanceError):
            unreadable += 1
    if unreadable:
        raise NotReadyError(
            f"{unreadable} of {len(catalogue.names) + len(catalogue.troubles)} repositories cannot be read.",
            "Run `commons verify` on each.",
        )
    return "ready\n"
