"""What a change is meant to do: which cases should flip, which must not, and whether they did. Pure.

Declared before anything runs, in a plain text that stands in a proposal:

    # What this change is for
    flip SP-012 SP2
    flip SP-033
    keep slice:satire
    keep others

A case that should flip is one whose answer changes, to the label named where one is named. A case that
must not flip is one whose answer stays. `slice:` and `label:` name many, `others` all that nothing else
names; quotes hold a name with blanks together.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from evaluations.errors import EvaluationError
from evaluations.intervals import Proportion, exact_proportion
from evaluations.rows import Row
from evaluations.suites import SuiteItem
from evaluations.verdicts import FlagsVerdict, LabelVerdict, Verdict

MOST_LINES = 10_000
_OTHERS = "others"
_SLICE, _LABEL = "slice:", "label:"


class Meant(StrEnum):
    """What is meant to become of a case."""

    FLIP = "flip"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: what it names (an id, `slice:NAME`, `label:CODE` or `others`), and the label to flip to."""

    meant: Meant
    name: str
    label: str | None
    number: int


class ExpectationError(EvaluationError):
    """A declaration that cannot be read, or that names what is not there (`line` is 1-based)."""

    def __init__(self, line: int, rule: str, remedy: str) -> None:
        self.line = line
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"line {line} of what is expected: {rule} {remedy}")


class Missed(NamedTuple):
    """A case that did not do what was meant: its answers, and the label that was named for it."""

    case: str
    old: Verdict
    new: Verdict
    label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How far a change did what it was meant to do.

    `flipped` are those that changed as meant of all that should; `already` were so before, so they could not
    flip and are in no rate. `kept` are those that stayed of all that must. `not_flipped` and `not_kept` are
    the others.
    """

    flipped: Proportion
    kept: Proportion
    already: tuple[str, ...]
    not_flipped: tuple[Missed, ...]
    not_kept: tuple[Missed, ...]


def read_expectations(text: str) -> tuple[Line, ...]:
    """The lines of a declaration; blank ones and those that begin with `#` say nothing.

    Raises `ExpectationError` naming the line: for another word than flip or keep, words too many or too few,
    a name that stands twice, `flip others`, or a text that declares nothing.
    """
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        line = _line(raw, number)
        if line.name in seen:
            raise ExpectationError(number, f"{line.name} stands on line {seen[line.name]} too.", "Keep one.")
        seen[line.name] = number
        lines.append(line)
        if len(lines) > MOST_LINES:
            raise ExpectationError(number, f"there are more than {MOST_LINES:,} lines.", "Name slices.")
    if not lines:
        raise ExpectationError(1, "nothing is declared.", "Write `flip CASE [LABEL]` or `keep CASE`.")
    return tuple(lines)


def _line(raw: str, number: int) -> Line:
    remedy = "Write `flip CASE [LABEL]`, `keep CASE`, `keep slice:NAME`, `keep label:CODE` or `keep others`."
    try:
        words = shlex.split(raw)
    except ValueError as error:
        raise ExpectationError(number, "a quote is not closed.", remedy) from error
    if words[0] not in (Meant.FLIP, Meant.KEEP):
        raise ExpectationError(number, f"it begins with {words[0][:40]!r}, not with flip or keep.", remedy)
    meant = Meant(words[0])
    most = 3 if meant is Meant.FLIP else 2
    if not 2 <= len(words) <= most:
        raise ExpectationError(number, f"it has {len(words)} words.", remedy)
    if meant is Meant.FLIP and words[1] == _OTHERS:
        raise ExpectationError(number, "not every other case can be meant to flip.", "Name the cases.")
    return Line(meant=meant, name=words[1], label=words[2] if len(words) == 3 else None, number=number)


def named_cases(lines: Iterable[Line]) -> frozenset[str]:
    """The names that are single cases: what a comparison has to ask even where it does not count."""
    return frozenset(line.name for line in lines if _width(line) == 0)


def followed(lines: Sequence[Line], old: Iterable[Row], new: Iterable[Row], codes: Sequence[str]) -> Followed:
    """Whether the cases did as declared, by the first answers to the same input.

    `codes` are the new version's labels. Raises `ExpectationError` as `resolved`.
    """
    before, after = _first(old), _first(new)
    asked = [
        row.item
        for case, row in after.items()
        if case in before and before[case].item.input == row.item.input
    ]
    meant = resolved(lines, asked, codes)
    kinds: dict[Meant, list[tuple[Missed, bool]]] = {Meant.FLIP: [], Meant.KEEP: []}
    already: list[str] = []
    for case, line in sorted(meant.items()):
        was, is_ = before[case].verdict, after[case].verdict
        if line.meant is Meant.FLIP and line.label is not None and _gives(was, line.label):
            already.append(case)
            continue
        as_meant = was == is_ if line.meant is Meant.KEEP else _flipped(was, is_, line.label)
        kinds[line.meant].append((Missed(case, was, is_, line.label), as_meant))
    flips, keeps = kinds[Meant.FLIP], kinds[Meant.KEEP]
    return Followed(
        flipped=exact_proportion(sum(done for _, done in flips), len(flips)),
        kept=exact_proportion(sum(done for _, done in keeps), len(keeps)),
        already=tuple(already),
        not_flipped=tuple(case for case, done in flips if not done),
        not_kept=tuple(case for case, done in keeps if not done),
    )


def resolved(lines: Sequence[Line], asked: Iterable[SuiteItem], codes: Sequence[str]) -> dict[str, Line]:
    """The line that each case goes by: its own before that of a slice or label, and `others` last.

    `asked` are the cases that both versions are asked, `codes` the new version's labels. Raises
    `ExpectationError` for a label that is none of them, and for a name that is no such case and no slice or
    label of one.
    """
    items = {item.id: item for item in asked}
    meant: dict[str, Line] = {}
    for line in sorted(lines, key=_width):
        if line.label is not None and line.label not in codes:
            raise ExpectationError(
                line.number,
                f"{line.label[:40]} is no label of the new version.",
                f"Use one of: {', '.join(codes)}.",
            )
        cases = list(_cases(line, items))
        if not cases and line.name != _OTHERS:
            raise ExpectationError(
                line.number,
                f"{line.name[:80]} names no case that both versions are asked: it is unknown, edited, quoted "
                "in a policy, or has a label that one version lacks.",
                "Correct the name, or leave the line out.",
            )
        for case in cases:
            meant.setdefault(case, line)
    return meant


def _width(line: Line) -> int:
    """How many cases a line may name: one, some, or all that are left."""
    return 2 if line.name == _OTHERS else 1 if line.name.startswith((_SLICE, _LABEL)) else 0


def _cases(line: Line, asked: Mapping[str, SuiteItem]) -> Iterator[str]:
    if line.name == _OTHERS:
        yield from asked
    elif line.name.startswith(_SLICE):
        name = line.name.removeprefix(_SLICE)
        yield from (case for case, item in asked.items() if name in item.slices)
    elif line.name.startswith(_LABEL):
        yield from (case for case, item in asked.items() if _has(item, line.name.removeprefix(_LABEL)))
    elif line.name in asked:
        yield line.name


def _has(item: SuiteItem, code: str) -> bool:
    gold = item.gold
    return bool(gold.get(code)) if isinstance(gold, Mapping) else gold == code


def _gives(verdict: Verdict, code: str) -> bool:
    if isinstance(verdict, FlagsVerdict):
        return bool(verdict.flags.get(code))
    return isinstance(verdict, LabelVerdict) and verdict.code == code


def _flipped(was: Verdict, is_: Verdict, label: str | None) -> bool:
    """Whether an answer changed as meant; one that cannot be read did not."""
    if was == is_ or not isinstance(is_, LabelVerdict | FlagsVerdict):
        return False
    return label is None or _gives(is_, label)


def _first(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.item.id: row for row in rows if row.repeat == 1}
