"""Properties of what is said and judged about charters: any charter, whether or not it could work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from governance.charter.coherence import check_coherent
from governance.charter.directions import DIRECTIONS, Direction, is_as_strict, looser_keys
from governance.charter.kinds import Optional, QuorumParts, Texts
from governance.charter.model import ChangeClass
from governance.charter.modes import idle_keys
from governance.charter.reach import INDEPENDENT, RollFacts, check_against_roll
from governance.charter.resolve import resolve
from governance.charter.schema import KEYS
from governance.charter.scopes import changed_keys, class_of_amendment, is_protected
from governance.charter.values import Plain
from governance.charter.words import change_words, charter_words
from tests.property.governance.charters import overrides, plain, presets

rolls = st.builds(
    lambda affiliations, parent: RollFacts(
        voters={f"m{number}": affiliation for number, affiliation in enumerate(affiliations)},
        members=frozenset(f"m{number}" for number in range(len(affiliations))),
        parent_voters=parent,
    ),
    st.lists(st.sampled_from([INDEPENDENT, "a", "b", "c"]), max_size=14),
    st.integers(0, 9),
)
_keys = st.sampled_from(sorted(KEYS))


@given(presets, overrides(), rolls)
def test_judged(preset: str, given_: dict[str, Plain], roll: RollFacts) -> None:
    """Any charter is judged, and each finding has a key, the reason and a remedy in whole sentences."""
    charter = resolve(preset, given_)
    for finding in (*check_coherent(charter), *check_against_roll(charter, roll)):
        assert finding.key in KEYS or finding.key.startswith("groups.")
        assert finding.why.endswith(".")
        assert finding.remedy.endswith(".")


@given(presets, overrides(), rolls, st.integers(1, 5))
def test_more_members_reach_more(preset: str, given_: dict[str, Plain], roll: RollFacts, more: int) -> None:
    """Independent members who join never make a charter harder to live by, but for its quorums."""
    charter = resolve(preset, given_)
    joined = {**roll.voters, **{f"new{number}": INDEPENDENT for number in range(more)}}
    larger = RollFacts(voters=joined, members=roll.members | joined.keys(), parent_voters=roll.parent_voters)
    before = {finding.key for finding in check_against_roll(charter, roll)}
    after = {finding.key for finding in check_against_roll(charter, larger)}
    assert {key for key in after - before if not key.endswith(".quorum")} == set()


@given(presets, presets, overrides(), overrides())
def test_every_difference_is_told(one: str, other: str, old: dict[str, Plain], new: dict[str, Plain]) -> None:
    """Each key in which two charters differ stands in a difference, and nothing else does."""
    before, after = resolve(one, old), resolve(other, new)
    told = {key for change in change_words(before, after) for key in change.keys}
    assert told == set(changed_keys(before, after))


@given(presets, overrides())
def test_idle_keys_are_not_said(preset: str, given_: dict[str, Plain]) -> None:
    """No sentence is about idle keys alone."""
    charter = resolve(preset, given_)
    idle = idle_keys(charter)
    for section in charter_words(charter):
        for item in section.sentences:
            assert not item.keys or not set(item.keys) <= set(idle)


@given(presets, presets, overrides(), overrides())
def test_class_follows_from_keys(one: str, other: str, old: dict[str, Plain], new: dict[str, Plain]) -> None:
    """An amendment is of class entrenched exactly when it changes a protected key."""
    before, after = resolve(one, old), resolve(other, new)
    protected = any(map(is_protected, changed_keys(before, after)))
    assert (class_of_amendment(before, after) is ChangeClass.ENTRENCHED) == protected


@given(st.data(), _keys)
def test_stricter_is_an_order(data: st.DataObject, key: str) -> None:
    """As strict as itself; as strict as what the milder one is as strict as; the two only when equal."""
    kind = KEYS[key].kind
    one, two, three = (kind.read(data.draw(plain(kind))) for _ in range(3))
    assert is_as_strict(key, one, one)
    if is_as_strict(key, one, two) and is_as_strict(key, two, three):
        assert is_as_strict(key, one, three)
    if is_as_strict(key, one, two) and is_as_strict(key, two, one):
        assert one == two
    inner = kind.kind if isinstance(kind, Optional) else kind
    if DIRECTIONS[key] is not Direction.EQUAL and not isinstance(inner, Texts | QuorumParts):
        assert is_as_strict(key, one, two) or is_as_strict(key, two, one)


@given(presets, overrides(), presets, overrides(), st.lists(_keys, max_size=6, unique=True))
def test_a_child_keeps_or_is_named(
    one: str, parents: dict[str, Plain], other: str, own: dict[str, Plain], locked: list[str]
) -> None:
    """Only locked keys in which the two differ are named, and a child that copies them is never refused."""
    parent = resolve(one, {**parents, "nesting.locked": tuple(sorted(locked))})
    child = resolve(other, own)
    named = {finding.key for finding in looser_keys(parent, child)}
    assert named <= set(locked) & set(changed_keys(parent, child))
    assert looser_keys(parent, parent) == ()
