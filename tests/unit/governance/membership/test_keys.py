"""Keys of members: registered, used, revoked; and whose word an event needs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from governance import payloads
from governance.events import Draft, Event, encode_event, event_digest
from governance.membership.leaving import MAX_KEYS, fingerprint_of
from governance.replay import apply
from tests.support.assembly import Assembly
from tests.support.clockwork import REGISTRY_FINGERPRINT, REGISTRY_KEY
from tests.support.communities import circle, refusal, solo, village
from tests.support.made import public_key

BO, BO2 = public_key("bo"), public_key("bo, another")
FINGERPRINT = fingerprint_of(BO)


def keyed() -> Assembly:
    """A circle whose registry vouches, with a key of bo's."""
    commons = circle(keyed=True)
    commons.act("bo", payloads.KeyAdded(public=BO))
    return commons


def placed(commons: Assembly, actor: str, change: Callable[[Event], Event]) -> Callable[[], object]:
    """A comment of somebody's as the next event, changed in some way."""
    number = commons.state.proposed
    draft_event = commons.place(_comment(actor, number, commons.sha()))

    def work() -> object:
        event = change(draft_event)
        return apply(commons.state, event, event_digest(encode_event(event)))

    return work


def _comment(actor: str, number: int, text: str) -> Draft:
    return Draft(type="commented", actor=actor, payload=payloads.Commented(number=number, text=text))


def test_fingerprint() -> None:
    """A fingerprint is what ssh-keygen prints."""
    # ssh-keygen -lf of the key that OpenSSH's own regress tests use (ed25519_1.pub).
    public = "AAAAC3NzaC1lZDI1NTE5AAAAIFOG6kY7Rf4UtCFvPwKgo/BztXck2xC4a2WyA34XtIwZ"
    assert fingerprint_of(public) == "SHA256:L3k/oJubblSY0lB9Ulsl7emDMnRPKm/8udf2ccwk560"


def blob(kind: bytes, length: int | None = None, body: bytes = b"key") -> str:
    """What a public key of this kind would be in base64."""
    return base64.b64encode((length or len(kind)).to_bytes(4, "big") + kind + body).decode()


@pytest.mark.parametrize(
    "public",
    [
        "x",
        "AAAA",
        "AAAAAA==",
        "AAAAAGtleQ==",
        "AAAAB3NzaC1yc2E=",
        "////" * 9,
        blob(b"k" * 64),
        blob("schlüssel".encode()),
        blob(b"ssh-rsa", 200),
        blob(b"ssh-rsa", body=b""),
    ],
)
def test_no_key(public: str) -> None:
    """What cannot be a public key is not registered."""
    assert refusal(lambda: circle().act("bo", payloads.KeyAdded(public=public))) == (
        "what is registered is no public key. Give its base64, without type and comment."
    )


def test_added_and_revoked() -> None:
    """A key counts from the event that brings it to the one that revokes it."""
    commons = keyed()
    (key,) = commons.state.people.members["bo"].keys
    assert (key.fingerprint, key.public, key.since, key.until) == (FINGERPRINT, BO, commons.state.seq, None)
    commons.act("bo", payloads.KeyRevoked(fingerprint=FINGERPRINT))
    (key,) = commons.state.people.members["bo"].keys
    assert key.until == commons.state.seq
    assert commons.state.people.members["bo"].key(FINGERPRINT) is None


def test_refused_keys() -> None:
    """A key is registered once and for one member, the registry's own included."""
    commons = keyed()
    taken = f"the key {FINGERPRINT} is, or was, registered here. Make a new key; keys are not shared."
    for who in ("bo", "cy"):
        assert refusal(lambda who=who: commons.act(who, payloads.KeyAdded(public=BO))) == taken
    assert "registered here" in refusal(lambda: commons.act("cy", payloads.KeyAdded(public=REGISTRY_KEY)))
    gone = f"cy has no key {FINGERPRINT} that counts. Name one of your own."
    assert refusal(lambda: commons.act("cy", payloads.KeyRevoked(fingerprint=FINGERPRINT))) == gone
    commons.act("bo", payloads.KeyRevoked(fingerprint=FINGERPRINT))
    assert refusal(lambda: commons.act("bo", payloads.KeyAdded(public=BO))) == taken
    assert refusal(lambda: commons.act("bo", payloads.KeyRevoked(fingerprint=FINGERPRINT))).startswith(
        "bo has no"
    )
    for work in (payloads.KeyAdded(public=public_key("eve")), payloads.KeyRevoked(fingerprint=FINGERPRINT)):
        assert refusal(lambda work=work: commons.act("eve", work)).startswith("eve is not a member")


def test_many_keys() -> None:
    """A member has had so many keys, and no more."""
    commons = circle()
    for number in range(MAX_KEYS):
        commons.act("bo", payloads.KeyAdded(public=public_key(f"bo {number}")))
    assert refusal(lambda: commons.act("bo", payloads.KeyAdded(public=BO))) == (
        "bo has had 20 keys. Use one of them."
    )


def test_who_vouches() -> None:
    """Once the registry has a key, every event carries its signature or one of the actor's own."""
    commons = keyed()
    commons.propose("cy")
    unsigned = placed(commons, "bo", lambda event: replace(event, key=None, sig=None))
    assert refusal(unsigned) == (
        "nobody vouches for this event: it carries no signature. Record it through the registry, or sign it."
    )
    for half in ({"sig": None}, {"key": None}):
        work = placed(commons, "bo", lambda event, half=half: replace(event, **half))
        assert refusal(work) == "a key and a signature go together. Give both."
    own = placed(commons, "bo", lambda event: replace(event, key=FINGERPRINT))
    own()
    foreign = placed(commons, "cy", lambda event: replace(event, key=FINGERPRINT))
    expected = f"{FINGERPRINT} is no key of cy that counts now. Register it first, or sign with another."
    assert refusal(foreign) == expected
    stranger = placed(commons, "eve", lambda event: replace(event, key=FINGERPRINT))
    assert refusal(stranger) == expected.replace("cy", "eve")
    commons.act("bo", payloads.KeyRevoked(fingerprint=FINGERPRINT))
    assert refusal(placed(commons, "bo", lambda event: replace(event, key=FINGERPRINT))) == (
        expected.replace("cy", "bo")
    )


def test_the_registry_signs_alone_for_itself() -> None:
    """What the clock calls for is vouched for by the registry's key and no member's."""
    commons = keyed()
    number = commons.propose("cy", commons.change("spam"))
    commons.approve(number, "bo")
    commons.at += 20 * 3600
    draft = commons.owed()
    assert draft is not None
    event = replace(commons.place(draft), key=FINGERPRINT)
    assert "is no key of registry that counts now" in refusal(
        lambda: apply(commons.state, event, event_digest(encode_event(event)))
    )


def test_signed_acts_are_counted() -> None:
    """Each signature of one's own is counted, those after leaving as well: none can be played again."""
    commons = keyed()
    commons.join("di")
    commons.sign_with("bo", BO)
    number = commons.propose("bo")
    commons.act("bo", payloads.Commented(number=number, text=commons.sha()))
    assert commons.state.people.members["bo"].signed == 2
    commons.act("bo", payloads.Left())
    assert commons.state.people.members["bo"].signed == 3
    acted = commons.state.people.members["bo"].active_at
    commons.wait(1)
    commons.act("bo", payloads.Commented(number=number, text=commons.sha()))
    bo = commons.state.people.members["bo"]
    assert (bo.signed, bo.active_at) == (4, acted)
    commons.sign_with("bo", None)
    commons.act("bo", payloads.Commented(number=number, text=commons.sha()))
    assert commons.state.people.members["bo"].signed == 4


def test_acting_makes_active() -> None:
    """Any act of a member makes them active, and others' acts do not."""
    commons = circle()
    commons.wait(10)
    commons.act("bo", payloads.AffiliationDeclared(affiliation="acme"))
    members = commons.state.people.members
    assert (members["bo"].active_at, members["cy"].active_at) == (commons.at, commons.at - 10 * 3600)


def test_witness() -> None:
    """A witness signs with a key of their own, for all that came before."""
    commons = keyed()
    assert refusal(lambda: commons.act("bo", payloads.Witnessed())) == (
        "a witness signs with a key of their own. "
        "Register one with `commons member key add`, and sign with it."
    )
    assert refusal(lambda: commons.act("eve", payloads.Witnessed())).startswith("eve is not a member")
    commons.sign_with("bo", BO)
    seen = commons.state.seq
    commons.act("bo", payloads.Witnessed())
    assert commons.state.witnessed == (seen, commons.at)


# The registry's key


def test_founded_with_a_key() -> None:
    """The key that a founding brings vouches for it."""
    commons = Assembly(keyed=True)
    assert commons.state.registry is not None
    assert commons.state.registry.fingerprint == REGISTRY_FINGERPRINT == commons.events[0].key
    first = commons.events[0]
    wrong = replace(first, key=FINGERPRINT)
    expected = (
        f"the registry's key vouches for the founding that brings it. Sign it with {REGISTRY_FINGERPRINT}."
    )
    for event in (wrong, replace(first, sig=None)):
        assert refusal(lambda event=event: apply(None, event, "0" * 64)) == expected


def test_founded_without_a_key() -> None:
    """A founding that brings no key carries none."""
    event = replace(Assembly().events[0], key=FINGERPRINT, sig="signature")
    assert (
        refusal(lambda: apply(None, event, "0" * 64)) == "no key was set that could vouch. Leave out `key`."
    )


def test_a_key_later() -> None:
    """A commons that was founded without one gets a key, and from then on every event needs a signature."""
    commons = solo()
    first = payloads.RegistryKeySet(public=REGISTRY_KEY)
    draft = Draft(type="registry_key_set", actor="ana", payload=first)
    unsigned = replace(commons.place(draft), key=None, sig=None)
    assert refusal(lambda: apply(commons.state, unsigned, "0" * 64)).startswith("nobody vouches")
    commons.act("ana", first)
    assert commons.events[-1].key == REGISTRY_FINGERPRINT
    commons.join("bo")
    assert commons.events[-1].key == REGISTRY_FINGERPRINT
    again = payloads.RegistryKeySet(public=REGISTRY_KEY)
    assert refusal(lambda: commons.act("ana", again)) == (
        f"the key {REGISTRY_FINGERPRINT} is, or was, registered here. Make a new one."
    )


def test_a_new_key_vouches_for_itself() -> None:
    """The event that sets a key is signed with that key, and only a steward sets one."""
    commons = village(keyed=True)
    new = payloads.RegistryKeySet(public=BO)
    assert refusal(lambda: commons.act("bo", new)) == "bo is no steward of roost. Ask ana, or fork."
    event = replace(
        commons.place(Draft(type="registry_key_set", actor="ana", payload=new)), key=REGISTRY_FINGERPRINT
    )
    assert refusal(lambda: apply(commons.state, event, "0" * 64)) == (
        f"a new key vouches for itself. Sign with {FINGERPRINT}."
    )
    unsigned = replace(event, key=None, sig=None)
    assert refusal(lambda: apply(commons.state, unsigned, "0" * 64)).startswith("nobody vouches")
    commons.act("ana", new)
    assert commons.state.registry is not None
    assert commons.state.registry.since == commons.state.seq
    # It is the registry's, not the steward's: ana's later acts are not taken for signed by her.
    commons.act("ana", payloads.AffiliationDeclared(affiliation="acme"))
    assert commons.state.people.members["ana"].signed == 0
