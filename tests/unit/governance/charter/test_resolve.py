"""From a preset and overrides to rules, and back."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from governance import payloads
from governance.charter.errors import InvalidCharterError, MalformedCharterError
from governance.charter.model import Formula, Mode, Quorum
from governance.charter.presets import COMMONS, SOLO
from governance.charter.resolve import charter_digest, overrides_of, plain_value, resolve, value_of
from governance.charter.schema import KEYS, LATER
from governance.charter.values import MAX_OVERRIDES, Overrides, check_texts

ROOT = Path(__file__).parents[4]

OVERRIDES: dict[str, object] = {
    "class.policy.voting": 72,
    "class.policy.quorum": {"share": "1/4", "floor": 3},
    "class.policy.group_gate": "none",
    "class.routine.mode": "direct",
    "ballot.change_allowed": False,
    "evidence.suites": ["public", "contested"],
    "groups.teens.delegates": ["youth-council", "parents"],
}


def test_overrides() -> None:
    """What is said otherwise holds, and everything else is the preset's."""
    charter = resolve(COMMONS, OVERRIDES)
    assert charter.classes.policy.voting == 72
    assert charter.classes.policy.quorum == Quorum(formula=Formula.SHARE, factor=Fraction(1, 4), floor=3)
    assert charter.classes.policy.group_gate is None
    assert charter.classes.routine.mode is Mode.DIRECT
    assert charter.ballot.change_allowed is False
    assert charter.evidence.suites == ("contested", "public")
    assert dict(charter.groups) == {"teens": ("parents", "youth-council")}
    assert charter.classes.charter == resolve(COMMONS, {}).classes.charter


def test_back() -> None:
    """The overrides of a charter are those that differ from its preset, in their one plain form."""
    charter = resolve(COMMONS, {**OVERRIDES, "class.policy.reviews": 2})
    back = overrides_of(charter)
    assert list(back) == sorted(OVERRIDES)
    assert back["evidence.suites"] == ("contested", "public")
    assert resolve(COMMONS, back) == charter


def test_same_rules_same_digest() -> None:
    """The digest is that of the rules: order, spelling and preset make no difference, a value does."""
    charter = resolve(COMMONS, OVERRIDES)
    shuffled = resolve(
        COMMONS, {**dict(reversed(OVERRIDES.items())), "evidence.suites": ("contested", "public")}
    )
    assert charter_digest(shuffled) == charter_digest(charter)
    assert charter_digest(resolve(COMMONS, {**OVERRIDES, "class.policy.voting": 73})) != charter_digest(
        charter
    )
    other = {key: plain_value(charter, key) for key in (*KEYS, "groups.teens.delegates")}
    assert charter_digest(resolve(SOLO, other)) == charter_digest(charter)


def test_no_such_key() -> None:
    """A key that no charter has, or not this one, has no value, and the error names it."""
    for key, named in (("class.policy.colour", "class.policy.colour"), ("groups.teens.delegates", "teens")):
        with pytest.raises(KeyError, match=named):
            plain_value(resolve(COMMONS, {}), key)


def test_an_error_without_a_finding() -> None:
    """Errors that say what is wrong with a charter cannot be made without anything that is wrong."""
    for kind in (InvalidCharterError, MalformedCharterError):
        with pytest.raises(ValueError, match="needs at least one finding"):
            kind(())


def test_cached() -> None:
    """The same facts give the same object, so that a fold pays once."""
    assert resolve(COMMONS, dict(OVERRIDES)) is resolve(COMMONS, dict(OVERRIDES))


def test_true_is_not_one() -> None:
    """A flag in place of a number is refused, after the number was resolved and before."""
    resolve(COMMONS, {"class.policy.reviews": 1})
    with pytest.raises(InvalidCharterError):
        resolve(COMMONS, {"class.policy.reviews": True})
    resolve(COMMONS, {"ballot.change_allowed": True})
    with pytest.raises(InvalidCharterError):
        resolve(COMMONS, {"ballot.change_allowed": 1})


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("class.policy.voting", "72", "Give a whole number from 0 to 87600."),
        ("class.policy.voting", -1, "Give a whole number from 0 to 87600."),
        ("class.policy.voting", 87_601, "Give a whole number from 0 to 87600."),
        ("class.policy.voting", 1.5, "Give a whole number from 0 to 87600."),
        ("class.policy.voting", float("inf"), "Give a whole number from 0 to 87600."),
        ("class.policy.voting", 10**400, "Give a whole number from 0 to 87600."),
        ("class.policy.voting", None, "Give a whole number from 0 to 87600."),
        (
            "class.policy.mode",
            "lottery",
            "Give one of owner, direct, consent, consent_then_vote, vote, all_approve.",
        ),
        ("class.policy.threshold", "2/4", 'Give the fraction in lowest terms, "1/2", or "none".'),
        ("class.policy.threshold", "0.5", 'Give a fraction in quotes such as "1/3", 1/2 to 1, or "none".'),
        ("class.policy.threshold", "1/3", 'Give a fraction 1/2 to 1, or "none".'),
        ("class.policy.threshold", "1/0", 'Give a fraction in quotes such as "1/3", 1/2 to 1, or "none".'),
        ("evidence.margin", "0", "Give a fraction over 0, up to 1."),
        ("evidence.margin", "none", 'Give a fraction in quotes such as "1/3", over 0, up to 1.'),
        ("ballot.change_allowed", "true", "Give true or false, without quotes."),
        ("ballot.method", "schulze-wv@1", 'Give "approval-quorum@1".'),
        ("evidence.model.revision", "main", "Give a commit of 40 or 64 hex digits, or nothing."),
        ("evidence.model.id", "call me: 555", "Give a model's id such as openai/gpt-oss-safeguard-20b."),
        (
            "membership.stewards",
            "ana",
            "Give a list of 0 to 32, each a handle of a-z, 0-9 and inner hyphens.",
        ),
        ("membership.stewards", ["ana", "ana"], "Give a list that names each once."),
        (
            "membership.stewards",
            ["Ana"],
            "Give a list of which each is a handle of a-z, 0-9 and inner hyphens.",
        ),
        (
            "membership.stewards",
            ["a\n"],
            "Give a list of which each is a handle of a-z, 0-9 and inner hyphens.",
        ),
        ("evidence.suites", [datetime.date(2026, 1, 1)], "Give a list of which each is a suite's name"),
        ("evidence.suites", [b"public"], "Give a list of which each is a suite's name"),
        ("groups.teens.delegates", [], "Give a list of 1 to 32, each an affiliation"),
        ("class.policy.quorum", 3, 'Give a quorum such as {formula = "sqrt", factor = "3/2", floor = 3}'),
        ("class.policy.quorum", {"formula": "cube", "factor": "1", "floor": 3}, "Give a formula that exists"),
        (
            "class.policy.quorum",
            {"formula": "share", "factor": "1", "floor": 3},
            "Give a formula that exists",
        ),
        ("class.policy.quorum", {"factor": "1", "floor": 3}, "Give a formula: "),
        ("class.policy.quorum", {"share": "1/4"}, "Give a quorum with its floor"),
        (
            "class.policy.quorum",
            {"share": "3/2", "floor": 3},
            "Give a quorum whose share is a fraction over 0",
        ),
        (
            "class.policy.quorum",
            {"share": "1/2", "floor": 0},
            "Give a quorum whose floor is a whole number from 1",
        ),
        (
            "class.policy.quorum",
            {"share": "1/2", "floor": 3, "formula": "sqrt"},
            "Give a quorum of share, floor and no",
        ),
    ],
)
def test_wrong_value(key: str, value: object, remedy: str) -> None:
    """A value that does not fit is refused with its key, the value as it was given, and what would fit."""
    with pytest.raises(InvalidCharterError) as refused:
        resolve(COMMONS, {key: value})
    (finding,) = refused.value.findings
    assert finding.key == key
    assert finding.value
    assert finding.remedy.startswith(remedy)
    assert len(str(finding)) < 400


def test_number_of_thousands_of_digits() -> None:
    """A number that Python cannot turn into text is refused like any other."""
    with pytest.raises(InvalidCharterError, match=r"class\.policy\.voting = a very large number"):
        resolve(COMMONS, {"class.policy.voting": 10**5000})


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("class.polcy.voting", "Did you mean class.policy.voting?"),
        ("class.policy", "Name a key of it, such as class.policy.mode."),
        ("weather", "The README of governance lists every key."),
        ("groups.Teens.delegates", 'Write it as groups.teens.delegates = ["youth-council"].'),
        ('"class.policy.voting"', "Write keys without quotes."),
        ("", "The README of governance lists every key."),
        ("x" * 10_000, "The README of governance lists every key."),
        *((key, "Take it out until a version has that rule.") for key in LATER),
        ("sanctions.ladder", "Take it out until a version has that rule."),
    ],
)
def test_unknown_key(key: str, remedy: str) -> None:
    """A key without a rule behind it is refused, with the one that was probably meant."""
    with pytest.raises(InvalidCharterError) as refused:
        resolve(COMMONS, {key: 1})
    assert refused.value.remedy == remedy
    assert len(str(refused.value)) < 400


def test_every_finding_is_named() -> None:
    """All that is wrong is said at once, in the order of the keys."""
    with pytest.raises(InvalidCharterError) as refused:
        resolve(COMMONS, {"class.policy.voting": -1, "weather": 1, "audit.checkpoint_hours": 0})
    assert [finding.key for finding in refused.value.findings] == [
        "audit.checkpoint_hours",
        "class.policy.voting",
        "weather",
    ]


def test_limits() -> None:
    """More overrides than there are keys, or more groups than anyone can follow, are refused."""
    with pytest.raises(InvalidCharterError, match="201 overrides are over the limit of 200"):
        resolve(COMMONS, {f"x{number}": 1 for number in range(MAX_OVERRIDES + 1)})
    sixteen = {f"groups.g{number}.delegates": ["a"] for number in range(16)}
    assert len(resolve(COMMONS, sixteen).groups) == 16
    with pytest.raises(InvalidCharterError, match="17 groups are over the limit of 16"):
        resolve(COMMONS, {f"groups.g{number}.delegates": ["a"] for number in range(17)})


def test_unknown_preset() -> None:
    """A preset that does not ship is refused by name."""
    with pytest.raises(InvalidCharterError, match=r'preset = "solo@2": No preset .* Use solo@1, circle@1'):
        resolve("solo@2", {})


def test_value_of() -> None:
    """A key's typed value is found by its name, and one that does not exist is none."""
    charter = resolve(COMMONS, OVERRIDES)
    assert value_of(charter, "evidence.margin") == Fraction(1, 10)
    assert value_of(charter, "groups.teens.delegates") == ("parents", "youth-council")
    for key in ("class.policy", "groups.elders.delegates", "weather"):
        with pytest.raises(KeyError):
            value_of(charter, key)


class Said(msgspec.Struct, frozen=True):
    """A payload as events have them."""

    overrides: Overrides

    def __post_init__(self) -> None:
        check_texts(self.overrides)


def test_payload_with_overrides() -> None:
    """The type of a payload's overrides takes every override in its plain form."""
    charter = resolve(COMMONS, OVERRIDES)
    said = Said(overrides=overrides_of(charter))
    assert msgspec.json.decode(msgspec.json.encode(said), type=Said) == said


@pytest.mark.parametrize(
    "overrides",
    [
        {"a b": 1},
        {"A": 1},
        {"a": "b c"},
        {"a": "b\n"},
        {"a": "é"},
        {"a": "x" * 131},
        {"a": ["b c"]},
        {"a": ["b"] * 65},
        {"a": {"b": "c d"}},
        {"a": {"b c": 1}},
        {"a": 1.5},
        {"a": -1},
        {"a": 10**6 + 1},
        {"a": None},
        {"a": [["b"]]},
        {f"a{number}": 1 for number in range(MAX_OVERRIDES + 1)},
    ],
)
def test_payload_holds_no_free_text(overrides: dict[str, object]) -> None:
    """A payload's overrides hold no text with a space or a line end, nor what no key could hold."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode({"overrides": overrides}), type=Said)


def test_the_type_can_be_freed() -> None:
    """msgspec frees the type without harm; in unions that it frees wrongly, memory is found corrupted."""
    code = (
        "import gc, msgspec\nfrom governance.charter.values import Overrides\n"
        'read = msgspec.json.Decoder(Overrides)\nread.decode(b\'{"a":["b"],"c":{"d":1},"e":"f"}\')\n'
        "del read\ngc.collect()\n"
    )
    environment = {**os.environ, "PYTHONMALLOC": "debug"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_names_are_those_of_events() -> None:
    """A steward is a handle and a delegate an affiliation by the very patterns that events have."""
    assert KEYS["membership.stewards"].kind.item.shape is payloads.Handle  # type: ignore[attr-defined]
    assert KEYS["evidence.suites"].kind.item.shape is payloads.Slug  # type: ignore[attr-defined]
