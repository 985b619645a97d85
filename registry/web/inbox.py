"""What waits for whoever asks, in all commons of this site, and news of what they take part in.

It is for nobody else: it is made anew each time, and kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from registry.accounts import tokens
from registry.accounts.tokens import ListedToken
from registry.index.entries import EventEntry
from registry.services.waiting import Wait, Waiting, waiting_for
from registry.web.acts_view import acts_path, up_to_date
from registry.web.changes import page_of, proposal_page
from registry.web.desk import Desk
from registry.web.feed_entries import NOT_TOLD
from registry.web.membership_forms import memberships_path
from registry.web.site import Site
from registry.web.visit import Visits

MOST_COMMONS = 64
MOST_TRIED = 200
"""Acts that are tried on the rules for one look at an inbox, in all commons together."""

NEWS = 20
_NEWS_SECONDS = 30 * 86_400
_SOON_SECONDS = 14 * 86_400
_FOREVER = 2**53


class Item(NamedTuple):
    """Something that waits, with the page on which to do it."""

    waiting: Waiting
    page: str


class News(NamedTuple):
    """Something that happened, with the page that shows it."""

    event: EventEntry
    page: str


class Inbox(NamedTuple):
    """All of it. `more` says that not everything was looked at, `tokens` are those that end soon.

    `has_acted` says whether a log names them as acting, so that there is a page of what they did.
    """

    items: tuple[Item, ...]
    more: bool
    tokens: tuple[ListedToken, ...]
    news: tuple[News, ...]
    has_acted: bool


async def inbox_of(site: Site, desk: Desk, handle: str) -> Inbox:
    """Somebody's inbox, as things stand now."""
    found = (await asyncio.to_thread(site.library.fresh, partial(_look_up, handle=handle)))[1]
    items, more = await _waiting(site, found.names[:MOST_COMMONS], handle)
    now = desk.accounts.clock()
    kept = await desk.ask(partial(tokens.listed, desk.accounts, handle))
    ending = (token for _, token in kept if now < token.ends_at < now + _SOON_SECONDS)
    return Inbox(
        tuple(items),
        more or len(found.names) > MOST_COMMONS,
        tuple(sorted(ending, key=lambda token: token.ends_at)),
        found.news,
        found.has_acted,
    )


async def _waiting(site: Site, names: Sequence[str], handle: str) -> tuple[list[Item], bool]:
    found: list[Waiting] = []
    left, more = MOST_TRIED, False
    for name in names:
        # As on the page of the acts: until what is owed is recorded, nobody's act could come next.
        await up_to_date(site, name)
        repository = site.library.catalogue.repository(name)
        waits = await asyncio.to_thread(partial(waiting_for, repository, handle, most=left))
        found += waits.items
        left -= waits.tried
        more = more or waits.more
    order = list(Wait)
    found.sort(key=lambda one: (one.until or _FOREVER, order.index(one.wait)))
    return [Item(one, _page(one)) for one in found], more


class _LookedUp(NamedTuple):
    """The commons that may want something of somebody, by name, and the news."""

    names: list[str]
    news: tuple[News, ...]
    has_acted: bool


def _look_up(visits: Visits, handle: str) -> _LookedUp:
    index, served = visits.index, visits.catalogue
    acted = index.acted_in(handle)
    names = {name for name in (*acted, *index.invited_to(handle)) if name in served}
    newest = index.events(limit=1)
    since = newest[0].at - _NEWS_SECONDS if newest else 0
    found = index.concerning(handle, since=since, without=NOT_TOLD, limit=NEWS)
    news = tuple(News(event, page_of(event, None)) for event in found if event.commons in served)
    return _LookedUp(sorted(names), news, bool(acted))


def _page(one: Waiting) -> str:
    if one.number is None:
        if one.wait is Wait.ADMIT:
            return f"/{one.commons}/members"
        return f"{memberships_path(one.commons)}#act-{one.wait}"
    if one.wait is Wait.REVISE:
        return proposal_page(one.commons, one.number)
    return f"{acts_path(one.commons, one.number)}#act-{one.wait}"
