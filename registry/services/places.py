"""Places in what a proposal proposes: how people write them, and which lines stand there. Changes nothing.

A case is written by its id, `policies/spam/cases.jsonl:sp-017`; the log names it by its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from governance import payloads
from governance.commons import Commons
from governance.proposals.subject import content_of
from policies.cases import CASES_FILE, read_cases
from policies.line_edits import Span, followed, lines_of
from policies.model import Case
from registry.services.errors import InputRefusedError
from registry.store.errors import StoreError
from registry.store.reader import Reader
from registry.store.refs import CHARTER_PATH

PLACE = "the place"
_FORMS = (
    "Name a file and lines, as policies/spam/policy.md:12 or :12-14, "
    "or a case, as policies/spam/cases.jsonl:ID."
)
_FILE = re.compile(r"policies/[a-z0-9-]{1,63}/(?:policy\.md|cases\.jsonl)|" + re.escape(CHARTER_PATH))
_LINES = re.compile(r"([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?", re.ASCII)


class Spot(NamedTuple):
    """A place as somebody writes it: lines of a file, or a case by its id."""

    file: str
    span: Span | None
    case: str | None = None

    def __str__(self) -> str:
        if self.span is None:
            return f"{self.file}:{self.case}"
        first, last = self.span
        return f"{self.file}:{first}" if first == last else f"{self.file}:{first}-{last}"


def read_spot(written: str) -> Spot:
    """Reads a place. Raises `InputRefusedError`."""
    file, _, rest = written.strip().partition(":")
    if not _FILE.fullmatch(file) or not rest:
        raise InputRefusedError(PLACE, f"{written.strip()[:80]!r} names no lines of a file.", _FORMS)
    if is_of_cases(file):
        return Spot(file, None, rest)
    match = _LINES.fullmatch(rest)
    if match is None:
        raise InputRefusedError(PLACE, f"{rest[:40]!r} is no line and no range of lines.", _FORMS)
    first = int(match[1])
    return Spot(file, Span(first, int(match[2] or first)))


def is_of_cases(file: str) -> bool:
    """Whether a place in this file is a case."""
    return file.endswith(f"/{CASES_FILE}")


class Revisions:
    """The files of a proposal's revisions, each read once. `at_hand` is the revision that stands."""

    def __init__(self, reader: Reader, state: Commons, revisions: Iterable[payloads.Revision]) -> None:
        self._reader, self._state = reader, state
        self._known: dict[str, payloads.Revision | None] = {}
        self.at_hand = ""
        for revision in revisions:
            stated, stands = content_of(revision), content_of(self._as_it_stands(revision))
            # What somebody wrote before bytes of it were erased is about other lines than are there now.
            self._known[stated] = revision if stated == stands else None
            self._known[stands] = revision
            self.at_hand = stands
        self._texts: dict[tuple[str, str], str | None] = {}
        self._cases: dict[tuple[str, str], tuple[Case, ...]] = {}

    def text(self, content: str, file: str) -> str | None:
        """A file of the revision with this content; None where it is not there, or cannot be read."""
        key = (content, file)
        if key not in self._texts:
            self._texts[key] = self._read(content, file)
        return self._texts[key]

    def cases(self, content: str, file: str) -> tuple[Case, ...]:
        """The cases of a revision, as far as they can be read."""
        key = (content, file)
        if key not in self._cases:
            text = self.text(content, file)
            self._cases[key] = () if text is None else tuple(read_cases(text.encode()).cases)
        return self._cases[key]

    def case(self, content: str, file: str, line: int) -> Case | None:
        """The case in a line."""
        return next((one for one in self.cases(content, file) if one.line == line), None)

    def place(self, spot: Spot) -> payloads.Place:
        """The place in the revision at hand. Raises `InputRefusedError` for lines that are not in it."""
        text = self.text(self.at_hand, spot.file)
        if text is None:
            raise InputRefusedError(PLACE, f"there is no {spot.file} in what is proposed.", _FORMS)
        span = spot.span
        if spot.case is not None:
            found = next((one for one in self.cases(self.at_hand, spot.file) if one.id == spot.case), None)
            if found is None:
                raise InputRefusedError(
                    PLACE, f"there is no case {spot.case[:80]!r} in {spot.file}.", "Name one by its id."
                )
            span = Span(found.line, found.line)
        assert span is not None
        count = len(lines_of(text))
        if not span.first <= span.last <= count:
            raise InputRefusedError(
                PLACE,
                f"there are no lines {span.first} to {span.last} in {spot.file}.",
                f"It has lines 1 to {count}.",
            )
        return payloads.Place(content=self.at_hand, file=spot.file, first=span.first, last=span.last)

    def quoted(self, place: payloads.Place) -> tuple[str, ...] | None:
        """What stands in a place, or stood there: its lines, or what is judged in its case."""
        if is_of_cases(place.file):
            case = self.case(place.content, place.file, place.first)
            return None if case is None else lines_of(case.content)
        text = self.text(place.content, place.file)
        lines = () if text is None else lines_of(text)[place.first - 1 : place.last]
        return lines or None

    def is_sensitive(self, place: payloads.Place) -> bool:
        """Whether it is a case that readers may not want to see; one that cannot be found may be one."""
        if not is_of_cases(place.file):
            return False
        case = self.case(place.content, place.file, place.first)
        return case is None or case.sensitive

    def spot(self, place: payloads.Place) -> Spot:
        """The place as people write it; a case that cannot be found goes by its line."""
        if is_of_cases(place.file):
            case = self.case(place.content, place.file, place.first)
            if case is not None:
                return Spot(place.file, None, case.id)
        return Spot(place.file, Span(place.first, place.last))

    def now(self, place: payloads.Place) -> Span | None:
        """Where the same lines stand in the revision at hand; None where they are not what they were."""
        span = Span(place.first, place.last)
        if place.content == self.at_hand:
            return span
        if is_of_cases(place.file):
            case = self.case(place.content, place.file, place.first)
            return None if case is None else self._unchanged(case, place.file)
        old, new = self.text(place.content, place.file), self.text(self.at_hand, place.file)
        return None if old is None or new is None else followed(lines_of(old), lines_of(new), span)

    def _unchanged(self, case: Case, file: str) -> Span | None:
        for one in self.cases(self.at_hand, file):
            if one.id == case.id:
                return Span(one.line, one.line) if one.content == case.content else None
        return None

    def _as_it_stands(self, revision: payloads.Revision) -> payloads.Revision:
        changes = (
            payloads.PolicyChange(
                slug=one.slug,
                base=one.base,
                head=self._state.current_content(one.head),
                touches=one.touches,
                declared=one.declared,
            )
            for one in revision.changes
        )
        return payloads.Revision(
            head=revision.head, base=revision.base, changes=tuple(changes), charter=revision.charter
        )

    def _read(self, content: str, file: str) -> str | None:
        revision = self._known.get(content)
        if revision is None:
            return None
        try:
            tree = self._reader.commit(self._state.current_commit(revision.head)).tree
            entry = self._reader.entry(tree, file)
            return None if entry is None else self._reader.blob(entry.oid).decode()
        except (StoreError, UnicodeDecodeError):
            return None
