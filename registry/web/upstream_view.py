"""What the page of taking over upstream shows: conflicts with what was chosen, and what comes of it. Pure."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from policies.canonical import canonical_digest
from policies.comparison import compare_folders
from policies.conflicts import Choose, Conflict, Decision, Kind, Side, Written
from policies.findings import Finding, errors_in
from policies.folder import load_folder
from policies.lint import lint_folder
from policies.lint.tokens import estimate_tokens
from policies.lint.wording import MOST_TOKENS
from policies.notice import Notice
from policies.word_marks import Mark, Piece, mark_words
from registry.services.taking_over import Standing, files_over
from registry.web.difference_view import ShownCase, ShownText, shown_cases, shown_text
from registry.web.forms import Form

MOST_CONFLICTS = 200
MOST_FIELDS = 2 * MOST_CONFLICTS + 8
"""Of the form: a choice and a text for each conflict, and what stands once."""

_CASES = 12
_MARKED = 20_000
_WORDS = "words"
_OPEN = "Choose one."


class Half(NamedTuple):
    """One side of a conflict: its words with what it changed marked, and of a case what else it says.

    `words` are None where the side does not have the place.
    """

    words: Sequence[Piece] | None
    facts: Sequence[tuple[str, str]] = ()

    @property
    def label(self) -> str:
        """The label of a case."""
        return dict(self.facts).get("label", "")


class ShownConflict(NamedTuple):
    """A place that both changed. `key` names it as long as neither side changes it again."""

    key: str
    place: str
    sensitive: bool
    was: Half
    mine: Half
    theirs: Half
    chosen: str
    takes_both: bool
    takes_words: bool
    words: str


class Comes(NamedTuple):
    """What comes of it: findings, the change of one's own version in plain words, its text and its cases."""

    findings: tuple[Finding, ...]
    notice: Notice | None
    text: ShownText | None
    cases: Sequence[ShownCase]
    more_cases: int
    nothing: bool

    @property
    def can_be_sent(self) -> bool:
        """Whether nothing is in the way."""
        return not errors_in(self.findings)


class UpstreamView(NamedTuple):
    """The page: where both stand, what is to be decided, and what comes of it once all is."""

    action: str
    origin: str
    began: str
    newest: str
    version: str
    behind: int
    taken: int
    mark: str
    key: str
    alone: bool
    conflicts: Sequence[ShownConflict]
    too_many: bool
    typed: Form
    comes: Comes | None


def chosen_by(typed: Mapping[str, str]) -> Choose:
    """What a form says of each conflict; None where it says nothing, or nothing that can be."""

    def choose(conflict: Conflict) -> Decision | None:
        said = typed.get(f"take-{key_of(conflict)}")
        if said == _WORDS:
            return Written(typed.get(f"words-{key_of(conflict)}", ""))
        return Side(said) if said in tuple(Side) else None

    return choose


def is_far_too_long(typed: Mapping[str, str]) -> bool:
    """Whether the words that somebody chose to write alone are more than any policy has.

    Looking at them would keep everybody else waiting.
    """
    own = (f"words-{name.removeprefix('take-')}" for name, said in typed.items() if said == _WORDS)
    return sum(estimate_tokens(typed.get(name, "")) for name in own) > 2 * MOST_TOKENS


def key_of(conflict: Conflict) -> str:
    """A conflict's name: it stays while both sides say there what they said."""
    return canonical_digest([conflict.place, conflict.base, conflict.ours, conflict.theirs])[:16]


def comes_of(standing: Standing, siblings: Sequence[str]) -> Comes | None:
    """What comes of it; None while a conflict is open. Raises `MalformedDocumentError`."""
    if standing.behind.merged.files is None:
        return None
    ours, files = standing.behind.ours, files_over(standing)
    findings = tuple(lint_folder(ours.slug, files, siblings=tuple(siblings)))
    if errors_in(findings):
        return Comes(findings, None, None, (), 0, nothing=False)
    made = compare_folders(ours, load_folder(ours.slug, files))
    text = None if made.text.is_empty else shown_text(made.text)
    cases = shown_cases(made.cases[:_CASES])
    return Comes(findings, made.notice, text, cases, len(made.cases) - len(cases), nothing=made.is_same)


def upstream_view(
    standing: Standing, action: str, typed: Form, comes: Comes | None, *, alone: bool, asked: bool
) -> UpstreamView:
    """The page. `asked`: what was sent is shown, so what is still open is said beside it."""
    behind = standing.behind
    conflicts = tuple(shown_conflict(one, typed.values) for one in behind.merged.conflicts[:MOST_CONFLICTS])
    if asked:
        for one in conflicts:
            if not one.chosen:
                typed = typed.wrong(f"take-{one.key}", _OPEN)
    return UpstreamView(
        action=action,
        origin=behind.base.policy,
        began=behind.base.version,
        newest=behind.theirs.version,
        version=standing.version,
        behind=len(standing.releases),
        taken=behind.merged.taken,
        mark=standing.mark,
        key=secrets.token_hex(16),
        alone=alone,
        conflicts=conflicts,
        too_many=len(behind.merged.conflicts) > MOST_CONFLICTS,
        typed=typed,
        comes=comes,
    )


def shown_conflict(conflict: Conflict, typed: Mapping[str, str]) -> ShownConflict:
    """A conflict with what a form says of it."""
    key = key_of(conflict)
    decided = chosen_by(typed)(conflict)
    fits = decided is not None and conflict.kind.takes(decided)
    return ShownConflict(
        key=key,
        place=conflict.place,
        sensitive=conflict.sensitive,
        was=_half(conflict, conflict.base, None),
        mine=_half(conflict, conflict.ours, conflict.base),
        theirs=_half(conflict, conflict.theirs, conflict.base),
        chosen=typed.get(f"take-{key}", "") if fits else "",
        takes_both=conflict.kind.takes(Side.BOTH),
        takes_words=conflict.kind.takes(Written("")),
        words=typed.get(f"words-{key}", conflict.ours or ""),
    )


def _half(conflict: Conflict, side: str | None, base: str | None) -> Half:
    if side is None:
        return Half(None)
    if conflict.kind is not Kind.CASE:
        return Half(_marked(base, side))
    case, was = _case(side), _case(base)
    facts = [(name, _said(value)) for name, value in case.items() if name not in ("id", "content")]
    before = str(was["content"]) if was else None
    return Half(_marked(before, str(case.get("content", ""))), facts)


def _marked(base: str | None, side: str) -> Sequence[Piece]:
    """A side's words; what it has that was not there is marked, what it left out stands in `was`."""
    if base is None or max(len(base), len(side)) > _MARKED:
        return (Piece(Mark.SAME, side),)
    return tuple(piece for piece in mark_words(base, side) if piece.mark is not Mark.REMOVED)


def _case(line: str | None) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(line) if line else {}
    return case


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
