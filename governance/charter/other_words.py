"""Everything beside the kinds of change in plain words: members, votes, tests, panels. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from governance.charter.class_words import TITLES
from governance.charter.model import (
    Charter,
    ChildMay,
    Consequence,
    EvidenceMode,
    Join,
    Mode,
    Visibility,
)
from governance.charter.modes import any_mode, gated_groups, idle_keys
from governance.charter.schema import GROUPS, group_key
from governance.charter.sentences import Section, Sentence
from governance.charter.word_forms import capital, counted, every, listed, number, share, span


def before_classes(charter: Charter) -> tuple[Section, ...]:
    """Who belongs."""
    voting = any_mode(charter, frozenset(Mode) - {Mode.OWNER})
    title = "Who can vote" if voting else "Members"
    return _sections(charter, (("membership", title, _membership),))


def after_classes(charter: Charter) -> tuple[Section, ...]:
    """Votes, objections, tests, shared work, panels, emergencies, nested commons and the record."""
    return _sections(
        charter,
        (
            ("ballot", "Votes", _ballot),
            ("groups", "Affected people", _groups),
            ("objections", "Holds and waiting", _objections),
            ("evidence", "Tests", _evidence),
            ("attention", "Sharing the work", _attention),
            ("panel", "When something is challenged", _panel),
            ("emergency", "Emergencies", _emergency),
            ("nesting", "Commons within this one", _nesting),
            ("audit", "The record", _audit),
        ),
    )


def _sections(
    charter: Charter, plans: tuple[tuple[str, str, Callable[[Charter], Iterator[Sentence]]], ...]
) -> tuple[Section, ...]:
    """The sections that have something to say: what no rule reads is not said."""
    idle = idle_keys(charter)
    made = (
        Section(
            name=name,
            title=title,
            sentences=tuple(
                item for item in say(charter) if not item.keys or not all(key in idle for key in item.keys)
            ),
        )
        for name, title, say in plans
    )
    return tuple(section for section in made if section.sentences)


def _say(topic: str, text: str, *keys: str) -> Sentence:
    return Sentence(topic=topic, text=text, keys=keys)


def _membership(charter: Charter) -> Iterator[Sentence]:
    rules = charter.membership
    vouched = "To become a member, a person needs a member to vouch for them."
    if rules.vouches_required > 1:
        vouched = (
            f"To become a member, a person needs {number(rules.vouches_required)} members to vouch for them, "
            "each from another organisation; whoever belongs to none counts as one of their own."
        )
    joins = {
        Join.OPEN: "Anyone may become a member.",
        Join.INVITED: "To become a member, a person needs an invitation.",
        Join.VOUCHED: vouched,
        Join.BY_VOTE: "To become a member, a person is voted on by the members.",
    }
    vouches = ("membership.vouches_required",) if rules.join is Join.VOUCHED else ()
    yield _say("join", joins[rules.join], "membership.join", *vouches)
    tenure = rules.tenure_before_vote_hours
    text = f"A new member can vote after {span(tenure)}." if tenure else "A new member can vote at once."
    yield _say("tenure", text, "membership.tenure_before_vote_hours")
    inactive = span(rules.inactive_after_hours)
    text = f"Whoever does nothing here for {inactive} can no longer vote, until they act again."
    yield _say("inactive", text, "membership.inactive_after_hours")
    caps = ("membership.max_join_share_per_30d", "membership.joins_min_per_30d")
    least = counted(rules.joins_min_per_30d, "person").replace("persons", "people")
    if rules.max_join_share_per_30d == 1:
        text = f"Within 30 days the membership may double at most; {least} may join in any case."
    else:
        part = share(rules.max_join_share_per_30d)
        text = f"Within 30 days the membership may grow by at most {part}; {least} may join in any case."
    yield _say("joining", text, *caps)
    others = "Reviewers come from other organisations than the author's"
    if rules.max_affiliation_share == 1:
        text = f"{others}, and may all come from the same one."
    else:
        part = share(rules.max_affiliation_share)
        text = f"{others}. At most {part} of them, or of a panel, may come from the same one; one always may."
    yield _say("affiliation", text, "membership.max_affiliation_share")
    names = rules.stewards
    if not names:
        text = "The founder looks after the commons as its steward."
    else:
        text = f"The {'steward is' if len(names) == 1 else 'stewards are'} {listed(names)}."
    yield _say("stewards", text, "membership.stewards")


def _ballot(charter: Charter) -> Iterator[Sentence]:
    ballot = charter.ballot
    text = "Members vote yes or no, or abstain; abstaining counts toward nothing."
    yield _say("method", text, "ballot.method")
    if ballot.visibility is Visibility.OPEN:
        text = "Everyone can see a vote as soon as it is cast."
    else:
        text = (
            "Votes stay sealed until the end, when everyone can open and count them. "
            "Whoever runs the server could look before."
        )
    yield _say("visibility", text, "ballot.visibility")
    if ballot.change_allowed:
        text = "A member can change their vote until the end; the last one counts."
    else:
        text = "A vote cannot be changed once it is cast."
    yield _say("change", text, "ballot.change_allowed")


def _groups(charter: Charter) -> Iterator[Sentence]:
    if not charter.groups and gated_groups(charter):
        yield _say("none", "No group is named so far.")
    for group, delegates in sorted(charter.groups.items()):
        verb = "speaks" if len(delegates) == 1 else "speak"
        text = f"For the group {group}, {listed(delegates)} {verb}."
        yield _say(group, text, group_key(group))


def _objections(charter: Charter) -> Iterator[Sentence]:
    rules = charter.objections
    most = span(rules.hold_expiry)
    text = f"Any member can put a change on hold, for {most} at most; a hold ends by itself."
    yield _say("hold", text, "objections.hold_expiry")
    text = f"A proposal that nobody works on is timed out after {span(rules.lapse)}."
    yield _say("lapse", text, "objections.lapse")


def _evidence(charter: Charter) -> Iterator[Sentence]:
    evidence = charter.evidence
    modes = {
        EvidenceMode.OFF: "No tests are asked for.",
        EvidenceMode.ADVISORY: "Changes of policies are tested. The results are shown and stop nothing.",
        EvidenceMode.GATE: (
            "Changes of policies are tested, and none may be clearly worse than what is in force."
        ),
    }
    yield _say("mode", modes[evidence.mode], "evidence.mode")
    if evidence.suites:
        sets = "set" if len(evidence.suites) == 1 else "sets"
        text = f"The tests use the {sets} of cases named {listed(evidence.suites)}."
        yield _say("suites", text, "evidence.suites")
    part = share(evidence.margin)
    text = (
        f"A change counts as not clearly worse when it misses at most {part} more of the violations, and "
        f"wrongly flags at most {part} more of the rest."
    )
    yield _say("margin", text, "evidence.margin")
    model = evidence.model
    revision = f"revision {model.revision[:12]}" if model.revision else "any revision"
    text = (
        f"The tests that count use {model.id} in {revision}, with the prompt {model.template} and "
        f"{model.effort} reasoning effort."
    )
    parts = ("id", "revision", "template", "effort")
    yield _say("model", text, *(f"evidence.model.{part}" for part in parts))
    unclear = {
        Consequence.WARN: "When the tests cannot tell, that is shown.",
        Consequence.VOTE: "When the tests cannot tell, the members vote.",
        Consequence.BLOCK: "When the tests cannot tell, the change waits for tests that can.",
    }
    yield _say("inconclusive", unclear[evidence.on_inconclusive], "evidence.on_inconclusive")
    missing = {
        Consequence.WARN: "A change that nobody has tested is marked as untested.",
        Consequence.VOTE: "A change that nobody has tested is voted on.",
        Consequence.BLOCK: "A change that nobody has tested waits until somebody does.",
    }
    yield _say("missing", missing[evidence.on_missing], "evidence.on_missing")


def _attention(charter: Charter) -> Iterator[Sentence]:
    rules = charter.attention
    open_ = counted(rules.open_proposals_per_member, "proposal")
    text = f"A member can have {open_} open at a time."
    yield _say("open", text, "attention.open_proposals_per_member")
    owed = rules.reviews_owed_per_proposal
    if owed:
        whose = "one by somebody else" if owed == 1 else f"{number(owed)} by others"
        text = f"For each proposal after the first, a member first reviews {whose}."
    else:
        text = "Nobody has to review others before they propose again."
    yield _say("owed", text, "attention.reviews_owed_per_proposal")


def _panel(charter: Charter) -> Iterator[Sentence]:
    panel = charter.panel
    size = counted(panel.size, "member")
    text = f"A panel of {size} decides. They are drawn by lot from those who have no part in it."
    yield _say("size", text, "panel.size", "panel.selection")
    verb = "has" if panel.quorum == 1 else "have"
    yield _say("quorum", f"{capital(number(panel.quorum))} of them {verb} to take part.", "panel.quorum")
    text = f"They rule within {span(panel.ruling_hours)}; if they do not, the change stands."
    yield _say("ruling", text, "panel.ruling_hours")


def _emergency(charter: Charter) -> Iterator[Sentence]:
    emergency = charter.emergency
    who = "a single member" if emergency.actors == 1 else f"{counted(emergency.actors, 'member')} together"
    text = f"In an emergency, {who} can act at once, for example to take back a version that does harm."
    yield _say("actors", text, "emergency.actors")
    ends = span(emergency.expires_hours)
    text = f"What they did ends by itself after {ends}, unless the members confirm it."
    yield _say("expires", text, "emergency.expires_hours")


_TABLES = {
    **{f"class.{change_class}": title.lower() for change_class, title in TITLES.items()},
    "membership": "who can vote",
    "class": "how anything is decided",
    GROUPS: "affected people",
    "ballot": "votes",
    "objections": "holds and waiting",
    "evidence": "tests",
    "evidence.model": "the model of the tests",
    "attention": "sharing the work",
    "panel": "panels",
    "emergency": "emergencies",
    "nesting": "commons within it",
    "audit": "the record",
}


def _nesting(charter: Charter) -> Iterator[Sentence]:
    nesting = charter.nesting
    if not nesting.locked:
        text = "Each makes its own rules."
        yield _say("locked", text, "nesting.locked")
        return
    names = listed(tuple(_TABLES.get(name, f"the key {name}") for name in nesting.locked))
    may = {
        ChildMay.TIGHTEN: "Each may be stricter than this one, but not looser, in the rules on",
        ChildMay.KEEP: "Each has to keep, as they are, the rules on",
    }
    yield _say("locked", f"{may[nesting.child_may]} {names}.", "nesting.child_may", "nesting.locked")


def _audit(charter: Charter) -> Iterator[Sentence]:
    when = every(charter.audit.checkpoint_hours)
    text = f"A checkpoint of the record is due {when}, so that it would show if somebody rewrote it."
    yield _say("checkpoint", text, "audit.checkpoint_hours")
