from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, table
from sqlalchemy.sql.expression import column

from registry.accounts import finding, sessions, tokens
from registry.accounts.accounts import Accounts, open_accounts
from registry.accounts.database import Database
from registry.accounts.errors import DatabaseUnusableError
from registry.accounts.migrating import VERSION_TABLE, migrate, newest, revisions
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.secret_text import SecretKind, digest
from registry.accounts.sign_up import sign_up
from registry.accounts.tables import METADATA
from tests.support.accounts import CHEAP, PASSWORD, START
from tests.support.viewers import same_secret

SESSION, TOKEN = same_secret(SecretKind.SESSION), same_secret(SecretKind.TOKEN)
ROWS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "r0001": [
        (
            "account",
            {
                "handle": "ana",
                "look_alike": "ana",
                "password": "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$x",
                "created_at": START,
                "changed_at": START,
                "deleted_at": None,
            },
        ),
        (
            "session",
            {
                "id": digest(SESSION),
                "ref": "0" * 16,
                "account": 1,
                "agent": "Firefox",
                "created_at": START,
                "seen_at": START,
                "ends_at": START + 100,
            },
        ),
        ("invitation", {"id": "a" * 64, "handle": None, "created_at": START, "ends_at": START + 100}),
        ("reset", {"account": 1, "id": "b" * 64, "created_at": START, "ends_at": START + 100}),
    ],
    "r0002": [
        (
            "token",
            {
                "id": digest(TOKEN),
                "ref": "1" * 16,
                "account": 1,
                "name": "bot",
                "hint": TOKEN[:7],
                "scopes": "read vote",
                "created_at": START,
                "ends_at": START + 100,
                "used_at": None,
            },
        )
    ],
    "r0003": [
        ("limit_window", {"id": "c" * 64, "used": 3, "ends_at": START + 100}),
        (
            "answer",
            {
                "id": "d" * 64,
                "request": "e" * 64,
                "began_at": START,
                "status": 201,
                "headers": "{}",
                "body": b"{}",
            },
        ),
    ],
}
"""What each revision added, with a row as that version wrote it."""


@pytest.fixture
def database(place: PrivatePlace) -> Iterator[Database]:
    opened = Database(place)
    yield opened
    opened.close()


def test_every_revision_has_rows_to_try_it_with() -> None:
    """A revision that comes later needs an entry here."""
    assert tuple(ROWS) == revisions()


def test_newest_is_told_by_the_names_of_the_scripts() -> None:
    """As Alembic tells it by what stands in them: a server that has nothing to do need not load it."""
    assert newest() == revisions()[-1]


@pytest.mark.parametrize("begin", list(ROWS))
def test_database_of_any_earlier_version_comes_up_to_date(database: Database, begin: str) -> None:
    """With its rows, and they still mean what they meant."""
    assert migrate(database, to=begin) == begin
    known = revisions()
    written = [row for revision in known[: known.index(begin) + 1] for row in ROWS[revision]]
    with database.connection() as connection:
        for name, row in written:
            connection.execute(insert(table(name, *map(column, row))).values(**row))
    assert migrate(database) == known[-1]
    with database.connection() as connection:
        for name, row in written:
            found = connection.exec_driver_sql(f"SELECT * FROM {name}").mappings().one()
            assert {key: found[key] for key in row} == row
    accounts = Accounts(database, cost=CHEAP, clock=lambda: START + 1)
    assert finding.handles(accounts) == {"ana"}
    assert sessions.find(accounts, SESSION) is not None
    assert (tokens.find(accounts, TOKEN) is not None) == (begin != "r0001")
    assert tokens.create(accounts, "ana", "another", [Scope.READ], days=1)
    # What is added from here on gets numbers of its own.
    assert sign_up(accounts, "bo", PASSWORD, in_use=(), invitation=None).handle == "bo"


def test_revisions_make_the_tables_that_the_program_knows(database: Database) -> None:
    """Column by column, and no more."""
    migrate(database)
    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []


def test_second_time_changes_nothing(database: Database) -> None:
    """As every start but the first."""
    assert [migrate(database) for _ in range(3)] == [revisions()[-1]] * 3


def _start(place: PrivatePlace) -> str:
    accounts = open_accounts(place, cost=CHEAP)
    try:
        return str(len(finding.handles(accounts)))
    finally:
        accounts.close()


def test_processes_that_start_at_once_make_one_database(place: PrivatePlace) -> None:
    """Four of them: each finds it ready, none fails."""
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(_start, [place] * 4)) == ["0"] * 4


def test_newer_version_is_refused(database: Database) -> None:
    """It says what to do, and nothing is changed."""
    migrate(database)
    with database.connection() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = 'r9999'")
    with pytest.raises(DatabaseUnusableError, match=r"newer version.*r9999") as refused:
        migrate(database)
    assert "backup" in refused.value.remedy
    with database.connection() as connection:
        assert connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar() == "r9999"


def test_there_is_no_way_back(database: Database) -> None:
    """A newer form is not turned into an older one."""
    migrate(database)
    with pytest.raises(DatabaseUnusableError, match="no way back"):
        migrate(database, to="r0001")


def test_what_belongs_to_another_program_is_left_alone(database: Database) -> None:
    """A database with tables of somebody else's is not written."""
    with database.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (n INTEGER)")
    with pytest.raises(DatabaseUnusableError, match="something else"):
        migrate(database)
    with database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM theirs").scalar() == 0


def test_interrupted_change_leaves_what_was_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a change happens, or nothing of it: also of a change of tables."""
    from alembic import command

    migrate(database, to="r0001")
    upgrade = command.upgrade

    def cut_off(*arguments: Any) -> None:
        upgrade(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", cut_off)
    with pytest.raises(KeyboardInterrupt):
        migrate(database)
    monkeypatch.undo()
    with database.connection() as connection:
        assert connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar() == "r0001"
    assert migrate(database) == revisions()[-1]


class TestFiles:
    """What concerns a file alone."""

    def test_file_is_its_owners_only(self, tmp_path: Path) -> None:
        """The file, its log and its shared memory; one that was open to others is closed to them."""
        path = tmp_path / "private.db"
        path.touch(mode=0o644)
        accounts = open_accounts(PrivatePlace(path=path), cost=CHEAP)
        found = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
        accounts.close()
        assert set(found.values()) == {0o600}
        assert set(found) == {"private.db", "private.db-wal", "private.db-shm"}

    def test_damaged_file_is_named_and_kept(self, tmp_path: Path) -> None:
        """Accounts cannot be built anew: it is not set aside, and not written."""
        path = tmp_path / "private.db"
        path.write_bytes(b"no database at all" * 500)
        before = path.read_bytes()
        with pytest.raises(DatabaseUnusableError, match="damaged"):
            open_accounts(PrivatePlace(path=path))
        assert path.read_bytes() == before

    def test_index_is_not_taken_for_it(self, tmp_path: Path) -> None:
        """Nor any other file of SQLite."""
        path = tmp_path / "index.db"
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("CREATE TABLE policy (n INTEGER)")
        with pytest.raises(DatabaseUnusableError, match="something else"):
            open_accounts(PrivatePlace(path=path))

    def test_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        """A folder in place of the file, or a file in place of the folder."""
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").touch()
        for path in (tmp_path / "folder", tmp_path / "file" / "private.db"):
            with pytest.raises(DatabaseUnusableError, match="cannot be written") as refused:
                open_accounts(PrivatePlace(path=path))
            assert str(path) in str(refused.value)
