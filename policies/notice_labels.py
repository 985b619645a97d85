"""What a release notice says of the label schema and of what is judged. Pure.

`breaking` sentences say that an answer of the model now means something else to whoever acts on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from policies.diff import PolicyDiff
from policies.model import Handling, Label, Labelling, Meta, Subject
from policies.notice_words import capital, changed, listed, quoted, short

JUDGED = {
    Subject.CONTENT: "a piece of content",
    Subject.PROMPT: "what a user asks a model",
    Subject.RESPONSE: "what a model answers",
    Subject.CONVERSATION: "a conversation",
}
ADVICE = {
    Handling.ALLOW: "allow",
    Handling.REVIEW: "send to review",
    Handling.REMOVE: "remove",
    Handling.ESCALATE: "escalate",
}


class SchemaSentences(NamedTuple):
    """Those that break what a user built on the labels, and the others, in the order to be told."""

    breaking: tuple[str, ...]
    other: tuple[str, ...]


def schema_sentences(diff: PolicyDiff, old: Meta, new: Meta, criteria: Sequence[str]) -> SchemaSentences:
    """The label schema's changes. `criteria` are the codes of kept labels whose section changed."""
    breaking = [*_of_the_whole(old, new), *_removed(diff, old)]
    other = [_added(label) for code in diff.labels_added if (label := new.label(code))]
    named: list[str] = []
    for code in diff.labels_redefined:
        before, after = old.label(code), new.label(code)
        if before is None or after is None:
            continue
        breaking += _meaning(before, after)
        if before.title != after.title:
            also = "; its criteria changed" if code in criteria else ""
            named += [code] if also else []
            other.append(f"{code} is now called {quoted(after.title)}{also}.")
        if before.handling is not after.handling:
            other.append(changed(f"The advice for {code}", _advice(after), _advice(before)))
    breaking += _order(old, new)
    if rest := [code for code in criteria if code not in named]:
        other.append(f"The criteria of {listed(rest)} changed.")
    return SchemaSentences(tuple(map(capital, breaking)), tuple(map(capital, other)))


def named_label(label: Label) -> str:
    """`SP4 (Phishing)`."""
    title = short(label.title)
    return f"{label.code} ({title})" if title else label.code


def _of_the_whole(old: Meta, new: Meta) -> Iterator[str]:
    if old.labelling is not new.labelling:
        if new.labelling is Labelling.MULTI:
            yield "the labels are now flags that each stand for themselves; before, each text got one label."
        else:
            yield "each text now gets one label; before, several flags could be raised."
    if old.subject is not new.subject:
        yield f"it now judges {JUDGED[new.subject]}; before, {JUDGED[old.subject]}."


def _removed(diff: PolicyDiff, old: Meta) -> Iterator[str]:
    for code in diff.labels_removed:
        if label := old.label(code):
            yield f"label {named_label(label)} is gone."


def _added(label: Label) -> str:
    return f"label {named_label(label)} is new; it means {_meant(label)}."


def _meaning(old: Label, new: Label) -> Iterator[str]:
    if old.violates != new.violates:
        before = "it did" if old.violates else "it did not"
        yield (
            f"{new.code} now means violating; before, {before}."
            if new.violates
            else f"{new.code} no longer means violating; before, {before}."
        )
    if old.severity != new.severity:
        yield changed(f"the severity of {new.code}", _number(new.severity), _number(old.severity))


def _order(old: Meta, new: Meta) -> Iterator[str]:
    before = [code for code in old.codes if code in new.codes]
    after = [code for code in new.codes if code in old.codes]
    if before != after:
        yield f"the order of the labels, mildest first, is now {', '.join(new.codes)}."


def _meant(label: Label) -> str:
    return "violating" if label.violates else "allowed"


def _advice(label: Label) -> str | None:
    return None if label.handling is None else f"“{ADVICE[label.handling]}”"


def _number(severity: int | None) -> str | None:
    return None if severity is None else str(severity)
