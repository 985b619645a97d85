"""The keys of a charter as fields of a form."""

from __future__ import annotations

import pytest

from governance.charter.amendment import amend
from governance.charter.codec import read_charter
from governance.charter.first_file import first_file
from governance.charter.presets import PRESETS
from governance.charter.schema import KEYS
from governance.charter.values import Plain
from registry.web.charter_fields import changes_in, first_values, key_sections


@pytest.mark.parametrize("preset", PRESETS)
def test_every_key_is_asked_for_once(preset: str) -> None:
    """No key of the schema is left out, none stands twice, and whatever does nothing says why."""
    sections = key_sections(read_charter(first_file(preset)), ())
    asked = [one.key for section in sections for one in (*section.live, *section.idle)]
    assert sorted(asked) == sorted(KEYS)
    assert all(one.idle for section in sections for one in section.idle)


@pytest.mark.parametrize("preset", PRESETS)
def test_fields_as_they_stood_change_nothing(preset: str) -> None:
    """Also with a group, and keys that the file says otherwise than its preset."""
    given: dict[str, Plain] = {
        "class.policy.quorum": {"share": "1/3", "floor": 4},
        "groups.teens.delegates": ("b", "a"),
    }
    for file in (read_charter(first_file(preset)), amend(read_charter(first_file(preset)), given)):
        assert changes_in(file, first_values(file)) == {}


def test_value_of_the_preset_takes_the_line_out_again() -> None:
    """A rule that is set back to what the preset says does not stand in the file any more."""
    file = amend(read_charter(first_file("circle@1")), {"class.policy.voting": 120})
    changes = changes_in(file, {**first_values(file), "class.policy.voting": "72"})
    assert changes == {"class.policy.voting": None}
    assert amend(file, changes).overrides == {}


def test_what_is_typed_is_read_by_the_kind_of_its_key() -> None:
    """Numbers, fractions, words, lists with commas or spaces, none, and the parts of a quorum."""
    file = read_charter(first_file("circle@1"))
    typed = {
        "class.policy.voting": " 24 ",
        "class.policy.threshold": "2/3",
        "class.policy.group_gate": "",
        "class.policy.call_vote": "none",
        "ballot.change_allowed": "false",
        "membership.stewards": "cy, bo  ana",
        "class.policy.quorum.how": "sqrt",
        "class.policy.quorum.factor": "3/2",
        "class.policy.quorum.floor": "three",
        "new-group": "teens",
        "new-group-delegates": "youth-council",
    }
    assert changes_in(file, typed) == {
        "class.policy.voting": 24,
        "class.policy.threshold": "2/3",
        "class.policy.call_vote": "none",
        "ballot.change_allowed": False,
        "membership.stewards": ("ana", "bo", "cy"),
        "class.policy.quorum": {"formula": "sqrt", "factor": "3/2", "floor": "three"},
        "groups.teens.delegates": ("youth-council",),
    }
