"""The charter in plain words: all of it, and nothing that a moderator has to look up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from governance.charter.model import ChangeClass, Mode
from governance.charter.modes import idle_keys
from governance.charter.presets import CIRCLE, COMMONS, PRESETS, SOLO
from governance.charter.resolve import resolve
from governance.charter.schema import CLASS_FIELDS, KEYS
from governance.charter.scopes import changed_keys
from governance.charter.values import Plain
from governance.charter.words import DECIDED, change_words, charter_words

GOLDEN = Path(__file__).parent / "golden"

# The field's own words, for which the pages have others (governance.md, "Words on the pages").
JARGON = (
    *("roll", "standing", "class", "enacted", "lapse", "stay", "stayed", "sortition", "entrenched", "quorum"),
    *("non-inferior", "inconclusive", "FNR", "FPR", "head", "threshold", "ballot", "affiliation", "tenure"),
    *("mode", "key", "override", "suite", "supermajority", "ratify", "consent", "tighten", "gate"),
)

EVERYTHING: dict[str, Plain] = {
    "reviews": 2,
    "review_min": 72,
    "edit_freeze": 24,
    "objection": 24,
    "undo": 24,
    "voting": 72,
    "challenge": 24,
    "notice": 24,
    "quorum": {"share": "1/4", "floor": 3},
    "threshold": "2/3",
    "group_gate": "1/3",
    "call_vote": 3,
    "stay": 3,
}


def full(mode: Mode) -> dict[str, Plain]:
    """Every class in one mode, with every key of it set."""
    return {
        "membership.join": "by_vote",
        "groups.teens.delegates": ("council",),
        "evidence.mode": "gate",
        **{f"class.{kind}.{field}": value for kind in ChangeClass for field, value in EVERYTHING.items()},
        **{f"class.{kind}.mode": str(mode) for kind in ChangeClass},
    }


def said(preset: str, overrides: dict[str, Plain]) -> str:
    """The whole charter as one text."""
    parts = []
    for section in charter_words(resolve(preset, overrides)):
        parts.append(f"{section.title}\n" + "".join(f"  {item.text}\n" for item in section.sentences))
    return "\n".join(parts)


@pytest.mark.parametrize("preset", PRESETS)
def test_golden(preset: str) -> None:
    """The presets read as they did when somebody last read them aloud."""
    path = GOLDEN / f"{preset}.txt"
    assert said(preset, {}) == path.read_text(encoding="utf-8")


def test_every_key_is_in_a_sentence() -> None:
    """Each key of the schema is what some sentence is about, in a charter that uses it."""
    told: set[str] = set()
    charters = [resolve(COMMONS, full(mode)) for mode in Mode]
    charters.append(resolve(COMMONS, {}))
    for charter in charters:
        told |= {key for section in charter_words(charter) for item in section.sentences for key in item.keys}
    assert told - {"groups.teens.delegates"} == set(KEYS)
    assert {key.rpartition(".")[2] for key in KEYS if key.startswith("class.policy.")} == set(CLASS_FIELDS)


@pytest.mark.parametrize("preset", PRESETS)
def test_whole(preset: str) -> None:
    """What a charter uses and does not set to nothing is said; what is idle is not."""
    charter = resolve(preset, {})
    told = {key for section in charter_words(charter) for item in section.sentences for key in item.keys}
    idle = set(idle_keys(charter))
    nothing = {key for key in KEYS if PRESETS[preset][key] in (0, "none") and key.startswith("class.")}
    assert set(KEYS) - idle - nothing <= told
    assert not told & idle


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("mode", Mode)
def test_plain(preset: str, mode: Mode) -> None:
    """Sentences are whole, short, and free of the field's own words."""
    for section in charter_words(resolve(preset, full(mode))):
        for item in section.sentences:
            assert re.fullmatch(r"[A-Z].*\.", item.text)
            assert len(item.text) <= 190
            words = set(re.findall(r"[A-Za-z-]+", item.text))
            assert not words & set(JARGON), item.text
        assert len({item.topic for item in section.sentences}) == len(section.sentences)


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"class.policy.call_vote": "none"}, "They vote on it only if an objection stands at the end."),
        (
            {"class.policy.call_vote": 1},
            "They vote on it if an objection stands at the end, or if one member asks for a vote before.",
        ),
        ({"class.policy.threshold": "1"}, "Nobody may vote no."),
        (
            {"class.policy.quorum": {"share": "1", "floor": 2}},
            "All of those who can vote have to approve, and never fewer than two members.",
        ),
        (
            {"class.policy.group_gate": "1"},
            "All of the yes and no votes of each group of affected people have to be yes",
        ),
        (
            {"class.policy.stay": 1},
            "For three days after it is accepted, any member can challenge it, with reasons;",
        ),
        ({"class.policy.edit_freeze": 48}, "For the last two days of that, its text stays as it is."),
        ({"class.policy.mode": "all_approve"}, "Everyone who can vote has to approve it, within one week."),
        ({"class.routine.mode": "owner"}, "The owner decides alone and at once."),
        ({"membership.join": "open"}, "Anyone may become a member."),
        ({"membership.join": "by_vote"}, "To become a member, a person is voted on by the members."),
        (
            {"membership.vouches_required": 1},
            "To become a member, a person needs a member to vouch for them.",
        ),
        (
            {"membership.joins_min_per_30d": 1},
            "Within 30 days the membership may grow by at most one fifth; one person may join in any case.",
        ),
        ({"membership.stewards": ("ana", "ben")}, "The stewards are ana and ben."),
        ({"membership.stewards": ("ana",)}, "The steward is ana."),
        (
            {"ballot.visibility": "sealed_until_close"},
            "everyone can open and count them. Whoever runs the server could look before.",
        ),
        ({"ballot.change_allowed": False}, "A vote cannot be changed once it is cast."),
        ({"groups.teens.delegates": ("council",)}, "For the group teens, council speaks."),
        ({"groups.teens.delegates": ("a", "b")}, "For the group teens, a and b speak."),
        ({}, "No group is named so far."),
        ({"evidence.suites": ("a", "b")}, "The tests use the sets of cases named a and b."),
        ({"evidence.mode": "off"}, "No tests are asked for."),
        (
            {"evidence.mode": "gate", "evidence.on_missing": "block"},
            "A change that nobody has tested waits until somebody does.",
        ),
        (
            {"evidence.model.revision": "a" * 40},
            "in revision aaaaaaaaaaaa, with the prompt safeguard-label@1 and low reasoning effort.",
        ),
        (
            {"attention.reviews_owed_per_proposal": 2},
            "For each proposal after the first, a member first reviews two by others.",
        ),
        ({"panel.quorum": 3}, "Three of them have to take part."),
        (
            {"emergency.actors": 1},
            "In an emergency, a single member can act at once, for example",
        ),
        (
            {"nesting.locked": ("ballot.method",), "nesting.child_may": "keep"},
            "Each has to keep, as they are, the rules on the key ballot.method.",
        ),
        (
            {"audit.checkpoint_hours": 48},
            "A checkpoint of the record is due every two days, so that it would show if somebody rewrote it.",
        ),
    ],
)
def test_sentences(overrides: dict[str, Plain], sentence: str) -> None:
    """Each way to set a key has its own sentence."""
    assert sentence in said(COMMONS, overrides)


def test_nothing_to_say() -> None:
    """A step that a class does not have is not mentioned."""
    assert "review and approve it" in said(CIRCLE, {})
    assert "review and approve it" not in said(CIRCLE, {"class.policy.reviews": 0})


def test_difference() -> None:
    """A change is told by what was said and what is said now, with the keys that differ."""
    (change,) = change_words(resolve(COMMONS, {}), resolve(COMMONS, {"class.policy.voting": 72}))[1:]
    assert change.title == "Changes of policies"
    assert change.before == "A vote is open for one week; it ends sooner only when everyone has approved."
    assert change.after == "A vote is open for three days; it ends sooner only when everyone has approved."
    assert change.keys == ("class.policy.voting",)


def test_difference_of_presets() -> None:
    """The first thing said of two presets is how policies are decided, before and after."""
    first = change_words(resolve(SOLO, {}), resolve(CIRCLE, {}))[0]
    assert first.before == "What a policy says is decided by its owner."
    assert first.after == "What a policy says is decided when nobody objects, and otherwise by vote."


def test_no_difference() -> None:
    """Equal charters differ in nothing."""
    assert change_words(resolve(COMMONS, {}), resolve(COMMONS, {"panel.size": 5})) == ()


def test_what_is_dropped_and_new() -> None:
    """A sentence that falls away has no after, a new one no before."""
    there, back = (
        resolve(COMMONS, {"class.policy.review_min": 0, "class.policy.edit_freeze": 0}),
        resolve(COMMONS, {}),
    )
    dropped = {change.before for change in change_words(back, there) if change.after is None}
    assert "A proposal is open for discussion for at least three days." in dropped
    new = {change.after for change in change_words(there, back) if change.before is None}
    assert dropped == new


def test_without_effect() -> None:
    """A change that nothing reads is told as that, so that nothing is passed over."""
    before, after = resolve(SOLO, {}), resolve(SOLO, {"class.policy.voting": 3})
    (change,) = change_words(before, after)[1:]
    assert (change.title, change.before) == ("Without effect", "class.policy.voting = 0.")
    assert change.after == (
        "class.policy.voting = 3. Nothing reads it, since changes of class policy are decided in mode owner."
    )
    gone = change_words(resolve(SOLO, {"groups.teens.delegates": ("a",)}), before)[-1]
    assert (gone.before, gone.after) == ('groups.teens.delegates = ["a"].', None)


@pytest.mark.parametrize(("old", "new"), [(one, other) for one in PRESETS for other in PRESETS])
def test_every_difference_is_told(old: str, new: str) -> None:
    """Each key in which two presets differ stands in one of the differences."""
    before, after = resolve(old, {}), resolve(new, {})
    told = [key for change in change_words(before, after) for key in change.keys]
    assert set(told) == set(changed_keys(before, after))


def test_every_mode_has_words() -> None:
    """How each mode decides can be said in a few words."""
    assert set(DECIDED) == set(Mode)
