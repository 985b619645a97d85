"""The index is a view of the logs: followed or built anew, it says the same."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from registry.index.entries import Query
from registry.index.errors import IndexWriteError
from registry.index.index import Index
from registry.services.backup import backup
from registry.services.erasure import Target
from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.membership import invite, join
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.redact import redact
from registry.services.restore import restore
from registry.services.revisions import Draft
from registry.services.undo import undo
from registry.store.repository import Repository
from tests.support.circles import agreed, circle, wording
from tests.support.histories import ManualClock, policy_files
from tests.support.vouched import reopened


def _everything(index: Index) -> object:
    """All that the index gives out."""
    events = index.events(limit=1_000, newest_first=False)
    return (
        index.listed("demo", limit=100),
        events,
        [index.search(Query(words=word)) for word in ("", "spam", "tal")],
    )


def test_following_event_by_event_is_building_anew(commons: Repository, index: Index, tmp_path: Path) -> None:
    """After any number of acts, the followed index gives what a fresh one gives, positions aside."""
    index.follow(commons)
    publish(commons, "spam", policy_files("Spam", "Another text about telephones."), actor="ana")
    index.follow(commons)
    publish(commons, "insults", policy_files("Insults", "About insults."), actor="ana")
    publish(commons, "scams", policy_files("Fraud", "Another title."), actor="ana")
    taken = index.follow(commons)
    assert (taken.events, taken.policies) == (2, 2)
    fresh = Index.open(tmp_path / "fresh.db")
    fresh.follow(commons)
    assert _everything(index) == _everything(fresh)
    fresh.close()


def test_a_policy_says_what_its_release_says(commons: Repository, index: Index) -> None:
    """Its facts come from the front matter of the latest release, its serial from the log."""
    index.follow(commons)
    publish(commons, "spam", policy_files("Spam", "Another text."), actor="ana")
    index.follow(commons)
    entry = index.policy("demo", "spam")
    assert entry is not None
    latest = commons.state().policies["spam"].latest
    assert (entry.address, entry.title, entry.version) == ("demo/spam", "Spam", latest.version)
    assert (entry.commit, entry.content, entry.folder) == (latest.commit, latest.content, latest.folder)
    assert (entry.serial, entry.updated_at) == (commons.state().seq, commons.state().at)
    assert [label.code for label in entry.labels] == ["AA0", "AA1"]
    assert (entry.licence_text, entry.tested, entry.owner) == ("CC-BY-4.0", False, "ana")


def test_the_serial_moves_with_every_change_and_only_then(commons: Repository, index: Index) -> None:
    """Answers that rest on it are made again exactly when the index says something else."""
    before = index.serial
    index.follow(commons)
    after = index.serial
    assert after > before
    index.follow(commons)
    assert index.serial == after


def test_another_process_over_the_file_is_noticed(commons: Repository, index: Index, tmp_path: Path) -> None:
    """What one takes in the other has, once it looked; neither takes it in twice."""
    other = Index.open(tmp_path / "index.db")
    other.follow(commons)
    before = index.serial
    assert index.refresh() > before
    assert index.follow(commons).events == 0
    assert index.listed("demo", limit=10) == other.listed("demo", limit=10)
    other.close()


def test_several_following_at_once_agree(commons: Repository, tmp_path: Path) -> None:
    """Eight threads over four handles take everything in exactly once."""
    handles = [Index.open(tmp_path / "index.db") for _ in range(4)]
    taken: list[int] = []

    def follow(index: Index) -> None:
        with reopened(commons.path) as repository:
            taken.append(index.follow(repository).events)

    threads = [threading.Thread(target=follow, args=(handles[number % 4],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0] * 7 + [2]
    assert handles[0].count("demo") == 3
    for handle in handles:
        handle.close()


def test_a_restored_older_commons_is_taken_in_from_its_beginning(
    commons: Repository, index: Index, tmp_path: Path
) -> None:
    """What the newer log had and the older has not is gone."""
    backup(commons.path, tmp_path / "old.backup")
    publish(commons, "insults", policy_files("Insults"), actor="ana")
    index.follow(commons)
    assert index.count("demo") == 4
    restore(tmp_path / "old.backup", tmp_path / "restored.git")
    with reopened(tmp_path / "restored.git") as older:
        assert index.follow(older).policies == 3
    assert index.count("demo") == 3
    assert index.search(Query(words="insults")).total == 0


def test_a_commons_that_is_gone_is_forgotten(commons: Repository, index: Index, tmp_path: Path) -> None:
    """With every row of it, and no other's."""
    with found(tmp_path / "other.git", founder="bo", name="other", clock=ManualClock()) as other:
        import_folders(other, {"spam": policy_files("Spam elsewhere")}, actor="bo", kind="folder")
        index.follow(other)
    index.follow(commons)
    assert index.keep_only({"demo"}) == ("other",)
    assert index.names() == ("demo",)
    assert {hit.policy.commons for hit in index.search(Query(words="spam")).hits} == {"demo"}
    assert {event.commons for event in index.events(limit=100)} == {"demo"}


def test_what_was_redacted_is_gone_from_the_file(commons: Repository, index: Index, tmp_path: Path) -> None:
    """Not in a row, not in the full-text index, not in a free page, not in the write-ahead log."""
    secret = "call Morgan Vale on five five five"
    files = policy_files("Spam", f"Such as: {secret}.")
    publish(commons, "spam", files, actor="ana")
    index.follow(commons)
    assert index.search(Query(words="morgan")).total == 1
    assert any(b"Morgan" in path.read_bytes() for path in tmp_path.glob("index.db*"))
    redact(
        commons,
        actor="ana",
        ground="personal-data",
        salt=lambda: bytes(16),
        target=Target(slug="spam", words=secret),
    )
    index.follow(commons)
    assert index.search(Query(words="morgan")).total == 0
    assert [path.name for path in tmp_path.glob("index.db*") if b"organ" in path.read_bytes()] == []
    assert index.policy("demo", "spam") is not None


def test_a_write_that_fails_leaves_the_index_as_it_was(commons: Repository, index: Index) -> None:
    """The disk is full half-way: nothing is taken in, the error says so, and the next try goes on."""
    index.follow(commons)
    publish(commons, "insults", policy_files("Insults"), actor="ana")

    def full(done: int, _total: int) -> None:
        if done:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        index.follow(commons, told=full)
    assert index.count("demo") == 3
    assert index.reached("demo") != commons.head()
    assert index.follow(commons).policies == 1


def test_a_file_that_may_not_grow_is_told(commons: Repository, tmp_path: Path) -> None:
    """SQLite's own "full" becomes an error that names the file and says that nothing is lost."""
    more = {f"policy-{number}": policy_files(f"Policy {number}", "Word. " * 200) for number in range(40)}
    import_folders(commons, more, actor="ana", kind="folder")
    index = Index.open(tmp_path / "small.db")
    with index._database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(IndexWriteError, match=r"small.db: the index .* \(.*full\). Nothing is lost"):
        index.follow(commons)
    assert index.count("demo") == 0
    index.close()


def test_the_index_knows_who_acted_where(commons: Repository, index: Index, tmp_path: Path) -> None:
    """Every actor of every log, the registry too, and the commons that each acted in; nobody else."""
    with found(tmp_path / "nest.git", founder="bo", name="nest", clock=ManualClock()) as nest:
        invite(nest, "ana", actor="bo")
        join(nest, actor="ana")
        index.follow(nest)
    index.follow(commons)
    assert index.actors() == {"ana", "bo", "registry"}
    assert index.acted_in("ana") == ("demo", "nest")
    assert index.acted_in("bo") == ("nest",)
    assert index.acted_in("zed") == ()


def test_what_a_proposal_brought_is_in_lists_and_search(tmp_path: Path) -> None:
    """A version that came into force by a decision, and one taken back, as if an owner had published it."""
    clock = ManualClock()
    with circle(tmp_path / "roost.git", clock=clock) as roost:
        index = Index.open(tmp_path / "index.db")
        index.follow(roost)
        agreed(roost, clock, wording("Adverts for lamps.", title="Lamps"))
        index.follow(roost)
        state = roost.state()
        entry = index.policy("roost", "spam")
        assert entry is not None
        assert (entry.title, entry.version) == ("Lamps", "1.0.1")
        assert (entry.commit, entry.serial) == (state.policies["spam"].latest.commit, state.seq)
        assert [hit.policy.version for hit in index.search(Query(words="lamps")).hits] == ["1.0.1"]
        enacted = index.events(commons="roost", slug="spam", limit=1)[0]
        assert (enacted.type, enacted.version, enacted.proposal) == ("enacted", "1.0.1", 1)

        taken_back = propose(roost, _metadata(), title="A summary", actor="bo")
        assert roost.state().ended[taken_back.number].stage == "enacted"
        undo(roost, taken_back.number, "Not so.", actor="ana")
        index.follow(roost)
        entry = index.policy("roost", "spam")
        assert entry is not None
        latest = roost.state().policies["spam"].latest
        assert (entry.version, entry.content) == (latest.version, latest.content)
        assert not entry.summary.startswith("Of lamps")
        fresh = Index.open(tmp_path / "fresh.db")
        fresh.follow(roost)
        assert fresh.listed("roost", limit=10) == index.listed("roost", limit=10)
        fresh.close()
        index.close()


def test_what_is_proposed_is_news_of_a_policy(tmp_path: Path) -> None:
    """Whoever follows a policy hears of a proposal on it; what it lists stays as it is released."""
    with circle(tmp_path / "roost.git", clock=ManualClock()) as roost:
        propose(roost, wording("Adverts."), title="Adverts", actor="bo")
        index = Index.open(tmp_path / "index.db")
        index.follow(roost)
        newest = index.events(commons="roost", slug="spam", limit=1)[0]
        assert (newest.type, newest.version, newest.proposal) == ("proposed", None, 1)
        entry = index.policy("roost", "spam")
        assert entry is not None
        assert entry.version == "1.0.0"
        index.close()


def _metadata() -> Draft:
    files = wording("Adverts for lamps.", title="Lamps").folders["spam"]
    policy = files["policy.md"].replace(b"summary: Decides lamps", b"summary: Of lamps, and", 1)
    return Draft(folders={"spam": {**files, "policy.md": policy}})
