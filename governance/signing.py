"""Which key an event must carry, and what an act does to its actor's own record. Pure.

The signature itself is checked where cryptography may be used: by the registry before it records an event,
and by the verifier after (`registry/keys`).
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.membership.leaving import fingerprint_of
from governance.membership.state import People
from governance.stepping import FREE_OF_CLOCK


def check_key(state: Commons, event: Event) -> None:
    """Refuses an event without a key once the registry has one, and a key that is not its actor's.

    Either the member signed, or the registry vouches. A new registry key vouches for itself.
    """
    refuse_unless(
        (event.key is None) == (event.sig is None), "a key and a signature go together.", "Give both."
    )
    if event.key is None:
        refuse_unless(
            state.registry is None and not isinstance(event.payload, payloads.RegistryKeySet),
            "nobody vouches for this event: it carries no signature.",
            "Record it through the registry, or sign it.",
        )
        return
    if isinstance(event.payload, payloads.RegistryKeySet):
        expected = fingerprint_of(event.payload.public)
        refuse_unless(event.key == expected, "a new key vouches for itself.", f"Sign with {expected}.")
        return
    if state.registry is not None and event.key == state.registry.fingerprint:
        return
    member = state.people.members.get(event.actor)
    refuse_unless(
        member is not None and member.key(event.key) is not None,
        f"{event.key} is no key of {event.actor} that counts now.",
        "Register it first, or sign with another.",
    )


def with_act(people: People, before: Commons, event: Event) -> People:
    """The people after an act of one of them: active now, and with one more signature of their own.

    Whoever has left stays away, but their signatures go on being counted, or they could be played again. What
    may come before something that is overdue makes nobody active: it would change who was on a roll by then.
    """
    member = people.members.get(event.actor)
    if member is None:
        return people
    own = event.key is not None and before.people.keys.get(event.key) == event.actor
    signed = member.signed + own
    acts = member.left_at is None and event.type not in FREE_OF_CLOCK
    active_at = event.at if acts else member.active_at
    if (member.active_at, member.signed) == (active_at, signed):
        return people
    member = replace(member, active_at=active_at, signed=signed)
    return replace(people, members=people.members.set(event.actor, member))
