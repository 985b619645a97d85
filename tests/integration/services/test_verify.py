"""Verification: an honest commons passes, and each way of cheating is found and named."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from governance.events import Draft
from governance.payloads import Move, Published
from policies.folder import load_folder
from registry.services.bench import bench_policy
from registry.services.publish import publish
from registry.services.releasing import Incoming, make_release
from registry.services.verify import Report, verify
from registry.store.objects import FILE, Change, Entry
from registry.store.process import git_environment, run_git
from registry.store.refs import LOG, MAIN, RUNS
from registry.store.repository import Repository
from registry.store.trees import TreeEditor
from registry.store.writer import write_objects
from tests.support.histories import policy_files
from tests.support.vouched import reopened


@pytest.fixture
def lived_in(commons: Repository) -> Repository:
    """A commons with two releases and a run."""
    publish(commons, "spam", policy_files("Spam"), actor="ana")
    publish(commons, "spam", policy_files("Spam", "Adverts of all kinds."), actor="ana")
    bench_policy(commons, "spam", actor="ana")
    return commons


def _mirror(repository: Repository, to: Path) -> Repository:
    subprocess.run(
        ["git", "clone", "-q", "--mirror", str(repository.path), str(to)],
        check=True,
        env=git_environment("file"),
    )
    return reopened(to)


def _verify_path(path: Path) -> Report:
    with reopened(path) as repository:
        return verify(repository)


def test_a_mirror_clone_verifies_with_everything_counted(lived_in: Repository, tmp_path: Path) -> None:
    """A mirror clone made by git passes every check, and each says how much it looked at."""
    with _mirror(lived_in, tmp_path / "clone.git") as clone:
        report = verify(clone)
    counted = {check.name: check.count for check in report.checks}
    assert report.failure is None
    assert counted == {
        "log": 4, "signatures": 4, "charters": 1, "repository": 5,
        "refs": 4, "main": 3, "shape": 14, "releases": 2, "head": 1, "runs": 1,
        "texts": 0, "redactions": 0,
    }  # fmt: skip


def test_a_plain_clone_says_what_is_missing(lived_in: Repository, tmp_path: Path) -> None:
    """A clone without the log cannot be verified, and the report says how to get one that can."""
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(lived_in.path), str(tmp_path / "plain.git")],
        check=True,
        env=git_environment("file"),
    )
    failure = _verify_path(tmp_path / "plain.git").failure
    assert failure is not None
    assert failure.check == "log"
    assert "git clone --mirror" in failure.rule


def _put_commit(repository: Repository, edit: Callable[[TreeEditor], None]) -> str:
    change = Change()
    main = run_git(repository.path, "rev-parse", MAIN).decode().strip()
    editor = TreeEditor(repository.reader, change, repository.reader.commit(main).tree)
    edit(editor)
    commit = change.commit(tree=editor.write(), parents=[main], handle="ana", at=1_767_225_600, message="x")
    write_objects(repository.path, change.objects.values())
    return commit


def _unrecorded_commit(repository: Repository) -> None:
    commit = _put_commit(repository, lambda editor: editor.put_file("policies/spam/policy.md", b"forged"))
    run_git(repository.path, "update-ref", MAIN, commit)


def _moved_tag(repository: Repository) -> None:
    run_git(repository.path, "update-ref", "refs/tags/spam/v1.0.0", "refs/tags/spam/v1.0.1")


def _missing_tag(repository: Repository) -> None:
    run_git(repository.path, "update-ref", "-d", "refs/tags/spam/v1.0.0")


def _extra_branch(repository: Repository) -> None:
    run_git(repository.path, "update-ref", "refs/heads/side", MAIN)


def _cut_log(repository: Repository) -> None:
    run_git(repository.path, "update-ref", LOG, f"{LOG}~1")


def _forged_message(repository: Repository) -> None:
    facts = repository.reader.commit(str(repository.head()))
    change = Change()
    commit = change.commit(
        tree=facts.tree, parents=facts.parents, handle="ana", at=1_767_225_600, message="ana did nothing"
    )
    write_objects(repository.path, change.objects.values())
    run_git(repository.path, "update-ref", LOG, commit)


def _extra_file_in_event(repository: Repository) -> None:
    facts = repository.reader.commit(str(repository.head()))
    change = Change()
    entries = [*repository.reader.tree(facts.tree), Entry(FILE, "note.txt", change.blob(b"hello"))]
    commit = change.commit(
        tree=change.tree(entries),
        parents=facts.parents,
        handle="ana",
        at=1_767_225_600,
        message=facts.message,
    )
    write_objects(repository.path, change.objects.values())
    run_git(repository.path, "update-ref", LOG, commit)


def _edited_run(repository: Repository) -> None:
    change = Change()
    head = run_git(repository.path, "rev-parse", RUNS).decode().strip()
    files = repository.reader.files(repository.reader.commit(head).tree)
    files["predictions.jsonl"] = files["predictions.jsonl"].replace(b'"AA0"', b'"AA1"')
    commit = change.commit(
        tree=change.files(files), parents=[], handle="ana", at=1_767_225_600, message="Run"
    )
    write_objects(repository.path, change.objects.values())
    run_git(repository.path, "update-ref", RUNS, commit)


@pytest.mark.parametrize(
    ("tamper", "check", "place"),
    [
        (_unrecorded_commit, "refs", MAIN),
        (_moved_tag, "refs", "refs/tags/spam/v1.0.0"),
        (_missing_tag, "refs", "refs/tags/spam/v1.0.0"),
        (_extra_branch, "refs", "refs/heads/side"),
        (_cut_log, "refs", RUNS),
        (_forged_message, "log", "log commit"),
        (_extra_file_in_event, "log", "log commit"),
        (_edited_run, "refs", RUNS),
    ],
)
def test_tampering_is_named(
    lived_in: Repository, tamper: Callable[[Repository], None], check: str, place: str
) -> None:
    """Whatever was changed outside the write path is found, by the check and the place that it concerns."""
    tamper(lived_in)
    failure = _verify_path(lived_in.path).failure
    assert failure is not None
    assert (failure.check, failure.place.startswith(place)) == (check, True)


def test_an_event_that_lies_about_main_is_found(lived_in: Repository) -> None:
    """A publishing whose commit touches another policy passes the fold and fails the trace of main."""
    publish(lived_in, "scams", policy_files("Scams"), actor="ana")

    def decide(state, change, at):  # type: ignore[no-untyped-def]
        main = state.refs[MAIN]
        editor = TreeEditor(lived_in.reader, change, lived_in.reader.commit(main).tree)
        editor.put_file("policies/scams/policy.md", b"quietly changed")
        editor.put_folder("policies/spam", policy_files("Spam", "Other words."))
        commit = change.commit(tree=editor.write(), parents=[main], handle="ana", at=at, message="Publish")
        release = _release_of(change, commit, at)
        payload = Published(release=release, change="patch", mode="owner")
        return Draft(type="published", actor="ana", payload=payload, moves=_moves(main, commit, release))

    lived_in.act(decide)
    failure = _verify_path(lived_in.path).failure
    assert failure is not None
    assert failure.check == "main"
    assert "policies/scams" in failure.rule


def test_an_event_that_lies_about_digests_is_found(lived_in: Repository) -> None:
    """A release whose files do not give its recorded digest is named by slug and version."""

    def decide(state, change, at):  # type: ignore[no-untyped-def]
        main = state.refs[MAIN]
        editor = TreeEditor(lived_in.reader, change, lived_in.reader.commit(main).tree)
        editor.put_folder("policies/spam", policy_files("Spam", "Words nobody digested."))
        commit = change.commit(tree=editor.write(), parents=[main], handle="ana", at=at, message="Publish")
        release = _release_of(change, commit, at)
        payload = Published(release=release, change="patch", mode="owner")
        return Draft(type="published", actor="ana", payload=payload, moves=_moves(main, commit, release))

    lived_in.act(decide)
    failure = _verify_path(lived_in.path).failure
    assert failure is not None
    assert (failure.check, failure.place) == ("releases", "spam 1.0.2")


def _release_of(change: Change, commit: str, at: int):  # type: ignore[no-untyped-def]
    files = policy_files("Spam", "Other words.")
    files["policy.md"] = files["policy.md"].replace(b"version: 1.0.0", b"version: 1.0.2")
    item = Incoming(load_folder("spam", files))
    return make_release(change, item, commit=commit, actor="ana", at=at)


def _moves(main: str, commit: str, release):  # type: ignore[no-untyped-def]
    return (
        Move(ref=MAIN, old=main, new=commit),
        Move(ref="refs/tags/spam/v1.0.2", old=None, new=release.tag),
    )
