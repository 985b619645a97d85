"""The forms of acts on a proposal, and which service each ends in. Touches nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from registry.services import commenting, deliberation
from registry.services.places import read_spot
from registry.services.possible import ActName
from registry.services.propose import give_up
from registry.services.undo import undo
from registry.services.vote import vote
from registry.store.repository import Repository
from registry.web.act_fields import ActForm, Field
from registry.web.shapes.acts import (
    Left,
)


class Sent(NamedTuple):
    """A form that was sent: by whom, about which content of which proposal, and what was typed."""

    actor: str
    number: int
    content: str | None
    typed: Mapping[str, str]

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name, "")


_REASON = Field("reason", "Why")
_CHOICES = (("yes", "Yes"), ("no", "No"), ("abstain", "I abstain"))
_VERDICTS = (("approve", "Approve"), ("request_changes", "Ask for changes"))
_RULINGS = (("uphold", "It stands"), ("void", "It is void"), ("return", "It goes back to review"))

FORMS: Mapping[ActName, ActForm] = {
    ActName(form.name): form
    for form in (
        ActForm(
            "vote",
            "Vote",
            "Cast the ballot",
            (Field("choice", "Your choice", "choice", _CHOICES),),
            "The last ballot before the close counts. You get a receipt that you can look for in any clone.",
        ),
        ActForm(
            "rule",
            "Rule on the challenge",
            "Rule",
            (Field("ruling", "What should become of it", "choice", _RULINGS), _REASON),
            "You were drawn for the panel by lot. Your last word before its end counts.",
        ),
        ActForm(
            "review",
            "Review",
            "Send the review",
            (
                Field("verdict", "What you think of it", "choice", _VERDICTS),
                Field("reason", "Why, or which changes", required=False),
            ),
            "A review is of exactly what is proposed now: a new revision asks for another one.",
        ),
        ActForm(
            "adopt",
            "Stand behind it",
            "Stand behind it",
            help="It comes from outside, and goes on once a member stands behind it. You are an author then.",
        ),
        ActForm(
            "answer",
            "Answer those from outside",
            "Send the answer",
            (Field("text", "Your answer"),),
            "It is to every comment that waits for one, and nothing is decided before.",
        ),
        ActForm(
            "comment",
            "Comment",
            "Send the comment",
            (
                Field("text", "Your comment"),
                Field(
                    "at",
                    "On which lines, or which case",
                    "line",
                    required=False,
                    help="`policies/spam/policy.md:12-14`, or `policies/spam/cases.jsonl:ID`.",
                ),
                Field(
                    "suggestion",
                    "What should stand there instead",
                    required=False,
                    help="Whoever proposes can take it with one click.",
                ),
            ),
        ),
        ActForm(
            "object",
            "Object",
            "Object",
            (_REASON, Field("remedy", "What would resolve it")),
            "If it still stands at the end of the comment period, it puts the change to a vote or makes it "
            "one of policy.",
        ),
        ActForm("resolve", "Take your objection as resolved", "It is resolved"),
        ActForm("hold", "Ask for time", "Ask for time", (_REASON,), "Once, and it ends by itself."),
        ActForm("call", "Ask for a vote", "Ask for a vote", help="Once enough members have, it is voted on."),
        ActForm(
            "challenge",
            "Challenge the acceptance",
            "Challenge it",
            (_REASON,),
            "Once enough members have, it is paused until a panel drawn by lot has ruled.",
        ),
        ActForm(
            "undo",
            "Take it back",
            "Take it back",
            (_REASON,),
            "It came into force without a vote: what stood before is released again.",
            danger=True,
        ),
        ActForm("give-up", "Give it up", "Give it up", danger=True),
    )
}
"""By the act's name, in the words of the page."""

DONE: Mapping[ActName, str] = {
    ActName.VOTE: "Your ballot is cast.",
    ActName.RULE: "Your ruling is recorded.",
    ActName.REVIEW: "Your review is recorded.",
    ActName.ADOPT: "You stand behind it.",
    ActName.ANSWER: "Your answer is recorded.",
    ActName.COMMENT: "Your comment is recorded.",
    ActName.OBJECT: "Your objection is recorded.",
    ActName.RESOLVE: "It counts as resolved.",
    ActName.HOLD: "You asked for time.",
    ActName.CALL: "You asked for a vote.",
    ActName.CHALLENGE: "Your challenge is recorded.",
    ActName.UNDO: "It is taken back.",
    ActName.GIVE_UP: "You gave it up.",
}
"""What a page says once an act was taken in."""


def _comment(repository: Repository, sent: Sent) -> Left:
    """On the content that was read where it is on lines of that, since other words may stand there by now."""
    at = sent.text("at").strip()
    return commenting.comment(
        repository,
        sent.number,
        sent.text("text"),
        actor=sent.actor,
        spot=read_spot(at) if at else None,
        suggestion=sent.text("suggestion") or None,
        content=sent.content if at else None,
        prefilled=bool(at),
    )


RUN: Mapping[ActName, Callable[[Repository, Sent], Left]] = {
    ActName.VOTE: lambda repository, sent: vote(
        repository, sent.number, sent.text("choice"), actor=sent.actor, content=sent.content
    ),
    ActName.RULE: lambda repository, sent: deliberation.rule(
        repository, sent.number, sent.text("ruling"), sent.text("reason"), actor=sent.actor
    ),
    ActName.REVIEW: lambda repository, sent: deliberation.review(
        repository,
        sent.number,
        sent.text("verdict"),
        actor=sent.actor,
        content=sent.content,
        reason=sent.text("reason"),
    ),
    ActName.ADOPT: lambda repository, sent: deliberation.adopt(
        repository, sent.number, actor=sent.actor, content=sent.content
    ),
    ActName.ANSWER: lambda repository, sent: commenting.answer(
        repository, sent.number, (), sent.text("text"), actor=sent.actor
    ),
    ActName.COMMENT: _comment,
    ActName.OBJECT: lambda repository, sent: deliberation.object_to(
        repository,
        sent.number,
        sent.text("reason"),
        sent.text("remedy"),
        actor=sent.actor,
        content=sent.content,
    ),
    ActName.RESOLVE: lambda repository, sent: deliberation.resolve(repository, sent.number, actor=sent.actor),
    ActName.HOLD: lambda repository, sent: deliberation.hold(
        repository, sent.number, sent.text("reason"), actor=sent.actor, content=sent.content
    ),
    ActName.CALL: lambda repository, sent: deliberation.call_vote(
        repository, sent.number, actor=sent.actor, content=sent.content
    ),
    ActName.CHALLENGE: lambda repository, sent: deliberation.challenge(
        repository, sent.number, sent.text("reason"), actor=sent.actor, content=sent.content
    ),
    ActName.UNDO: lambda repository, sent: undo(
        repository, sent.number, sent.text("reason"), actor=sent.actor
    ),
    ActName.GIVE_UP: lambda repository, sent: give_up(repository, sent.number, actor=sent.actor),
}
"""The service that each ends in."""
