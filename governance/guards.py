"""What more than one kind of event is held to, and the refs that events move. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from governance import payloads
from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Event

MAIN, RUNS, TEXTS = "refs/heads/main", "refs/commons/runs", "refs/commons/texts"
TAGS = "refs/tags/"


def refuse_unless(condition: bool, rule: str, remedy: str) -> None:  # noqa: FBT001 - reads as a guard
    """Raises `RefusedError` with the rule that is broken and the remedy, unless the condition holds."""
    if not condition:
        raise RefusedError(rule, remedy)


def owner_only(state: Commons, event: Event) -> None:
    """Refuses everyone but the founder: mode `owner`."""
    refuse_unless(
        event.actor == state.founder,
        f"{event.actor} is not the owner, and the charter's mode is owner.",
        f"Ask {state.founder}, or fork.",
    )


def tag_of(release: payloads.Release) -> str:
    """The ref of a release's tag."""
    return f"{TAGS}{release.slug}/v{release.version}"


def no_other_tags(tags: Iterable[str]) -> None:
    """Refuses tags that an event moves beside those of its releases; other refs are passed over."""
    for ref in tags:
        refuse_unless(not ref.startswith(TAGS), f"{ref} is no release of this act.", "Leave it out.")
