"""Brings two versions of a policy together that began as one: what only one side changed is taken. Pure.

Front matter is merged key by key and item by item, cases by their id, texts by their lines. What both
sides changed, and not alike, is a conflict that a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policies.cases import CASES_FILE, render_case
from policies.codec import with_front_matter
from policies.conflicts import Choose, Clash, Conflict, Decision, Kind, Merged, Side, TextMerge, Written
from policies.folder import POLICY_FILE, PolicyFolder
from policies.yaml_text import flow_text

_KEPT = ("version", "upstream")
_LISTS = {"labels": "code", "attachments": "file", "credits": "name"}
"""Lists that are merged item by item, and what names an item."""


def merge_folders(
    base: PolicyFolder, ours: PolicyFolder, theirs: PolicyFolder, *, merge_text: TextMerge, choose: Choose
) -> Merged:
    """`ours` with what `theirs` changed since `base`. Version number and origin stay ours.

    `choose` decides conflicts, and gives None for one that is open, as is one that is decided in a way that
    its kind does not take. Raises `MalformedPolicyError` where the result would be no policy.
    """
    merging = _Merging(merge_text, choose)
    values = _front_matter(merging, *(folder.document.front_matter.values for folder in (base, ours, theirs)))
    document = with_front_matter(ours.document, values)
    head = document.raw.decode("utf-8").removesuffix(document.policy.body)
    eol = "\r\n" if "\r\n" in head else "\n"
    body = merging.text("text", *(_lines(folder.document.policy.body) for folder in (base, ours, theirs)))
    files: dict[str, bytes | None] = {POLICY_FILE: (head + body.replace("\n", eol)).encode()}
    files[CASES_FILE] = _cases(merging, base, ours, theirs)
    for name in sorted({*base.files, *ours.files, *theirs.files} - {POLICY_FILE, CASES_FILE}):
        files[name] = _attachment(merging, name, *(folder.files.get(name) for folder in (base, ours, theirs)))
    undecided = len(merging.open)
    return Merged(
        files=None if undecided else {name: raw for name, raw in files.items() if raw is not None},
        conflicts=tuple(merging.conflicts),
        taken=merging.taken,
    )


class _Merging:
    """Decides place by place, and keeps what was met."""

    def __init__(self, merge_text: TextMerge, choose: Choose) -> None:
        self._merge_text = merge_text
        self._choose = choose
        self.conflicts: list[Conflict] = []
        self.open: list[Conflict] = []
        self.taken = 0

    def side(
        self,
        place: str,
        base: str | None,
        ours: str | None,
        theirs: str | None,
        *,
        sensitive: bool = False,
        kind: Kind = Kind.OTHER,
    ) -> Side:
        """Whose version stands of a place that takes nothing else; ours while a conflict is open."""
        decided = self.decided(place, base, ours, theirs, sensitive=sensitive, kind=kind)
        return Side.THEIRS if decided is Side.THEIRS else Side.OURS

    def decided(
        self,
        place: str,
        base: str | None,
        ours: str | None,
        theirs: str | None,
        *,
        kind: Kind,
        sensitive: bool = False,
    ) -> Decision:
        """What stands in a place; ours while a conflict is open."""
        if theirs in (base, ours):
            return Side.OURS
        if ours == base:
            self.taken += 1
            return Side.THEIRS
        conflict = Conflict(len(self.conflicts) + 1, place, base, ours, theirs, sensitive, kind)
        self.conflicts.append(conflict)
        chosen = self._choose(conflict)
        if chosen is None or not kind.takes(chosen):
            self.open.append(conflict)
            return Side.OURS
        return chosen

    def text(self, place: str, base: str, ours: str, theirs: str) -> str:
        """Merged lines; every clash is a place of its own, named by the heading above it."""
        if theirs in (base, ours):
            return ours
        if ours == base:
            self.taken += 1
            return theirs
        parts: list[str] = []
        passed: list[str] = []
        for part in self._merge_text(base, ours, theirs):
            if isinstance(part, str):
                parts.append(part)
                passed.append(part)
                continue
            # By the headings of ours, whatever was decided above: places keep their names.
            heading = _heading(passed)
            passed.append(part.ours)
            named = f"{place}, below “{heading}”" if heading else f"{place}, at its beginning"
            decided = self.decided(named, part.base, part.ours, part.theirs, kind=Kind.LINES)
            parts.append(_lines_of(part, decided))
        merged = "".join(parts)
        self.taken += merged != ours
        return merged


def _front_matter(
    merging: _Merging,
    base: Mapping[str, object],
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
) -> dict[str, object]:
    """What is to be set in ours; None takes a key out."""
    updates: dict[str, object] = {}
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        sides = (base.get(key), ours.get(key), theirs.get(key))
        if key in _KEPT or sides[1] == sides[2]:
            continue
        items = [_items(key, side) for side in sides]
        if None not in items:
            merged = _list(merging, key, *(side or {} for side in items))
            value: object = merged if merged or sides[1] == [] else None
        else:
            words = all(isinstance(side, str) for side in sides[1:])
            kind = Kind.WORDS if words else Kind.OTHER
            decided = merging.decided(key, *map(_plain, sides), kind=kind)
            theirs_or_ours = sides[2] if decided is Side.THEIRS else sides[1]
            value = decided.text if isinstance(decided, Written) else theirs_or_ours
        if value != sides[1]:
            updates[key] = value
    return updates


def _items(key: str, value: object) -> dict[str, object] | None:
    """A list's items by what names them; None where it is no such list, or two items share a name."""
    name = _LISTS.get(key)
    if name is None or not isinstance(value, list | None):
        return None
    found: dict[str, object] = {str(item.get(name)): item for item in value or () if isinstance(item, dict)}
    return found if len(found) == len(value or ()) else None


def _list(
    merging: _Merging,
    key: str,
    base: Mapping[str, object],
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
) -> list[object]:
    """Item by item; what theirs added goes behind the item that it follows there."""
    merged: list[object] = []
    for name in _in_order(ours, theirs):
        sides = (base.get(name), ours.get(name), theirs.get(name))
        side = merging.side(f"{key}, {name}", *(_shown(side) for side in sides))
        item = sides[2] if side is Side.THEIRS else sides[1]
        if item is not None:
            merged.append(item)
    return merged


def _cases(merging: _Merging, base: PolicyFolder, ours: PolicyFolder, theirs: PolicyFolder) -> bytes:
    """Case by case, in our order and as each was written; new ones of theirs follow the case that they
    follow there."""
    was, mine, new = ({case.id: case for case in folder.cases} for folder in (base, ours, theirs))
    written = [_written(folder) for folder in (ours, theirs)]
    lines: list[str] = []
    for name in _in_order(mine, new):
        sides = (was.get(name), mine.get(name), new.get(name))
        shown = [None if case is None else render_case(case) for case in sides]
        sensitive = any(case is not None and case.sensitive for case in sides)
        side = merging.side(f"case {name}", *shown, sensitive=sensitive, kind=Kind.CASE)
        line = written[side is Side.THEIRS].get(name)
        if line is not None:
            lines.append(line)
    return "".join(f"{line}\n" for line in lines).encode()


def _written(folder: PolicyFolder) -> dict[str, str]:
    """Each case's line as it stands in the file."""
    raw = folder.files.get(CASES_FILE, b"").decode("utf-8-sig")
    lines = [line.strip() for line in raw.split("\n") if line.strip()]
    return {case.id: line for case, line in zip(folder.cases, lines, strict=True)}


def _attachment(
    merging: _Merging, name: str, base: bytes | None, ours: bytes | None, theirs: bytes | None
) -> bytes | None:
    if base is not None and ours is not None and theirs is not None:
        return merging.text(name, *(_lines(side.decode("utf-8")) for side in (base, ours, theirs))).encode()
    sides = (base, ours, theirs)
    shown = [None if side is None else side.decode("utf-8") for side in sides]
    return theirs if merging.side(name, *shown) is Side.THEIRS else ours


def _in_order(ours: Mapping[str, object], theirs: Mapping[str, object]) -> list[str]:
    """Ours as they stand; what only theirs has goes behind the one before it there."""
    order = list(ours)
    before: str | None = None
    for name in theirs:
        if name not in ours:
            order.insert(0 if before is None else order.index(before) + 1, name)
        before = name
    return order


def _lines_of(clash: Clash, decided: Decision) -> str:
    """What stands in the place of lines that clash. Whatever follows begins a line of its own."""
    if decided is Side.THEIRS:
        return clash.theirs
    if decided is Side.OURS:
        return clash.ours
    written = [decided.text] if isinstance(decided, Written) else [clash.ours, clash.theirs]
    return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in written)


def _heading(parts: Sequence[str]) -> str:
    for part in reversed(parts):
        for line in reversed(part.splitlines()):
            if line.startswith("#"):
                return line.lstrip("#").strip()
    return ""


def _lines(text: str) -> str:
    """The text with plain line ends: where they differ, every line would clash."""
    return text.replace("\r\n", "\n")


def _plain(value: object) -> str | None:
    """A text as it is, anything else as it is written in YAML."""
    return value if isinstance(value, str) else _shown(value)


def _shown(value: object) -> str | None:
    return None if value is None else flow_text(value)
