"""What each type of event says: one schema per type, and the list is closed. Pure.

A payload holds facts only. Words that people write (reasons, comments) are named by a salted digest
(`TextId`) and live beside the log, where they can be erased (`texts.py`). A new type is added here,
in `TYPES`, in `replay.py` and in `governance/README.md`; tests fail while one of them is missing.
"""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

import msgspec

from governance.errors import MalformedEventError
from policies.canonical import Json

# Patterns are anchored: msgspec searches, and an unanchored one would let anything in.
# Forty zeros mean "no such object" to git: a ref moved there would be deleted.
Oid: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^(?!0{40})[0-9a-f]{40}\Z")]
Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Handle: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?\Z")]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")]
CommonsName: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^~?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:/[a-z0-9-]{1,63}){0,7}\Z")
]
# Digits are spelt out: `\d` would let in those of every other script, and 01.0.0 beside 1.0.0.
_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
Version: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}\Z")]
RefName: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^refs/[A-Za-z0-9/._~-]{1,200}\Z")]
Word: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}\Z")]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
# Up to the end of the year 9999, the last that every reader of a date can show.
Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
Figure: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,12}(?:\.[0-9]{1,20})?%?\Z")]
TextId: TypeAlias = Sha256
Token: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/=:._-]{1,2000}\Z")]

HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?")


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of all payloads: immutable, and an unknown field is an error."""


class Move(Payload, frozen=True, gc=False):
    """A ref that an event moves; None stands for "does not exist"."""

    ref: RefName
    old: Oid | None
    new: Oid | None


class Release(Payload, frozen=True, gc=False):
    """One version of one policy as it stands on `main`.

    `content` is the digest that evidence binds to (it leaves out the version number), `folder` the
    digest of the exact bytes, `commit` where they stand, `tag` the annotated tag object.
    """

    slug: Slug
    version: Version
    content: Sha256
    folder: Sha256
    commit: Oid
    tag: Oid


class Founded(Payload, frozen=True):
    """The first event of a commons. `preset` names the charter's rules; `parent` quotes a nesting."""

    name: CommonsName
    founder: Handle
    preset: Word
    parent: CommonsName | None = None


class Published(Payload, frozen=True):
    """The owner releases a version (mode `owner`)."""

    release: Release
    change: Annotated[str, msgspec.Meta(pattern=r"^(first|major|minor|patch)\Z")]
    mode: Annotated[str, msgspec.Meta(pattern=r"^owner\Z")]


class Imported(Payload, frozen=True):
    """History that came from elsewhere.

    `source` is the SHA-256 of what was read, `kind` how (`folder`, `git`, `library`); `commits` are
    those put on `main`, oldest first; `original` the foreign ids they stand for, where it was Git.
    """

    kind: Word
    source: Sha256
    commits: tuple[Oid, ...]
    releases: tuple[Release, ...]
    original: tuple[Oid, ...] = ()
    authors: tuple[Handle, ...] = ()


class RunRecorded(Payload, frozen=True):
    """A benchmark run was added to the runs chain; digests are of the files' exact bytes."""

    slug: Slug
    content: Sha256
    key: Sha256
    engine: Word
    commit: Oid
    record: Sha256
    predictions: Sha256


class ReportedScore(Payload, frozen=True, gc=False):
    """A figure that came along with imported material; nobody here measured it."""

    metric: Word
    value: Figure


class ScoresReported(Payload, frozen=True):
    """Scores that came along, kept apart from runs. `source` is the digest of the file."""

    slug: Slug
    content: Sha256
    source: Sha256
    scores: tuple[ReportedScore, ...]


class ErasedRun(Payload, frozen=True):
    """What a run became when something in it was erased; `key` is new, since its suite is."""

    key: Sha256
    old: Oid
    commit: Oid
    record: Sha256
    predictions: Sha256


class Redacted(Payload, frozen=True):
    """Bytes were erased for good; the facts and the arithmetic stay.

    `rewritten` maps old commits of `main` to new ones, `runs` those of the runs chain, `releases` are
    the versions whose bytes changed, `texts` the words that are gone.
    """

    ground: Annotated[str, msgspec.Meta(pattern=r"^(personal-data|illegal|licence|safety|mistake)\Z")]
    authority: Annotated[str, msgspec.Meta(pattern=r"^(owner|steward|panel)\Z")]
    kinds: tuple[Word, ...]
    reason: TextId | None = None
    rewritten: tuple[tuple[Oid, Oid], ...] = ()
    releases: tuple[Release, ...] = ()
    runs: tuple[ErasedRun, ...] = ()
    texts: tuple[TextId, ...] = ()


class ClockConfirmed(Payload, frozen=True):
    """An operator vouches for a clock that stands far past the last host checkpoint."""

    last: Seconds
    now: Seconds


class ChildFounded(Payload, frozen=True):
    """A nested commons was founded; `founding` is the SHA-256 of its first event."""

    name: CommonsName
    founding: Sha256


TYPES: dict[str, type[Payload]] = {
    "founded": Founded,
    "published": Published,
    "imported": Imported,
    "run_recorded": RunRecorded,
    "scores_reported": ScoresReported,
    "redacted": Redacted,
    "clock_confirmed": ClockConfirmed,
    "child_founded": ChildFounded,
}


_READERS = {type_: msgspec.json.Decoder(schema).decode for type_, schema in TYPES.items()}


def read_payload(type_: str, raw: bytes | msgspec.Raw) -> Payload:
    """The payload of an event of this type, from JSON.

    Raises `MalformedEventError` for a type that is not on the list or a value that breaks its schema.
    """
    read = _READERS.get(type_)
    if read is None:
        raise MalformedEventError("type", f"{type_!r} is not one of {', '.join(TYPES)}.")
    try:
        return read(raw)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedEventError("payload", f"{error}.") from None


def payload_json(payload: Payload) -> Json:
    """The payload as plain JSON values, optional fields left out when they say nothing."""
    result: Json = msgspec.to_builtins(payload)
    return result
