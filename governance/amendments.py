"""What an owner or steward sets about the rules: charter, registry's key, a parent's charter. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import MAIN, refuse_unless, stewards_only
from governance.charter.model import Mode
from governance.charter.scopes import class_of_amendment
from governance.commons import Commons
from governance.events import Event
from governance.membership.leaving import fingerprint_of
from governance.membership.state import Key
from governance.proposals.access import settled_anew
from governance.proposals.amending import refuse_unfit_charter
from governance.proposals.enactment import under_charter
from governance.registrar import REGISTRAR
from governance.rules import rules_of


def charter_amended(state: Commons, event: Event, said: payloads.CharterAmended) -> Commons:
    """The owner changes the charter at once, where that kind of change is the owner's."""
    stewards_only(state, event)
    kind = class_of_amendment(state.charter_rules, rules_of(said.charter).charter)
    mode = state.charter_rules.rules(kind).mode
    refuse_unless(
        mode is Mode.OWNER,
        f"a change of the kind {kind} is decided together here (class.{kind}.mode is {mode}).",
        "Propose it.",
    )
    refuse_unless(
        [move.ref for move in event.moves] == [MAIN], "a charter stands on main.", "Move main, and no other."
    )
    refuse_unfit_charter(state, said.charter, event.at)
    return settled_anew(under_charter(state, said.charter, event.at), event.at)


def registry_key_set(state: Commons, event: Event, said: payloads.RegistryKeySet) -> Commons:
    """The registry vouches with another key from here on."""
    stewards_only(state, event)
    fingerprint = fingerprint_of(said.public)
    refuse_unless(
        fingerprint not in state.people.keys,
        f"the key {fingerprint} is, or was, registered here.",
        "Make a new one.",
    )
    people = replace(state.people, keys=state.people.keys.set(fingerprint, REGISTRAR))
    return replace(state, registry=Key(fingerprint, said.public, event.seq), people=people)


def parent_quoted(state: Commons, event: Event, said: payloads.ParentQuoted) -> Commons:
    """The parent's charter binds charters from here on: the one in force stays as it is."""
    stewards_only(state, event)
    refuse_unless(
        said.parent == state.parent, f"{said.parent} is not the parent of {state.name}.", "Quote the parent."
    )
    refuse_unless(
        said.seq > state.parent_seq,
        f"event {said.seq} of {said.parent} does not come after the one that was quoted, {state.parent_seq}.",
        "Quote a later one.",
    )
    return replace(state, parent_rules=rules_of(said.charter), parent_seq=said.seq)
