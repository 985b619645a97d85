"""Why a proposal stands where it stands, and what it waits for: as data, with the arithmetic. Pure.

It shows the very guards that the fold obeys (`proposals/steps.py`), so the two cannot part. Each line names
the charter key that it comes from; where that key stands in the file, the shell adds (`charter/codec.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from governance.charter.formulas import HALF, quorum_of
from governance.charter.model import ChangeClass, Charter, ClassRules, Formula, Mode
from governance.commons import Commons
from governance.minutes.wording import moment, plural
from governance.payloads import GroupCount, Requirement, Tally
from governance.proposals.guards import Guard, due_of
from governance.proposals.kinds import effective_kind, hours
from governance.proposals.line import first_in_line
from governance.proposals.state import Ended, Proposal, Stage
from governance.proposals.steps import Path, enactable_at, paths, rules_for

_Facts: TypeAlias = dict[str, Any]


class Line(NamedTuple):
    """One condition: whether it holds, in words with its numbers, and the charter's key.

    `since` is the second from which time alone makes it hold. `key` is None for what no charter can change.
    """

    code: str
    holds: bool
    says: str
    key: str | None
    since: int | None = None


class Way(NamedTuple):
    """A way on: what it leads to, when (None while people are waited for), and what it asks."""

    to: str
    due: int | None
    lines: tuple[Line, ...]


class Explanation(NamedTuple):
    """Where a proposal stands and what comes next. `charter` is the blob of the rules that count for it."""

    number: int
    stage: Stage
    since: int
    kind: ChangeClass
    raised: bool
    charter: str
    ways: tuple[Way, ...]


def explain(state: Commons, proposal: Proposal) -> Explanation:
    """An open proposal, with every way on from where it stands."""
    rules = rules_for(state, proposal)
    ways = [_way(path, proposal) for path in paths(state, proposal)]
    if proposal.stage is Stage.ACCEPTED:
        ways.insert(0, _into_force(state, proposal, rules))
    return Explanation(
        number=proposal.number,
        stage=proposal.stage,
        since=proposal.since,
        kind=effective_kind(proposal, rules),
        raised=proposal.raised is not None,
        charter=proposal.frozen.rules.blob if proposal.frozen else state.charter,
        ways=tuple(ways),
    )


def explain_tally(tally: Tally, charters: dict[str, Charter]) -> tuple[Line, ...]:
    """A count against everything that it was held to; `charters` has the rules of each by their blob id."""
    kind = ChangeClass(tally.kind)
    lines: list[Line] = []
    for required in tally.requirements:
        rules = charters[required.charter].rules(kind)
        lines += (_quorum_line(tally, required, rules, kind), _threshold_line(tally, required, kind))
    lines += (_group_line(group, kind) for group in tally.groups)
    if tally.late or tally.spoilt:
        says = (
            f"{plural(tally.late, 'ballot')} came late and {tally.spoilt} could not be read; neither counts."
        )
        lines.append(Line("uncounted", True, says, None))
    return tuple(lines)


def explain_end(ended: Ended) -> str:
    """How a proposal ended, in one sentence."""
    return _ENDS[ended.stage].format(at=moment(ended.at), by=_WAYS.get(ended.way or "", ""))


def _way(path: Path, proposal: Proposal) -> Way:
    lines = tuple(
        Line(guard.code, guard.holds, _said(guard), guard.key, guard.time)
        for guard in path.guards
        if _asks(guard)
    )
    to = f"{path.type}:{path.word}" if path.word else path.type
    return Way(to, due_of(path.guards, proposal.changed_at), lines)


def _asks(guard: Guard) -> bool:
    """Whether the charter asks for anything: no reviews and no hours are nothing that somebody waits for."""
    facts = dict(guard.facts)
    return facts.get("needed") != 0 and facts.get("hours") != 0


def _into_force(state: Commons, proposal: Proposal, rules: Charter) -> Way:
    kind = effective_kind(proposal, rules)
    ready = enactable_at(state, proposal)
    given = hours(rules.rules(kind), "challenge")
    says = (
        "The panel let it stand."
        if proposal.upheld
        else f"It can be challenged for {plural(given, 'hour')}, until {moment(ready)}."
    )
    first = first_in_line(state, proposal)
    in_line = Line(
        "line",
        first.number == proposal.number,
        "No proposal whose decision opened earlier changes the same."
        if first.number == proposal.number
        else f"Proposal {first.number} changes the same, and its decision opened earlier: that comes first.",
        None,
    )
    over = Line("challenge", True, says, f"class.{kind}.challenge", ready)
    lines = (over, in_line) if given or proposal.upheld else (in_line,)
    return Way("enacted", ready if in_line.holds else None, lines)


def _said(guard: Guard) -> str:
    facts: _Facts = dict(guard.facts)
    if guard.time is not None:
        facts["until"] = moment(guard.time)
    words: str = _WORDS[guard.code](facts)
    return words


def _quorum_line(tally: Tally, required: Requirement, rules: ClassRules, kind: ChangeClass) -> Line:
    key = f"class.{kind}.quorum"
    if rules.mode is Mode.ALL_APPROVE:
        says = f"{tally.yes} yes of {plural(tally.voters, 'voter')}, and all of them must say yes."
        return Line("quorum", required.quorum_met, says, f"class.{kind}.mode")
    quorum = rules.quorum
    assert quorum is not None
    assert quorum_of(quorum, tally.voters) == required.quorum
    if quorum.formula is Formula.SQRT:
        how = f"the square root of {tally.voters} voters times {quorum.factor}, rounded up"
    else:
        how = f"{quorum.factor} of {tally.voters} voters, rounded up"
    says = f"{tally.yes} yes, and {required.quorum} are needed: {how}, and never below {quorum.floor}."
    return Line("quorum", required.quorum_met, says, key)


def _threshold_line(tally: Tally, required: Requirement, kind: ChangeClass) -> Line:
    above, below = required.threshold.split("/")
    relation = "more than" if required.threshold == f"{HALF.numerator}/{HALF.denominator}" else "at least"
    says = (
        f"{tally.yes} yes of {tally.yes + tally.no} yes and no, and {relation} {above}/{below} of them is "
        f"needed; abstentions ({tally.abstain}) count toward neither."
    )
    return Line("threshold", required.threshold_met, says, f"class.{kind}.threshold")


def _group_line(group: GroupCount, kind: ChangeClass) -> Line:
    says = f"Of those who speak for {group.group}: {group.yes} yes, {group.no} no, {group.abstain} abstained."
    return Line("group", group.passed, says, f"class.{kind}.group_gate")


def _hours(facts: _Facts, what: str) -> str:
    return f"{what} {plural(int(facts['hours']), 'hour')}, until {facts['until']}."


_EVIDENCE: dict[str, str] = {
    "go": "The evidence does not stand in the way (evidence is {mode}).",
    "vote": "The evidence asks for a vote (evidence is {mode}).",
    "stop": "The evidence stops it: clearly worse, or missing where it is asked for (evidence is {mode}).",
}

_WORDS: dict[str, Callable[[_Facts], str]] = {
    "sponsor": lambda f: (
        f"{f['sponsor']} stands behind it." if f["sponsor"] else "No member stands behind it."
    ),
    "owner": lambda f: f"An owner decides: {f['owners']}.",
    "reviews": lambda f: (
        f"{f['approvals']} of {plural(f['needed'], 'approval')} by people without a stake in it."
    ),
    "discussion": lambda f: _hours(f, "It is open for discussion for at least"),
    "edit_freeze": lambda f: _hours(f, "It has to stay unchanged for"),
    "notice": lambda f: _hours(f, "A vote on it is announced for"),
    "answers": lambda f: f"Comments from outside that wait for an answer: {f['unanswered']}.",
    "holds": lambda f: (
        f"Time was asked for, until {f['until']}." if "until" in f else "Nobody asked for more time."
    ),
    "evidence": lambda f: _EVIDENCE[str(f["says"])].format(mode=f["mode"]),
    "calls": lambda f: f"{f['calls']} of {plural(f['needed'], 'member')} asked for a vote.",
    "objections": lambda f: f"{plural(f['standing'], 'objection')} in the way.",
    "base": lambda f: (
        f"Changed on main since this began: {f['moved']}."
        if f["moved"]
        else "What it changes stands on main as it was when this began."
    ),
    "moved": lambda f: f"Changed on main since this began: {f['moved'] or 'nothing'}.",
    "returned": lambda f: (
        f"It came back from acceptance ({f['why']}) and waits for a new revision."
        if f["why"]
        else "It did not come back from acceptance."
    ),
    "unanimous": lambda f: f"{f['approving']} of {plural(f['voters'], 'voter')} stand behind it.",
    "comment": lambda f: _hours(f, "The final comment period takes"),
    "voting": lambda f: _hours(f, "The vote takes"),
    "boxes": lambda f: _hours(f, "The boxes have to be opened within"),
    "lapse": lambda f: _hours(f, "It times out when nothing happens for"),
    "ruling": lambda f: _hours(f, "The panel has"),
    "seed": lambda f: (
        "The panel was drawn." if f["drawn"] else f"{f['seeds']} of 2 events that the lot is drawn from."
    ),
    "majority": lambda f: f"{f['rulings']} of {plural(f['panel'], 'member')} of the panel ruled.",
}

_WAYS = {
    "owner": "by its owner",
    "direct": "at once, as the charter allows",
    "consent": "since nobody objected",
    "unanimous": "by everybody who may vote",
    "vote": "by a vote",
}

_ENDS = {
    Stage.ENACTED: "In force since {at}, accepted {by}.",
    Stage.REJECTED: "Rejected by a vote at {at}.",
    Stage.NO_QUORUM: "Not decided: too few approved by {at}.",
    Stage.VOIDED: "Voided by a panel at {at}.",
    Stage.WITHDRAWN: "Given up by its author at {at}.",
    Stage.LAPSED: "Timed out at {at}.",
    Stage.UNDONE: "Came into force, accepted {by}, and was taken back by a member.",
}
