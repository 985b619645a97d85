"""Checking signatures against the bare algorithm, and opening the boxes of a large vote."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_box_seal_open

from governance.events import Event, place
from registry.keys.box_key import box_key
from registry.keys.public_key import Keyring
from registry.keys.registry_key import RegistryKey, check_attestation
from registry.keys.sealed import Opened, SealedBallot, open_boxes, seal
from registry.keys.secret import Secret
from registry.keys.sshsig import check_signature
from registry.keys.statements import BALLOT, BallotContext, ballot_statement
from registry.keys.wire import unbase64
from tests.benchmarks.measure import Line, seconds
from tests.unit.governance.history import ONE_OF_EACH

SIGNED, MEMBERS, BOXES, THREADS, ROUNDS = 10_000, 100, 100_000, 2, 5
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
    bare = Ed25519PrivateKey.generate()
    public, message = bare.public_key(), bytes(120)
    signature = bare.sign(message)

    def check_ballots() -> None:
        ring = Keyring()
        for number, key, compact in ballots:
            check_signature(compact, _statement(number), BALLOT, ring.key(key))

    def check_events() -> None:
        for event, signer in events:
            check_attestation(event, signer.public)

    def check_bare() -> None:
        for _ in range(SIGNED):
            public.verify(signature, message)

    rounds = [(seconds(check_ballots), seconds(check_events), seconds(check_bare)) for _ in range(ROUNDS)]
    votes, attested, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(bare / ours for ours, _, bare in rounds)
    return [
        Line(
            f"checking {SIGNED:,} signed ballots, statements included",
            f"{SIGNED / votes:,.0f}/s",
            ">= 3,000/s",
            SIGNED / votes >= 3000,
        ),
        Line(
            "the same against bare Ed25519 checks",
            f"{ratio:.0%} of {SIGNED / floor:,.0f}/s",
            ">= 70 %",
            ratio >= 0.7,
        ),
        Line(
            f"checking {SIGNED:,} attested events",
            f"{SIGNED / attested:,.0f}/s",
            ">= 3,000/s",
            SIGNED / attested >= 3000,
        ),
    ]


def _statement(number: int) -> bytes:
    return ballot_statement(CONTEXT, member=f"m{number % MEMBERS}", nonce=number, choice="yes")


def _boxes() -> list[Line]:
    key = box_key(Secret(bytes(32)), commons="roost", proposal=12, round_number=1)

    def make(number: int) -> SealedBallot:
        member, choice = f"m{number}", CHOICES[number % 3]
        return SealedBallot(member, 1, seal(key.public_text, CONTEXT, member=member, choice=choice, nonce=1))

    with ThreadPoolExecutor(THREADS) as pool:
        ballots = list(pool.map(make, range(BOXES)))
    expected = [Opened(CHOICES[number % 3], None) for number in range(BOXES)]

    def opening(threads: int) -> None:
        assert open_boxes(key, CONTEXT, ballots, CHOICES, threads=threads) == expected

    def bare() -> None:
        for ballot in ballots:
            crypto_box_seal_open(unbase64(ballot.box, ValueError), key.public, key.private)

    rounds = [
        (seconds(lambda: opening(THREADS)), seconds(lambda: opening(1)), seconds(bare)) for _ in range(3)
    ]
    taken, alone, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        Line(f"opening {BOXES:,} sealed ballots, {THREADS} threads", f"{taken:.1f} s", "< 6 s", taken < 6),
        Line("the same on one thread; libsodium alone", f"{alone:.1f} s; {floor:.1f} s", "-"),
    ]
