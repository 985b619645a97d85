"""Elinor Ostrom's principles in words: what each means, what enforces it under a charter. Pure.

After *Governing the Commons* (1990), in halves after Cox, Arnold and Villamayor-Tomás (2010). What enforces
a principle follows from the charter in force, so that no page promises what a commons does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from governance.charter.model import EvidenceMode, Join, Mode
from governance.charter.words import DECIDED
from governance.commons import Commons

EVERY = ("*",)
"""Stands for events of every type."""


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle in words. `enforced` says what holds it under a charter; `uses` are what is
    counted, one and many of it, as types of events; `EVERY` is all of them."""

    mark: str
    title: str
    means: str
    enforced: Callable[[Commons], Sequence[str]]
    uses: Sequence[tuple[str, str, Sequence[str]]]
    to_come: str
    elsewhere: str
    page: str | None = None
    page_says: str = ""


def _together(state: Commons) -> bool:
    return state.mode is not Mode.OWNER


_JOINING = {
    Join.OPEN: "Anybody may join, at most as many within thirty days as the charter lets in.",
    Join.INVITED: "Whom a member invites may join.",
    Join.VOUCHED: "Members who act for different organisations vouch for whoever wants to join.",
    Join.BY_VOTE: "The members vote on whoever wants to join.",
}


def _who(state: Commons) -> Sequence[str]:
    joining = _JOINING[state.charter_rules.membership.join]
    frozen = "Who may vote is fixed when a decision opens: nobody joins, leaves or is put out of an open one."
    return (joining, frozen) if _together(state) else (joining,)


def _what(_state: Commons) -> Sequence[str]:
    return (
        "Each change of what is in force belongs to one recorded act of somebody who had the authority.",
        "What a change touches decides how it is decided; a mixed change takes the strictest way.",
    )


def _local(state: Commons) -> Sequence[str]:
    said = [f"A charter of its own, held against its members: policies are {DECIDED[state.mode]}."]
    if state.charter_rules.groups:
        names = ", ".join(sorted(state.charter_rules.groups))
        said.append(f"People who are affected have a say of their own: {names}.")
    return said


def _share(state: Commons) -> Sequence[str]:
    rules = state.charter_rules.attention
    if not _together(state):
        return ()
    said = [f"Nobody may have more than {rules.open_proposals_per_member} proposals open at a time."]
    if rules.reviews_owed_per_proposal:
        said.append("Whoever proposes again owes others a review first.")
    return said


def _choice(state: Commons) -> Sequence[str]:
    if not _together(state):
        return ("Its owner decides alone. Anybody may propose, comment, and go on with a copy.",)
    return (
        f"Any member proposes; policies are {DECIDED[state.mode]}.",
        "Comments from outside are answered before a decision closes.",
        "The rules themselves are changed by proposal, under the rules in force.",
    )


def _members_watched(_state: Commons) -> Sequence[str]:
    return (
        "Every act stands in one chained log, signed by its author or vouched for by the registry.",
        "Anybody who clones it counts every decision again, without trusting this site.",
    )


def _resource_watched(state: Commons) -> Sequence[str]:
    said = ["Runs and evidence are bound to the exact text that was run, and their figures recounted."]
    mode = state.charter_rules.evidence.mode
    if mode is EvidenceMode.GATE:
        said.append("A change that makes the shared model clearly worse is not accepted.")
    elif mode is EvidenceMode.ADVISORY:
        said.append("Evidence informs those who decide; it stops nothing by itself.")
    return said


def _none(_state: Commons) -> Sequence[str]:
    return ()


def _disputes(state: Commons) -> Sequence[str]:
    if not _together(state):
        return ()
    classes = state.charter_rules.classes
    if any(rules.stay for rules in (classes.routine, classes.policy)):
        return (
            "Members who challenge an acceptance together pause it.",
            "A panel drawn by lot from the uninvolved rules by a deadline; without a ruling it stands.",
        )
    return ("Objections are heard before a decision. This charter has no challenge afterwards.",)


def _organise(_state: Commons) -> Sequence[str]:
    return (
        "Anybody founds a commons, and takes all of one along with a single clone.",
        "A commons that stands above another acts on it through what was locked, and in no other way.",
    )


def _nested(state: Commons) -> Sequence[str]:
    said = ["Commons stand within others; each policy is decided on in exactly one."]
    if state.parent_rules is not None:
        said.append(f"This one keeps what {state.parent} has locked.")
    return said


PRINCIPLES = (
    Principle(
        "1A",
        "It is clear who belongs",
        "Who takes part is known, and known before anything is decided.",
        _who,
        (
            ("member admitted", "members admitted", ("admitted",)),
            ("voucher", "vouchers", ("vouched",)),
            (
                "roll frozen for a decision",
                "rolls frozen for a decision",
                ("comment_opened", "voting_opened"),
            ),
        ),
        "Suspension for a time.",
        "Whoever has write access. The list is kept in the host's settings, and changes without a record.",
        "members",
        "the members",
    ),
    Principle(
        "1B",
        "It is clear what belongs",
        "What is held in common has an edge, and whoever moves it does so openly.",
        _what,
        (
            ("change brought into force", "changes brought into force", ("enacted", "published", "imported")),
            ("erasure, with its ground", "erasures, each with its ground", ("redacted",)),
        ),
        "A budget of the shared model's time.",
        "Any merge may touch any file. What a change needs is custom, and whoever merges decides on it.",
        "log",
        "the record",
    ),
    Principle(
        "2A",
        "Rules fit the place",
        "A few friends, a village and an organisation decide differently, each by rules of their own.",
        _local,
        (
            ("charter put in force by an owner", "charters put in force by an owner", ("charter_amended",)),
            ("commons within this one", "commons within this one", ("child_founded",)),
        ),
        "Evidence for each affected group.",
        "One contribution guide for everybody, and a fork for whoever it does not suit.",
        "charter",
        "the rules",
    ),
    Principle(
        "2B",
        "Give and take are in proportion",
        "Attention and computing time run out, so those who draw on them give some back.",
        _share,
        (
            ("review given", "reviews given", ("reviewed",)),
            ("proposal opened", "proposals opened", ("proposed",)),
        ),
        "A ledger of what was lent and drawn.",
        "A few people review everything until they stop; anybody may ask for more.",
    ),
    Principle(
        "3",
        "Those affected decide",
        "Whoever lives under a rule can take part in changing it.",
        _choice,
        (
            ("proposal opened", "proposals opened", ("proposed",)),
            ("vote counted", "votes counted", ("voting_closed",)),
            ("ballot cast", "ballots cast", ("ballot_cast",)),
            ("answer to comments", "answers to comments", ("answered",)),
        ),
        "Drafts that stand against each other in one vote.",
        "Maintainers merge or close. Others argue, and have no vote and no right to an answer.",
        "proposals",
        "the proposals",
    ),
    Principle(
        "4A",
        "People are watched by each other",
        "Whoever acts for the others can be seen to, by somebody who answers to them.",
        _members_watched,
        (
            ("act in the chained log", "acts in the chained log", EVERY),
            ("key of a member's own", "keys of members' own", ("key_added",)),
            (
                "time that a member vouched for the log",
                "times that a member vouched for the log",
                ("witnessed",),
            ),
        ),
        "Flags, auditors in turn.",
        "The history of the files is public; who got access, and why a request was closed, often is not.",
        "log",
        "the record",
    ),
    Principle(
        "4B",
        "The resource is watched",
        "Somebody looks whether what is held in common still does what it should.",
        _resource_watched,
        (
            ("run recorded", "runs recorded", ("run_recorded",)),
            ("comparison shown as evidence", "comparisons shown as evidence", ("evidence_recorded",)),
        ),
        "Runs repeated by somebody else, drift.",
        "Tests where somebody wrote them. Scores in a README are seldom recomputed.",
    ),
    Principle(
        "5",
        "Sanctions grow by steps",
        "Whoever breaks a rule is warned first, and is put right rather than thrown out.",
        _none,
        (("sanction", "sanctions", ()),),
        "A ladder whose every step ends by itself.",
        "A block, at once and for good, by whoever has the button.",
    ),
    Principle(
        "6",
        "Disputes are settled nearby",
        "There is a quick, cheap place to take a disagreement to.",
        _disputes,
        (
            ("acceptance challenged", "acceptances challenged", ("challenged",)),
            ("panel drawn by lot", "panels drawn by lot", ("panel_drawn",)),
            ("ruling", "rulings", ("ruled",)),
            ("objection raised", "objections raised", ("objected",)),
        ),
        "Disputes between people, appeals.",
        "The maintainers are a party to most disputes, and rule on all of them.",
        "proposals?state=over",
        "what was decided",
    ),
    Principle(
        "7",
        "People may organise themselves",
        "Nobody above has to give leave, and nobody can take away what was built.",
        _organise,
        (("commons within this one", "commons within this one", ("child_founded",)),),
        "Rulings from above, within bounds.",
        "Everything hangs on an account of the host's: issues, reviews and access stay behind in a fork.",
    ),
    Principle(
        "8",
        "Commons stand within commons",
        "What is small is decided in a small circle, what is large in a wider one.",
        _nested,
        (
            ("commons within this one", "commons within this one", ("child_founded",)),
            (
                "time that the charter above was quoted",
                "times that the charter above was quoted",
                ("parent_quoted",),
            ),
        ),
        "Appeals that go up.",
        "Teams and folders with owners, all under the same few administrators.",
    ),
)
