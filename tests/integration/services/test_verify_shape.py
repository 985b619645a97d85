"""Verification sees what digests do not: modes, odd trees, forged lines, and what lies beside the log."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from evaluations.engines.catalogue import engine_named
from evaluations.record_files import record_bytes
from evaluations.run_record import PolicyRef
from evaluations.running import run_suite
from evaluations.suites import suite_of
from governance.events import Draft
from governance.payloads import Move, Published, Redacted, Release, RunRecorded
from governance.texts import seal_text
from policies.canonical import sha256_hex
from policies.folder import load_folder
from policies.prompt import prompt_text
from registry.services.bench import RunClock, bench_folder, bench_policy, environment, record_run
from registry.services.publish import publish
from registry.services.reading import read_policy, run_files
from registry.services.releasing import make_release, renumbered
from registry.services.verify import verify
from registry.store.errors import NotACommonsError
from registry.store.objects import Change, Entry, encode_commit
from registry.store.process import run_git
from registry.store.refs import MAIN, RUNS, TEXTS, tag_ref
from registry.store.repository import Repository
from registry.store.texts import text_path
from registry.store.trees import TreeEditor
from registry.store.writer import write_objects
from tests.support.histories import policy_files
from tests.support.vouched import reopened

Lines = list[tuple[bytes, str, str]]


@pytest.fixture
def roost(commons: Repository) -> Repository:
    """A commons with a release and a run."""
    publish(commons, "spam", policy_files("Spam"), actor="ana")
    bench_policy(commons, "spam", actor="ana")
    return commons


def _raw(change: Change, lines: Lines) -> str:
    return change.add(
        "tree",
        b"".join(b"%b %b\0%b" % (mode, name.encode(), bytes.fromhex(oid)) for mode, name, oid in lines),
    )


def _release(
    repository: Repository,
    *,
    folder: Callable[[Change, Lines], Lines] = lambda _change, lines: lines,
    commit: Callable[[bytes], bytes] = lambda data: data,
    tag: Callable[[bytes], bytes] = lambda data: data,
) -> None:
    """Records a release whose log is right in every digest, and whose objects are not what acts write."""

    def decide(state, change, at):  # type: ignore[no-untyped-def]
        main = state.refs[MAIN]
        item = renumbered(load_folder("spam", policy_files("Spam", "Adverts of all kinds.")), "1.1.0")
        lines = [(b"100644", name, change.blob(raw)) for name, raw in sorted(item.files.items())]
        editor = TreeEditor(repository.reader, change, repository.reader.commit(main).tree)
        editor.put("policies/spam", Entry(b"40000", "spam", _raw(change, folder(change, lines))))
        made = change.add("commit", commit(encode_commit(editor.write(), [main], "ana", at, "Publish spam")))
        plain = make_release(change, item, commit=made, actor="ana", at=at)
        tagged = change.add("tag", tag(change.objects[plain.tag].data))
        release = Release(
            slug="spam", version="1.1.0", content=plain.content, folder=plain.folder, commit=made, tag=tagged
        )
        return Draft(
            type="published",
            actor="ana",
            payload=Published(release=release, change="minor", mode="owner"),
            moves=(
                Move(ref=MAIN, old=main, new=made),
                Move(ref=tag_ref("spam", "1.1.0"), old=None, new=tagged),
            ),
        )

    repository.act(decide)


def _mode(mode: bytes) -> Callable[[Change, Lines], Lines]:
    return lambda _change, lines: [(mode, name, oid) for _mode, name, oid in lines]


def test_an_honest_release_passes(roost: Repository) -> None:
    """What the forgeries of this file begin from is complete."""
    _release(roost)
    assert verify(roost).failure is None


@pytest.mark.parametrize(
    "folder",
    [
        _mode(b"120000"),
        _mode(b"100755"),
        _mode(b"160000"),
        _mode(b"0100644"),
        lambda change, lines: [*lines, (b"40000", "zz", change.tree([]))],
        lambda change, lines: [(b"100644", "cases.jsonl", change.blob(b"other")), *lines],
        lambda _change, lines: lines[::-1],
    ],
    ids=["links", "programs", "submodules", "padded", "empty folder", "line twice", "unsorted"],
)
def test_a_folder_that_is_more_than_its_files(
    roost: Repository, folder: Callable[[Change, Lines], Lines]
) -> None:
    """A release whose digests are right is refused when its tree is not plain files in git's order."""
    _release(roost, folder=folder)
    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "shape"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"author ana <ana@", b"author bo <bo@"),
        (b"\n\n", b"\ngpgsig x\n\n"),
        (b"Publish spam", b"Publish spam\n\nApproved-by: all"),
        (b" +0000\ncommitter", b" +0100\ncommitter"),
    ],
    ids=["author", "header", "message", "zone"],
)
def test_a_forged_commit_of_main(roost: Repository, old: bytes, new: bytes) -> None:
    """A commit on main says who made it and when as the log does, and nothing beside."""
    _release(roost, commit=lambda data: data.replace(old, new, 1))
    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "shape"


def test_a_tag_with_more_to_say(roost: Repository) -> None:
    """A tag whose first lines are right and whose message was added to is refused."""
    _release(roost, tag=lambda data: data + b"Endorsed by everybody.\n")
    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "releases"


def _record(repository: Repository, **forged: object) -> None:
    """Records the run that is there once more, with fields of the event or files of its own."""
    run = next(iter(repository.state().runs.values()))
    more: Mapping[str, bytes] = forged.pop("files", {})  # type: ignore[assignment]
    files = run_files(repository, run) | more

    def decide(state, change, at):  # type: ignore[no-untyped-def]
        old = state.refs[RUNS]
        commit = change.commit(
            tree=change.files(files), parents=[old], handle="ana", at=at, message="Run again"
        )
        said = {"content": run.content, "key": run.key, "engine": run.engine} | forged
        payload = RunRecorded(
            slug="spam",
            commit=commit,
            record=sha256_hex(files["record.json"]),
            predictions=sha256_hex(files["predictions.jsonl"]),
            **said,  # type: ignore[arg-type]
        )
        moves = (Move(ref=RUNS, old=old, new=commit),)
        return Draft(type="run_recorded", actor="ana", payload=payload, moves=moves)

    repository.act(decide)


@pytest.mark.parametrize(
    "forged",
    [{"engine": "gpt-oss-120b"}, {"key": "a" * 64}, {"files": {"run.sh": b"exit"}}],
    ids=["engine", "key", "file"],
)
def test_a_run_that_is_not_what_its_event_says(roost: Repository, forged: dict[str, object]) -> None:
    """An event cannot claim another engine or key than the record has, nor carry further files."""
    _record(roost, **forged)
    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "runs"


def test_words_with_a_past(roost: Repository) -> None:
    """Words whose commit has a parent are refused: it would keep what a redaction took."""

    def decide(state, change, at):  # type: ignore[no-untyped-def]
        text = seal_text("Because.", b"s" * 16)
        before = change.commit(
            tree=change.files({"x": b"erased"}), parents=[], handle="ana", at=at, message="x"
        )
        tree = change.files({text_path(text.id): text.raw})
        commit = change.commit(tree=tree, parents=[before], handle="ana", at=at, message="Words of events")
        payload = Redacted(ground="mistake", authority="owner", kinds=(), reason=text.id)
        moves = (Move(ref=TEXTS, old=None, new=commit),)
        return Draft(type="redacted", actor="ana", payload=payload, moves=moves)

    roost.act(decide)
    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "texts"


@pytest.mark.parametrize(
    "ref", ["refs/notes/commits", "refs/replace/" + "a" * 40, "refs/evil", b"refs/tags/\xff"]
)
def test_refs_of_any_name(roost: Repository, ref: str | bytes) -> None:
    """No ref stands beside those of the log, wherever git keeps it and whatever bytes it is named with."""
    place = os.path.join(os.fsencode(roost.path), os.fsencode(ref))  # noqa: PTH118 - a name of any bytes
    os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120
    with open(place, "wb") as file:  # noqa: PTH123
        file.write(run_git(roost.path, "rev-parse", MAIN))
    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "refs"


def test_a_head_that_shows_something_else(roost: Repository) -> None:
    """HEAD on a commit that no ref has would be what a plain clone checks out."""
    change = Change()
    commit = change.commit(tree=change.files({"x": b"y"}), parents=[], handle="eve", at=1, message="x")
    write_objects(roost.path, change.objects.values())
    (roost.path / "HEAD").write_text(f"{commit}\n")
    failure = verify(roost).failure
    assert failure is not None
    assert failure.place == "HEAD"


@pytest.mark.parametrize("name", ["shallow", "info/grafts", "objects/info/alternates"])
def test_history_that_is_borrowed_or_cut(roost: Repository, tmp_path: Path, name: str) -> None:
    """A repository that is not read as its objects are is not called complete."""
    lines = {
        "shallow": run_git(roost.path, "rev-list", "--max-parents=0", MAIN).decode(),
        "info/grafts": run_git(roost.path, "rev-parse", MAIN).decode(),
        "objects/info/alternates": f"{tmp_path}\n",
    }
    (roost.path / name).parent.mkdir(exist_ok=True)
    (roost.path / name).write_text(lines[name])
    assert verify(roost).failure is not None


def test_a_partial_clone_runs_nothing(roost: Repository, tmp_path: Path) -> None:
    """A missing object is named; no command that the repository's configuration has for it is run."""
    blob = run_git(roost.path, "rev-parse", f"{MAIN}:policies/spam/policy.md").decode().strip()
    (roost.path / "objects" / blob[:2] / blob[2:]).unlink()
    with (roost.path / "config").open("a") as config:
        config.write(
            f'[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n'
            f'\turl = {roost.path}\n\tuploadpack = "touch {tmp_path}/ran; git-upload-pack"\n'
        )
    with reopened(roost.path) as opened:
        assert verify(opened).failure is not None
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["refs/commons/log", "packed-refs", "config"])
def test_a_pipe_where_a_file_should_stand(roost: Repository, name: str) -> None:
    """A folder that was handed over cannot hold a reader for ever."""
    (roost.path / name).unlink(missing_ok=True)
    os.mkfifo(roost.path / name)
    with pytest.raises(NotACommonsError, match="no plain file"):
        reopened(roost.path)


def test_a_configuration_that_reads_on(roost: Repository) -> None:
    """A configuration that includes other files is not followed."""
    with (roost.path / "config").open("a") as config:
        config.write("[include]\n\tpath = /dev/zero\n")
    with pytest.raises(NotACommonsError, match="includes"):
        reopened(roost.path)


def test_a_run_on_other_labels_than_the_release_has(roost: Repository) -> None:
    """A run whose figures follow from its rows, but whose rows state other gold labels, is found."""
    real = read_policy(roost, "spam")
    files = dict(real.folder.files)
    swapped = files["cases.jsonl"].replace(b'"AA0"', b'"x"').replace(b'"AA1"', b'"AA0"')
    files["cases.jsonl"] = swapped.replace(b'"x"', b'"AA1"')
    assert files["cases.jsonl"] != real.folder.files["cases.jsonl"]
    run = run_suite(
        policy=real.folder.document.policy,
        policy_text=prompt_text(real.folder),
        ref=PolicyRef(address="demo/spam", digest=real.release.content),
        suite=suite_of(load_folder("spam", files)),
        engine=engine_named("lexical"),
        environment=environment(),
        clock=RunClock(),
        salt=bytes(16),
    )
    record_run(roost, "spam", run, actor="ana")

    failure = verify(roost).failure
    assert failure is not None
    assert (failure.check, failure.rule) == ("runs", "its rows are not the cases of spam 1.0.0.")


def test_a_run_whose_figures_do_not_follow_from_its_rows(roost: Repository) -> None:
    """A record that states another count than its rows give is found, though every digest is right."""
    real = read_policy(roost, "spam")
    run = bench_folder(real.folder, engine_named("lexical"), address="demo/spam")
    stated = run.record.metrics.headline.accuracy
    assert (stated.count, stated.n) == (2, 2)
    other = replace(
        run.record,
        metrics=replace(
            run.record.metrics,
            headline=replace(run.record.metrics.headline, accuracy=replace(stated, count=1)),
        ),
    )
    files = {**run.files, "record.json": record_bytes(other)}
    record_run(roost, "spam", replace(run, record=other, files=files), actor="ana")

    failure = verify(roost).failure
    assert failure is not None
    assert failure.check == "runs"
    assert "metrics" in failure.rule
