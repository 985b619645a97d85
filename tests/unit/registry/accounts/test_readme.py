"""The documentation of accounts says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from registry import accounts
from registry.accounts.database import CONNECTIONS
from registry.accounts.password_rules import LEAST
from registry.accounts.passwords import Cost
from registry.accounts.place import FILE, PASSWORD_VARIABLE
from registry.accounts.secret_text import SecretKind
from registry.accounts.sessions import DAY, IDLE_SECONDS, LONGEST_SECONDS
from registry.accounts.tables import METADATA

FOLDER = Path(accounts.__file__).parent
README = (FOLDER / "README.md").read_text("utf-8")
_WORDS = {4: "four"}


def test_every_file_is_listed_and_no_other() -> None:
    """Each file of the package, but for its errors."""
    table = README.split("\n## ")[0]
    listed = set(re.findall(r"`(\w+\.py)`", table.partition("| File |")[2]))
    assert listed == {path.name for path in FOLDER.glob("*.py")} - {"__init__.py", "errors.py"}


def test_every_table_is_listed_and_no_other() -> None:
    """With what it holds and until when."""
    rows = README.partition("| Table |")[2].partition("\n\n")[0].splitlines()[2:]
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert listed == set(METADATA.tables)


def test_figures_are_those_of_the_code() -> None:
    """Costs, prefixes, ends and places."""
    cost = Cost()
    assert f"{cost.memory // 1024} MiB, three passes and one thread" in README
    assert (cost.passes, cost.threads) == (3, 1)
    assert all(f"`{kind}` a" in README for kind in SecretKind)
    assert (IDLE_SECONDS, LONGEST_SECONDS) == (14 * DAY, 90 * DAY)
    assert f"Passwords have {LEAST} characters" in README
    assert f"`{FILE}`" in README
    assert PASSWORD_VARIABLE in README
    assert f"Each process keeps {_WORDS[CONNECTIONS]} connections" in README
