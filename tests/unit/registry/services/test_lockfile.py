from __future__ import annotations

from pathlib import Path

import pytest

from registry.services.errors import InputRefusedError
from registry.services.lockfile import Locked, from_lock, read_lock, relative_to_lock, write_lock
from registry.services.origin import Source, SourceKind

SPAM = Locked(
    address="roost/spam@1.2.0",
    source=Source(SourceKind.REPOSITORY, "../roost.git"),
    folder="policies/spam",
    commit="a" * 40,
    content="b" * 64,
    digest="c" * 64,
    text_license='LicenseRef-"quoted"-\u00e9',
)


def test_a_lock_reads_as_it_was_written(tmp_path: Path) -> None:
    """Every field survives, quotation marks and accents included, and entries are ordered by folder."""
    other = Locked(
        address="roost/scams@0.1.0",
        source=Source(SourceKind.REGISTRY, "https://commons.example/registry"),
        folder="a",
        commit="d" * 40,
        content="e" * 64,
        digest="f" * 64,
    )
    write_lock(tmp_path / "commons.lock", [SPAM, other])
    assert read_lock(tmp_path / "commons.lock") == (other, SPAM)
    assert (SPAM.slug, SPAM.version) == ("spam", "1.2.0")


def test_a_lock_of_the_first_format_is_read(tmp_path: Path) -> None:
    """What an earlier program wrote, which knew repositories only, means the same today."""
    path = tmp_path / "commons.lock"
    write_lock(path, [SPAM])
    path.write_text(path.read_text("utf-8").replace("format = 2", "format = 1"), "utf-8")
    assert read_lock(path) == (SPAM,)


def test_two_sources_are_refused(tmp_path: Path) -> None:
    """An entry that says it came from two places says nothing."""
    path = tmp_path / "commons.lock"
    write_lock(path, [SPAM])
    text = path.read_text("utf-8").replace("folder = ", 'registry = "http://r.example"\nfolder = ')
    path.write_text(text, "utf-8")
    with pytest.raises(InputRefusedError, match="it names not one of"):
        read_lock(path)


def test_no_lock_holds_nothing(tmp_path: Path) -> None:
    """A project without a lock file has locked no policy."""
    assert read_lock(tmp_path / "commons.lock") == ()


def test_paths_are_relative_to_the_lock(tmp_path: Path) -> None:
    """What is written leads back to the same place, and is short beside the lock."""
    lock = tmp_path / "project" / "commons.lock"
    stated = relative_to_lock(tmp_path / "roost.git", lock)
    assert stated == "../roost.git"
    assert from_lock(stated, lock).resolve() == (tmp_path / "roost.git").resolve()
    assert from_lock("spam", Path("commons.lock")) == Path("spam")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("format = [", "it is no TOML"),
        ("format = " + "[" * 3_000, "it is no TOML"),
        ("format = 3", "its format is 3"),
        ("format = true", "its format is True"),
        ("format = 1\npolicy = 3", "`policy` is no list"),
        ("format = 1\npolicy = [3]", "it is no table."),
        ('format = 1\n[[policy]]\naddress = "roost/spam@1.0.0"', "it names not one of"),
    ],
)
def test_what_is_no_lock_is_refused(tmp_path: Path, text: str, rule: str) -> None:
    """A damaged lock is refused with the rule it breaks and the way to make it again."""
    path = tmp_path / "commons.lock"
    path.write_text(text, "utf-8")
    with pytest.raises(InputRefusedError) as caught:
        read_lock(path)
    assert caught.value.rule.startswith(rule)
    assert "commons lock REPOSITORY FOLDER" in caught.value.remedy


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("commit", "a" * 39, "`commit` is no commit"),
        ("digest", "C" * 64, "`digest` is no digest"),
        ("address", "roost/spam", "`address` names no version"),
        ("address", "Roost/spam@1", "`address`: "),
        ("folder", "", "`folder` is missing"),
        ("folder", "/etc/spam", "`folder` is no path relative"),
        ("repository", "", "`repository` is missing"),
    ],
)
def test_each_field_is_checked(tmp_path: Path, field: str, value: str, rule: str) -> None:
    """A lock that was edited by hand is refused at the entry and field at fault."""
    path = tmp_path / "commons.lock"
    write_lock(path, [SPAM])
    lines = [
        f'{field} = "{value}"' if line.startswith(f"{field} =") else line
        for line in path.read_text("utf-8").splitlines()
    ]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(InputRefusedError) as caught:
        read_lock(path)
    assert caught.value.place == f"{path}, policy 1"
    assert caught.value.rule.startswith(rule)
