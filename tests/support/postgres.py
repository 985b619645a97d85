"""A PostgreSQL of a test's own: its own folder, its own socket, gone with the test. Starts processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from registry.accounts.place import PrivatePlace, read_place
from tests.support.ports import free_port

USER = "commons"


def programs() -> Path | None:
    """Where PostgreSQL's programs are; None where there are none.

    Where `COMMONS_POSTGRES` names their folder, as `.ci/run` does, they must be there.
    """
    named = os.environ.get("COMMONS_POSTGRES")
    if named:
        assert (Path(named) / "initdb").is_file(), f"COMMONS_POSTGRES={named} holds no initdb"
        return Path(named)
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    return max(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None
    )


class Postgres:
    """One server, which can be stopped and started again. It takes nobody's word but this machine's."""

    def __init__(self, bin_: Path, folder: Path) -> None:
        self._bin = bin_
        self._data = folder / "data"
        self._log = folder / "log"
        self._folder = folder
        self.port = free_port()
        self._made = 0
        self._run(
            "initdb", "-D", self._data, "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"
        )

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        # Nothing here is worth a sync; what is lost with the power is the test.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stops it, as a crash would: connections are cut off."""
        self._run("pg_ctl", "-D", self._data, "-m", how, "-w", "stop")

    def place(self) -> PrivatePlace:
        """An empty database."""
        self._made += 1
        name = f"private_{self._made}"
        self.execute(f"CREATE DATABASE {name}")
        return read_place(self.url(name))

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        """Runs one statement as the owner of everything."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: object) -> None:
        command: Sequence[str] = [str(self._bin / program), *map(str, arguments)]
        if os.geteuid() == 0:
            # PostgreSQL does not run as root.
            command = ["runuser", "-u", "postgres", "--", *command]
        # A server that is started keeps what it was given open: it is given a file.
        with (self._folder / "said").open("ab") as said:
            subprocess.run(command, check=True, stdout=said, stderr=said, cwd="/", timeout=60)


@contextmanager
def running(bin_: Path) -> Iterator[Postgres]:
    """A server that runs while the block does."""
    folder = Path(tempfile.mkdtemp(prefix="commons-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = Postgres(bin_, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
