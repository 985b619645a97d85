"""Comments on lines of a proposal: where these stand now, outdated or not, with the edit. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from governance import payloads
from governance.commons import Commons
from policies.line_edits import Span
from registry.services.places import Revisions, Spot
from registry.store.log import LogEntry
from registry.store.repository import Repository
from registry.store.texts import read_text

ABOUT = frozenset({"proposed", "revised", "commented"})
"""The types of events that they follow from."""


Words = Callable[[str], str | None]
"""The words that the log names by a digest; None where they were redacted."""


class LineComment(NamedTuple):
    """A comment on a place. Words are None where they were redacted.

    `quoted` is what stood there when it was written (None where that cannot be read any more) and `now`
    where these lines stand in what is proposed now: None says that it is outdated. `taken` is the number of
    the revision's event that took its edit; `sensitive` is a case that is marked so, or cannot be found.
    """

    seq: int
    at: int
    actor: str
    words: str | None
    spot: Spot
    content: str
    quoted: tuple[str, ...] | None
    now: Span | None
    suggests: bool
    suggestion: str | None
    taken: int | None
    sensitive: bool

    @property
    def is_outdated(self) -> bool:
        """Whether a later revision changed what it is about."""
        return self.now is None

    @property
    def can_be_taken(self) -> bool:
        """Whether its edit still fits."""
        return self.suggestion is not None and self.now is not None and self.taken is None


def words_of(repository: Repository, state: Commons) -> Words:
    """Reads words by their digest, each anew."""

    def read(text_id: str) -> str | None:
        text = read_text(repository.reader, state, text_id)
        return None if text is None else text.words

    return read


def line_comments(
    repository: Repository, state: Commons, entries: Iterable[LogEntry], words: Words | None = None
) -> tuple[LineComment, ...]:
    """Those among the events of one proposal, oldest first; all of its revisions must be among them.

    `words` reads them where somebody keeps what was read.
    """
    read = words or words_of(repository, state)
    found, revisions, taken = [], [], {}
    for entry in entries:
        said = entry.event.payload
        if isinstance(said, payloads.Proposed | payloads.Revised) and said.revision is not None:
            revisions.append(said.revision)
        if isinstance(said, payloads.Revised) and said.took is not None:
            taken[said.took] = entry.event.seq
        if isinstance(said, payloads.Commented) and said.place is not None:
            found.append((entry.event, said, said.place))
    if not found:
        return ()
    files = Revisions(repository.reader, state, revisions)

    return tuple(
        LineComment(
            seq=event.seq,
            at=event.at,
            actor=event.actor,
            words=read(said.text),
            spot=files.spot(place),
            content=place.content,
            quoted=files.quoted(place),
            now=files.now(place),
            suggests=said.suggestion is not None,
            suggestion=None if said.suggestion is None else read(said.suggestion),
            taken=taken.get(event.seq),
            sensitive=files.is_sensitive(place),
        )
        for event, said, place in found
    )
