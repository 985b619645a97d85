"""Importing into a commons: policies, history, scores and answers that came along."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from evaluations.record_check import check_record
from registry.services.errors import InputRefusedError, NothingChangedError
from registry.services.import_packs import import_clone, import_packs
from registry.services.importing import import_folders
from registry.services.reading import read_policy, run_files
from registry.services.verify import verify
from registry.store.process import git_environment, run_git
from registry.store.repository import Repository
from tests.support.histories import policy_files
from tests.support.vouched import reopened


def test_importing_again_changes_nothing(commons: Repository) -> None:
    """The same folders twice are one event; a changed one alone gets a new version."""
    folders = {"spam": policy_files("Spam"), "scams": policy_files("Scams")}
    first = import_folders(commons, folders, actor="ana", kind="folder")
    assert first.releases == (("spam", "1.0.0"), ("scams", "1.0.0"))
    head = commons.head()
    with pytest.raises(NothingChangedError):
        import_folders(commons, folders, actor="ana", kind="folder")
    assert commons.head() == head

    folders["scams"] = policy_files("Scams", "Tricks for money.")
    second = import_folders(commons, folders, actor="ana", kind="folder")
    assert (second.releases, second.unchanged) == ((("scams", "1.1.0"),), ("spam",))
    assert verify(commons).failure is None


def test_nothing_to_import_is_refused(commons: Repository) -> None:
    """An empty set of folders is refused before anything is written."""
    with pytest.raises(InputRefusedError):
        import_folders(commons, {}, actor="ana", kind="folder")


def _git(folder: Path, *arguments: str, name: str = "Zoë Example", at: int = 1_700_000_000) -> None:
    who = {
        "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "someone@example.com", "GIT_AUTHOR_DATE": f"{at} +0000",
        "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": "someone@example.com",
        "GIT_COMMITTER_DATE": f"{at} +0000",
    }  # fmt: skip
    subprocess.run(["git", *arguments], cwd=folder, check=True, env=git_environment() | who)


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """A community's repository: two submitters, one with three revisions, and a folder of pictures."""
    folder = tmp_path / "community"
    folder.mkdir()
    _git(folder, "init", "-q")
    pack = folder / "Acme Corp"
    pack.mkdir()
    files = policy_files("Promotion")
    (pack / "policy.md").write_bytes(files["policy.md"])
    (pack / "cases.jsonl").write_bytes(files["cases.jsonl"])
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first, mail me at zoe@example.com")
    (pack / "policy.md").write_bytes(policy_files("Promotion", "Adverts.")["policy.md"])
    (folder / "pictures").mkdir()
    (folder / "pictures" / "logo.png").write_bytes(b"\x89PNG\r\n")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "second", name="Bo", at=1_700_000_100)
    (folder / "beta").mkdir()
    for name, raw in policy_files("Rudeness").items():
        (folder / "beta" / name).write_bytes(raw)
    (pack / "link").symlink_to("/etc/passwd")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "third", name="Bo", at=1_700_000_200)
    return folder


def test_a_clone_becomes_one_nested_commons_per_submitter(commons: Repository, community: Path) -> None:
    """Each submitter's folder is founded below the parent with its revisions, handles and times."""
    done, left = import_clone(commons, community / ".git", actor="ana")

    assert [(item.commons, item.revisions, item.authors) for item in done] == [
        ("demo/acme-corp", 2, ("zoe-example", "bo")),
        ("demo/beta", 1, ("bo",)),
    ]
    assert [folder for folder, _ in left] == ["pictures"]
    assert set(commons.state().children) == {"demo/acme-corp", "demo/beta"}
    child = commons.path.with_suffix("") / "acme-corp.git"
    history = run_git(child, "log", "--reverse", "--format=%an %ae %at", "main").decode().splitlines()
    assert history[1:] == ["zoe-example zoe-example@invalid 1700000000", "bo bo@invalid 1700000100"]
    with reopened(child) as nested:
        assert verify(nested).failure is None
        everything = run_git(child, "cat-file", "--batch", "--batch-all-objects")
        assert b"example.com" not in everything
        assert b"root:" not in everything


def test_a_clone_imported_again_is_left_as_it_is(commons: Repository, community: Path) -> None:
    """A second import founds nothing and says which folders are here already."""
    import_clone(commons, community / ".git", actor="ana")
    head = commons.head()
    done, left = import_clone(commons, community / ".git", actor="ana")
    assert (done, sorted(folder for folder, _ in left)) == ([], ["Acme Corp", "beta", "pictures"])
    assert commons.head() == head


@pytest.mark.real_data
def test_the_published_spam_sheet_recounts_as_known(commons: Repository, real_data: Path) -> None:
    """The model's own answers come out as 0.90 exact, 0.925 binary, precision 1, recall 0.864; the sheet's
    figures stand beside as reported."""
    files = {path.name: path.read_bytes() for path in (real_data / "openai-spam").iterdir()}
    done = import_packs(commons, "openai-spam", files, actor="ana")

    state = commons.state()
    (run,) = state.runs.values()
    assert done.runs == (run.key,)
    headline = check_record(run_files(commons, run)).metrics.headline
    assert (headline.accuracy.count, headline.accuracy.n) == (36, 40)
    binary = headline.binary
    assert [rate.value for rate in (binary.accuracy, binary.precision, binary.recall)] == [
        "0.925000", "1.000000", "0.863636",
    ]  # fmt: skip
    (reported,) = state.reported.values()
    assert {(score.metric, score.value) for score in reported.scores} == {
        ("accuracy", "0.9"), ("precision", "1"), ("recall", "0.8"), ("f1", "0.8888888889"),
    }  # fmt: skip
    assert verify(commons).failure is None


@pytest.mark.real_data
def test_published_sets_are_imported_whole(commons: Repository, real_data: Path) -> None:
    """HateCheck's 3,728 cases and 1,680 moderation prompts come in; run again, nothing changes."""
    for name, cases in (("hatecheck", 3_728), ("openai-moderation", 1_680)):
        files = {path.name: path.read_bytes() for path in (real_data / name).iterdir()}
        done = import_packs(commons, name, files, actor="ana")
        assert done.result.rows.balanced
        assert done.result.packs[0].cases == cases
        head = commons.head()
        assert import_packs(commons, name, files, actor="ana").releases == ()
        assert commons.head() == head


def test_importing_again_does_not_undo_what_was_published_since(commons: Repository) -> None:
    """The source's text, imported before and corrected since, is no news; nor are its recorded answers."""
    sheet = (
        b",,,model classification\nAA0,,,\n1,See you at the library,,AA0\n2,Lunch at noon as ever,,AA0\n"
        b"AA1,,,\n1,Buy my course at shop.example,,AA1\n2,Cheap rings write me now,,AA0\n"
    )
    text = b"Promotion policy\nAllowed (AA0)\n- talk\n\nViolating (AA1)\n- offers\n"
    files = {"policy.txt": text, "golden.csv": sheet}
    first = import_packs(commons, "promotion", files, actor="ana")
    (slug,) = (slug for slug, _ in first.releases)
    assert len(first.runs) == 1
    kept = commons.state().policies[slug].latest
    corrected = dict(read_policy(commons, slug).folder.files)
    corrected["policy.md"] += b"\nJudge the words that are there.\n"
    import_folders(commons, {slug: corrected}, actor="ana", kind="folder")
    edited = commons.state().policies[slug].latest
    head = commons.head()
    assert edited != kept

    again = import_packs(commons, "promotion", files, actor="ana")
    assert (again.releases, again.unchanged, again.runs) == ((), (slug,), ())
    assert commons.state().policies[slug].latest == edited
    assert commons.head() == head


def test_two_submitters_of_one_name_are_not_mixed(commons: Repository, tmp_path: Path) -> None:
    """Folders whose names come to the same one are told, and only the first is taken."""
    folder = tmp_path / "community"
    folder.mkdir()
    _git(folder, "init", "-q")
    for name, title in (("Acme Corp", "Promotion"), ("acme-corp", "Rudeness")):
        (folder / name).mkdir()
        for file, raw in policy_files(title).items():
            (folder / name / file).write_bytes(raw)
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "both")

    done, left = import_clone(commons, folder / ".git", actor="ana")
    assert [item.commons for item in done] == ["demo/acme-corp"]
    assert [name for name, _ in left] == ["acme-corp"]
    assert "Acme Corp" in left[0][1]
