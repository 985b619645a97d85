"""Who may act, what more than one kind of event is held to, and the refs that events move. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from governance import payloads
from governance.charter.model import Mode
from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Event

MAIN, RUNS, TEXTS = "refs/heads/main", "refs/commons/runs", "refs/commons/texts"
ATTIC = "refs/commons/attic"
TAGS = "refs/tags/"
PROPOSALS = "refs/proposals/"


def refuse_unless(condition: bool, rule: str, remedy: str) -> None:  # noqa: FBT001 - reads as a guard
    """Raises `RefusedError` with the rule that is broken and the remedy, unless the condition holds."""
    if not condition:
        raise RefusedError(rule, remedy)


def stewards_only(state: Commons, event: Event) -> None:
    """Refuses everyone but the stewards; under mode `owner` they are its owners."""
    word = "owner" if state.mode is Mode.OWNER else "steward"
    refuse_unless(
        event.actor in state.stewards,
        f"{event.actor} is no {word} of {state.name}.",
        f"Ask {', '.join(state.stewards)}, or fork.",
    )


def owner_only(state: Commons, event: Event) -> None:
    """Refuses everyone but the owners, and everybody where changes are decided together."""
    refuse_unless(
        state.mode is Mode.OWNER,
        f"policies are decided together here (class.policy.mode is {state.mode}).",
        "Propose the change.",
    )
    stewards_only(state, event)


def tag_of(release: payloads.Release) -> str:
    """The ref of a release's tag."""
    return f"{TAGS}{release.slug}/v{release.version}"


def no_other_tags(tags: Iterable[str]) -> None:
    """Refuses tags that an event moves beside those of its releases; other refs are passed over."""
    for ref in tags:
        refuse_unless(not ref.startswith(TAGS), f"{ref} is no release of this act.", "Leave it out.")


def head_ref(number: int) -> str:
    """The ref of an open proposal's head."""
    return f"{PROPOSALS}{number}/head"
