"""A commons as one answer sees it: at one head of its log, from the first look to the last.

Everything read during an answer goes through here, so that an answer never mixes two states and its
cache entry knows which commons it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from evaluations.records import FILES, Words, read_record, read_rows, read_words
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from governance.commons import Commons, RunState
from governance.payloads import Release
from policies.codec import Document, parse_policy
from policies.folder import POLICY_FILE, PolicyFolder
from policies.model import Meta
from registry.index.index import Index
from registry.services.follow_record import Following, read_following
from registry.services.reading import release_files, release_folder, run_files
from registry.store.errors import MissingObjectError, NotACommonsError
from registry.store.log import LogEntry, read_entry
from registry.store.refs import policy_dir
from registry.store.repository import Repository
from registry.web.caching import CacheUse, StampedCache
from registry.web.catalogue import Catalogue
from registry.web.finishing import Sealed, seal
from registry.web.rendered import Rendered
from registry.web.shelf import Shelf
from registry.web.tailing import Tailer

Answer = TypeVar("Answer")
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run's files, read."""

    record: RunRecord
    rows: tuple[Row, ...]
    words: Mapping[tuple[str, int], Words]


@dataclass(frozen=True, slots=True)
class Visit:
    """One commons at one head. Parts read from it are kept by their digest between answers."""

    name: str
    repository: Repository
    head: str
    state: Commons
    _shelf: Shelf

    @property
    def stamp(self) -> str:
        """What parts rest on: content by digest changes its meaning only when something is erased."""
        return str(len(self.state.redactions))

    def document(self, release: Release) -> Document:
        """`policy.md` of a release, without reading its cases."""

        def read() -> tuple[Document, int]:
            raw = self._file(release, POLICY_FILE)
            return parse_policy(raw), len(raw)

        return self.part(("document", release.folder), read)

    def meta(self, release: Release) -> Meta:
        """The front matter of a release."""
        return self.document(release).policy.meta

    def folder(self, release: Release) -> PolicyFolder:
        """A release with its cases and attachments."""

        def read() -> tuple[PolicyFolder, int]:
            folder = release_folder(self.repository, release)
            return folder, sum(map(len, folder.files.values()))

        return self.part(("folder", release.folder), read)

    def file(self, release: Release, name: str) -> bytes | None:
        """The exact bytes of one file of a release, or None."""
        return release_files(self.repository, release).get(name)

    def recorded(self, run: RunState) -> Recorded:
        """A run's record, rows and words."""

        def read() -> tuple[Recorded, int]:
            files = run_files(self.repository, run)
            words = {(said.case, said.repeat): said for said in read_words(files)}
            recorded = Recorded(read_record(files), read_rows(files), words)
            return recorded, sum(len(files.get(name, b"")) for name in FILES)

        return self.part(("run", run.commit), read)

    def entry(self, commit: str) -> LogEntry:
        """An entry of the log, by its commit."""
        return self.part(
            ("entry", commit), lambda: (read_entry(self.repository.reader, commit)[0], _ENTRY_WEIGHT)
        )

    def made(self, key: tuple[str, ...], make: Callable[[], tuple[Part, int]]) -> Part:
        """What `make` gives from what was read here, kept by the digests in `key`."""
        return self._shelf.made((self.name, *key), {self.name: self.stamp}, make)

    def at(self, commit: str) -> int:
        """When a commit of `main` was made, in UTC seconds."""
        return int(self.repository.reader.commit(commit).raw_author.rsplit(" ", 2)[1])

    def releases_of(self, slug: str, content: str) -> tuple[Release, ...]:
        """The releases of a policy that say this, oldest first (redactions followed)."""
        policy = self.state.policies.get(slug)
        wanted = self.state.current_content(content)
        releases = policy.releases if policy else ()
        return tuple(item for item in releases if self.state.current_content(item.content) == wanted)

    def _file(self, release: Release, name: str) -> bytes:
        tree = self.repository.reader.commit(release.commit).tree
        entry = self.repository.reader.entry(tree, f"{policy_dir(release.slug)}/{name}")
        if entry is None:
            raise MissingObjectError(f"{release.commit}:{policy_dir(release.slug)}/{name}")
        return self.repository.reader.blob(entry.oid)

    def part(self, key: tuple[str, str], read: Callable[[], tuple[Part, int]]) -> Part:
        """What `read` gives from here, with its weight in bytes, read once; it asks for no other part."""
        return self._shelf.part((self.name, *key), {self.name: self.stamp}, read)


class Visits:
    """The visits of one answer, each commons once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._made: dict[str, Visit] = {}
        self._followed: dict[str, str] = {}
        self._serial: int | None = None

    @property
    def catalogue(self) -> Catalogue:
        """Which commons are served."""
        return self._library.catalogue

    @property
    def heads(self) -> dict[str, str]:
        """What the answer rests on so far."""
        heads = {name: visit.head for name, visit in self._made.items()} | self._followed
        return heads if self._serial is None else {**heads, INDEX: str(self._serial)}

    @property
    def index(self) -> Index:
        """The index, with every log that is served taken in: the answer rests on it from here on."""
        if self._serial is None:
            self._library.tailer.caught_up()
            self._serial = self._library.index.serial
        return self._library.index

    def to(self, name: str) -> Visit:
        """The commons of this name. Raises `UnknownCommonsError`."""
        visit = self._made.get(name)
        if visit is None:
            visit = self._made[name] = self._library.visit(name)
        return visit

    def following(self, name: str) -> Following | None:
        """What a commons follows, and how that goes: the answer rests on it from here on."""
        self._followed[FOLLOWED + name] = self.catalogue.followed(name)
        path = self.catalogue.path(name)
        return None if path is None else read_following(path)

    def moved(self) -> bool:
        """Whether a commons moved on since this answer began."""
        return any(self._library.head(name) != head for name, head in self.heads.items())


class AnswerKey(NamedTuple):
    """What a kept answer is found by: nothing else of a request may change it.

    The host and scheme are in it since pages print addresses to clone from.
    """

    scheme: str
    host: bytes
    path: str
    query: bytes


class Kept(NamedTuple):
    """A finished answer, as it is sent, and the route that made it."""

    rendered: Rendered
    sealed: Sealed
    route: str


class Library:
    """All commons that are served, and what is kept in memory of them."""

    def __init__(
        self, catalogue: Catalogue, index: Index, tailer: Tailer, *, page_bytes: int, part_bytes: int
    ) -> None:
        self.catalogue = catalogue
        self.index = index
        self.tailer = tailer
        self._answers: StampedCache[Kept] = StampedCache(page_bytes)
        self._shelf = Shelf(part_bytes)

    def head(self, name: str) -> str:
        """Where a commons' log stands; empty for one that is gone."""
        if name == SERVED:
            return self.catalogue.served
        if name.startswith(FOLLOWED):
            return self.catalogue.followed(name.removeprefix(FOLLOWED))
        if name == INDEX:
            # What is behind holds nothing; with many commons, that is known by the tailer's next look only.
            few = len(self.catalogue.names) <= _FEW
            return str(self.index.serial) if not few or self.tailer.is_in_step() else ""
        return self.catalogue.head(name) or ""

    def visit(self, name: str) -> Visit:
        """A commons as it stands now."""
        repository = self.catalogue.repository(name)
        head, state = repository.view()
        if head is None or state is None:
            raise NotACommonsError(repository.path, "this repository has no event log.")
        return Visit(name, repository, head, state, self._shelf)

    def kept(self, key: AnswerKey) -> Kept | None:
        """An answer from memory, if there is one that still holds. Quick enough for the event loop."""
        return self._answers.get(key, self.head)

    def answer(self, key: AnswerKey, make: Callable[[Visits], Rendered], route: str = "") -> Rendered:
        """What `make` gives, from memory while every commons it looked at stands where it stood."""
        kept = self.kept(key)
        if kept is not None:
            return kept.rendered
        served = self.head(SERVED)
        visits, made = self.fresh(make)
        self._answers.put(
            key,
            Kept(made, seal(made), route),
            weight=len(made.body) + _OVERHEAD,
            rests_on={**visits.heads, SERVED: served},
        )
        return made

    def fresh(self, make: Callable[[Visits], Part]) -> tuple[Visits, Part]:
        """What `make` gives now, with the visits that it made; kept nowhere."""
        visits = Visits(self)
        try:
            return visits, make(visits)
        except MissingObjectError:
            # A redaction may have taken away what we were reading; a state from after it has not.
            if not visits.moved():
                raise
        visits = Visits(self)
        return visits, make(visits)

    @property
    def use(self) -> Mapping[str, CacheUse]:
        """How its memory is used: finished answers, and parts read from Git."""
        return {"answers": self._answers.use, "parts": self._shelf.use}


SERVED = ""
"""Stands for the list of commons itself: an answer also rests on which ones there are."""

INDEX = "\n"
"""Stands for the index, for answers made from it; no commons can have this name."""

FOLLOWED = "\f"
"""Before a commons' name: stands for what it follows. No commons' name begins with it."""

_OVERHEAD = 1_536
_ENTRY_WEIGHT = 2_000

_FEW = 32
"""So many commons' heads are looked at for one answer from memory."""
