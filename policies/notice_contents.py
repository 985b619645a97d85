"""What a release notice says of the text, the attachments and the cases. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policies.diff import PolicyDiff
from policies.model import Meta
from policies.notice_words import capital, counted, listed, quoted

_PART = " / "


def criteria_changed(diff: PolicyDiff, old: Meta, new: Meta) -> tuple[str, ...]:
    """The codes, in the schema's order, of labels of both sides whose section or a part of it changed."""
    touched = {
        name.split(_PART)[0]
        for name in (*diff.sections_added, *diff.sections_removed, *diff.sections_changed)
    }
    return tuple(code for code in new.codes if code in touched and old.label(code) is not None)


def text_sentences(diff: PolicyDiff, codes: Iterable[str]) -> tuple[str, ...]:
    """Sections that are not a label's (`codes`), attachments, and parts that only moved."""
    labels = frozenset(codes)
    # A label that went while its section stayed, or came to one that was there: the label is told of.
    moved = frozenset((*diff.labels_added, *diff.labels_removed))

    def others(names: Sequence[str]) -> list[str]:
        tops = [(name, name.split(_PART)[0]) for name in names]
        return [name for name, top in tops if top not in labels and _first_word(top) not in moved]

    told = [
        *_things("section", others(diff.sections_added), "is new", "are new"),
        *_things("section", others(diff.sections_removed), "is gone", "are gone"),
        *_things("section", others(diff.sections_changed), "changed", "changed"),
        *_things("attachment", diff.attachments_added, "is new", "are new"),
        *_things("attachment", diff.attachments_removed, "is gone", "are gone"),
        *_things("attachment", diff.attachments_changed, "changed", "changed"),
    ]
    if diff.text_changed and not _parts_changed(diff):
        told.append("the model reads the same parts in another order.")
    return tuple(map(capital, told))


def case_sentence(diff: PolicyDiff) -> str | None:
    """`12 cases were added, 1 was relabelled.`; None when no case changed."""
    counts = (
        (len(diff.cases_relabelled), "relabelled"),
        (len(diff.cases_added), "added"),
        (len(diff.cases_removed), "removed"),
        (len(diff.cases_edited), "edited"),
    )
    parts = [(count, verb) for count, verb in counts if count]
    if not parts:
        return None
    (first, verb), *rest = parts
    told = [f"{counted(first, 'case')} {_were(first)} {verb}"]
    told += [f"{count:,} {_were(count)} {verb}" for count, verb in rest]
    return ", ".join(told) + "."


def _things(noun: str, names: Sequence[str], one: str, many: str) -> Iterator[str]:
    if names:
        shown = listed([quoted(name) for name in names])
        yield f"{noun} {shown} {one}." if len(names) == 1 else f"{noun}s {shown} {many}."


def _parts_changed(diff: PolicyDiff) -> bool:
    return any(
        (
            diff.sections_added,
            diff.sections_removed,
            diff.sections_changed,
            diff.attachments_added,
            diff.attachments_removed,
            diff.attachments_changed,
        )
    )


def _first_word(heading: str) -> str:
    words = heading.split(maxsplit=1)
    return words[0].rstrip(":.-–—") if words else ""


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
