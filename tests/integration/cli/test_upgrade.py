"""`outdated` and `upgrade`: a project that follows its policies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, says
from tests.support.shelf import release_next

BASELINE = "cannot follow rules and predicts nothing about the model"


@pytest.fixture
def project(user: Command, shelf: Path) -> Command:
    """A project that has pulled `roost/spam` 1.0.0 from a folder of commons."""
    assert user("pull", "roost/spam", "--registry", shelf).code == 0
    return user


def news(said: Any) -> dict[str, Any]:
    """The one policy of an answer."""
    (policy,) = said.document["policies"]
    return dict(policy)


def test_nothing_new_exits_0(project: Command) -> None:
    """A policy that is as new as can be is listed, and that is all."""
    said = project("outdated", "--json")
    assert (said.code, said.document["ok"], news(said)["change"]) == (0, True, None)
    assert "all as new as can be" in project("outdated").out


@pytest.mark.parametrize(("change", "version"), [("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "2.0.0")])
def test_a_newer_release_is_told_with_what_it_changes(
    project: Command, shelf: Path, change: str, version: str
) -> None:
    """The kind of the change, in a word and in sentences; exits 1."""
    release_next(shelf, change)
    said = project("outdated", "--json")
    told = news(said)
    assert (said.code, told["version"], told["newest"], told["change"]) == (1, "1.0.0", version, change)
    assert told["changes"]
    assert all(sentence in project("outdated").out for sentence in told["changes"])


def test_several_versions_behind_give_one_notice(project: Command, shelf: Path) -> None:
    """The whole way is compared, from what is locked to the newest."""
    for change in ("patch", "minor", "major"):
        release_next(shelf, change)
    told = news(project("outdated", "--json"))
    assert (told["newest"], told["change"]) == ("2.0.0", "major")
    assert sum("AA2" in sentence for sentence in told["changes"]) >= 1


def test_a_deprecated_policy_is_told_with_its_reason(project: Command, shelf: Path) -> None:
    """Why it is no longer advised and what to use instead; exits 1 even at the newest version."""
    release_next(shelf, "deprecated")
    assert project("upgrade").code == 0
    said = project("outdated", "--json")
    assert said.code == 1
    assert news(said)["change"] is None
    assert news(said)["deprecated"] == {
        "until": None,
        "superseded_by": "roost/scams",
        "reason": "Too narrow.",
    }
    assert "Deprecated: Too narrow. Use roost/scams instead." in project("outdated").out


def test_a_registry_that_does_not_answer_exits_5(project: Command) -> None:
    """Nothing known is not nothing new."""
    lock = Path("commons.lock")
    text = lock.read_text("utf-8").replace("../shelf/roost.git", "http://127.0.0.1:9")
    lock.write_text(text.replace("repository =", "registry ="), "utf-8")
    said = project("outdated", "--json")
    assert (said.code, said.document["ok"]) == (5, False)
    assert "could not be read" in news(said)["unknown"]
    assert project("upgrade").code == 5


def test_upgrade_takes_the_newest(project: Command, shelf: Path) -> None:
    """Folder and lock move together; again, and there is nothing to do."""
    release_next(shelf, "patch")
    release_next(shelf, "minor")
    said = project("upgrade", "--json")
    assert (said.code, news(said)["outcome"], news(said)["now"]) == (0, "upgraded", "roost/spam@1.1.0")
    assert b"choir" in Path("spam/cases.jsonl").read_bytes()
    assert project("lock", "--check").code == 0
    assert project("outdated").code == 0
    assert news(project("upgrade", "--json"))["outcome"] == "current"


def test_a_major_change_wants_to_be_asked_for(project: Command, shelf: Path) -> None:
    """It is left with exit 3 and its notice, and taken with --major."""
    release_next(shelf, "major")
    before = Path("commons.lock").read_bytes()
    said = project("upgrade")
    assert (said.code, Path("commons.lock").read_bytes()) == (3, before)
    assert "--major takes it" in said.out
    assert b"AA1" in Path("spam/policy.md").read_bytes()
    assert project("upgrade", "spam", "--major").code == 0
    assert b"AA2" in Path("spam/policy.md").read_bytes()


def test_own_changes_are_left(project: Command, shelf: Path) -> None:
    """A folder that was edited is not written over, unless force gives the changes up."""
    release_next(shelf, "patch")
    path = Path("spam/policy.md")
    path.write_text(path.read_text("utf-8") + "Mine.\n", "utf-8")
    said = project("upgrade", "--json")
    assert (said.code, news(said)["outcome"]) == (3, "folder-changed")
    assert path.read_text("utf-8").endswith("Mine.\n")
    assert project("upgrade", "--force").code == 0
    assert "of any kind" in path.read_text("utf-8")


def test_one_policy_is_named_in_the_ways_that_the_lock_knows(project: Command, shelf: Path) -> None:
    """By slug, address or folder; another name exits 4 and says what is locked."""
    assert project("pull", "roost/scams", "--to", "texts/scams", "--registry", shelf).code == 0
    release_next(shelf, "patch")
    for name in ("spam", "roost/spam", "spam/", "roost/spam@1.0.0"):
        assert [one["address"] for one in project("outdated", name, "--json").document["policies"]] == [
            "roost/spam@1.0.0"
        ]
    assert project("outdated", "texts/scams").code == 0
    said = project("outdated", "nothing")
    assert (said.code, "Locked are: roost/spam, roost/scams" in said.err) == (4, True)


def write_cases(*cases: dict[str, Any]) -> str:
    """A file of the user's own cases."""
    Path("own.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
    return "own.jsonl"


OWN = (
    {"content": "cheap rings here today", "label": "AA1"},
    {"id": "quiet", "content": "where is the station", "label": "AA0"},
    {"id": "hidden", "content": "cheap rings, as before", "label": "AA1", "sensitive": True},
    {"id": "open", "content": "cheap rings here"},
)


def test_a_check_lists_flips_case_by_case(project: Command, shelf: Path) -> None:
    """Both versions answer the same cases; what differs is listed with its label; exits 1."""
    release_next(shelf, "major")
    said = project("upgrade", "--check", write_cases(*OWN), "--json")
    assert (said.code, said.document["engine"], BASELINE in said.document["summary"]) == (1, "lexical", True)
    told = news(said)
    assert (told["change"], told["trial"]["compared"]) == ("major", 4)
    assert told["trial"]["vanished_labels"] == {"AA1": 2}
    flips = {flip["case"]: flip for flip in told["trial"]["flips"]}
    assert set(flips) == {"1", "hidden", "open"}
    assert (flips["1"]["old"], flips["1"]["new"], flips["1"]["kind"]) == (
        {"label": "AA1"},
        {"label": "AA2"},
        "broken",
    )
    assert (flips["open"]["kind"], flips["open"]["gold"]) == ("changed", None)
    assert (flips["hidden"]["content"], flips["hidden"]["hidden"]) == (None, True)
    assert b"AA1" in Path("spam/policy.md").read_bytes()


def test_a_check_for_people_hides_what_is_sensitive(project: Command, shelf: Path) -> None:
    """The baseline's sentence comes first, and a sensitive case shows its words on demand only."""
    release_next(shelf, "major")
    hidden = project("upgrade", "--check", write_cases(*OWN))
    assert BASELINE in hidden.out.splitlines()[0]
    assert "as before" not in hidden.out
    assert "Label AA1 is gone; 2 cases of yours have it." in hidden.out
    assert "as before" in project("upgrade", "--check", "own.jsonl", "--reveal").out


def test_a_check_without_flips_exits_0(project: Command, shelf: Path) -> None:
    """A further case in the policy changes no answer to one's own."""
    release_next(shelf, "minor")
    said = project("upgrade", "--check", write_cases(*OWN), "--json")
    assert (said.code, said.document["flips"], said.document["ok"]) == (0, 0, True)
    assert project("upgrade", "--check", "own.jsonl", "roost/spam").code == 0


def test_texts_without_labels_will_do(project: Command, shelf: Path) -> None:
    """A text file gives one case a line."""
    release_next(shelf, "major")
    Path("own.txt").write_text("cheap rings here today\nwhere is the station\n", "utf-8")
    told = news(project("upgrade", "--check", "own.txt", "--json"))
    assert [(flip["case"], flip["kind"]) for flip in told["trial"]["flips"]] == [("1", "changed")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no case"),
        ('{"content": "x"}\n{"id": "1", "content": "y"}\n', "already used on line 1"),
        ('{"content": 3}\n', "own.jsonl:1"),
        ("not json\n", "own.jsonl:1"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(project: Command, text: str, told: str) -> None:
    """With its line, before anything is asked."""
    Path("own.jsonl").write_text(text, "utf-8")
    said = project("upgrade", "--check", "own.jsonl")
    assert (said.code, told in said.err) == (2, True), said.err


@pytest.mark.parametrize(
    "words",
    [
        ("--check", "own.jsonl", "--major"),
        ("--reveal",),
        ("--engine", "openai"),
        ("--check", "own.jsonl", "--engine", "openai"),
        ("--check", "own.jsonl", "--model", "x"),
    ],
)
def test_options_that_do_not_go_together(project: Command, words: tuple[str, ...]) -> None:
    """Each is wrong usage, and nothing is changed."""
    write_cases(*OWN)
    assert project("upgrade", *words).code == 2


def test_a_site_is_followed_as_a_folder_is(user: Command, site: str, shelf: Path) -> None:
    """News, notice, check and upgrade over HTTP: the lock keeps naming the site."""
    assert user("pull", "roost/spam", "--registry", site).code == 0
    release_next(shelf, "major")
    assert news(user("outdated", "--json"))["change"] == "major"
    assert user("upgrade", "--check", write_cases(*OWN), "--json").document["flips"] == 3
    made = user("upgrade", "--major", "--json")
    assert (news(made)["now"], news(made)["registry"]) == ("roost/spam@2.0.0", site)
    assert f'registry = "{site}"' in Path("commons.lock").read_text("utf-8")
    assert user("outdated").code == 0


def test_a_model_answers_for_both_versions(project: Command, shelf: Path) -> None:
    """The server is asked about each case under each version; an answer that is none is no flip."""
    release_next(shelf, "major")

    def script(asked: Asked) -> Behaviour:
        newer = "AA2" in str(asked.document["messages"][0]["content"])
        if "station" in asked.content:
            return says("I cannot say." if newer else "AA0")
        return says("AA2" if newer and "as before" in asked.content else "AA0")

    with ModelServer(script) as server:
        options = ("--engine", "openai", "--base-url", server.base_url, "--model", MODEL)
        said = project("upgrade", "--check", write_cases(*OWN), *options, "--json")
        told = news(said)["trial"]
        assert (said.code, len(server.asked)) == (1, 2 * len(OWN))
        assert [(flip["case"], flip["new"]) for flip in told["flips"]] == [("hidden", {"label": "AA2"})]
        assert (told["unanswered"], told["compared"]) == (["quiet"], 3)
        shown = project("upgrade", "--check", "own.jsonl", *options).out
        assert BASELINE not in shown
        assert "No verdict from one version or both: 1 case (quiet)." in shown
