"""The cases on which two versions of a policy are compared: the old suite and what the new one adds. Pure.

Both versions answer the same cases, by the labels that the old suite gives them. A version that edits
or relabels a case, or gives it up, does not choose what it is measured on: such cases are listed for a
person to look at, and removed ones still count.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from evaluations.comparing.pairing import known_flags, same_gold
from evaluations.errors import SuiteError
from evaluations.suites import Gold, Suite, SuiteItem
from policies.model import Case, CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The cases that both versions are asked, by id, and what differs between the two suites.

    Counted: `removed` ones, which the new version gave up, and `added` ones, which only it has. Not
    counted: `edited` (another content under the same id), `relabelled`, `renamed` (an added case that
    stands in the old suite under another id) and `foreign` (a label that only one version declares, or
    that violates in one of them only). A relabelled case that something is declared of is asked all the
    same, as a known failure, which is in no figure.
    """

    cases: tuple[Case, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    relabelled: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def join(old: Suite, new: Suite, declared: Container[str] = frozenset()) -> Joint:
    """What to ask both versions; of cases in `declared` something is expected.

    Raises `SuiteError` when their labels are of different kinds.
    """
    if old.labelling is not new.labelling:
        raise SuiteError(
            (),
            f"One version is of {old.labelling} labelling and the other of {new.labelling}.",
            "Compare versions of one labelling.",
        )
    was, is_ = _items(old), _items(new)
    id_of = {item.input: item.id for item in old.items}
    shared = was.keys() & is_.keys()
    edited = {case for case in shared if was[case].input != is_[case].input}
    relabelled = {case for case in shared - edited if not same_gold(was[case].gold, is_[case].gold)}
    renamed = {case for case in is_.keys() - shared if is_[case].input in id_of}
    former = {id_of[is_[case].input]: case for case in renamed}
    # Under another id it would be asked twice, and perhaps with another label.
    relabelled |= {first for first, case in former.items() if not same_gold(was[first].gold, is_[case].gold)}
    added = is_.keys() - shared - renamed
    alike = _declared_alike(old, new)
    asked = [case for case in old.cases if case.id not in edited | relabelled]
    asked += [
        replace(case, status=CaseStatus.TODO)
        for case in old.cases
        if case.id in relabelled and case.id in declared
    ]
    asked += [case for case in new.cases if case.id in added]
    facts = {**is_, **was}
    foreign = {case.id for case in asked if not _codes(facts[case.id].gold) <= alike}
    return Joint(
        cases=tuple(sorted((case for case in asked if case.id not in foreign), key=lambda case: case.id)),
        added=_ordered(added - foreign),
        removed=_ordered(was.keys() - shared - foreign - former.keys()),
        edited=_ordered(edited),
        relabelled=_ordered(relabelled),
        renamed=_ordered(renamed),
        foreign=_ordered(foreign),
    )


def _items(suite: Suite) -> Mapping[str, SuiteItem]:
    return {item.id: item for item in suite.items}


def _declared_alike(old: Suite, new: Suite) -> set[str]:
    """The labels that both versions declare, in the same sense."""
    sense = {label.code: label.violates for label in old.labels}
    return {label.code for label in new.labels if sense.get(label.code) is label.violates}


def _codes(gold: Gold) -> set[str]:
    if gold is None:
        return set()
    return {gold} if isinstance(gold, str) else set(known_flags(gold))


def _ordered(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))
