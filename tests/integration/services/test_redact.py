"""Redaction: the bytes are gone everywhere, the arithmetic stays, and a crash in it leaves no half."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from registry.services.bench import bench_policy
from registry.services.erasure import Target
from registry.services.errors import BlockedContentError, InputRefusedError
from registry.services.gc import gc
from registry.services.importing import import_folders
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.services.redact import redact
from registry.services.verify import verify
from registry.store.errors import MissingObjectError
from registry.store.process import git_environment, git_path, run_git
from registry.store.refs import MAIN
from registry.store.repository import Repository
from registry.store.texts import read_text
from tests.support.histories import policy_files
from tests.support.vouched import reopened

SECRET = "Call Morgan Vale at 555-0199 about the boat"


def _salt() -> bytes:
    return bytes(16)


def _files() -> dict[str, bytes]:
    files = policy_files("Spam")
    files["cases.jsonl"] += f'{{"id": "leak", "content": "{SECRET}", "label": "AA0"}}\n'.encode()
    return files


@pytest.fixture
def leaky(commons: Repository) -> Repository:
    """Two policies, two releases of one with a case that must go, and a run over it."""
    publish(commons, "spam", _files(), actor="ana")
    publish(commons, "scams", policy_files("Scams"), actor="ana")
    reworded = _files()
    reworded["policy.md"] = reworded["policy.md"].replace(b"Ordinary talk.", b"Everyday talk.")
    publish(commons, "spam", reworded, actor="ana")
    bench_policy(commons, "spam", actor="ana")
    return commons


def _everything(repository: Repository) -> bytes:
    """Every object of the repository, reachable or not."""
    return run_git(repository.path, "cat-file", "--batch", "--batch-all-objects", "--unordered")


def test_a_case_is_gone_from_every_object(leaky: Repository) -> None:
    """After a case's redaction no object holds its content, and releases keep their numbers."""
    assert SECRET.encode() in _everything(leaky)
    done = redact(
        leaky,
        actor="ana",
        ground="personal-data",
        salt=_salt,
        target=Target(slug="spam", cases=frozenset({"leak"})),
    )

    assert SECRET.encode() not in _everything(leaky)
    assert (done.revisions, done.runs) == (3, 1)
    versions = [release.version for release in leaky.state().policies["spam"].releases]
    assert versions == ["1.0.0", "1.0.1"]
    assert [case.id for case in read_policy(leaky, "spam", "1.0.0").folder.cases] == ["1", "2"]


def test_verify_says_complete_but_for_the_redaction(leaky: Repository, tmp_path: Path) -> None:
    """The commons and a fresh mirror of it verify, and both know of the redaction and its ground."""
    target = Target(slug="spam", cases=frozenset({"leak"}))
    redact(leaky, actor="ana", ground="personal-data", salt=_salt, target=target, reason="asked to")
    subprocess.run(
        [git_path(), "clone", "-q", "--mirror", str(leaky.path), str(tmp_path / "clone.git")],
        check=True,
        env=git_environment("file"),
    )
    with reopened(tmp_path / "clone.git") as clone:
        for report in (verify(leaky), verify(clone)):
            assert report.failure is None
            assert [(r.ground, r.kinds) for r in report.redactions] == [("personal-data", ("cases",))]


def test_words_go_from_text_and_cases_alike(leaky: Repository) -> None:
    """Literal words are replaced wherever they stand in the policy's history."""
    redact(leaky, actor="ana", ground="safety", salt=_salt, target=Target(slug="spam", words="Morgan Vale"))
    assert b"Morgan Vale" not in _everything(leaky)
    content = read_policy(leaky, "spam").folder.cases[-1].content
    assert content == "Call (redacted) at 555-0199 about the boat"


def test_the_words_of_an_event_can_be_erased(leaky: Repository) -> None:
    """A reason is kept beside the log, and goes without changing any event before."""
    target = Target(slug="spam", cases=frozenset({"leak"}))
    redact(leaky, actor="ana", ground="mistake", salt=_salt, target=target, reason="Morgan asked by mail")
    (text_id,) = leaky.state().texts
    said = read_text(leaky.reader, leaky.state(), text_id)
    assert said is not None
    assert said.words == "Morgan asked by mail"

    redact(leaky, actor="ana", ground="personal-data", salt=_salt, texts=[text_id])
    assert read_text(leaky.reader, leaky.state(), text_id) is None
    assert b"Morgan asked" not in _everything(leaky)
    assert verify(leaky).failure is None


def test_what_was_redacted_cannot_be_published_again(leaky: Repository) -> None:
    """Publishing the erased case again is refused with its place."""
    target = Target(slug="spam", cases=frozenset({"leak"}))
    redact(leaky, actor="ana", ground="personal-data", salt=_salt, target=target)
    with pytest.raises(BlockedContentError, match=r"spam/cases\.jsonl:3"):
        publish(leaky, "spam", _files(), actor="ana")


@pytest.mark.parametrize("field", ["content", "note", "context"])
def test_what_was_redacted_does_not_return_in_another_dress(leaky: Repository, field: str) -> None:
    """Neither in capitals and other punctuation, nor in another field of a case."""
    target = Target(slug="spam", cases=frozenset({"leak"}))
    redact(leaky, actor="ana", ground="personal-data", salt=_salt, target=target)
    case = {"id": "new", "content": "An unrelated offer of rings", "label": "AA1"} | {
        field: f"{SECRET.upper()}!"
    }
    files = policy_files("Spam")
    files["cases.jsonl"] += f"{json.dumps(case)}\n".encode()
    with pytest.raises(BlockedContentError, match=r"spam/cases\.jsonl:3"):
        publish(leaky, "spam", files, actor="ana")


def test_asking_for_what_is_not_there_changes_nothing(leaky: Repository) -> None:
    """A case that stands nowhere is refused by name; no event, no marker, no rewritten history."""
    before = leaky.head()
    for target, said in (
        (Target(slug="spam", cases=frozenset({"nope"})), "nope"),
        (Target(slug="spam", words="never written"), "words"),
        (Target(slug="spam", files=frozenset({"annex.md"})), "annex.md"),
    ):
        with pytest.raises(InputRefusedError, match=said):
            redact(leaky, actor="ana", ground="mistake", salt=_salt, target=target)
    assert leaky.head() == before
    assert not leaky.paths.erasing.exists()


_CRASH = """
import os, signal, sys
from pathlib import Path
from registry.services.erasure import Target
from registry.services.redact import redact
from registry.store.repository import Repository
from tests.support.vouched import reopened
from tests.support.histories import ManualClock

path, at, step = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
seen = 0
def fault(name):
    global seen
    seen += 1
    if seen == step:
        os.kill(os.getpid(), signal.SIGKILL)
with reopened(path, clock=ManualClock(at), fault=fault) as repository:
    redact(repository, actor="ana", ground="illegal", salt=lambda: bytes(16),
           target=Target(slug="spam", cases=frozenset({"leak"})))
print(seen)
"""


def test_a_crash_at_any_step_leaves_before_or_after(leaky: Repository, tmp_path: Path) -> None:
    """Killed at every step in turn, a redaction is either not begun or finished on the next opening."""
    at = leaky.clock.now()
    root = Path(__file__).parents[3]
    step, finished = 0, False
    while not finished:
        step += 1
        copy = tmp_path / f"crash-{step}.git"
        subprocess.run(["cp", "-r", str(leaky.path), str(copy)], check=True)
        done = subprocess.run(
            [sys.executable, "-c", _CRASH, str(copy), str(at), str(step)],
            cwd=root, env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin:/usr/local/bin"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        finished = done.returncode == 0
        assert finished or done.returncode == -9, done.stderr
        with open_commons(copy, clock=leaky.clock) as repository:
            erased = len(repository.state().redactions) == 1
            assert (SECRET.encode() not in _everything(repository)) == erased
            assert not repository.paths.erasing.exists()
            assert verify(repository).failure is None
    assert step > 12


def test_what_only_looks_like_erased_content_is_let_through(commons: Repository) -> None:
    """A case's id, label and slices are no content: a word that was erased may still be one of them."""
    files = policy_files("Spam")
    files["cases.jsonl"] += b'{"id": "short-one", "content": "Greeting", "label": "AA0"}\n'
    publish(commons, "spam", files, actor="ana")
    target = Target(slug="spam", cases=frozenset({"short-one"}))
    redact(commons, actor="ana", ground="mistake", salt=_salt, target=target)

    grown = policy_files("Spam")
    grown["cases.jsonl"] += (
        b'{"id": "greeting", "content": "Hi there, all of you", "label": "AA0", "slices": ["greeting"]}\n'
    )
    assert publish(commons, "spam", grown, actor="ana").release.version == "1.1.0"
    grown["cases.jsonl"] += b'{"id": "x", "content": "Nice day", "label": "AA0", "note": "greeting"}\n'
    with pytest.raises(BlockedContentError, match=r"spam/cases\.jsonl:4"):
        publish(commons, "spam", grown, actor="ana")


def test_what_was_redacted_cannot_be_imported_again(leaky: Repository) -> None:
    """Importing a folder with the erased case is refused with its place, and nothing is recorded."""
    target = Target(slug="spam", cases=frozenset({"leak"}))
    redact(leaky, actor="ana", ground="personal-data", salt=_salt, target=target)
    head = leaky.head()
    with pytest.raises(BlockedContentError, match=r"spam/cases\.jsonl:3"):
        import_folders(leaky, {"spam": _files()}, actor="ana", kind="folder")
    assert leaky.head() == head


def test_a_reader_that_has_the_old_pack_open_lets_go_of_it(leaky: Repository) -> None:
    """Another reader of the same commons, warm on packed objects, cannot read what was erased since."""
    gc(leaky.path)
    with reopened(leaky.path, clock=leaky.clock) as other:
        tree = other.reader.commit(other.state().refs[MAIN]).tree
        entry = other.reader.entry(tree, "policies/spam/cases.jsonl")
        assert entry is not None
        assert SECRET.encode() in other.reader.blob(entry.oid)
        target = Target(slug="spam", cases=frozenset({"leak"}))
        redact(leaky, actor="ana", ground="illegal", salt=_salt, target=target)
        with pytest.raises(MissingObjectError):
            other.reader.blob(entry.oid)
