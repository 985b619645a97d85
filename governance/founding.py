"""The first event of a commons, and the state that it makes. Pure."""

from __future__ import annotations

from immutables import Map

from governance import payloads
from governance.authority import MAIN, refuse_unless
from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Event
from governance.membership.leaving import fingerprint_of
from governance.membership.state import Key, Member, People
from governance.moves import moved
from governance.proposals.amending import refuse_unfit_founding
from governance.registrar import REGISTRAR
from governance.rules import rules_of


def found(event: Event, digest: str) -> Commons:
    """The state after the founding: its founder is the one member. Raises `RefusedError`."""
    said = event.payload
    if not isinstance(said, payloads.Founded) or event.seq != 1 or event.prev is not None:
        raise RefusedError("a log begins with the founding.", "Start from the first event.", seq=event.seq)
    refuse_unless(event.actor == said.founder, "only the founder founds.", "Name the actor as founder.")
    refuse_unless(event.actor != REGISTRAR, f"{REGISTRAR} is the registry itself.", "Choose another handle.")
    refuse_unless(
        said.parent is None or said.name.rpartition("/")[0] == said.parent,
        f"{said.name} is not within {said.parent}.",
        "Nest it by name.",
    )
    refuse_unless(
        [move.ref for move in event.moves] == [MAIN], "a founding begins main.", "Move main and no other."
    )
    refuse_unless(
        said.parent is not None or said.parent_charter is None,
        "only a parent's charter binds another.",
        "Leave out `parent_charter`.",
    )
    parent_rules = rules_of(said.parent_charter) if said.parent_charter else None
    rules = rules_of(payloads.CharterText(blob=event.charter, preset=said.preset, overrides=said.overrides))
    refuse_unfit_founding(rules, parent_rules, said.founder, event.at)
    registry = _registry(event, said)
    founder = Member(handle=said.founder, joined_at=event.at, active_at=event.at)
    keys = Map({registry.fingerprint: REGISTRAR}) if registry else Map()
    return Commons(
        name=said.name,
        founder=said.founder,
        rules=rules,
        parent=said.parent,
        seq=1,
        at=event.at,
        prev=digest,
        refs=moved(Map(), event),
        policies=Map(),
        runs=Map(),
        reported=Map(),
        children=Map(),
        texts=Map(),
        redactions=(),
        erased_texts=frozenset(),
        rewritten=Map(),
        replaced=Map(),
        parent_rules=parent_rules,
        registry=registry,
        people=People(members=Map({said.founder: founder}), present=Map({said.founder: event.at}), keys=keys),
    )


def _registry(event: Event, said: payloads.Founded) -> Key | None:
    if said.registry is None:
        refuse_unless(event.key is None, "no key was set that could vouch.", "Leave out `key`.")
        return None
    fingerprint = fingerprint_of(said.registry)
    refuse_unless(
        event.key == fingerprint and event.sig is not None,
        "the registry's key vouches for the founding that brings it.",
        f"Sign it with {fingerprint}.",
    )
    return Key(fingerprint, said.registry, event.seq)
