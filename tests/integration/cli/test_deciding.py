"""`member`, `charter`, `propose`, `review`, `object`, `vote`, `enact`, `explain`: deciding together."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.commandline import Command


@pytest.fixture
def circle(commons: Command) -> Command:
    """`demo.git` with its one policy, and ana, bo and cleo under the charter of friends."""
    for handle in ("bo", "cleo"):
        assert commons("member", "invite", "demo.git", handle).code == 0
        assert commons("member", "join", "demo.git", handle).code == 0
    assert commons("charter", "amend", "demo.git", "--preset", "circle@1").code == 0
    return commons


@pytest.fixture
def proposed(circle: Command, edited: Path) -> Command:
    """The same with proposal 1 of bo's, a change of wording."""
    said = circle("propose", "demo.git", edited, "--title", "Start at the top", "--as", "bo", "--json")
    assert (said.code, said.document["number"], said.document["stage"]) == (0, 1, "review")
    return circle


def _latest(commons: Command) -> str:
    versions = commons("show", "demo.git", "spam", "--json").document["versions"]
    return str(max(versions))


def test_members_are_listed_with_what_they_may(circle: Command) -> None:
    """Who belongs, who can vote, and for whom they act; somebody uninvited is told what to do."""
    rows = circle("member", "list", "demo.git", "--json").document["members"]
    assert [(row["handle"], row["can_vote"]) for row in rows] == [("ana", True), ("bo", True), ("cleo", True)]
    assert circle("member", "affiliation", "demo.git", "youth-council", "--as", "bo").code == 0
    assert "youth-council" in circle("member", "list", "demo.git").out
    refused = circle("member", "join", "demo.git", "dan", "--json")
    assert (refused.code, refused.error["remedy"]) == (3, "Ask a member for an invitation.")
    assert circle("member", "leave", "demo.git", "--as", "cleo").code == 0
    assert "left" in circle("member", "list", "demo.git").out


def test_the_charter_reads_aloud_and_names_its_lines(circle: Command) -> None:
    """In plain words, each sentence with its keys and where they come from; or as the file that it is."""
    shown = circle("charter", "show", "demo.git", "--json").document
    assert shown["preset"] == "circle@1"
    sentence = next(
        one
        for section in shown["words"]
        for one in section["sentences"]
        if "class.policy.objection" in one["keys"]
    )
    assert "20 hours" in sentence["text"]
    assert set(sentence["sources"]) == {"circle@1"}
    assert circle("charter", "show", "demo.git", "--toml").out == shown["file"]


def test_a_change_of_the_charter_is_told_before_it_is_made(circle: Command) -> None:
    """What changes, who decides, and what these members could not live by, with the key and the remedy."""
    checked = circle("charter", "check", "demo.git", "--set", "class.policy.voting=120", "--json").document
    assert (checked["kind"], checked["findings"]) == ("charter", [])
    assert [change["keys"] for change in checked["changes"]] != []
    refused = circle("charter", "check", "demo.git", "--preset", "commons@1", "--json")
    assert refused.code == 1
    assert any("panel.size" in finding["message"] for finding in refused.document["findings"])
    assert circle("charter", "check", "demo.git", "--set", "class.policy.votting=1").code == 2
    assert (
        "class.policy.voting" in circle("charter", "check", "demo.git", "--set", "class.policy.votting=1").err
    )


def test_what_is_decided_together_is_not_amended_at_once(circle: Command) -> None:
    """Without a title it is refused and says why; with one it becomes a proposal."""
    change = ("--set", "class.policy.voting=120")
    refused = circle("charter", "amend", "demo.git", *change, "--json")
    assert (refused.code, refused.error["remedy"]) == (3, "Propose it.")
    opened = circle("charter", "amend", "demo.git", *change, "--title", "Five days", "--json")
    assert (opened.code, opened.document["stage"]) == (0, "review")


def test_a_proposal_goes_its_way(proposed: Command) -> None:
    """Reviewed, objected to, resolved, agreed to by all; and each answer says where it stands."""
    own = proposed("review", "demo.git", "1", "--approve", "--as", "bo", "--json")
    assert (own.code, "you may vote" in own.error["remedy"]) == (3, True)
    assert (
        proposed("review", "demo.git", "1", "--approve", "--as", "cleo", "--json").document["stage"]
        == "comment"
    )
    reasons = ("--reason", "Which top?", "--remedy", "Say it.")
    assert proposed("object", "demo.git", "1", *reasons, "--as", "ana").code == 0
    ways = proposed("explain", "demo.git", "1", "--json").document["ways"]
    assert "voting_opened" in [way["to"] for way in ways]
    assert proposed("object", "demo.git", "1", "--resolve", "--as", "ana").code == 0
    last = proposed("review", "demo.git", "1", "--approve", "--as", "ana", "--json").document
    assert last["stage"] == "enacted"
    assert _latest(proposed) == "1.0.1"
    assert "by everybody who may vote" in proposed("explain", "demo.git", "1").out
    assert proposed("verify", "demo.git").code == 0


def test_an_edit_is_suggested_and_taken(proposed: Command) -> None:
    """On a line, by anybody; the proposer takes it as a revision, once; whoever suggested it may review."""
    place = "policies/spam/policy.md:3"
    edit = ("--comment", "Say for whom.", "--at", place, "--suggest", "summary: Spam on a small platform.")
    said = proposed("review", "demo.git", "1", *edit, "--as", "cleo")
    assert f"cleo suggested an edit of {place} in proposal 1, in event " in said.out
    event = said.out.partition("in event ")[2].partition(".")[0]
    assert proposed("propose", "demo.git", "--revise", "1", "--take", event, "--as", "cleo").code == 3
    taken = proposed("propose", "demo.git", "--revise", "1", "--take", event, "--as", "bo")
    assert f"bo revised proposal 1 with the edit of event {event}." in taken.out
    again = proposed("propose", "demo.git", "--revise", "1", "--take", event, "--as", "bo", "--json")
    assert (again.code, "was taken in event" in again.error["message"]) == (2, True)
    assert proposed("review", "demo.git", "1", "--approve", "--as", "cleo").code == 0
    assert f"taking the edit that event {event} suggests" in proposed("log", "demo.git").out
    assert proposed("verify", "demo.git").code == 0


def test_every_condition_is_explained_with_its_charter_key(proposed: Command) -> None:
    """Each guard: whether it holds, in words with numbers, the key, and where the key stands."""
    ways = proposed("explain", "demo.git", "1", "--json").document["ways"]
    reviews = next(guard for guard in ways[0]["guards"] if guard["guard"] == "reviews")
    assert (reviews["holds"], reviews["key"], reviews["source"]) == (
        False,
        "class.policy.reviews",
        "circle@1",
    )
    assert "0 of 1 approval" in reviews["says"]
    assert "class.policy.reviews, circle@1" in proposed("explain", "demo.git", "1").out


def test_a_vote_has_a_receipt_and_a_count(proposed: Command) -> None:
    """Asked for by two, cast by all; the receipt names the event, and the count shows each ballot."""
    for handle in ("ana", "cleo"):
        assert proposed("vote", "demo.git", "1", "--call", "--as", handle).code == 0
    receipt = proposed("vote", "demo.git", "1", "no", "--as", "bo", "--json").document["receipt"]
    logged = proposed("log", "demo.git", "-n", "1", "--json").document["events"][0]
    assert (receipt["seq"], receipt["digest"], receipt["commit"]) == (
        logged["seq"],
        logged["digest"],
        logged["commit"],
    )
    for handle in ("ana", "bo", "cleo"):
        proposed("vote", "demo.git", "1", "yes", "--as", handle)
    vote = proposed("explain", "demo.git", "1", "--json").document["vote"]
    assert [(one["member"], one["choice"]) for one in vote["ballots"]] == [
        ("ana", "yes"),
        ("bo", "yes"),
        ("cleo", "yes"),
    ]
    assert [line["holds"] for line in vote["arithmetic"]] == [True, True]


def test_signed_acts(proposed: Command, tmp_path: Path) -> None:
    """A registered key signs acts and ballots; another's does not, and a revoked one neither."""
    for name in ("bo", "cleo"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    added = proposed("member", "key", "demo.git", "--add", tmp_path / "bo.pub", "--as", "bo", "--json")
    assert added.code == 0
    assert proposed("member", "witness", "demo.git", "--as", "bo", "--sign", tmp_path / "bo").code == 0
    for handle in ("ana", "cleo"):
        proposed("vote", "demo.git", "1", "--call", "--as", handle)
    signed = proposed("vote", "demo.git", "1", "yes", "--as", "bo", "--sign", tmp_path / "bo", "--json")
    assert signed.document["receipt"]["signed"]
    foreign = proposed("vote", "demo.git", "1", "no", "--as", "bo", "--sign", tmp_path / "cleo", "--json")
    assert (foreign.code, "is no key of bo" in foreign.error["rule"]) == (3, True)
    fingerprint = added.document["fingerprint"]
    assert proposed("member", "key", "demo.git", "--revoke", fingerprint, "--as", "bo").code == 0
    assert proposed("vote", "demo.git", "1", "no", "--as", "bo", "--sign", tmp_path / "bo").code == 3
    checks = proposed("verify", "demo.git", "--json").document["checks"]
    events = next(check["count"] for check in checks if check["check"] == "log")
    assert next(check["count"] for check in checks if check["check"] == "signatures") == events


def test_taken_back(proposed: Command) -> None:
    """What came into force without a vote can be taken back for a week, once."""
    proposed("review", "demo.git", "1", "--approve", "--as", "cleo")
    proposed("review", "demo.git", "1", "--approve", "--as", "ana")
    undo = ("enact", "demo.git", "--undo", "1", "--reason", "Too early", "--as", "ana")
    assert proposed(*undo, "--json").document["stage"] == "undone"
    assert _latest(proposed) == "1.0.2"
    assert proposed(*undo).code == 3


def test_an_emergency_withdraws_at_once(circle: Command) -> None:
    """In a circle one member is enough; the answer says until when."""
    said = circle("emergency", "demo.git", "spam@1.0.0", "--reason", "It flags calls for help", "--json")
    assert (said.document["withdrawn"], said.document["needed"]) == (True, 1)
    assert circle("emergency", "demo.git", "spam@1.0.0", "--reason", "Again").code == 3
    assert circle("emergency", "demo.git", "spam@9.9.9", "--reason", "Which?").code == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("propose", "demo.git", "--title", "Nothing"), 2, "Name policy folders or a charter."),
        (("propose", "demo.git", "spam", "--title", "Same"), 3, "nothing changed since"),
        (("propose", "demo.git", "spam"), 2, "a proposal has a title"),
        (("review", "demo.git", "7", "--approve"), 4, "There is none yet"),
        (("review", "demo.git", "7"), 2, "one thing at a time"),
        (("review", "demo.git", "7", "--approve", "--at", "x:1"), 2, "nothing is said about it"),
        (("review", "demo.git", "7", "--comment", "x", "--suggest", "x"), 2, "it does not say of which"),
        (("review", "demo.git", "7", "--comment", "x", "--at", "spam:1"), 2, "names no lines of a file"),
        (("propose", "demo.git", "--take", "7"), 2, "as a revision of its own"),
        (("propose", "demo.git", "spam", "--revise", "7", "--take", "7"), 2, "as a revision of its own"),
        (("propose", "demo.git", "--revise", "7", "--take", "7"), 4, "There is none yet"),
        (("object", "demo.git", "7"), 2, "no reason is given"),
        (("vote", "demo.git", "7", "maybe"), 2, "maybe"),
        (("vote", "demo.git", "7"), 2, "one thing at a time"),
        (("explain", "demo.git", "7"), 4, "There is none yet"),
        (("member", "invite", "demo.git", "Bo"), 2, "a handle is"),
        (("member", "join", "demo.git", "registry"), 2, "the registry itself acts under it"),
        (("member", "key", "demo.git"), 2, "one thing at a time"),
        (("charter", "amend", "demo.git"), 2, "nothing is changed"),
        (("charter", "amend", "demo.git", "--set", "ballot"), 2, "it is no KEY=VALUE"),
    ],
)
def test_what_cannot_be(commons: Command, arguments: tuple[str, ...], code: int, told: str) -> None:
    """Every slip says what is wrong and what to do, and changes nothing."""
    before = commons("log", "demo.git", "--json").document["total"]
    said = commons(*arguments)
    assert (said.code, told in said.err) == (code, True)
    assert commons("log", "demo.git", "--json").document["total"] == before


def test_nothing_is_due(commons: Command) -> None:
    """`enact` says so, and a founder's commons never owes anything."""
    assert commons("enact", "demo.git").out == "Nothing is due.\n"
    assert commons("explain", "demo.git").out == "No proposal is open.\n"


def test_a_host_takes_over(commons: Command, tmp_path: Path) -> None:
    """A copy without the registry's key records nothing until somebody takes over, and then verifies."""
    subprocess.run(["git", "clone", "-q", "--mirror", "demo.git", "copy.git"], check=True, cwd=tmp_path)
    refused = commons("member", "invite", "copy.git", "bo", "--json")
    assert (refused.code, "registry-key" in refused.error["remedy"]) == (6, True)
    shown = commons("registry-key", "copy.git", "--json").document["fingerprint"]
    assert commons("registry-key", "copy.git", "--take-over", "--json").document["fingerprint"] != shown
    assert commons("member", "invite", "copy.git", "bo").code == 0
    assert commons("verify", "copy.git").code == 0
