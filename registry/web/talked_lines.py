"""Comments on lines beside the difference that they are about, and the form for one more. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from policies.line_edits import Span
from registry.services.line_comments import LineComment
from registry.services.places import Spot
from registry.web.difference_view import ShownCase, ShownText


class Asked(NamedTuple):
    """The form for a comment on a place: what stands there begins the edit, where that can be read."""

    spot: Spot
    quoted: tuple[str, ...] | None
    key: str

    @property
    def text(self) -> str:
        """What stands there."""
        return "\n".join(self.quoted or ())


class Talk(NamedTuple):
    """What is said of one file on a proposal's page.

    `old_line` and `new_line` are where its text begins before and after: a line's number in the file is that
    many more. `said` has the comments by the line or the case below which they stand, `elsewhere` those on
    lines that the page does not show, `outdated` those on lines that are not any more what they were; `asked`
    is the form, and `asked_at` the line or case below which it stands: None with `asked` is elsewhere.
    `here` is the address of the page; None where nobody may say anything more.
    """

    file: str
    here: str | None
    old_line: int = 1
    new_line: int = 1
    said: Mapping[int | str, Sequence[LineComment]] = {}
    elsewhere: Sequence[LineComment] = ()
    outdated: Sequence[LineComment] = ()
    asked: Asked | None = None
    asked_at: int | str | None = None

    def at(self, line: int | str) -> str:
        """The address at which the form about a line of the text, or about a case, stands."""
        spot = Spot(self.file, *((Span(line, line),) if isinstance(line, int) else (None, line)))
        return f"{self.here}?{urlencode({'at': str(spot)})}#say"

    def is_open_at(self, lines: Iterable[int | None]) -> bool:
        """Whether something stands below one of these lines of the text, so that they are not folded."""
        found = {line + self.new_line - 1 for line in lines if line is not None}
        return bool(found & self.said.keys()) or self.asked_at in found


def text_talk(
    file: str,
    here: str | None,
    comments: Iterable[LineComment],
    asked: Asked | None,
    *,
    text: ShownText | None = None,
    old_line: int = 1,
    new_line: int = 1,
) -> Talk:
    """What is said of a file of lines; without a `text`, none of them is on the page."""
    shown = {
        line.new + new_line - 1
        for stretch in (text.stretches if text else ())
        for line in stretch.lines
        if line.new is not None
    }
    mine = [one for one in comments if one.spot.file == file]
    here_now: dict[int | str, list[LineComment]] = {}
    elsewhere = []
    for one in mine:
        if one.now is not None and one.now.last in shown:
            here_now.setdefault(one.now.last, []).append(one)
        elif one.now is not None:
            elsewhere.append(one)
    own = asked if asked is not None and asked.spot.file == file else None
    at = own.spot.span.last if own and own.spot.span and own.spot.span.last in shown else None
    outdated = [one for one in mine if one.is_outdated]
    return Talk(file, here, old_line, new_line, here_now, elsewhere, outdated, own, at)


def case_talk(
    file: str,
    here: str | None,
    comments: Iterable[LineComment],
    asked: Asked | None,
    cases: Iterable[ShownCase],
) -> Talk:
    """What is said of cases; those that the page does not show have theirs elsewhere."""
    shown = {case.id for case in cases}
    mine = [one for one in comments if one.spot.file == file]
    here_now: dict[int | str, list[LineComment]] = {}
    for one in mine:
        if one.now is not None and one.spot.case in shown:
            here_now.setdefault(one.spot.case, []).append(one)
    told = {one.seq for group in here_now.values() for one in group}
    own = asked if asked is not None and asked.spot.file == file else None
    return Talk(
        file,
        here,
        said=here_now,
        elsewhere=[one for one in mine if one.now is not None and one.seq not in told],
        outdated=[one for one in mine if one.is_outdated],
        asked=own,
        asked_at=own.spot.case if own and own.spot.case in shown else None,
    )
