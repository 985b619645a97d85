"""`commons.lock`: which policies a project uses, at which version, with digests to hold them to.

Paths in it are relative to the file, with `/`, so that a project can be moved and shared. Format 2 says
of each policy where it came from: a `registry` (an address), a `repository` or a `bundle` (paths); format
1 knew repositories only and is still read.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import tomli_w

from policies.errors import InvalidNameError
from policies.limits import MIB
from policies.names import parse_address
from registry.services.errors import InputRefusedError
from registry.services.folders import read_plain_file, write_file
from registry.services.origin import Source, SourceKind

LOCK_FILE = "commons.lock"
FORMAT = 2
READ = (1, 2)
"""The formats that are understood."""

_HEAD = (
    "# Kept by `commons pull`, `upgrade` and `lock`. `commons lock --check` holds the folders against it.\n\n"
)
_REMEDY = "Make it again with `commons lock REPOSITORY FOLDER...` or `commons lock --registry URL FOLDER...`."
_HEX = {"commit": re.compile(r"[0-9a-f]{40}"), "content": re.compile(r"[0-9a-f]{64}")}
_HEX["digest"] = _HEX["content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One policy in use.

    `address` carries the version (`demo/spam@1.0.0`); `content` and `digest` are the content and the
    folder digest of the release; `text_license` and `cases_license` SPDX expressions as its authors
    state them; `folder` and the path of a `source` are relative to the lock file.
    """

    address: str
    source: Source
    folder: str
    commit: str
    content: str
    digest: str
    text_license: str | None = None
    cases_license: str | None = None

    @property
    def commons(self) -> str:
        """The commons that it is from."""
        return str(parse_address(self.address).commons)

    @property
    def policy(self) -> str:
        """The policy's address without a version."""
        return self.address.partition("@")[0]

    @property
    def slug(self) -> str:
        """The policy's name."""
        return str(parse_address(self.address).slug)

    @property
    def version(self) -> str:
        """The version in use."""
        return str(parse_address(self.address).version)


def read_lock(path: Path) -> tuple[Locked, ...]:
    """The policies of a lock file in its order; none for a file that is not there.

    Raises `InputRefusedError` for a file that is no lock of this format.
    """
    if not path.exists():
        return ()
    try:
        value = tomllib.loads(read_plain_file(path, MIB).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputRefusedError(str(path), f"it is no TOML ({error}).", _REMEDY) from error
    # `True` is 1 to Python, and no format.
    if type(value.get("format")) is not int or value["format"] not in READ:
        known = " and ".join(map(str, READ))
        raise InputRefusedError(
            str(path), f"its format is {value.get('format')!r}; this program reads {known}.", _REMEDY
        )
    entries = value.get("policy", [])
    if not isinstance(entries, list):
        raise InputRefusedError(str(path), "`policy` is no list of tables.", _REMEDY)
    return tuple(_entry(path, number, entry) for number, entry in enumerate(entries, 1))


def write_lock(path: Path, entries: Iterable[Locked]) -> None:
    """Writes the lock whole or not at all, ordered by folder."""
    tables = [_table(entry) for entry in sorted(entries, key=lambda entry: entry.folder)]
    write_file(path, (_HEAD + tomli_w.dumps({"format": FORMAT, "policy": tables})).encode("utf-8"))


def relative_to_lock(path: Path, lock: Path) -> str:
    """`path` as it stands in the lock file."""
    return Path(os.path.relpath(path.absolute(), lock.absolute().parent)).as_posix()


def from_lock(stated: str, lock: Path) -> Path:
    """A path of the lock file, from here; short where the file lies in the current folder."""
    return lock.parent / stated


def source_from_lock(entry: Locked, lock: Path) -> Source:
    """Where an entry came from, with a path that leads there from here."""
    if entry.source.kind is SourceKind.REGISTRY:
        return entry.source
    return Source(entry.source.kind, str(from_lock(entry.source.place, lock)))


def source_in_lock(source: Source, lock: Path) -> Source:
    """A source as it stands in the lock file."""
    if source.kind is SourceKind.REGISTRY:
        return source
    return Source(source.kind, relative_to_lock(Path(source.place), lock))


def _table(entry: Locked) -> dict[str, object]:
    licenses = {"text": entry.text_license, "cases": entry.cases_license}
    return {
        "address": entry.address,
        entry.source.kind.value: entry.source.place,
        "folder": entry.folder,
        "commit": entry.commit,
        "content": entry.content,
        "digest": entry.digest,
        "licenses": {part: stated for part, stated in licenses.items() if stated is not None},
    }


def _entry(path: Path, number: int, value: object) -> Locked:
    def refuse(rule: str) -> InputRefusedError:
        return InputRefusedError(f"{path}, policy {number}", rule, _REMEDY)

    if not isinstance(value, dict):
        raise refuse("it is no table.")
    texts: dict[str, str] = {}
    stated_sources = [kind for kind in SourceKind if kind.value in value]
    if len(stated_sources) != 1:
        raise refuse("it names not one of `repository`, `registry` and `bundle`.")
    kind = stated_sources[0]
    for name in ("address", kind.value, "folder", "commit", "content", "digest"):
        stated = value.get(name)
        if not isinstance(stated, str) or not stated:
            raise refuse(f"`{name}` is missing or no text.")
        if name in _HEX and not _HEX[name].fullmatch(stated):
            raise refuse(f"`{name}` is no {name} of lower-case hexadecimal digits.")
        texts[name] = stated
    try:
        address = parse_address(texts["address"])
    except InvalidNameError as error:
        raise refuse(f"`address`: {error}") from error
    if address.slug is None or address.version is None:
        raise refuse("`address` names no version of a policy.")
    if PurePosixPath(texts["folder"]).is_absolute():
        # A lock comes with a project, perhaps a stranger's, and `upgrade` writes where it says.
        raise refuse("`folder` is no path relative to the lock file.")
    licenses = value.get("licenses", {})
    if not isinstance(licenses, dict) or not all(isinstance(item, str) for item in licenses.values()):
        raise refuse("`licenses` is no table of texts.")
    return Locked(
        address=texts["address"],
        source=Source(kind, texts[kind.value]),
        folder=texts["folder"],
        commit=texts["commit"],
        content=texts["content"],
        digest=texts["digest"],
        text_license=licenses.get("text"),
        cases_license=licenses.get("cases"),
    )
