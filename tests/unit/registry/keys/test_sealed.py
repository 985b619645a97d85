"""Sealed ballots: shut until the close, of one size, and counted or spoilt for a stated reason."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import msgspec
import pytest
from nacl.bindings import crypto_box_seal
from nacl.public import PrivateKey as NaclKey
from nacl.public import SealedBox

from governance.payloads import Token, Word
from registry.keys.box_key import box_key, published_key
from registry.keys.errors import BoxRefusedError
from registry.keys.sealed import (
    BOX_BYTES,
    BOX_CHARACTERS,
    CONTENT_BYTES,
    Opened,
    SealedBallot,
    Spoilt,
    check_box,
    open_boxes,
    seal,
)
from registry.keys.secret import Secret
from registry.keys.statements import BallotContext

SECRET = Secret(bytes(range(32)))
KEY = box_key(SECRET, commons="roost", proposal=12, round_number=1)
CONTEXT = BallotContext(commons="roost", proposal=12, content="c" * 64, charter="d" * 40, roll="e" * 64)
CHOICES = ("yes", "no", "abstain")


def sealed(choice: str = "yes", *, member: str = "ana", nonce: int = 3) -> SealedBallot:
    box = seal(KEY.public_text, CONTEXT, member=member, choice=choice, nonce=nonce)
    return SealedBallot(member, nonce, box)


def opened(ballot: SealedBallot, key: object = KEY, context: BallotContext = CONTEXT) -> Opened:
    (found,) = open_boxes(key, context, [ballot], CHOICES)  # type: ignore[arg-type]
    return found


def boxed(content: bytes) -> SealedBallot:
    """A box of ana's third ballot around any content at all."""
    return SealedBallot("ana", 3, base64.b64encode(crypto_box_seal(content, KEY.public)).decode())


CONTENT = {"choice": "yes", "context": CONTEXT.digest, "member": "ana", "nonce": 3, "v": 1}


def content(**changes: object) -> bytes:
    said = {name: value for name, value in (CONTENT | changes).items() if value is not None}
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode().ljust(CONTENT_BYTES, b"\0")


@pytest.mark.parametrize("choice", CHOICES)
def test_there_and_back(choice: str) -> None:
    """What was sealed is what is opened, with the key as it is published in the log."""
    published = published_key(KEY.private_text, KEY.public_text)
    assert opened(sealed(choice), published) == Opened(choice, None)


def test_content_byte_for_byte() -> None:
    """A box is a NaCl sealed box around canonical JSON, filled with zero bytes to 256."""
    raw = SealedBox(NaclKey(KEY.private)).decrypt(base64.b64decode(sealed().box))
    assert raw == content()
    assert len(raw) == CONTENT_BYTES
    assert opened(boxed(content())) == Opened("yes", None)


def test_every_box_has_the_same_size() -> None:
    """Whatever the choice, the handle and the nonce: the same number of bytes, which fits an event."""
    for choice in ("a", *CHOICES, "x" * 64):
        for member in ("a", "a" * 39):
            for nonce in (0, 1, 9_007_199_254_740_991):
                box = sealed(choice, member=member, nonce=nonce).box
                assert (len(box), len(base64.b64decode(box))) == (BOX_CHARACTERS, BOX_BYTES)
                assert msgspec.convert(box, Token) == box


def test_no_two_boxes_are_alike() -> None:
    """The same choice of the same member is another box each time, in every part: nothing can be compared."""
    boxes = [base64.b64decode(sealed("yes").box) for _ in range(50)]
    for start, end in ((0, 32), (32, 48), (48, BOX_BYTES)):
        assert len({box[start:end] for box in boxes}) == 50


def test_nothing_shows_through() -> None:
    """No byte of a box stays the same over boxes of one choice, or tells choices apart by its mean."""
    means = []
    for choice in ("yes", "no"):
        boxes = [base64.b64decode(sealed(choice).box) for _ in range(400)]
        columns = list(zip(*boxes, strict=True))
        # The top bit of a public key's last byte is always clear; every other byte takes on any value.
        assert min(len(set(column)) for column in columns) > 100
        means.append([sum(column) / len(column) for column in columns])
    # Of 304 means of 400 uniform bytes each (deviation 3.7), differences stay far below eight deviations.
    assert max(abs(one - other) for one, other in zip(*means, strict=True)) < 42


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"context": "0" * 64}, Spoilt.OTHER_VOTE),
        ({"member": "ben"}, Spoilt.OTHER_MEMBER),
        ({"nonce": 2}, Spoilt.OTHER_BALLOT),
        ({"choice": "maybe"}, Spoilt.UNKNOWN_CHOICE),
        ({"v": 2}, Spoilt.MALFORMED),
        ({"v": None}, Spoilt.MALFORMED),
        ({"mood": "good"}, Spoilt.MALFORMED),
        ({"choice": ["yes"]}, Spoilt.MALFORMED),
        ({"choice": "Yes"}, Spoilt.MALFORMED),
        ({"choice": "yes\n"}, Spoilt.MALFORMED),
        ({"nonce": -1}, Spoilt.MALFORMED),
        ({"nonce": 3.0}, Spoilt.MALFORMED),
        ({"nonce": True}, Spoilt.MALFORMED),
        ({"nonce": 1 << 53}, Spoilt.MALFORMED),
        ({"context": "C" * 64}, Spoilt.MALFORMED),
    ],
)
def test_wrong_content(changes: dict[str, object], reason: Spoilt) -> None:
    """A box that opens and does not say this member's choice in this vote is spoilt, with the reason."""
    assert opened(boxed(content(**changes))) == Opened(None, reason)


PLAIN = content().rstrip(b"\0")


@pytest.mark.parametrize(
    "raw",
    [
        bytes(CONTENT_BYTES),
        b"\xff" * CONTENT_BYTES,
        b"[" * CONTENT_BYTES,
        PLAIN.ljust(CONTENT_BYTES, b" "),
        PLAIN.ljust(CONTENT_BYTES - 1, b"\0") + b"x",
        (PLAIN + b"\n").ljust(CONTENT_BYTES, b"\0"),
        (b" " + PLAIN).ljust(CONTENT_BYTES, b"\0"),
        (b"\0" + PLAIN).ljust(CONTENT_BYTES, b"\0"),
        json.dumps(CONTENT).encode().ljust(CONTENT_BYTES, b"\0"),
        PLAIN.replace(b'"yes"', b'"y\\u0065s"').ljust(CONTENT_BYTES, b"\0"),
        PLAIN.replace(b'"v":1', b'"v":1,"v":1').ljust(CONTENT_BYTES, b"\0"),
        PLAIN.replace(b'{"choice":"yes",', b"{").replace(b'"v":1', b'"v":1,"choice":"yes"').ljust(256, b"\0"),
    ],
    ids=range(12),
)
def test_another_form(raw: bytes) -> None:
    """The same words in another form are spoilt: spaces or escapes could carry a voter's mark."""
    assert len(raw) == CONTENT_BYTES
    assert opened(boxed(raw)) == Opened(None, Spoilt.MALFORMED)


@pytest.mark.parametrize("size", [0, 255, 257, 258, 1000])
def test_another_size(size: int) -> None:
    """A box of another size is not opened at all."""
    ballot = boxed(content()[:size].ljust(size, b"\0"))
    assert opened(ballot) == Opened(None, Spoilt.UNOPENABLE)
    with pytest.raises(BoxRefusedError, match="it has not the 304 bytes"):
        check_box(ballot.box)


@pytest.mark.parametrize(
    "text", ["", "A", "é" * BOX_CHARACTERS, "=" * BOX_CHARACTERS, "A" * BOX_CHARACTERS, "A" * 405 + "B=="]
)
def test_no_box(text: str) -> None:
    """Text that is no box is unopenable, whatever it is, and can be refused before the close."""
    assert opened(SealedBallot("ana", 3, text)) == Opened(None, Spoilt.UNOPENABLE)
    with pytest.raises(BoxRefusedError, match=r"^ballot box: "):
        check_box(text)


def test_the_form_of_a_box() -> None:
    """Before the close, whatever has the size of a box passes for one: only the key tells more."""
    check_box(sealed().box)
    check_box("A" * 406 + "==")
    assert opened(SealedBallot("ana", 3, "A" * 406 + "==")) == Opened(None, Spoilt.UNOPENABLE)


def test_every_bit_counts() -> None:
    """A box with any one bit changed does not open, the unused bit of its public key included."""
    ballot = sealed()
    raw = base64.b64decode(ballot.box)
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        again = ballot._replace(box=base64.b64encode(changed).decode())
        assert opened(again) == Opened(None, Spoilt.UNOPENABLE), bit


def test_other_base64() -> None:
    """Stray bits in the last character would be another spelling of the same box; they are refused."""
    ballot = sealed()
    assert ballot.box.endswith("==")
    place = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = place[place.index(ballot.box[-3]) + 1]
    assert base64.b64decode(ballot.box[:-3] + stray + "==") == base64.b64decode(ballot.box)
    assert opened(ballot._replace(box=f"{ballot.box[:-3]}{stray}==")) == Opened(None, Spoilt.UNOPENABLE)


def test_a_copied_box() -> None:
    """Somebody else's box under one's own handle is spoilt, and so is one's own older one."""
    ballot = sealed()
    assert opened(ballot._replace(member="ben")) == Opened(None, Spoilt.OTHER_MEMBER)
    assert opened(ballot._replace(nonce=4)) == Opened(None, Spoilt.OTHER_BALLOT)


@pytest.mark.parametrize(
    "context",
    [
        replace(CONTEXT, commons="nest"),
        replace(CONTEXT, proposal=13),
        replace(CONTEXT, content="0" * 64),
        replace(CONTEXT, charter="0" * 40),
        replace(CONTEXT, roll="0" * 64),
    ],
)
def test_a_box_of_another_vote(context: BallotContext) -> None:
    """A box that was sealed for another commons, proposal, text, charter or roll is spoilt."""
    assert opened(sealed(), context=context) == Opened(None, Spoilt.OTHER_VOTE)


def test_a_box_of_another_round() -> None:
    """A vote that is run again has another key: boxes of the first run do not open."""
    again = box_key(SECRET, commons="roost", proposal=12, round_number=2)
    assert opened(sealed(), again) == Opened(None, Spoilt.UNOPENABLE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"choice": "Yes"},
        {"choice": ""},
        {"choice": "x" * 65},
        {"choice": "ja\u0301"},
        {"choice": "\udcff"},
        {"member": "\udcff"},
        {"nonce": 1 << 70},
        {"member": "Ana"},
        {"member": "a" * 40},
        {"nonce": -1},
        {"nonce": 1 << 53},
    ],
)
def test_what_no_box_can_hold(wrong: dict[str, object]) -> None:
    """A value that could not be opened again is refused before it is sealed."""
    with pytest.raises(BoxRefusedError, match=r"^ballot: "):
        seal(KEY.public_text, CONTEXT, **({"member": "ana", "choice": "yes", "nonce": 3} | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("public", ["", "0" * 64, "01" + "0" * 62, "x" * 64])
def test_no_key_to_seal_for(public: str) -> None:
    """A public key that is malformed, or of a point with which nothing is secret, is refused."""
    with pytest.raises(BoxRefusedError, match="public key of the ballot box"):
        seal(public, CONTEXT, member="ana", choice="yes", nonce=3)


def test_reasons() -> None:
    """The reasons are a closed list of words that fit an event."""
    assert [msgspec.convert(str(reason), Word) for reason in Spoilt] == [
        "unopenable",
        "malformed",
        "other_vote",
        "other_member",
        "other_ballot",
        "unknown_choice",
    ]


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_many(threads: int) -> None:
    """Any number of boxes comes out in the order it went in, however many threads open them."""
    ballots = [sealed(CHOICES[number % 3], member=f"m{number}") for number in range(1203)]
    ballots[700] = ballots[700]._replace(box="A")
    found = open_boxes(KEY, CONTEXT, iter(ballots), CHOICES, threads=threads)
    expected = [Opened(CHOICES[number % 3], None) for number in range(1203)]
    expected[700] = Opened(None, Spoilt.UNOPENABLE)
    assert found == expected
    assert open_boxes(KEY, CONTEXT, [], CHOICES, threads=threads) == []
