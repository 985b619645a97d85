"""`bundle`, and everything that reads policies from one, without a network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.commandline import Command
from tests.support.shelf import release_next

BUNDLE = "policies.bundle"


@pytest.fixture
def bundle(user: Command, shelf: Path) -> Path:
    """A bundle of two policies, one with its run, in the project's folder."""
    words = ("roost/spam@1.0.0", "roost/teens/dares", "--runs", "--registry", shelf)
    assert user("bundle", *words).code == 0
    return Path(BUNDLE)


def test_the_same_releases_give_the_same_bytes(user: Command, site: str, shelf: Path, bundle: Path) -> None:
    """From a site, from a folder, in another order, named twice, on another day: one file."""
    os.utime(shelf)
    words = ("roost/teens/dares@1.0.0", "roost/spam", "roost/spam@1.0.0", "--runs")
    assert user("bundle", *words, "--registry", site, "--to", "b.bundle").code == 0
    assert user("bundle", *words, "--registry", bundle, "--to", "c.bundle").code == 0
    assert bundle.read_bytes() == Path("b.bundle").read_bytes() == Path("c.bundle").read_bytes()


def test_a_bundle_shows_what_the_shelf_shows(user: Command, still_shelf: Path, bundle: Path) -> None:
    """Facts, cases, text and runs of a policy are the same offline."""
    for words in ((), ("--cases",), ("--text",)):
        inside = user("show", "roost/spam", *words, "--registry", bundle, "--json").document
        outside = user("show", "roost/spam", *words, "--registry", still_shelf, "--json").document
        assert {**inside, "owner": "ana"} == outside
    (run,) = user("show", "roost/spam", "--runs", "--registry", bundle, "--json").document["runs"]
    (other,) = user("show", "roost/spam", "--runs", "--registry", still_shelf, "--json").document["runs"]
    assert (run["key"], run["exact"], run["at"]) == (other["key"], other["exact"], other["at"])


def test_a_bundle_lists_and_searches(user: Command, bundle: Path) -> None:
    """Its commons, the policies in them, and words of their texts."""
    names = [one["name"] for one in user("show", "--registry", bundle, "--json").document["commons"]]
    assert names == ["roost", "roost/teens"]
    assert "as far as it is in this bundle" in user("show", "roost", "--registry", bundle).out
    found = user("search", "promotion", "--registry", bundle, "--json").document
    assert [line["address"] for line in found["policies"]] == ["roost/spam", "roost/teens/dares"]


def test_a_bundle_gives_what_it_holds_and_says_what_it_does_not(
    user: Command, still_shelf: Path, bundle: Path
) -> None:
    """Pulling locks the bundle as the source; another policy or version exits 4."""
    made = user("pull", "roost/spam", "--registry", bundle, "--json").document
    assert (made["bundle"], made["registry"], made["repository"]) == (BUNDLE, None, None)
    assert user("lock", "--check").code == 0
    assert user("outdated").code == 0
    assert [
        user("show", "roost/scams", "--registry", bundle).code,
        user("show", "roost/spam@1.0.1", "--registry", bundle).code,
        user("show", "nowhere", "--registry", bundle).code,
    ] == [4, 4, 4]


def test_what_is_locked_is_packed_as_it_is_locked(user: Command, site: str, shelf: Path) -> None:
    """Folders that are untouched need no registry; missing ones come from where they came from."""
    user("pull", "roost/spam", "--registry", site)
    user("pull", shelf / "roost.git", "scams")
    release_next(shelf, "patch")
    first = user("bundle", "--from-lock", "--json")
    assert [one["address"] for one in first.document["policies"]] == ["roost/scams@1.0.0", "roost/spam@1.0.0"]
    raw = Path(BUNDLE).read_bytes()
    Path("spam").rename("gone")
    assert user("bundle", "--from-lock").code == 0
    assert Path(BUNDLE).read_bytes() == raw
    (Path("scams") / "policy.md").write_text("Mine.\n", "utf-8")
    shelf.joinpath("roost.git").rename(shelf / "moved.git")
    assert user("bundle", "--from-lock").code in (4, 5)
    assert Path(BUNDLE).read_bytes() == raw


def test_only_a_bundle_is_written_over(user: Command, still_shelf: Path) -> None:
    """A file that is something else stays, and so does a link."""
    Path("notes.md").write_text("Mine.\n", "utf-8")
    Path("link.bundle").symlink_to("notes.md")
    for to in ("notes.md", "link.bundle", ".", "nowhere/x.bundle"):
        said = user("bundle", "roost/spam", "--registry", still_shelf, "--to", to)
        assert said.code == 2, said.err
    assert Path("notes.md").read_text("utf-8") == "Mine.\n"


def test_nothing_is_left_of_a_bundle_that_failed(user: Command, still_shelf: Path, bundle: Path) -> None:
    """When the last policy is not there, the bundle from before stands and nothing lies beside it."""
    raw = bundle.read_bytes()
    said = user("bundle", "roost/spam", "roost/nothing", "--registry", still_shelf)
    assert (said.code, bundle.read_bytes()) == (4, raw)
    assert [path.name for path in Path().iterdir()] == [BUNDLE]


def test_a_damaged_bundle_is_refused_by_every_command(user: Command, bundle: Path) -> None:
    """One changed byte ends each of them with 6, and names the entry."""
    raw = bundle.read_bytes()
    bundle.write_bytes(raw.replace(b"Ordinary talk.", b"Ordinary hate.", 1))
    for words in (("show", "roost/spam"), ("pull", "roost/spam"), ("search", "spam")):
        said = user(*words, "--registry", bundle, "--json")
        assert (said.code, said.error["kind"]) == (6, "bundle")
        assert said.error["entry"] == "roost/spam@1.0.0/policy.md"
    assert list(Path().iterdir()) == [bundle]


def test_credits_are_in_it(user: Command, bundle: Path) -> None:
    """Whom to name can be read with nothing but tar."""
    raw = bundle.read_bytes()
    assert b"# Policies used, their authors and licences" in raw
    assert b"## Spam (`roost/spam@1.0.0`)" in raw
    printed = user("credits", bundle).out
    assert printed.encode() in raw


@pytest.mark.parametrize(
    "words", [("bundle",), ("bundle", "--from-lock", "roost/spam"), ("bundle", "--from-lock")]
)
def test_a_bundle_of_nothing_is_refused(user: Command, words: tuple[str, ...]) -> None:
    """No policy named, both ways at once, and no lock: each is wrong usage."""
    assert user(*words).code == 2


def test_a_bundle_without_runs_claims_nothing_about_them(
    user: Command, still_shelf: Path, tmp_path: Path
) -> None:
    """Whether it was tested is not known there, which is neither tested nor untested."""
    bundle = tmp_path / "bare.bundle"
    assert user("bundle", "roost/spam", "--registry", still_shelf, "--to", bundle).code == 0
    document = user("show", "roost/spam", "--registry", bundle, "--json").document
    assert (document["run_count"], document["tested_with_shared_model"]) == (None, None)
    assert "Not yet tested" not in user("show", "roost/spam", "--registry", bundle).out
    assert "carries no runs" in user("show", "roost/spam", "--runs", "--registry", bundle).out
