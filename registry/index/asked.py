"""What the index is asked: lists, search, events, each one look into its file. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy.engine import Connection

from registry.index import queries
from registry.index.columns import Columns
from registry.index.entries import EventEntry, Found, PolicyEntry, Query
from registry.index.search import search

Read = TypeVar("Read")


class Asked:
    """The questions; whoever keeps the file says how one is read."""

    def _read(self, read: Callable[[Connection], Read]) -> Read:
        raise NotImplementedError

    def _columns_of(self, connection: Connection) -> Columns:
        raise NotImplementedError

    def search(self, query: Query) -> Found:
        """One page of what a query finds. Raises `BadPositionError`."""
        return self._read(lambda connection: search(connection, self._columns_of(connection), query))

    def listed(self, commons: str, *, after: str | None = None, limit: int) -> tuple[PolicyEntry, ...]:
        """A commons' policies by slug, those behind `after`."""
        return self._read(lambda connection: queries.listed(connection, commons, after, limit))

    def count(self, commons: str | None = None) -> int:
        """How many policies there are, in a commons or in all."""
        return self._read(lambda connection: queries.count(connection, commons))

    def policy(self, commons: str, slug: str) -> PolicyEntry | None:
        """One policy."""
        return self._read(lambda connection: queries.one(connection, commons, slug))

    def newest(self, *, limit: int) -> tuple[PolicyEntry, ...]:
        """The policies that were touched last, in all commons."""
        return self._read(lambda connection: queries.newest(connection, limit))

    def translations(self, commons: str, slug: str) -> tuple[PolicyEntry, ...]:
        """The policies, in any commons, that say they translate this one."""
        return self._read(lambda connection: queries.translations(connection, f"{commons}/{slug}"))

    def forks(self, commons: str, slug: str) -> tuple[PolicyEntry, ...]:
        """The policies, in any commons, that say they began from this one."""
        return self._read(lambda connection: queries.forks(connection, f"{commons}/{slug}"))

    def events(
        self,
        *,
        commons: str | None = None,
        slug: str | None = None,
        actor: str | None = None,
        without: Collection[str] = (),
        after: int | None = None,
        limit: int,
        newest_first: bool = True,
    ) -> tuple[EventEntry, ...]:
        """Events of a commons or of all, perhaps of one policy or by one actor, and `without` some types;
        `after` is a number to go on from."""
        return self._read(
            lambda connection: queries.events(
                connection,
                commons=commons,
                slug=slug,
                actor=actor,
                without=without,
                after=after,
                limit=limit,
                newest_first=newest_first,
            )
        )

    def concerning(
        self, handle: str, *, since: int, without: Collection[str] = (), limit: int
    ) -> tuple[EventEntry, ...]:
        """What others did since then on the proposals that somebody takes part in, or about them by name."""
        return self._read(
            lambda connection: queries.concerning(
                connection, handle, since=since, without=without, limit=limit
            )
        )

    def invited_to(self, handle: str) -> tuple[str, ...]:
        """The commons in which somebody was ever invited, by name."""
        return self._read(lambda connection: queries.named_in(connection, handle, "invited"))

    def of_proposal(self, commons: str, number: int) -> tuple[tuple[str, str], ...]:
        """The events of a proposal, oldest first: the type of each, and its log commit."""
        return self._read(lambda connection: queries.of_proposal(connection, commons, number))

    def types(self, commons: str) -> dict[str, int]:
        """How many events of each type a commons has."""
        return self._read(lambda connection: queries.types(connection, commons))

    def actors(self) -> frozenset[str]:
        """Every handle under which somebody acted in a commons; members did, by applying or founding."""
        return self._read(queries.actors)

    def acted_in(self, actor: str) -> tuple[str, ...]:
        """The commons in which somebody acted, by name."""
        return self._read(lambda connection: queries.acted_in(connection, actor))

    def serials(self) -> dict[str, int]:
        """The number of the last event taken in, by commons."""
        return self._read(queries.serials)
