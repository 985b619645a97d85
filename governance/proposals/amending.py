"""What a charter is held to before it is proposed, and before it comes into force (principle 3). Pure.

It must be coherent, its members must be able to live by it as they are now, and it may not loosen what a
parent's charter locked (principle 8).
"""

from __future__ import annotations

from collections.abc import Mapping

from governance.authority import refuse_unless
from governance.charter.coherence import check_coherent
from governance.charter.directions import looser_keys
from governance.charter.errors import KeyFinding
from governance.charter.model import Charter
from governance.charter.reach import RollFacts, check_against_roll
from governance.commons import Commons
from governance.errors import RefusedError
from governance.membership.roll import belongs, can_vote
from governance.membership.state import INDEPENDENT, Member
from governance.payloads import CharterText
from governance.rules import RulesInForce, rules_of


def findings_on(
    charter: Charter, parent: RulesInForce | None, members: Mapping[str, Member], at: int
) -> tuple[KeyFinding, ...]:
    """Everything that keeps these members from living by this charter at this second."""
    roll = RollFacts(
        voters={
            handle: member.affiliation
            for handle, member in members.items()
            if can_vote(member, charter.membership, at)
        },
        members=frozenset(members),
    )
    looser = looser_keys(parent.charter, charter) if parent is not None else ()
    return (*check_coherent(charter), *check_against_roll(charter, roll), *looser)


def unfit_charter(state: Commons, text: CharterText, at: int) -> str | None:
    """Why a charter cannot come into force now, in words; None when it can."""
    findings = _findings(state, text, at)
    return str(findings[0]) if findings else None


def refuse_unfit_charter(state: Commons, text: CharterText, at: int) -> None:
    """Raises `RefusedError` for a charter that these members could not live by."""
    refuse_unless(text.blob != state.charter, "the charter does not change.", "Change something.")
    _refuse(_findings(state, text, at))


def _findings(state: Commons, text: CharterText, at: int) -> tuple[KeyFinding, ...]:
    charter = rules_of(text).charter
    found = findings_on(charter, state.parent_rules, state.people.here, at)
    if charter.membership.stewards or belongs(state.people.members.get(state.founder)):
        return found
    why = f"Nobody named stands for the founder, and {state.founder} is no member any more."
    return (*found, KeyFinding(key="membership.stewards", value="", why=why, remedy="Name members."))


def refuse_unfit_founding(rules: RulesInForce, parent: RulesInForce | None, founder: str, at: int) -> None:
    """The same for a founding, where the founder is the one member."""
    members = {founder: Member(handle=founder, joined_at=at, active_at=at, affiliation=INDEPENDENT)}
    _refuse(findings_on(rules.charter, parent, members, at))


def _refuse(findings: tuple[KeyFinding, ...]) -> None:
    if findings:
        first = findings[0]
        raise RefusedError(f"the charter cannot be lived by: {first.key}: {first.why}", first.remedy)
