"""What a release notice says of the front matter beside the labels: standing, licences, the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from policies.diff import PolicyDiff
from policies.model import AppliesTo, Meta, Status, Support
from policies.notice_words import capital, changed, listed, quoted, short, told

_TOLD = frozenset(
    (
        *("version", "upstream"),
        *("labels", "labelling", "subject"),
        *("status", "support"),
        *("licenses", "terms"),
        *("title", "language", "applies_to"),
        "attachments",
    )
)
"""Keys that have a sentence of their own, or that releasing sets."""

_NAMES = {
    "translation_of": "what it is a translation of",
    "content_warnings": "content warnings",
}


def standing_sentences(old: Meta | None, new: Meta) -> tuple[str, ...]:
    """Whether it is still advised; with `old` None, only what a first release has to say."""
    return tuple(_standing(old, new))


def meta_sentences(diff: PolicyDiff, old: Meta, new: Meta) -> tuple[str, ...]:
    """Licences first, since they decide who may use it."""
    return tuple(_facts(diff, old, new))


def _standing(old: Meta | None, new: Meta) -> Iterator[str]:
    was = None if old is None else old.status
    support = new.support or Support()
    before = (old.support if old is not None else None) or Support()
    instead = f"use {short(support.superseded_by)} instead" if support.superseded_by else ""
    if new.status is Status.DEPRECATED and was is not Status.DEPRECATED:
        yield f"This policy is no longer advised{f'; {instead}' if instead else ''}."
        before = Support(superseded_by=support.superseded_by)
    elif was is not None and was is not new.status:
        again = "It is advised again: its" if was is Status.DEPRECATED else "Its"
        yield f"{again} status is now {new.status}; before, {was}."
    if new.status is not Status.DEPRECATED:
        return
    if support.reason and support.reason != before.reason:
        yield f"Reason given: {told(support.reason)}"
    if instead and support.superseded_by != before.superseded_by:
        yield f"{capital(instead)}."
    if support.until and support.until != before.until:
        yield f"It is looked after until {short(support.until)}."


def _facts(diff: PolicyDiff, old: Meta, new: Meta) -> Iterator[str]:
    facts = (
        ("The licence of the text", new.licenses.text, old.licenses.text),
        ("The licence of the cases", new.licenses.cases, old.licenses.cases),
        ("The address of the terms of use", new.terms, old.terms),
        ("Its language", new.language, old.language),
    )
    for what, after, before in facts:
        if after != before:
            yield changed(what, _plain(after), _plain(before))
    if old.title != new.title:
        yield f"The policy is now called {quoted(new.title)}; before, {quoted(old.title)}."
    yield from _places(old.applies_to, new.applies_to)
    keys = [change.key for change in diff.front_matter if change.key not in _TOLD]
    if keys:
        yield f"Its front matter changed: {listed([_NAMES.get(key) or short(key) for key in keys])}."


def _places(old: AppliesTo, new: AppliesTo) -> Iterator[str]:
    parts = (
        ("The surfaces it is meant for", new.surfaces, old.surfaces),
        ("The audiences it is meant for", new.audiences, old.audiences),
        ("The jurisdictions it is meant for", new.jurisdictions, old.jurisdictions),
    )
    for what, after, before in parts:
        if after != before:
            now, was = (", ".join(side) or "not stated" for side in (after, before))
            yield f"{what}: now {short(now)}; before, {short(was)}."


def _plain(value: str | None) -> str | None:
    return None if value is None else short(value)
