"""What holds of every way to part cases into folds."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from evaluations.folds import Member, deal

members = st.lists(
    st.builds(
        Member,
        id=st.text("abcdef0123456789", min_size=1, max_size=6),
        stratum=st.sampled_from("ABC"),
        ties=st.lists(st.sampled_from(["p1", "p2", "p3", "p4"]), max_size=1).map(tuple),
    ),
    unique_by=lambda member: member.id,
    max_size=40,
)


@given(members=members, folds=st.integers(2, 6), data=st.data())
def test_every_member_is_in_one_fold_and_ties_hold(
    members: list[Member], folds: int, data: st.DataObject
) -> None:
    """Whatever the order, each is dealt once, tied ones together."""
    dealt = deal(members, folds)
    assert dealt == deal(data.draw(st.permutations(members)), folds)
    assert set(dealt) == {member.id for member in members}
    assert set(dealt.values()) <= set(range(folds))
    for tie in ("p1", "p2", "p3", "p4"):
        assert len({dealt[member.id] for member in members if tie in member.ties}) <= 1


@given(n=st.integers(0, 60), folds=st.integers(2, 6))
def test_untied_members_are_spread_evenly(n: int, folds: int) -> None:
    """Of one stratum, no two folds differ by more than one."""
    dealt = deal([Member(id=str(number), stratum="A") for number in range(n)], folds)
    sizes = Counter(dealt.values())
    assert max(sizes[fold] for fold in range(folds)) - min(sizes[fold] for fold in range(folds)) <= 1
