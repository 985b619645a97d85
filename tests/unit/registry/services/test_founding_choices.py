"""What each preset means for a founder, alone and within another commons."""

from __future__ import annotations

import pytest

from governance.charter.codec import read_charter
from governance.charter.directions import looser_keys
from governance.charter.first_file import first_file
from governance.charter.presets import PRESETS
from governance.rules import RulesInForce, facts_of, rules_of
from registry.services.founding_choices import first_charter, preset_choices


def _rules(preset: str, **overrides: object) -> RulesInForce:
    keys = {key.replace("__", "."): value for key, value in overrides.items()}
    return rules_of(facts_of("0" * 40, preset, keys))  # type: ignore[arg-type]


def test_one_founder_can_begin_with_solo_and_is_told_how_many_the_others_take() -> None:
    """By the checks that a founding is held to: two for a circle, nine for an open community."""
    choices = {one.preset: one for one in preset_choices()}
    assert [(name, one.is_open, one.members) for name, one in choices.items()] == [
        ("solo@1", True, 1),
        ("circle@1", False, 2),
        ("commons@1", False, 9),
    ]
    assert choices["commons@1"].hours == 336


@pytest.mark.parametrize("parent", PRESETS)
def test_commons_can_be_founded_within_every_preset(parent: str) -> None:
    """By one founder: what the parent locks is taken over, so that nothing is looser."""
    rules = _rules(parent)
    fitted = first_charter("solo@1", rules)
    assert not looser_keys(rules.charter, fitted.charter)
    assert preset_choices(rules)[0].is_open
    assert fitted.charter.classes.policy.mode == "owner"


def test_vote_that_one_could_not_reach_is_decided_by_everyone() -> None:
    """Of the locked classes alone, and with the parent's times."""
    fitted = first_charter("solo@1", _rules("commons@1"))
    assert fitted.overrides == {
        "class.entrenched.mode": "all_approve",
        "class.entrenched.notice": 336,
        "class.entrenched.voting": 336,
    }


def test_locked_value_that_one_can_keep_is_kept() -> None:
    """As the parent has it, and nothing else is changed."""
    rules = _rules(
        "circle@1", nesting__locked=("membership.joins_min_per_30d", "audit"), audit__checkpoint_hours=12
    )
    assert first_charter("solo@1", rules).overrides == {"audit.checkpoint_hours": 12}


def test_without_a_parent_the_file_is_the_preset_s() -> None:
    """Byte for byte."""
    assert first_charter("solo@1", None) == read_charter(first_file("solo@1"))


def test_where_nothing_helps_it_is_said_what_is_in_the_way() -> None:
    """A parent that lets nobody be stricter locks a vote that one founder cannot hold."""
    locked = _rules("commons@1", nesting__child_may="keep", nesting__locked=("class.policy",))
    choice = preset_choices(locked)[0]
    assert not choice.is_open
    assert choice.in_the_way[0].key.startswith("class.policy.")
