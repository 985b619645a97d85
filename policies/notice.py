"""What a release changes for those who use the policy, in plain words. Pure.

Whoever has pinned a version should be able to decide from the notice whether to move: what breaks comes
first, then whether the policy is still advised, then what is new, then the wording.
"""

from __future__ import annotations

from dataclasses import dataclass

from policies.diff import PolicyDiff
from policies.errors import InvalidNameError
from policies.folder import PolicyFolder
from policies.model import Meta
from policies.notice_contents import case_sentence, criteria_changed, text_sentences
from policies.notice_labels import schema_sentences
from policies.notice_meta import meta_sentences, standing_sentences
from policies.notice_words import counted
from policies.versions import Change, parse_version

NOTHING = "Nothing that the policy says changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`headline` is one line; `sentences` say all of it, the weightiest first.

    Both hold words of the policy's authors (titles, reasons) on one line, cut to a length, not escaped.
    `kind` is the weightier of what the version number announces and what changed; None for a first
    release and where nothing changed.
    """

    headline: str
    sentences: tuple[str, ...]
    kind: Change | None


def notice_of(diff: PolicyDiff, old: PolicyFolder | None, new: PolicyFolder) -> Notice:
    """The notice of `diff`, which is `diff_folders(old, new)`; with `old` None, of a first release."""
    after = new.document.policy.meta
    if old is None:
        return _first(new, after)
    before = old.document.policy.meta
    criteria = criteria_changed(diff, before, after)
    schema = schema_sentences(diff, before, after, criteria)
    standing = standing_sentences(before, after)
    cases = case_sentence(diff)
    facts = meta_sentences(diff, before, after)
    said = [
        *schema.other,
        *((cases,) if cases else ()),
        *text_sentences(diff, {*before.codes, *after.codes}),
        *facts,
    ]
    if not (schema.breaking or standing or said):
        return Notice(headline=NOTHING, sentences=(NOTHING,), kind=None)
    announced = _announced(before.version, after.version)
    kind = max((diff.least_change, announced or diff.least_change), key=lambda change: change.weight)
    sentences = (
        *schema.breaking,
        *_remarks(announced, diff.least_change),
        *standing,
        *(_only_wording(diff, kind) if not (facts or standing) else ()),
        *said,
    )
    return Notice(headline=_headline(kind, sentences), sentences=sentences, kind=kind)


def _first(folder: PolicyFolder, meta: Meta) -> Notice:
    opening = f"First release: {counted(len(meta.labels), 'label')}, {counted(len(folder.cases), 'case')}."
    return Notice(headline=opening, sentences=(opening, *standing_sentences(None, meta)), kind=None)


def _headline(kind: Change, sentences: tuple[str, ...]) -> str:
    return f"Breaking: {sentences[0]}" if kind is Change.MAJOR else sentences[0]


def _announced(old: str, new: str) -> Change | None:
    """What the step from one number to the other announces; None when it is no step up."""
    try:
        before, after = parse_version(old), parse_version(new)
    except InvalidNameError:
        return None
    if after <= before:
        return None
    if after.major != before.major:
        return Change.MAJOR
    return Change.MINOR if after.minor != before.minor else Change.PATCH


def _remarks(announced: Change | None, least: Change) -> tuple[str, ...]:
    """Where the number and what changed disagree, the reader should know which of them says more."""
    if announced is None or announced is least:
        return ()
    if announced.weight < least.weight:
        return (f"The version number announces a {announced} change; what changed makes it a {least} one.",)
    if announced is Change.MAJOR:
        return ("Its author declares that a label's meaning changed.",)
    return ("Its author declares that it covers other things than before.",)


def _only_wording(diff: PolicyDiff, kind: Change) -> tuple[str, ...]:
    cases = any((diff.cases_added, diff.cases_removed, diff.cases_relabelled, diff.cases_edited))
    if kind is not Change.PATCH or cases or diff.labels_redefined or not diff.text_changed:
        return ()
    return ("Only wording changed: the labels and the cases are the same.",)
