"""What a commons is made of, byte for byte: checks of `commons verify` for what digests do not see.

A folder's digest knows names and bytes, not modes, nor what a tree holds beside its files; a commit's id
is in the log, not who its author line claims to be. So every tree, commit and tag that an event names is
held against the one that acts write, and nothing else may lie in the repository's way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from governance import payloads
from governance.commons import Commons
from registry.services.errors import BrokenError
from registry.store import log
from registry.store.handed import refuse_odd_refs
from registry.store.lease import MAX_OBJECT_BYTES
from registry.store.objects import Change, CommitFacts, decode_commit, encode_commit, make
from registry.store.process import run_git
from registry.store.reader import Reader
from registry.store.refs import GOVERNANCE_DIR, MAIN, POLICIES_DIR, TEXTS
from registry.store.repository import Repository

_LINE = re.compile(rb"(100644|40000) ([^\0/]+)\0(.{20})", re.DOTALL)
_SLUG = re.compile(rb"[a-z0-9-]{1,63}")
_FILE = re.compile(rb"[a-z0-9][a-z0-9_-]{0,62}\.(?:md|jsonl)")
_MESSAGE = re.compile(r"[^\x00-\x1f\x7f]{1,400}\n")
_ROOT = {b"LICENSE": b"100644", b"README.md": b"100644", b"governance": b"40000", b"policies": b"40000"}

_BORROWED = {
    "shallow": "its history is cut short, and nobody can say what came before.",
    "objects/info/alternates": "its objects are borrowed from another repository, and go when that goes.",
    "objects/info/http-alternates": "its objects are borrowed from another repository.",
    "info/grafts": "it makes git show other parents than the commits have.",
}

_Line = tuple[bytes, bytes, bytes]


class Maker(NamedTuple):
    """Whose lines a commit carries: `at` is None where only the author is known, as in imported history."""

    handles: frozenset[str]
    at: int | None


@dataclass(slots=True)
class Expected:
    """What the events say that `main` must be, and who made what.

    `commits`, `folders` (what each may touch on top), `scopes` (which policies) and `makers` are in order;
    `tags` has tagger and time of each release, `runs` those of the run recorded by an event, `texts` of the
    last move.
    """

    commits: list[str] = field(default_factory=list)
    scopes: list[frozenset[str]] = field(default_factory=list)
    folders: list[frozenset[str]] = field(default_factory=list)
    makers: list[Maker] = field(default_factory=list)
    tags: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    runs: dict[int, Maker] = field(default_factory=dict)
    texts: Maker | None = None

    def note(self, before: Commons | None, entry: log.LogEntry) -> None:
        """Adds what one event brings to the state before it."""
        event, said = entry.event, entry.event.payload
        maker = Maker(frozenset({event.actor}), event.at)
        releases: tuple[payloads.Release, ...] = ()
        releasing = event.actor
        if isinstance(said, payloads.Founded):
            self._on_main([move.new for move in event.moves if move.new], frozenset(), maker)
        elif isinstance(said, payloads.Published):
            releases = (said.release,)
            self._on_main([said.release.commit], frozenset({said.release.slug}), maker)
        elif isinstance(said, payloads.Imported):
            releases = said.releases
            if said.authors:
                maker = Maker(frozenset(said.authors), None)
            self._on_main(said.commits, frozenset(release.slug for release in releases), maker)
        elif isinstance(said, payloads.RunRecorded):
            self.runs[event.seq] = maker
        elif isinstance(said, payloads.CharterAmended):
            self._on_main([move.new for move in event.moves if move.new], frozenset(), maker, charter=True)
        elif isinstance(said, payloads.Undone):
            releases = said.releases
            self._on_main([said.commit], frozenset(release.slug for release in releases), maker)
        elif isinstance(said, payloads.Enacted) and said.commit is not None and before is not None:
            # It is made by the registry, in the name of whoever proposed it.
            proposal = before.proposals[said.number]
            releases, releasing = said.releases, proposal.author
            maker = Maker(frozenset({proposal.author}), event.at)
            charter = proposal.revision is not None and proposal.revision.charter is not None
            slugs = frozenset(release.slug for release in releases)
            self._on_main([said.commit], slugs, maker, charter=charter)
        self.tags |= {(release.slug, release.version): (releasing, event.at) for release in releases}
        if any(move.ref == TEXTS for move in event.moves):
            self.texts = maker

    def _on_main(
        self, commits: Iterable[str], scope: frozenset[str], maker: Maker, *, charter: bool = False
    ) -> None:
        folders = (POLICIES_DIR,) if scope else ()
        for commit in commits:
            self.commits.append(commit)
            self.folders.append(frozenset((*folders, GOVERNANCE_DIR) if charter else folders))
            self.scopes.append(scope)
            self.makers.append(maker)


def standing_alone(repository: Repository, _state: Commons, _main: Expected) -> int:
    """The repository is read as its objects are: no borrowed, cut or grafted history, HEAD on main."""
    refuse_odd_refs(repository.path)
    for name, rule in _BORROWED.items():
        place = repository.path / name
        if place.is_symlink() or (place.exists() and place.read_bytes().strip()):
            raise BrokenError(name, f"{rule} Clone it anew.")
    said = run_git(repository.path, "symbolic-ref", "-q", "HEAD", accept=(0, 1)).decode("utf-8", "replace")
    if said.strip() != MAIN:
        raise BrokenError("HEAD", f"it is not at {MAIN}, so a plain clone would show something else.")
    return 1 + len(_BORROWED)


def main_shape(repository: Repository, state: Commons, main: Expected) -> int:
    """Every commit of main is as its act wrote it, and its trees hold plain files in their places only."""
    commits = [state.current_commit(commit) for commit in main.commits]
    roots: dict[str, str] = {}
    parents: tuple[str, ...] = ()
    for stored, maker in zip(repository.reader.read_many(commits), main.makers, strict=True):
        facts = as_made(f"main commit {stored.oid}", stored.data, maker, parents)
        roots.setdefault(facts.tree, f"main commit {stored.oid}")
        parents = (stored.oid,)
    return len(commits) + _trees(repository.reader, roots)


def as_made(place: str, data: bytes, maker: Maker | None, parents: tuple[str, ...]) -> CommitFacts:
    """The facts of a commit that an act of ours wrote; raises `BrokenError` for any other."""
    try:
        facts = decode_commit(data)
    except ValueError as error:
        raise BrokenError(place, f"it cannot be read ({error}).") from error
    stated = re.fullmatch(r"([a-z0-9-]{1,39}) <[^>]*> (\d{1,12}) \+0000", facts.raw_author)
    if maker is None or stated is None or stated[1] not in maker.handles:
        raise BrokenError(place, f"its author {facts.raw_author[:80]!r} is not who the log names.")
    if maker.at not in (None, int(stated[2])):
        raise BrokenError(place, "its time is not that of its event.")
    if facts.parents != parents:
        raise BrokenError(place, "its parents are not those that it was made with.")
    if not _MESSAGE.fullmatch(f"{facts.message}\n"):
        raise BrokenError(place, "its message is not one line.")
    if encode_commit(facts.tree, facts.parents, stated[1], int(stated[2]), facts.message) != data:
        raise BrokenError(place, "it holds lines that no act writes.")
    return facts


def exactly(place: str, tree: str, files: Mapping[str, bytes]) -> None:
    """Refuses a tree that is not these files and no more: another mode, a line twice, an empty folder."""
    if Change().files(files) != tree:
        raise BrokenError(place, "its folder holds more than its files, or files that are no plain ones.")


def right_tag(place: str, data: bytes, release: payloads.Release, made: tuple[str, int]) -> None:
    """Refuses a tag that says anything but what its release says."""
    slug, version = release.slug, release.version
    change = Change()
    oid = change.tag(
        target=release.commit, name=f"{slug}/v{version}", handle=made[0], at=made[1],
        message=f"{slug} {version}",
    )  # fmt: skip
    if make("tag", data).oid != oid:
        raise BrokenError(place, f"its tag {release.tag} names something else.")


def _trees(reader: Reader, roots: Mapping[str, str]) -> int:
    """Looks at each distinct tree once: the root, its two folders, and each policy's."""
    governance: dict[str, str] = {}
    folders: dict[str, str] = {}
    for oid, lines in _read(reader, roots):
        place = roots[oid]
        for mode, name, below in lines:
            if _ROOT.get(name) != mode:
                raise BrokenError(place, f"{_shown(name)} has no place on main.")
            if mode == b"40000":
                (folders if name == b"policies" else governance).setdefault(below.hex(), roots[oid])
    for oid, lines in _read(reader, governance):
        if [line[:2] for line in lines] != [(b"100644", b"charter.toml")]:
            raise BrokenError(governance[oid], "governance holds more than the charter.")
    policies: dict[str, str] = {}
    for oid, lines in _read(reader, folders):
        for mode, name, below in lines:
            if mode != b"40000" or not _SLUG.fullmatch(name):
                raise BrokenError(folders[oid], f"policies/{_shown(name)} is no policy.")
            policies.setdefault(below.hex(), f"{folders[oid]}: policies/{_shown(name)}")
    files: dict[str, str] = {}
    for oid, lines in _read(reader, policies):
        for mode, name, blob in lines:
            if mode != b"100644" or not _FILE.fullmatch(name):
                raise BrokenError(policies[oid], f"{_shown(name)} is no file of a policy.")
            files.setdefault(blob.hex(), f"{policies[oid]}/{_shown(name)}")
    _are_files(reader, files)
    return len(roots) + len(governance) + len(folders) + len(policies) + len(files)


def _read(
    reader: Reader, places: Mapping[str, str]
) -> Iterable[tuple[str, list[tuple[bytes, bytes, bytes]]]]:
    """The lines of trees, each tree in git's one canonical form."""
    if not places:
        return
    for asked, stored in zip(places, reader.read_many(places), strict=True):
        lines = _LINE.findall(stored.data)
        order = [name + (b"/" if mode == b"40000" else b"") for mode, name, _ in lines]
        whole = b"".join(mode + b" " + name + b"\0" + oid for mode, name, oid in lines) == stored.data
        names = {name for _, name, _ in lines}
        if (
            stored.kind != "tree"
            or not lines
            or not whole
            or order != sorted(order)
            or len(names) < len(lines)
        ):
            raise BrokenError(
                places[asked], f"tree {asked} holds a link, a program, a line twice or nothing at all."
            )
        yield asked, lines


def _are_files(reader: Reader, places: Mapping[str, str]) -> None:
    """Each is there, a file, and not larger than any is read."""
    asked = "".join(f"{oid}\n" for oid in places).encode()
    said = run_git(reader.repository, "cat-file", "--batch-check", stdin=asked).decode("utf-8", "replace")
    for place, line in zip(places.values(), said.splitlines(), strict=True):
        _oid, kind, *size = line.split()
        if kind != "blob" or int(size[0]) > MAX_OBJECT_BYTES:
            raise BrokenError(place, f"it is no file that can be read ({line.partition(' ')[2]}).")


def _shown(name: bytes) -> str:
    return ascii(name.decode("utf-8", "replace"))[1:-1][:80]
