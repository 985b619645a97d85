"""A suite: the labelled cases a run is measured on, under one label schema. Pure.

Two suites with one digest ask the same questions and accept the same answers. Notes, sources and
annotators are no part of it: they change no score.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from evaluations.errors import SuiteError
from policies.canonical import Json, canonical_bytes, sha256_hex
from policies.model import Case, CaseStatus, Label, Labelling, Policy

if TYPE_CHECKING:
    from policies.folder import PolicyFolder

Gold: TypeAlias = str | Mapping[str, bool | None] | None
"""A label's code; or every declared flag as True, False or None (unlabelled); or None (unlabelled)."""


_ENCODER = msgspec.json.Encoder()


class Visibility(StrEnum):
    """Whether everyone may read the cases."""

    PUBLIC = "public"
    SEALED = "sealed"


class LeftOutReason(StrEnum):
    """Why a case of the suite is not put to the engine."""

    UNLABELLED = "unlabelled"
    QUOTED = "quoted-in-policy"
    NEARLY_QUOTED = "nearly-quoted-in-policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteLabel:
    """What scoring needs of a label."""

    code: str
    violates: bool


class SuiteItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a run's record keeps of a case: enough to score it, none of its content.

    `input` is the SHA-256 of what the engine reads. A `todo` item is a known failure: run and
    reported, not counted.
    """

    id: str
    input: str
    gold: Gold
    slices: tuple[str, ...] = ()
    todo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A case of the suite that was not run, and why."""

    item: SuiteItem
    reason: LeftOutReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A versioned set of cases with their facts, both ordered by case id.

    `items[i]` are the facts of `cases[i]`. Unlabelled cases are among them; they cannot be scored.
    """

    id: str
    version: str
    split: str
    visibility: Visibility
    labelling: Labelling
    labels: tuple[SuiteLabel, ...]
    cases: tuple[Case, ...]
    items: tuple[SuiteItem, ...]
    digest: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The label codes, mildest first."""
        return tuple(label.code for label in self.labels)


def suite_of(folder: PolicyFolder) -> Suite:
    """The public cases of a policy folder as a suite. Raises `SuiteError`."""
    return make_suite(folder.slug, folder.document.policy, folder.cases)


def make_suite(
    suite_id: str,
    policy: Policy,
    cases: Iterable[Case],
    *,
    split: str = "all",
    visibility: Visibility = Visibility.PUBLIC,
) -> Suite:
    """`cases` under the labels of `policy`, in the policy's version.

    Raises `SuiteError` naming the cases when ids repeat, or when a case's label or flags are not ones
    that the policy declares.
    """
    meta = policy.meta
    return labelled_suite(
        suite_id,
        meta.version,
        labels=meta.labels,
        labelling=meta.labelling,
        cases=cases,
        split=split,
        visibility=visibility,
    )


def labelled_suite(
    suite_id: str,
    version: str,
    *,
    labels: Sequence[Label],
    labelling: Labelling,
    cases: Iterable[Case],
    split: str = "all",
    visibility: Visibility = Visibility.PUBLIC,
) -> Suite:
    """`cases` under `labels`, which need not be a policy's. Raises `SuiteError` as `make_suite`."""
    ordered = sorted(cases, key=lambda case: case.id)
    scored = tuple(SuiteLabel(code=label.code, violates=label.violates) for label in labels)
    _refuse_repeated_ids(ordered)
    _refuse_other_labels(ordered, labels, labelling)
    items = tuple(_item_of(case, labels, labelling) for case in ordered)
    return Suite(
        id=suite_id,
        version=version,
        split=split,
        visibility=visibility,
        labelling=labelling,
        labels=scored,
        cases=tuple(ordered),
        items=items,
        digest=suite_digest(labelling, scored, items),
    )


def suite_digest(labelling: Labelling, labels: Sequence[SuiteLabel], items: Iterable[SuiteItem]) -> str:
    """SHA-256 over the label schema and every item; the order of items does not matter."""
    schema: list[Json] = [{"code": label.code, "violates": label.violates} for label in labels]
    ordered = sorted(items, key=lambda item: item.id)
    # As `canonical_digest` of one object with all of it, whose keys stand in this order.
    head = canonical_bytes({"labels": schema, "labelling": labelling.value})
    return sha256_hex(b'{"items":[' + b",".join(_canonical_items(ordered)) + b"]," + head[1:])


def _canonical_items(items: Iterable[SuiteItem]) -> Iterator[bytes]:
    """Each item as canonical JSON, put together from what many items share and what is its own."""
    shared: dict[tuple[int, int, bool], tuple[object, bytes, bytes]] = {}
    for item in items:
        key = (id(item.gold), id(item.slices), item.todo)
        if key not in shared:
            gold = canonical_bytes({"gold": item.gold})
            rest = canonical_bytes({"slices": sorted(item.slices), "todo": item.todo})
            # The values are kept beside what was made of them, so that no identity comes again.
            shared[key] = ((item.gold, item.slices), gold[:-1] + b',"id":', b"," + rest[1:])
        _, before, after = shared[key]
        yield b'%b%b,"input":%b%b' % (before, _text(item.id), _text(item.input), after)


def _text(text: str) -> bytes:
    # Canonical text is in normal form C, which ASCII always is.
    return _ENCODER.encode(text) if text.isascii() else canonical_bytes(text)


def input_digest(case: Case) -> str:
    """SHA-256 of what an engine reads of a case: content, context and what kind of thing it is.

    Over ASCII-escaped JSON, not the canonical form: canonical text is in normal form C, and content
    that differs from other content only in its normal form must not share a digest with it.
    """
    subject = None if case.subject is None else case.subject.value
    read = {"content": case.content, "context": case.context, "subject": subject}
    return sha256_hex(json.dumps(read, sort_keys=True, separators=(",", ":")).encode("ascii"))


def is_labelled(item: SuiteItem) -> bool:
    """Whether there is a gold label, or at least one known flag."""
    if isinstance(item.gold, Mapping):
        return any(flag is not None for flag in item.gold.values())
    return item.gold is not None


def _item_of(case: Case, labels: Sequence[Label], labelling: Labelling) -> SuiteItem:
    gold: Gold = case.label
    if labelling is Labelling.MULTI:
        known = case.labels or {}
        gold = {label.code: known.get(label.code) for label in labels}
    return SuiteItem(
        id=case.id,
        input=input_digest(case),
        gold=gold,
        slices=tuple(sorted(set(case.slices))),
        todo=case.status is CaseStatus.TODO,
    )


def _refuse_repeated_ids(ordered: Sequence[Case]) -> None:
    repeated = sorted({later.id for earlier, later in pairwise(ordered) if earlier.id == later.id})
    if repeated:
        raise SuiteError(repeated, "the id is used more than once.", "Give each case an id of its own.")


def _refuse_other_labels(cases: Sequence[Case], labels: Sequence[Label], labelling: Labelling) -> None:
    codes = {label.code for label in labels}
    if len(codes) != len(labels):
        raise SuiteError((), "The policy declares a label code twice.", "Give each label a code of its own.")
    multi = labelling is Labelling.MULTI
    mixed = [case.id for case in cases if (case.label if multi else case.labels) is not None]
    if mixed:
        have, want = ("`label`", "`labels`") if multi else ("`labels`", "`label`")
        raise SuiteError(mixed, f"{have} is set, and the policy's labelling is {labelling}.", f"Use {want}.")
    unknown = [case.id for case in cases if not codes.issuperset(_codes_of(case))]
    if unknown:
        declared = ", ".join(label.code for label in labels) or "none"
        raise SuiteError(
            unknown,
            "the label is not one that the policy declares.",
            f"Use one of those declared: {declared}.",
        )


def _codes_of(case: Case) -> tuple[str, ...]:
    if case.labels is not None:
        return tuple(case.labels)
    return () if case.label is None else (case.label,)
