"""Checking signatures against the bare algorithm, and opening the boxes of a large vote."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nacl.bindings import crypto_box_seal_open, crypto_sign, crypto_sign_keypair, crypto_sign_open

from governance.events import Event, place
from registry.keys.box_key import box_key
from registry.keys.public_key import Keyring
from registry.keys.registry_key import RegistryKey, check_attestation
from registry.keys.sealed import Opened, SealedBallot, open_boxes, seal
from registry.keys.secret import Secret
from registry.keys.sshsig import check_signature
from registry.keys.statements import BALLOT, BallotContext, ballot_statement
from registry.keys.wire import unbase64
from tests.benchmarks.measure import Line, paired_ratio, seconds
from tests.unit.governance.history import ONE_OF_EACH

SIGNED, MEMBERS, BOXES = 10_000, 100, 100_000
SAMPLE, PAIRS, ROUNDS = 1_000, 15, 3
CHOICES = ("yes", "no", "abstain")
CONTEXT = BallotContext(commons="roost", proposal=12, content="c" * 64, charter="d" * 40, roll="e" * 64)


def run(_folder: Path) -> list[Line]:
    """Signatures first, then boxes."""
    return [*_signatures(), *_boxes()]


def _signatures() -> list[Line]:
    # Members' keys here are the registry's of a hundred commons: Ed25519 like most people's.
    signers = [RegistryKey(Secret(bytes(32)), f"m{number}") for number in range(MEMBERS)]
    work = [(number, signers[number % MEMBERS]) for number in range(SIGNED)]
    ballots = [
        (number, signer.public.text, signer.sign(_statement(number), BALLOT)) for number, signer in work
    ]
    draft = ONE_OF_EACH[-1]
    events: list[tuple[Event, RegistryKey]] = [
        (signer.attest(place(draft, seq=number + 2, at=number, charter="d" * 40, prev="0" * 64)), signer)
        for number, signer in work
    ]
    public, private = crypto_sign_keypair()
    signed = crypto_sign(bytes(120), private)

    ring = Keyring()

    def check_ballots(count: int = SIGNED) -> None:
        for number, key, compact in ballots[:count]:
            check_signature(compact, _statement(number), BALLOT, ring.key(key))

    def check_events() -> None:
        for event, signer in events:
            check_attestation(event, signer.public)

    def check_bare() -> None:
        for _ in range(SAMPLE):
            crypto_sign_open(signed, public)

    votes, attested = SIGNED / _best(check_ballots), SIGNED / _best(check_events)
    share = 1 / paired_ratio(lambda: check_ballots(SAMPLE), check_bare, PAIRS)
    return [
        Line(
            f"checking {SIGNED:,} signed ballots, statements included",
            f"{votes:,.0f}/s",
            ">= 3,000/s",
            votes >= 3000,
        ),
        Line("the same against bare Ed25519 checks", f"{share:.0%}", ">= 60 %", share >= 0.6),
        Line(f"checking {SIGNED:,} attested events", f"{attested:,.0f}/s", ">= 3,000/s", attested >= 3000),
    ]


def _statement(number: int) -> bytes:
    return ballot_statement(CONTEXT, member=f"m{number % MEMBERS}", nonce=number, choice="yes")


def _boxes() -> list[Line]:
    key = box_key(Secret(bytes(32)), commons="roost", proposal=12, round_number=1)

    def make(number: int) -> SealedBallot:
        member, choice = f"m{number}", CHOICES[number % 3]
        return SealedBallot(member, 1, seal(key.public_text, CONTEXT, member=member, choice=choice, nonce=1))

    with ThreadPoolExecutor(4) as pool:
        ballots = list(pool.map(make, range(BOXES)))
    expected = [Opened(CHOICES[number % 3], None) for number in range(BOXES)]

    def opening() -> None:
        assert open_boxes(key, CONTEXT, ballots, CHOICES) == expected

    def some() -> None:
        open_boxes(key, CONTEXT, ballots[:SAMPLE], CHOICES, threads=1)

    def bare() -> None:
        for ballot in ballots[:SAMPLE]:
            crypto_box_seal_open(unbase64(ballot.box, ValueError), key.public, key.private)

    taken = _best(opening)
    ratio = paired_ratio(some, bare, PAIRS)
    return [
        Line(f"opening {BOXES:,} sealed ballots", f"{taken:.1f} s", "< 6 s", taken < 6),
        Line("the same on one thread against libsodium alone", f"{ratio:.2f}x", "<= 1.4x", ratio <= 1.4),
    ]


def _best(work: Callable[[], object]) -> float:
    """Seconds of the best of some rounds: all of it is computing, to which a shared machine only adds."""
    return min(seconds(work) for _ in range(ROUNDS))
