"""`show`, `search`, `pull` and `lock` against a site, a folder of commons and a repository."""

from __future__ import annotations

import socket
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from policies.digest import folder_digest
from registry.services.erasure import Target
from registry.services.folders import read_policy_folder
from registry.services.redact import redact
from tests.support.commandline import Command
from tests.support.scripted import Scripted, answer
from tests.support.shelf import release_next
from tests.support.vouched import reopened


def locked(path: Path = Path("commons.lock")) -> list[dict[str, Any]]:
    """The entries of the lock in the current folder."""
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["policy"]
    return entries


def test_a_site_and_a_folder_show_the_same(user: Command, still_site: str, still_shelf: Path) -> None:
    """Facts, cases and text do not depend on the way by which they came; only who owns it is not told."""
    for words in (("roost/spam@1.0.0",), ("roost/spam", "--cases"), ("roost/teens/dares", "--text")):
        over_http = user("show", *words, "--registry", still_site, "--json").document
        from_disk = user("show", *words, "--registry", still_shelf, "--json").document
        assert over_http.pop("owner") is None
        assert from_disk.pop("owner") in ("ana", "bo")
        assert over_http == from_disk


def test_runs_are_the_same_and_come_with_their_sentence(
    user: Command, still_site: str, still_shelf: Path
) -> None:
    """A site gives the figures that the repository has, and the baseline says what it is."""
    over_http = user("show", "roost/spam", "--runs", "--registry", still_site, "--json").document["runs"]
    from_disk = user("show", "roost/spam", "--runs", "--registry", still_shelf, "--json").document["runs"]
    digests = ("commit", "record_digest", "predictions_digest")
    assert [{**run, **dict.fromkeys(digests)} for run in from_disk] == over_http
    assert "cannot follow rules" in user("show", "roost/spam", "--runs", "--registry", still_site).out


@pytest.mark.parametrize("kind", ["still_site", "still_shelf"])
def test_commons_are_listed_and_looked_into(user: Command, kind: str, request: pytest.FixtureRequest) -> None:
    """Without an address the commons are listed; with one of them, its policies; nested ones too."""
    place = request.getfixturevalue(kind)
    names = [one["name"] for one in user("show", "--registry", place, "--json").document["commons"]]
    assert names == ["roost", "roost/teens"]
    inside = user("show", "roost", "--registry", place, "--json").document
    assert [line["slug"] for line in inside["policies"]] == ["scams", "spam"]
    assert (inside["founder"], inside["children"]) == ("ana", ["roost/teens"])
    nested = user("show", "roost/teens", "--registry", place, "--json").document
    assert (nested["name"], nested["parent"]) == ("roost/teens", "roost")


@pytest.mark.parametrize("kind", ["still_site", "still_shelf"])
def test_search_finds_and_narrows(user: Command, kind: str, request: pytest.FixtureRequest) -> None:
    """Words of the text are found with their place; a filter leaves out what does not fit."""
    place = request.getfixturevalue(kind)

    def found(*words: str) -> list[str]:
        document = user("search", *words, "--registry", place, "--json").document
        assert document["total"] == len(document["policies"])
        return sorted(line["address"] for line in document["policies"])

    everything = ["roost/scams", "roost/spam", "roost/teens/dares"]
    assert found() == everything
    assert found("roman") == ["roost/scams"]
    assert found("money romance") == found("money", "romance") == ["roost/scams"]
    assert found('"asks for money"', "romance") == ["roost/scams"]
    assert found('"money for asks"') == []
    assert found("promotion", "--commons", "roost/teens") == ["roost/teens/dares"]
    assert found("--label", "AA1", "--status", "experimental", "--language", "en") == everything
    assert found("--tested") == found("--language", "de") == found("nothing-of-it") == []
    said = user("search", "romance", "--registry", place)
    assert said.out.startswith("roost/scams@1.0.0")
    assert said.out.endswith("1 policy found.\n")


def test_search_goes_on_where_it_stopped(user: Command, still_site: str) -> None:
    """`next` of one answer leads to the rest, and nothing comes twice."""
    first = user("search", "--limit", "2", "--registry", still_site, "--json").document
    rest = user(
        "search", "--limit", "2", "--cursor", first["next"], "--registry", still_site, "--json"
    ).document
    addresses = [line["address"] for line in (*first["policies"], *rest["policies"])]
    assert (len(addresses), sorted(set(addresses))) == (3, sorted(addresses))
    assert rest["next"] is None


def test_a_pulled_policy_is_locked_with_its_registry(user: Command, still_site: str) -> None:
    """The folder has the digest that the lock states, and the lock says which site it came from."""
    made = user(
        "pull", "roost/teens/dares", "--registry", still_site + "/", "--to", "policies/dares", "--json"
    )
    (entry,) = locked()
    assert (made.document["written"], entry["registry"], entry["folder"]) == (
        True,
        still_site,
        "policies/dares",
    )
    assert folder_digest(read_policy_folder(Path("policies/dares")).files) == entry["digest"]
    assert user("lock", "--check").code == 0


def test_the_environment_names_a_registry(
    user: Command, still_site: str, still_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COMMONS_REGISTRY stands in for the option, and a repository that is named wins over it."""
    monkeypatch.setenv("COMMONS_REGISTRY", still_site)
    assert user("show", "roost/spam", "--json").document["owner"] is None
    assert user("show", still_shelf / "roost.git", "spam", "--json").document["owner"] == "ana"
    assert user("search", "romance", "--json").document["total"] == 1
    assert user("pull", "roost/spam").code == 0
    # The folder that was pulled is no repository: it does not come between.
    assert user("show", "roost/spam", "--registry", still_shelf, "--json").document["owner"] == "ana"


def test_what_is_missing_is_put_right_from_where_it_came(user: Command, site: str, shelf: Path) -> None:
    """`pull` alone brings back every locked folder at its version, and gives up no changes unasked."""
    user("pull", "roost/spam", "--registry", site)
    user("pull", shelf / "roost.git", "scams")
    release_next(shelf, "patch")
    before = Path("commons.lock").read_bytes()
    for name in ("spam", "scams"):
        Path(name).rename(f"former-{name}")
    assert user("lock", "--check").code == 1
    said = user("pull", "--json")
    assert [one["written"] for one in said.document["pulled"]] == [True, True]
    assert Path("commons.lock").read_bytes() == before
    assert user("lock", "--check").code == 0
    Path("spam/policy.md").write_text("Mine.\n", "utf-8")
    refused = user("pull", "--json")
    assert (refused.code, refused.error["kind"]) == (3, "changed-folder")
    assert user("pull", "--force").code == 0
    assert user("lock", "--check").code == 0


def test_a_folder_of_another_policy_is_not_taken_over(user: Command, still_site: str) -> None:
    """Two policies of one folder name are told apart, and the second wants a place of its own."""
    user("pull", "roost/spam", "--registry", still_site)
    said = user("pull", "roost/scams", "--to", "spam", "--registry", still_site)
    assert (said.code, "roost/spam@1.0.0 is locked there" in said.err) == (2, True)
    assert user("lock", "--check").code == 0


def test_folders_are_locked_by_what_they_hold(user: Command, still_site: str) -> None:
    """A lost lock is made again from a site, whatever the folders are called."""
    user("pull", "roost/spam", "--registry", still_site)
    user("pull", "roost/teens/dares", "--to", "elsewhere", "--registry", still_site)
    before = Path("commons.lock").read_bytes()
    Path("commons.lock").unlink()
    assert user("lock", "spam", "elsewhere", "--registry", still_site).code == 0
    assert Path("commons.lock").read_bytes() == before


def test_a_check_tells_news_and_needs_no_network(user: Command, site: str, shelf: Path) -> None:
    """A newer release is told while the registry answers; without it the digests still decide."""
    user("pull", "roost/spam", "--registry", site)
    release_next(shelf, "minor")
    assert user("lock", "--check", "--json").document["policies"][0]["newer"] == "1.1.0"
    assert user("lock", "--check", "--offline", "--json").document["policies"][0]["newer"] is None
    text = Path("commons.lock").read_text("utf-8")
    Path("commons.lock").write_text(text.replace(site, unused_port()), "utf-8")
    said = user("lock", "--check", "--json")
    assert (said.code, said.document["ok"]) == (0, True)
    assert "nothing is known of newer releases" in said.document["policies"][0]["notice"]


def test_a_redacted_release_is_told_and_taken(user: Command, site: str, shelf: Path) -> None:
    """Other bytes under a locked version are taken where the log says that they were redacted, and told."""
    user("pull", "roost/spam", "--registry", site)
    with reopened(shelf / "roost.git") as repository:
        redact(
            repository, actor="ana", ground="mistake", salt=lambda: b"s" * 16,
            target=Target(slug="spam", cases=frozenset({"2"})),
        )  # fmt: skip
    assert "redacted" in user("lock", "--check", "--json").document["policies"][0]["notice"]
    assert user("outdated").code == 1
    said = user("pull", "roost/spam@1.0.0", "--registry", site, "--json")
    assert (said.code, said.document["notice"]) == (
        0,
        "parts of this release were redacted since it was locked",
    )
    assert b"shop.example" not in Path("spam/cases.jsonl").read_bytes()
    assert user("outdated").code == 0


def test_another_release_under_a_locked_version_is_refused(
    user: Command, still_site: str, still_shelf: Path, tmp_path: Path
) -> None:
    """A registry that has other bytes under the same number and no redaction gets nothing written."""
    user("pull", "roost/spam", "--registry", still_site)
    lock = Path("commons.lock")
    (entry,) = locked()
    forged = lock.read_text("utf-8").replace(entry["digest"], "a" * 64)
    lock.write_text(forged, "utf-8")
    Path("spam").rename(tmp_path / "spam")
    said = user("pull", "roost/spam@1.0.0", "--registry", still_site, "--json")
    assert (said.code, said.error["kind"], Path("spam").exists()) == (3, "changed-release", False)
    assert lock.read_text("utf-8") == forged
    assert user("pull", "--json").error["kind"] == "changed-release"
    assert "no redaction is recorded" in user("outdated").out


class Between:
    """Somebody between us and the site, who changes what it says."""

    def __init__(self, site: str, old: bytes, new: bytes, where: str) -> None:
        self._site, self._old, self._new, self._where = site, old, new, where

    def __call__(self, path: str, connection: socket.socket) -> None:
        given = httpx.get(self._site + path)
        body = given.content.replace(self._old, self._new) if self._where in path else given.content
        kind = given.headers["content-type"]
        connection.sendall(answer(body, status=f"{given.status_code} OK", kind=kind))


@pytest.mark.parametrize(
    ("old", "new", "where", "code"),
    [
        (b"Ordinary talk.", b"Everything goes.", "/files/policy.md", 6),
        (b'"cases.jsonl"', b'"../cases.md"', "/versions/", 6),
        (b'"cases.jsonl"', b'"policy.md"', "/versions/", 6),
        (b'"folder":"', b'"folder":"0', "/versions", 6),
        (b'"content":"', b'"content":"f', "/versions", 6),
    ],
    ids=["changed text", "a name that leads elsewhere", "a name twice", "no digest", "no content digest"],
)
def test_what_was_changed_on_the_way_is_not_written(
    user: Command, still_site: str, old: bytes, new: bytes, where: str, code: int
) -> None:
    """Bytes and names are held against the digests and the rules of a policy before anything is written."""
    with Scripted(Between(still_site, old, new, where)) as liar:
        said = user("pull", "roost/spam", "--registry", liar.base)
        assert said.code == code, said.err
        assert liar.base in said.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("show", "roost/nothing"), 4, "roost/nothing: not at "),
        (("show", "roost/spam@9.9.9"), 4, "Released are: 1.0.0."),
        (("show", "nowhere/spam"), 4, "nowhere/spam: not at "),
        (("show", "spam"), 4, "named with its own: roost/spam"),
        (("show", "spam@1.0.0"), 4, "named with its own: roost/spam"),
        (("show", "Roost/spam"), 2, "is not a name"),
        (("show", "roost", "--cases"), 2, "these go with a policy"),
        (("pull", "roost"), 2, "name a policy"),
        (("pull", "roost/spam", "other"), 2, "one address is enough: commons pull"),
        (("search", "x", "--cursor", "no-cursor"), 2, "it refuses"),
    ],
)
def test_a_wrong_question_is_answered(
    user: Command, still_site: str, words: tuple[str, ...], code: int, told: str
) -> None:
    """Each exits as documented and says what would be right."""
    said = user(*words, "--registry", still_site)
    assert (said.code, told in said.err) == (code, True), said.err


def unused_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_an_unreachable_registry_is_told(user: Command) -> None:
    """A wrong port exits 5 with the address, and as a document with place, rule and remedy."""
    address = unused_port()
    said = user("pull", "roost/spam", "--registry", address, "--json")
    assert (said.code, said.error["kind"], said.error["place"]) == (5, "unreachable", address)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "http://r.example/roost/spam"), "commons show roost/spam --registry http://r.example"),
        (("pull", "http://r.example", "roost/spam"), "--registry http://r.example"),
        (("show", "http://r.example/roost.git"), "commons clone http://r.example/roost.git"),
        (("show", "roost/spam"), "commons show roost/spam --registry PLACE"),
        (("search", "spam"), "commons search spam --registry PLACE"),
        (("bundle", "roost/spam"), "commons bundle roost/spam --registry PLACE"),
        (("pull", "roost/spam"), "commons pull roost/spam --registry PLACE"),
    ],
)
def test_the_form_that_was_meant_is_told(user: Command, words: tuple[str, ...], told: str) -> None:
    """A command that cannot begin says what to type instead, and asks nobody."""
    said = user(*words)
    assert (said.code, told in said.err) == (2, True), said.err


def test_a_bundle_or_a_shelf_in_place_of_a_repository(user: Command, still_shelf: Path) -> None:
    """Whoever names a folder of commons where a repository belongs is told the option."""
    said = user("show", still_shelf, "spam")
    assert (said.code, f"commons show spam --registry {still_shelf}" in said.err) == (2, True)


def test_a_policy_of_a_registry_classifies(
    user: Command, still_site: str, still_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By address from a site, a folder and a bundle; one's own folder wins over the environment."""
    assert user("bundle", "roost/spam", "--registry", still_site).code == 0
    text = ("--text", "cheap rings here today", "--json")
    said = [
        user("classify", "roost/spam", "--registry", place, *text).document
        for place in (still_site, still_shelf, "policies.bundle")
    ]
    assert said[0] == said[1] == said[2]
    assert user("pull", "roost/spam", "--registry", still_site).code == 0
    monkeypatch.setenv("COMMONS_REGISTRY", still_site)
    assert user("classify", "spam", *text).document["policy"] == "spam"
    assert user("classify", "roost/scams", *text).document["policy"] == "roost/scams@1.0.0"
    assert user("classify", "roost", *text).code == 2
