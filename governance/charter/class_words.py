"""How each kind of change is decided, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from governance.charter.formulas import GROUP_BALLOTS, HALF, quorum_of
from governance.charter.model import ChangeClass, Charter, ClassRules, Formula, Mode, Quorum
from governance.charter.modes import READS, classes_in_use
from governance.charter.sentences import Section, Sentence
from governance.charter.word_forms import capital, counted, number, share, span, times

TITLES: dict[ChangeClass, str] = {
    ChangeClass.ROUTINE: "Small changes",
    ChangeClass.POLICY: "Changes of policies",
    ChangeClass.MEMBERSHIP: "Admitting members",
    ChangeClass.CHARTER: "Changes of these rules",
    ChangeClass.ENTRENCHED: "Changes of protected rules",
}

_ABOUT: dict[ChangeClass, str] = {
    ChangeClass.ROUTINE: "These are metadata, more cases, and wording that the tests show to be neutral.",
    ChangeClass.POLICY: "These are changes of what a policy says or how it labels.",
    ChangeClass.MEMBERSHIP: "This is how the members decide on somebody who wants to join.",
    ChangeClass.CHARTER: "These are changes of the rules on this page.",
    ChangeClass.ENTRENCHED: (
        "Protected are the rules on panels, on how votes are counted, on the record, on what binds the "
        "commons within this one, and on these changes themselves."
    ),
}

_EXAMPLES = (30, 100)


def class_sections(charter: Charter) -> Iterator[Section]:
    """A section for each kind of change; a single one where the owner decides them all."""
    in_use = classes_in_use(charter)
    if all(charter.rules(change_class).mode is Mode.OWNER for change_class in in_use):
        keys = tuple(f"class.{change_class}.mode" for change_class in in_use)
        text = "The owner decides alone and at once, on policies as well as on these rules."
        fork = "Anyone may read, copy and comment, and may go on with a copy of their own."
        every = (
            Sentence(topic="mode", text=text, keys=keys),
            Sentence(topic="fork", text=fork, keys=()),
        )
        yield Section(name="every", title="Every decision", sentences=every)
        return
    for change_class in in_use:
        about = Sentence(topic="about", text=_ABOUT[change_class], keys=())
        sentences = (about, *_of_class(charter, change_class))
        yield Section(name=f"class.{change_class}", title=TITLES[change_class], sentences=sentences)


def _of_class(charter: Charter, change_class: ChangeClass) -> Iterator[Sentence]:
    """What a proposal of this class goes through, in the order in which it does."""
    rules = charter.rules(change_class)
    for topic, fields, say in _STEPS:
        if not all(field == "mode" or field in READS[rules.mode] for field in fields):
            continue
        text = say(rules)
        if text:
            yield Sentence(topic=topic, text=text, keys=_keys(change_class, fields))
    if change_class is ChangeClass.ROUTINE and rules.mode is Mode.CONSENT:
        text = "An objection that stands makes it a change of a policy, and it is decided as one."
        yield Sentence(topic="stricter", text=text, keys=_keys(change_class, ("mode",)))
    if change_class in (ChangeClass.CHARTER, ChangeClass.ENTRENCHED) and "threshold" in READS[rules.mode]:
        text = "A change of what a vote needs has to pass by the old rule and by the new one."
        yield Sentence(topic="both", text=text, keys=_keys(change_class, ("quorum", "threshold")))


def _keys(change_class: ChangeClass, fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"class.{change_class}.{field}" for field in fields)


def _mode(rules: ClassRules) -> str:
    return _MODES.get(rules.mode, "")


_MODES = {
    Mode.OWNER: "The owner decides alone and at once.",
    Mode.DIRECT: "Any member who can vote may make such a change, and it is in force at once.",
    Mode.VOTE: "The members vote on every such change.",
}


def _notice(rules: ClassRules) -> str:
    return (
        f"A proposal is announced at least {span(rules.notice)} before the vote opens."
        if rules.notice
        else ""
    )


def _review_min(rules: ClassRules) -> str:
    least = span(rules.review_min)
    return f"A proposal is open for discussion for at least {least}." if rules.review_min else ""


def _edit_freeze(rules: ClassRules) -> str:
    # "the last day", "the last two days"
    last = span(rules.edit_freeze).removeprefix("one ")
    return f"For the last {last} of that, its text stays as it is." if rules.edit_freeze else ""


def _reviews(rules: ClassRules) -> str:
    if rules.reviews == 1:
        return "Another member has to review and approve it."
    who = capital(number(rules.reviews))
    return f"{who} other members have to review and approve it." if rules.reviews else ""


def _objection(rules: ClassRules) -> str:
    then = "in force" if rules.mode is Mode.CONSENT else "accepted without a vote"
    return f"Then members have {span(rules.objection)} to object; if nobody does, it is {then}."


def _call_vote(rules: ClassRules) -> str:
    if rules.call_vote is None:
        return "They vote on it only if an objection stands at the end."
    who = counted(rules.call_vote, "member")
    asks = "asks" if rules.call_vote == 1 else "ask"
    return f"They vote on it if an objection stands at the end, or if {who} {asks} for a vote before."


def _voting(rules: ClassRules) -> str:
    if rules.mode is Mode.ALL_APPROVE:
        return f"Everyone who can vote has to approve it, within {span(rules.voting)}."
    return f"A vote is open for {span(rules.voting)}; it ends sooner only when everyone has approved."


def _quorum(rules: ClassRules) -> str:
    return f"{quorum_words(rules.quorum)}." if rules.quorum else ""


def quorum_words(quorum: Quorum) -> str:
    """How many have to approve, as a sentence without a full stop."""
    floor = f"never fewer than {counted(quorum.floor, 'member')}"
    if quorum.formula is Formula.SHARE:
        part = "All" if quorum.factor == 1 else f"At least {share(quorum.factor)}"
        return f"{part} of those who can vote have to approve, and {floor}"
    examples = " and ".join(f"{quorum_of(quorum, voters)} of {voters}" for voters in _EXAMPLES)
    root = f"{times(quorum.factor)}the square root of the number who can vote"
    return f"At least {root} have to approve, and {floor}: for example {examples}"


def _threshold(rules: ClassRules) -> str:
    if rules.threshold is None:
        return ""
    if rules.threshold == HALF:
        return "More members have to vote yes than no."
    if rules.threshold == 1:
        return "Nobody may vote no."
    return f"At least {share(rules.threshold)} of the yes and no votes have to be yes."


def _group_gate(rules: ClassRules) -> str:
    if rules.group_gate is None:
        return ""
    part = "All" if rules.group_gate == 1 else f"At least {share(rules.group_gate)}"
    return (
        f"{part} of the yes and no votes of each group of affected people have to be yes, "
        f"once {number(GROUP_BALLOTS)} of the group have voted."
    )


def _challenge(rules: ClassRules) -> str:
    if not rules.challenge or rules.stay is None:
        return ""
    who = "any member" if rules.stay == 1 else f"{number(rules.stay)} members together"
    return (
        f"For {span(rules.challenge)} after it is accepted, {who} can challenge it, with reasons; then it is "
        "paused until a panel has ruled."
    )


def _undo(rules: ClassRules) -> str:
    return f"For {span(rules.undo)} after it is in force it can be undone." if rules.undo else ""


_STEPS: tuple[tuple[str, tuple[str, ...], Callable[[ClassRules], str]], ...] = (
    ("mode", ("mode",), _mode),
    ("review_min", ("review_min",), _review_min),
    ("edit_freeze", ("edit_freeze",), _edit_freeze),
    ("reviews", ("reviews",), _reviews),
    ("objection", ("mode", "objection"), _objection),
    ("call_vote", ("mode", "call_vote"), _call_vote),
    ("notice", ("notice",), _notice),
    ("voting", ("mode", "voting"), _voting),
    ("quorum", ("quorum",), _quorum),
    ("threshold", ("threshold",), _threshold),
    ("group_gate", ("group_gate",), _group_gate),
    ("challenge", ("challenge", "stay"), _challenge),
    ("undo", ("undo",), _undo),
)
