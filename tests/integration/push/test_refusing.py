"""What is not taken: each refused with the place, the rule and the remedy, and the commons as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.push.conftest import Roost
from tests.support.pushing import Clone, Pushed, run_git

POLICY = "policies/scams/policy.md"
CASES = "policies/scams/cases.jsonl"
GOAL = b"# Goal\n"
TITLE = ("-o", "title=Something")


@pytest.fixture(scope="module")
def roost(still: Roost) -> Roost:
    """One for all: nothing here changes it."""
    return still


@pytest.fixture
def clone(roost: Roost) -> Clone:
    """bo's."""
    return roost.clone("bo")


@pytest.fixture(autouse=True)
def unchanged(roost: Roost) -> Iterator[None]:
    """Whatever is refused leaves no event, no object and no folder."""
    before = _all_of(roost.place)
    yield
    assert _all_of(roost.place) == before


def _all_of(place: Path) -> set[str]:
    folders = [place / name for name in ("objects", "refs", "commons/pushes")]
    return {str(path) for folder in folders for path in folder.rglob("*")}


def refused(pushed: Pushed, *words: str) -> None:
    """The push failed, and these words stood on the terminal."""
    assert pushed.code == 1, pushed.said
    said = " ".join(pushed.said.replace("remote: ", "").split())
    for word in words:
        assert word in said, pushed.said


def test_lint_error_names_file_and_line(clone: Clone) -> None:
    """With the rule and the remedy, as `commons lint` does."""
    clone.replace(POLICY, b"title: Scams", b"titel: Scams")
    clone.commit()
    refused(
        clone.push(*TITLE),
        "policies/scams/policy.md:2: error P003: The policy has no title.",
        "Add 'title: ...' to the front matter.",
        "! [remote rejected] HEAD -> refs/for/main",
    )


def test_leaked_case_is_refused(clone: Clone) -> None:
    """A case whose content stands in the policy measures nothing."""
    content = b"my signals have won nine weeks running, put your savings in before the doors close on friday"
    clone.replace(POLICY, GOAL, GOAL + b"- Such as: \xe2\x80\x9c" + content + b"\xe2\x80\x9d\n")
    line = b'{"id": "SF-900", "content": "' + content + b'", "label": "SF1"}\n'
    clone.write(CASES, (clone.folder / CASES).read_bytes() + line)
    clone.commit()
    refused(clone.push(*TITLE), "policies/scams/cases.jsonl:", "error ", "SF-900", "stands in the policy")


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("refs/heads/main", "changes are decided before they are on a branch."),
        ("refs/heads/mine", "changes are decided before they are on a branch."),
        ("refs/for/other", "Propose instead: git push origin HEAD:refs/for/main"),
        ("refs/for/main/x", "Propose instead: git push origin HEAD:refs/for/main"),
        ("refs/tags/scams/v9.0.0", "only the registry makes those."),
        ("refs/commons/log", "this is the record of what was decided"),
        ("refs/proposals/1/head", "this is the record of what was decided"),
        ("refs/notes/commits", "changes are decided before they are on a branch."),
    ],
)
def test_other_refs_are_refused(clone: Clone, ref: str, words: str) -> None:
    """Nothing is pushed to but `refs/for/main`, and what to do instead is said."""
    clone.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    refused(clone.push(*TITLE, spec=f"+HEAD:{ref}"), f"{ref}: ", words)


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/scams/v1.0.0", "refs/commons/log"])
def test_nothing_can_be_deleted(clone: Clone, ref: str) -> None:
    """Neither a branch nor a release nor the record."""
    run = clone.push(spec=f":{ref}")
    assert run.code == 1
    assert "[remote rejected]" in run.said or "does not exist" in run.said or "unable to delete" in run.said


@pytest.mark.parametrize("options", [(), ("--atomic",)], ids=["each", "atomic"])
def test_several_refs_are_refused(clone: Clone, options: tuple[str, ...]) -> None:
    """One push makes one proposal: with a second ref nothing is taken, also of the first."""
    clone.replace(POLICY, GOAL, GOAL + b"Decide with care.\n")
    clone.commit()
    refused(clone.push(*TITLE, *options, "HEAD:refs/heads/x"), "refs/heads/x: changes are decided before")


def test_mirror_push_is_refused(clone: Clone) -> None:
    """`--mirror` would take away what it does not have."""
    done = run_git("push", "--mirror", clone.remote, cwd=clone.folder)
    assert done.returncode == 1
    assert "[remote rejected]" in done.stderr


def test_symbolic_link_is_refused(clone: Clone) -> None:
    """It could lead out of the folder wherever it is written."""
    (clone.folder / "policies" / "scams" / "notes.md").symlink_to("/etc/passwd")
    clone.commit()
    refused(clone.push(*TITLE), "policies/scams/notes.md: it is a symbolic link.", "Put the file itself")


def test_link_in_the_place_of_a_policy_is_refused(clone: Clone) -> None:
    """Nor is it a folder."""
    (clone.folder / "policies" / "other").symlink_to("scams")
    clone.commit()
    refused(clone.push(*TITLE), "policies/other: below policies/ stand folders only.")


@pytest.mark.parametrize("path", ["policies/other", "policies/scams/inner"])
def test_submodule_is_refused(clone: Clone, path: str) -> None:
    """It would have everybody fetch from somewhere else."""
    head = clone.git("rev-parse", "HEAD").strip()
    clone.git("update-index", "--add", "--cacheinfo", f"160000,{head},{path}")
    clone.git("commit", "-q", "-m", "A submodule")
    refused(clone.push(*TITLE), f"{path}: ")


def test_program_is_refused(clone: Clone) -> None:
    """The mark is taken away with a command that is said."""
    clone.git("update-index", "--chmod=+x", POLICY)
    clone.git("commit", "-q", "-m", "A program")
    refused(clone.push(*TITLE), f"git update-index --chmod=-x {POLICY}")


def test_folder_in_a_policy_is_refused(clone: Clone) -> None:
    """Attachments stand beside the policy."""
    clone.write("policies/scams/inner/notes.md", b"Notes\n")
    clone.commit()
    refused(clone.push(*TITLE), "policies/scams/inner: a policy's folder holds no folders.")


@pytest.mark.parametrize(
    "path", ["README.md", ".gitmodules", ".gitattributes", "governance/notes.md", "policies/readme.md"]
)
def test_other_files_are_refused(clone: Clone, path: str) -> None:
    """Only policies and the charter can be changed."""
    clone.write(path, b"* filter=x\n")
    clone.commit()
    refused(clone.push(*TITLE), path)


@pytest.mark.parametrize("slug", ["Scams", "con", "sc\u00e4ms", "a b", "scams--", "\u202escams"])
def test_odd_names_are_refused(clone: Clone, slug: str) -> None:
    """A policy's name is a-z, 0-9 and hyphens; nothing of it does anything to a terminal."""
    for file in (clone.folder / "policies" / "scams").iterdir():
        clone.write(f"policies/{slug}/{file.name}", file.read_bytes())
    clone.commit()
    pushed = clone.push(*TITLE)
    refused(pushed, "policies/")
    assert "\u202e" not in pushed.said


@pytest.mark.parametrize("name", [b"a\nb.md", b"\x1b[31m.md", b"\xff\xfe.md", b"a:b.md", b"POLICY.md"])
def test_odd_file_names_are_refused(clone: Clone, name: bytes) -> None:
    """Line breaks, escapes, what is no UTF-8, and what other systems cannot have."""
    place = os.fsencode(clone.folder / "policies" / "scams") + b"/" + name
    Path(os.fsdecode(place)).write_bytes(b"Notes\n")
    clone.commit()
    pushed = clone.push(*TITLE)
    refused(pushed, "policies/scams")
    assert "\x1b" not in pushed.said.replace("\x1b[K", "")


def test_too_large_files_are_refused(clone: Clone) -> None:
    """Also where they pack to next to nothing."""
    clone.write("policies/scams/notes.md", bytes(100_000_000))
    clone.commit()
    refused(clone.push(*TITLE), "policies/scams/notes.md: it is larger than 256 KiB.")
    clone.git("reset", "-q", "--hard", "HEAD^")
    clone.write(POLICY, b"x" * 300_000)
    clone.commit()
    refused(clone.push(*TITLE), f"{POLICY}: it is larger than 256 KiB.")


def test_too_many_files_are_refused(clone: Clone) -> None:
    """A policy has a few."""
    for number in range(20):
        clone.write(f"policies/scams/note-{number}.md", b"x\n")
    clone.commit()
    refused(clone.push(*TITLE), "policies/scams: a policy has 18 files at the most.")


def test_deleting_a_policy_or_the_charter_is_refused(clone: Clone) -> None:
    """Others rely on releases; they are withdrawn."""
    clone.git("rm", "-q", "-r", "policies/scams")
    clone.git("commit", "-q", "-m", "Gone")
    refused(
        clone.push(*TITLE), "policies/scams: a policy is not taken away by a push", "--withdraw scams@VERSION"
    )
    clone.git("reset", "-q", "--hard", "HEAD^")
    clone.git("rm", "-q", "governance/charter.toml")
    clone.git("commit", "-q", "-m", "Gone")
    refused(clone.push(*TITLE), "governance/charter.toml: a commons always has a charter.")


def test_charter_that_cannot_be_read_is_refused(clone: Clone) -> None:
    """With its line, as `commons charter` does."""
    clone.write("governance/charter.toml", b'charter = "none@1"\n')
    clone.commit()
    refused(clone.push(*TITLE), "governance/charter.toml: ")


def test_unrelated_history_is_refused(clone: Clone) -> None:
    """Something else than this commons."""
    clone.git("checkout", "-q", "--orphan", "other")
    clone.git("commit", "-q", "-m", "From nothing")
    refused(clone.push(*TITLE), "the pushed commit: it does not build on this commons.")


def test_other_objects_are_refused(clone: Clone) -> None:
    """Only commits are proposed."""
    clone.git("tag", "-a", "-m", "x", "x")
    refused(
        clone.push(*TITLE, spec="refs/tags/x:refs/for/main"), "the pushed tag: only commits are proposed."
    )
    refused(
        clone.push(*TITLE, spec="HEAD^{tree}:refs/for/main"), "the pushed tree: only commits are proposed."
    )


def _blob(clone: Clone) -> str:
    return clone.git("rev-parse", f"HEAD:{POLICY}").strip() + ":refs/for/main"


def test_nothing_new_is_refused(clone: Clone) -> None:
    """What main holds needs no proposal."""
    refused(clone.push(*TITLE), "it holds nothing that main does not.")
    clone.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    refused(clone.push(*TITLE), "it holds nothing that main does not.")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "option title: a proposal has a title."),
        (("title=",), "option title: a proposal has a title."),
        (("titel=x",), "option titel=x: there is no such option. Those there are: title="),
        (("title",), "option title: there is no such option."),
        (("title=x", "title=y"), "option title: it was given twice."),
        (("title=a\x07b",), "option title: it holds control characters"),
        (("topic=nothing",), "option topic: none of your open proposals has this number or title."),
        (("title=x", "topic=9"), "proposal 9: not open in this commons."),
        (("title=x", "topic=" + "9" * 400), "not open in this commons."),
    ],
)
def test_options_are_checked(clone: Clone, options: tuple[str, ...], words: str) -> None:
    """Each by its name, with what there is instead."""
    clone.replace(POLICY, GOAL, GOAL + b"Decide with care.\n")
    clone.commit()
    refused(clone.push(*(word for option in options for word in ("-o", option))), words)
