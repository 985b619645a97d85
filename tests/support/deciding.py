"""A town that decides, in a real repository: proposals at several stages, for pages and the API."""

from __future__ import annotations

from pathlib import Path

from evaluations.engines.catalogue import engine_named
from governance.charter.amendment import amend
from registry.services.amend import amend_charter
from registry.services.charters import charter_file
from registry.services.commenting import answer, comment
from registry.services.comparing import compare_versions
from registry.services.deliberation import (
    APPROVE,
    REQUEST_CHANGES,
    challenge,
    hold,
    object_to,
    review,
    rule,
)
from registry.services.evidence import (
    plan_evidence,
    record_evidence,
)
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.propose import give_up, propose, revise
from registry.services.publish import publish
from registry.services.revisions import Draft
from registry.services.settling import settle
from registry.services.vote import vote
from tests.support.circles import HOUR
from tests.support.histories import ManualClock

DAY = 24 * HOUR
PEOPLE = [f"person-{number:02d}" for number in range(2, 21)]
VOTED, GIVEN_UP, VOTING, DISCUSSED, RULES = 1, 2, 3, 4, 5
"""Proposals: in force after a vote and a challenge, given up, being voted on, discussed, about the rules."""

_GOAL = b"# Goal\n"
_MARKUP = "Does <b>this</b> cover our choir's posters?"


def make_town(path: Path, files: dict[str, bytes]) -> None:
    """Twenty people under `commons@1` with spam, whose `files` are a starter policy's of single labelling."""
    clock = ManualClock()
    with found(path, founder="person-01", name="town", clock=clock) as town:
        publish(town, "spam", files, actor="person-01")
        door = amend(charter_file(town), {"membership.joins_min_per_30d": 40})
        amend_charter(town, door.text.encode(), actor="person-01")
        for handle in PEOPLE:
            invite(town, handle, actor="person-01")
            join(town, actor=handle)
        clock.at += 15 * DAY
        settled = amend(charter_file(town), {"preset": "commons@1", "membership.joins_min_per_30d": None})
        amend_charter(town, settled.text.encode(), actor="person-01")

        said = propose(
            town, _reworded(files, b"Clubs too."), title="Clubs too", reason="They ask.", actor="person-02"
        )
        comment(town, said.number, _MARKUP, actor="choir")
        answer(town, said.number, (), "It does.", actor="person-02")
        for handle in PEOPLE[2:4]:
            review(town, said.number, APPROVE, actor=handle)
        clock.at += 4 * DAY
        settle(town)
        object_to(town, said.number, "Clubs live by posters.", "Leave events out.", actor="person-05")
        clock.at += 7 * DAY
        settle(town)
        for handle in PEOPLE[:9]:
            vote(town, said.number, "yes", actor=handle)
        for handle in PEOPLE[9:12]:
            vote(town, said.number, "no", actor=handle)
        clock.at += 7 * DAY
        settle(town)
        for handle in PEOPLE[9:12]:
            challenge(town, said.number, "Two clubs were never told.", actor=handle)
        clock.at += DAY
        comment(town, said.number, "How does this work?", actor=PEOPLE[15])
        for handle in town.state().proposals[said.number].panel[:3]:
            rule(town, said.number, "uphold", "They were told.", actor=handle)

        gone = propose(town, _reworded(files, b"Nothing."), title="Nothing at all", actor="person-03")
        give_up(town, gone.number, actor="person-03")

        contested = propose(
            town, _reworded(files, b"Judge the text alone."), title="The text", actor="person-06"
        )
        for handle in PEOPLE[:2]:
            review(town, contested.number, APPROVE, actor=handle)
        clock.at += 4 * DAY
        settle(town)
        object_to(town, contested.number, "Context matters.", "Name its limits.", actor="person-09")
        clock.at += 7 * DAY
        settle(town)
        for handle in PEOPLE[:5]:
            vote(town, contested.number, "yes", actor=handle)

        talk = propose(town, _relabelled(files), title="A label for hidden adverts", actor="person-08")
        (measured,) = plan_evidence(town, talk.number, engine_named("lexical"))
        record_evidence(town, talk.number, measured, compare_versions(measured.trial), actor="person-08")
        review(town, talk.number, REQUEST_CHANGES, reason="SP4 needs a case.", actor="person-11")
        revise(town, talk.number, _relabelled(files, b"Hidden on purpose."), actor="person-08")
        hold(town, talk.number, "Our club meets on Friday.", actor="person-12")

        rules = amend(charter_file(town), {"class.policy.voting": 240})
        propose(town, Draft(charter=rules.text.encode()), title="Ten days to vote", actor="person-10")


def _reworded(files: dict[str, bytes], words: bytes) -> Draft:
    return Draft(folders={"spam": files | {"policy.md": _with(files["policy.md"], words)}})


def _relabelled(files: dict[str, bytes], words: bytes = b"Hidden.") -> Draft:
    last = b"  - {code: SP3, title: Manipulative spam,"
    label = b"  - {code: SP4, title: Hidden advert, violates: true, severity: 4, handling: remove}\n"
    policy = _with(files["policy.md"], words)
    start = policy.index(last)
    end = policy.index(b"\n", start) + 1
    policy = (
        policy[:end]
        + label
        + policy[end:]
        + "\n## SP4 Hidden advert\nPromotion posing as chance.\n- So: “By chance I found this.”\n".encode()
    )
    case = b'{"id": "SP-900", "content": "By chance I found this lamp", "label": "SP4", "sensitive": true}\n'
    return Draft(folders={"spam": files | {"policy.md": policy, "cases.jsonl": files["cases.jsonl"] + case}})


def _with(policy: bytes, words: bytes) -> bytes:
    return policy.replace(_GOAL, _GOAL + words + b" ", 1)
