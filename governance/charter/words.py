"""A charter in plain words, and what differs between two. Pure.

For people who have never read a rule book: pages, the command line and notices show this and not the
keys. Each sentence names its keys, so that a page can lead to the line that says so. The wording is
not frozen and enters no log.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from governance.charter.class_words import class_sections
from governance.charter.model import Charter, Mode
from governance.charter.modes import idle_keys
from governance.charter.other_words import after_classes, before_classes
from governance.charter.resolve import overrides_of, plain_values
from governance.charter.scopes import changed_keys
from governance.charter.sentences import Section, Sentence
from governance.charter.word_forms import counted
from governance.charter.written import written


class WordsChange(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: what was said under `title` and what is said now, None where nothing."""

    title: str
    before: str | None
    after: str | None
    keys: tuple[str, ...]


DECIDED: dict[Mode, str] = {
    Mode.OWNER: "decided by its owner",
    Mode.DIRECT: "changed by any member, which can be undone",
    Mode.CONSENT: "decided when nobody objects",
    Mode.CONSENT_THEN_VOTE: "decided when nobody objects, and otherwise by vote",
    Mode.VOTE: "decided by vote",
    Mode.ALL_APPROVE: "decided when everyone approves",
}
"""How a mode decides, in a few words: "what a policy says is ..."."""


def charter_words(charter: Charter) -> tuple[Section, ...]:
    """The whole charter in sections of sentences; what nothing reads is left out."""
    short = Section(name="short", title="In short", sentences=tuple(_short(charter)))
    return (short, *before_classes(charter), *class_sections(charter), *after_classes(charter))


def change_words(before: Charter, after: Charter) -> tuple[WordsChange, ...]:
    """What differs between two charters, in the order of their words.

    Every key that differs stands in one of them, those that nothing reads included.
    """
    changed = changed_keys(before, after)
    old, new = _by_topic(before), _by_topic(after)
    changes = []
    for place in dict.fromkeys((*new, *old)):
        was, now = old.get(place), new.get(place)
        texts = (was[1].text if was else None, now[1].text if now else None)
        keys = tuple(key for key in changed if any(item and key in item[1].keys for item in (was, now)))
        if texts[0] != texts[1] and (keys or place[0] == "short"):
            title = (now or was or ("",))[0]
            changes.append(WordsChange(title=title, before=texts[0], after=texts[1], keys=keys))
    told = {key for change in changes for key in change.keys}
    return (*changes, *_untold(before, after, tuple(key for key in changed if key not in told)))


def _short(charter: Charter) -> Iterator[Sentence]:
    mode = charter.classes.policy.mode
    text = f"What a policy says is {DECIDED[mode]}."
    yield Sentence(topic="policy", text=text, keys=("class.policy.mode",))
    count = len(overrides_of(charter))
    differing = f", with {counted(count, 'difference')}" if count else ""
    text = f"The rules are those of the preset {charter.preset}{differing}."
    yield Sentence(topic="preset", text=text, keys=())


def _by_topic(charter: Charter) -> dict[tuple[str, str], tuple[str, Sentence]]:
    """Each sentence with its title, by section and topic."""
    return {
        (section.name, sentence.topic): (section.title, sentence)
        for section in charter_words(charter)
        for sentence in section.sentences
    }


def _untold(before: Charter, after: Charter, keys: tuple[str, ...]) -> Iterator[WordsChange]:
    """Keys that no sentence is about, neither before nor after: nothing reads them."""
    old, new, idle = plain_values(before), plain_values(after), idle_keys(after)
    for key in keys:
        was, now = (f"{key} = {written(values[key])}" if key in values else None for values in (old, new))
        because = f" Nothing reads it, since {idle[key]}." if key in idle else ""
        yield WordsChange(
            title="Without effect",
            before=f"{was}." if was else None,
            after=f"{now}.{because}" if now else None,
            keys=(key,),
        )
