"""The attacks of the design (`governance.md`, "Attacks that have a test each"), and where each is tried.

Each test has a counter-test that switches the one rule off, and shows that the attack then succeeds.

| Attack | Where |
|---|---|
| Sybil burst before a vote | test_belonging.py: test_sybil_burst |
| padding the roll with inactive members | test_belonging.py: test_padding_with_inactive_members |
| joining after opening | test_belonging.py: test_joining_after_opening |
| late ballot | test_ballots.py: test_late_ballot |
| suspending a voter | with sanctions; who leaves: test_ballots.py: test_leaving_is_not_suspending |
| key rotated mid-vote | test_ballots.py: test_key_rotated_mid_vote |
| backdated key | test_ballots.py: test_backdated_key |
| rule change mid-vote | test_ballots.py: test_rule_change_mid_vote |
| self-review through a second head | test_reviews.py: test_self_review_through_a_second_head |
| review by the same affiliation | test_reviews.py: test_review_by_the_same_affiliation |
| force-pushed head after approval | test_reviews.py: test_another_head_after_approval |
| evidence from another head | test_reviews.py: test_evidence_from_another_head |
| cherry-picked run among several | test_reviews.py: test_cherry_picked_run |
| quorum by abstentions | test_ballots.py: test_quorum_by_abstentions |
| appeal flooded or censored | with disputes; a challenge: test_paused.py: test_challenge_censored |
| panel with a party's colleague | test_paused.py: test_panel_with_a_colleague |
| base moved between acceptance and merge | test_coming_into_force.py: test_base_moved |
| two proposals merged in a race | test_coming_into_force.py: test_race |
| log rewritten | test_log.py: test_log_rewritten |
| run rows edited after recording | by the verifier, from the files |

Beyond the design's list, found while reading the core:

| Attack | Where |
|---|---|
| voiding a vote by a routine change below it | test_coming_into_force.py: test_voiding_a_vote |
| taking back what a vote builds on | test_coming_into_force.py: test_undoing_below_a_vote |
| naming others as authors, so that they count as agreeing | test_reviews.py: test_authors_who_never_agreed |
| naming others as authors, to keep them off the panel | test_paused.py: test_naming_authors_off_the_panel |
| a text changed behind its sponsor's back | test_reviews.py: test_changed_behind_the_sponsor |
| renewing an emergency for ever | test_paused.py: test_emergency_for_ever |
| a stall by comments from outside | test_reviews.py: test_stall_by_comments |
| two charters at once | test_coming_into_force.py: test_two_charters |
| another affiliation for an afternoon | test_reviews.py: test_another_affiliation_for_an_afternoon |
| coming back without one's debts | test_belonging.py: test_coming_back_without_debts |
| a host that sends back what it does not like | test_coming_into_force.py: test_host_sends_back |
| a host that opens boxes when nobody can challenge any more | test_paused.py: test_boxes_opened_late |
| evidence that lowers a kind during its decision | test_reviews.py: test_kind_changed_mid_decision |
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent


def test_every_attack_is_tried() -> None:
    """Each attack of both tables has its test where the table says, with a counter-test beside it."""
    assert __doc__ is not None
    named = re.findall(r"(test_\w+)\.py: (test_\w+)", __doc__)
    assert len(named) == 32
    for file, test in named:
        text = (FOLDER / f"{file}.py").read_text("utf-8")
        assert f"def {test}(" in text, test
        assert f"def {test}_succeeds_without(" in text, test


def test_every_attack_of_the_design_is_listed() -> None:
    """The first table has a row for each of the twenty attacks."""
    assert __doc__ is not None
    first = __doc__.split("Beyond the design's list")[0]
    assert len([line for line in first.splitlines() if line.startswith("| ")]) == 21
