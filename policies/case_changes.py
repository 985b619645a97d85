"""Which cases came, went, got another label or were edited, each with what it was and is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from policies.diff import PolicyDiff
from policies.folder import PolicyFolder
from policies.model import Case

_LABELS = ("label", "labels")
_COMPARED = tuple(field.name for field in fields(Case) if field.name not in ("id", "line", *_LABELS))


class CaseEvent(StrEnum):
    """What became of a case; one that got another label is relabelled, whatever else changed."""

    RELABELLED = "relabelled"
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case on both sides, None where it does not stand.

    `fields` are what differs beside the label, by the names of the case file.
    """

    id: str
    event: CaseEvent
    old: Case | None
    new: Case | None
    fields: tuple[str, ...] = ()

    @property
    def sensitive(self) -> bool:
        """Whether its texts stay hidden until asked for: on either side is enough."""
        return any(case is not None and case.sensitive for case in (self.old, self.new))


def case_changes(diff: PolicyDiff, old: PolicyFolder | None, new: PolicyFolder) -> tuple[CaseChange, ...]:
    """Every changed case: the relabelled, then the added, the removed and the edited, in file order."""
    before = {case.id: case for case in old.cases} if old else {}
    after = {case.id: case for case in new.cases}
    relabelled = frozenset(diff.cases_relabelled)
    named = (
        (CaseEvent.RELABELLED, diff.cases_relabelled),
        (CaseEvent.ADDED, diff.cases_added),
        (CaseEvent.REMOVED, diff.cases_removed),
        (CaseEvent.EDITED, tuple(name for name in diff.cases_edited if name not in relabelled)),
    )
    return tuple(_change(name, event, before, after) for event, names in named for name in names)


def _change(name: str, event: CaseEvent, before: Mapping[str, Case], after: Mapping[str, Case]) -> CaseChange:
    old, new = before.get(name), after.get(name)
    differ: tuple[str, ...] = ()
    if old is not None and new is not None:
        differ = tuple(field for field in _COMPARED if getattr(old, field) != getattr(new, field))
    return CaseChange(id=name, event=event, old=old, new=new, fields=differ)
