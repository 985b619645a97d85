"""Founding a commons on this site, from a page or over the API: in its place, within the limits, then served.

Commons are founded in the first folder that is served, nested ones in a folder of their parent's name.
"""

from __future__ import annotations

import asyncio

from registry.services.errors import InputRefusedError
from registry.services.founding import NAME, FoundedHere, Wanted, check_name, found_here, found_within
from registry.web.daily import drawn_from
from registry.web.desk import Desk
from registry.web.refusals import FoundingClosedError
from registry.web.site import Site


def check_open(desk: Desk) -> None:
    """Raises `FoundingClosedError` where the operator lets nobody found one."""
    if desk.settings.foundings.quota < 1:
        raise FoundingClosedError


async def found_on(site: Site, desk: Desk, founder: str, asked: Wanted) -> FoundedHere:
    """Founds it; the site shows it from then on.

    Raises `FoundingClosedError`, `DailyLimitError` and what founding raises: then there is none, and
    nothing of it counts.
    """
    check_open(desk)
    catalogue = site.library.catalogue
    # Somebody may have founded one a moment ago, here or in another process.
    await asyncio.to_thread(catalogue.rescan)
    check_name(asked, founder, catalogue.names)
    target = catalogue.place_for(asked.name)
    if target is None:
        raise InputRefusedError(
            NAME, "this site serves one commons and has no room for others.", "Use `commons init` at home."
        )
    budget = desk.settings.foundings
    many = "one" if budget.quota == 1 else budget.quota
    async with drawn_from(desk, budget, founder, f"found {many} commons"):
        if asked.parent is None:
            made = await site.acting.alone(lambda: found_here(target, asked, founder=founder))
        else:
            made = await site.acting.do(
                asked.parent, lambda parent: found_within(parent, target, asked, founder=founder)
            )
    await asyncio.to_thread(catalogue.rescan)
    return made
