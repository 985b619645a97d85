"""Forks a policy that is served into the commons of whoever asks. Founds that one, and writes to it."""

from __future__ import annotations

from registry.services.errors import InputRefusedError
from registry.services.fork import fork_here
from registry.services.publish import PublishedPolicy
from registry.store.repository import Repository
from registry.web.catalogue import Catalogue


def fork_into_own(catalogue: Catalogue, source: Repository, slug: str, handle: str) -> PublishedPolicy:
    """The fork as it was released in `~handle`, which the site serves from here on.

    Raises what `fork_here` raises, and `InputRefusedError` where the site has no room for another commons.
    """
    target = catalogue.place_for(f"~{handle}")
    if target is None:
        raise InputRefusedError(
            f"~{handle}",
            "this site has no room for commons of its visitors.",
            "Fork it on your own machine: commons fork.",
        )
    try:
        return fork_here(source, slug, target, actor=handle)
    finally:
        # A refused fork may have founded it, too.
        catalogue.rescan()
