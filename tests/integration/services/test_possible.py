"""What is offered to somebody is what the rules let them do, and nothing is recorded by asking."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from governance.errors import RefusedError
from registry.services import commenting, deliberation
from registry.services.opening import open_commons
from registry.services.possible import ActName, possible_acts
from registry.services.propose import give_up
from registry.services.undo import undo
from registry.services.vote import vote
from registry.store.repository import Repository
from tests.support.hamlet import PEOPLE, Hamlet, hamlet

DO = {
    ActName.VOTE: lambda repository, number, who: vote(repository, number, "yes", actor=who),
    ActName.RULE: lambda repository, number, who: deliberation.rule(
        repository, number, "uphold", "It was told.", actor=who
    ),
    ActName.REVIEW: lambda repository, number, who: deliberation.review(
        repository, number, "request_changes", actor=who, reason="Shorter."
    ),
    ActName.ADOPT: lambda repository, number, who: deliberation.adopt(repository, number, actor=who),
    ActName.ANSWER: lambda repository, number, who: commenting.answer(
        repository, number, (), "Yes.", actor=who
    ),
    ActName.COMMENT: lambda repository, number, who: commenting.comment(repository, number, "Hm.", actor=who),
    ActName.OBJECT: lambda repository, number, who: deliberation.object_to(
        repository, number, "No.", "Say what is meant.", actor=who
    ),
    ActName.RESOLVE: lambda repository, number, who: deliberation.resolve(repository, number, actor=who),
    ActName.HOLD: lambda repository, number, who: deliberation.hold(repository, number, "Wait.", actor=who),
    ActName.CALL: lambda repository, number, who: deliberation.call_vote(repository, number, actor=who),
    ActName.CHALLENGE: lambda repository, number, who: deliberation.challenge(
        repository, number, "Nobody saw it.", actor=who
    ),
    ActName.UNDO: lambda repository, number, who: undo(repository, number, "It was wrong.", actor=who),
    ActName.GIVE_UP: lambda repository, number, who: give_up(repository, number, actor=who),
}


@pytest.fixture
def place(tmp_path: Path) -> Hamlet:
    return hamlet(tmp_path)


def refusal(repository: Repository, act: ActName, number: int, who: str) -> str | None:
    try:
        DO[act](repository, number, who)
    except RefusedError as error:
        return f"{error.rule} {error.remedy}"
    return None


def test_what_is_offered_is_what_is_allowed(place: Hamlet) -> None:
    """For everybody and every proposal: an act that is open is taken in, one that is not is refused so."""
    seen = set()
    with open_commons(place.root / "roost.git") as roost:
        for number, who in product(place.numbers.values(), reversed(PEOPLE)):
            for act in ActName:
                # Looked at anew each time: the act before may have changed what is open.
                found = next((one for one in possible_acts(roost, number, who) if one.act is act), None)
                ends_it = act is ActName.GIVE_UP and number != place.numbers["give up"]
                if found is None or ends_it:
                    continue
                told = found.refusal and f"{found.refusal.rule} {found.refusal.remedy}"
                assert refusal(roost, act, number, who) == told, (act, number, who)
                seen.add((act, found.is_open))
    assert {act for act, is_open in seen if is_open} == set(ActName)
    assert {act for act, is_open in seen if not is_open} >= {ActName.REVIEW, ActName.VOTE, ActName.RULE}


def test_asking_records_nothing(place: Hamlet) -> None:
    """Neither an event nor an object."""
    with open_commons(place.root / "roost.git") as roost:
        before = sorted(path for path in roost.path.rglob("*") if path.is_file())
        for number in place.numbers.values():
            possible_acts(roost, number, "bo")
        assert sorted(path for path in roost.path.rglob("*") if path.is_file()) == before


def test_author_is_told_why_they_may_not_review(place: Hamlet) -> None:
    """With the rule, and who may instead."""
    with open_commons(place.root / "roost.git") as roost:
        found = {one.act: one.refusal for one in possible_acts(roost, place.numbers["review"], "bo")}
        assert found[ActName.OBJECT] is None
        refused = found[ActName.REVIEW]
        assert refused is not None
        assert refused.rule == "bo made a part of proposal 5, or acts for an author's organisation."
        assert refused.remedy == "Somebody without a stake in it reviews; you may vote."
