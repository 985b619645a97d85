"""Following a repository elsewhere, over real HTTP with git: what comes in, and what is refused."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from governance.payloads import Imported
from registry.services.errors import InputRefusedError
from registry.services.follow_record import read_following
from registry.services.following import (
    INTERVAL,
    LONGEST,
    PartedError,
    RewrittenError,
    follow,
    look,
    stop,
)
from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.services.revisions import Draft
from registry.services.verify import verify
from registry.store.errors import GitFailedError
from registry.store.log import newest_first
from registry.store.remote import FetchEndedError, FetchLimits, fetch_branch
from registry.store.repository import Repository
from tests.support.elsewhere import Elsewhere, spam
from tests.support.git_http import served_over_http
from tests.support.histories import ManualClock, policy_files


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    root = tmp_path / "elsewhere"
    root.mkdir()
    return Elsewhere(root)


@pytest.fixture
def url(elsewhere: Elsewhere) -> Iterator[str]:
    with served_over_http(elsewhere.bare.parent) as address:
        yield f"{address}/community.git"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def commons(tmp_path: Path, clock: ManualClock) -> Iterator[Repository]:
    with found(tmp_path / "roost.git", founder="ana", clock=clock) as repository:
        yield repository
        assert verify(repository).failure is None


def imports(commons: Repository) -> list[Imported]:
    head = commons.head()
    assert head is not None
    said = [entry.event.payload for entry in newest_first(commons.reader, head)]
    return [one for one in said if isinstance(one, Imported)][::-1]


def text(commons: Repository, slug: str = "spam") -> str:
    return read_policy(commons, slug).folder.files["policy.md"].decode()


def test_what_is_there_comes_in_with_its_history(elsewhere: Elsewhere, url: str, commons: Repository) -> None:
    """Every commit that changes something, by whoever made it when; a clone of the commons verifies."""
    commits = [
        elsewhere.commit(spam()),
        elsewhere.commit(spam("Promotion at length."), "Bo"),
        elsewhere.commit({"README.md": b"# Hello\n"}, "Cleo"),
    ]
    looked = follow(commons, url, actor="ana")
    assert looked.came is not None
    assert (looked.came.revisions, looked.came.authors) == (2, ("ana-alvarez", "bo"))
    (event,) = imports(commons)
    assert event.original == tuple(commits[:2])
    assert read_policy(commons, "spam").release.version == "1.0.0"
    assert "Promotion at length." in text(commons)
    made = commons.reader.commit(event.commits[0])
    assert made.raw_author == "ana-alvarez <ana-alvarez@invalid> 1735732800 +0000"
    assert look(commons).came is None
    assert len(imports(commons)) == 1


def test_what_changes_there_comes_in_as_the_next_version(
    elsewhere: Elsewhere, url: str, commons: Repository
) -> None:
    """Each look is one import of the commits since; a number given there is kept where it goes up."""
    elsewhere.commit(spam())
    follow(commons, url, actor="ana")
    elsewhere.commit(spam("Promotion at length."))
    elsewhere.commit({f"policies/scams/{name}": raw for name, raw in policy_files("Scams").items()})
    looked = look(commons)
    assert looked.came is not None
    assert looked.came.revisions == 2
    assert [(one.slug, one.version) for one in imports(commons)[1].releases] == [
        ("spam", "1.0.1"),
        ("scams", "1.0.0"),
    ]
    higher = spam("Any promotion.")
    higher["policies/spam/policy.md"] = higher["policies/spam/policy.md"].replace(b"1.0.0", b"3.0.0")
    elsewhere.commit(higher)
    look(commons)
    assert read_policy(commons, "spam").release.version == "3.0.0"
    assert read_policy(commons, "scams").release.version == "1.0.0"


def test_a_branch_and_a_folder_are_followed_alone(
    elsewhere: Elsewhere, tmp_path: Path, commons: Repository
) -> None:
    """At a path as well; what lies elsewhere in it is not looked at."""
    elsewhere.commit({**spam(), "other/policy.md": b"---\nbroken\n"})
    looked = follow(commons, str(elsewhere.bare), actor="ana", branch="main", folder="policies")
    assert (looked.following.url, looked.following.shown) == (str(elsewhere.bare), "a folder on this host")
    assert set(commons.state().policies) == {"spam"}


def test_a_rewritten_history_is_refused(elsewhere: Elsewhere, url: str, commons: Repository) -> None:
    """It is said which commit is missed; nothing here changes, and once it is put back it goes on."""
    first = elsewhere.commit(spam())
    second = elsewhere.commit(spam("Promotion at length."))
    follow(commons, url, actor="ana")
    before = commons.head()
    elsewhere.back_to(first)
    elsewhere.commit(spam("Something else."))
    with pytest.raises(RewrittenError, match=second[:12]):
        look(commons)
    following = read_following(commons.path)
    assert following is not None
    assert following.public is not None
    assert "rewritten" in following.public
    assert (commons.head(), "Promotion at length." in text(commons)) == (before, True)
    elsewhere.back_to(second)
    elsewhere.commit(spam("Back again."))
    assert look(commons).came is not None
    following = read_following(commons.path)
    assert following is not None
    assert (following.trouble, following.failures) == (None, 0)


def test_a_rewritten_history_is_taken_anew_when_the_owner_says_so(
    elsewhere: Elsewhere, url: str, commons: Repository
) -> None:
    """What came stays as it came; the present state comes on top, and from there it goes on."""
    first = elsewhere.commit(spam())
    second = elsewhere.commit(spam("Promotion at length."))
    follow(commons, url, actor="ana")
    elsewhere.back_to(first)
    elsewhere.commit({"README.md": b"# Begun anew\n"})
    rewritten = elsewhere.commit(spam("Something else."))
    with pytest.raises(RewrittenError):
        look(commons)
    looked = look(commons, anew=True)
    assert looked.came is not None
    assert looked.came.revisions == 1
    before, after = imports(commons)
    assert (before.original, after.original) == ((first, second), (rewritten,))
    assert "Something else." in text(commons)
    later = elsewhere.commit(spam("And on."))
    look(commons)
    assert imports(commons)[-1].original == (later,)


def test_what_changed_no_policy_is_read_once(
    elsewhere: Elsewhere, url: str, commons: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many commits of other things there are between two that count."""
    elsewhere.commit(spam())
    follow(commons, url, actor="ana")
    monkeypatch.setattr("registry.store.foreign.MAX_REVISIONS", 2)
    for number in range(4):
        elsewhere.commit({"README.md": f"# {number}\n".encode()})
        assert look(commons).came is None
    elsewhere.commit(spam("Promotion at length."))
    looked = look(commons)
    assert looked.came is not None
    assert looked.came.revisions == 1


def test_nothing_is_changed_here_meanwhile(elsewhere: Elsewhere, url: str, commons: Repository) -> None:
    """Publishing, proposing and importing are refused with the way out; moving here is the owner's act."""
    elsewhere.commit(spam())
    follow(commons, url, actor="ana")
    files = policy_files("Spam", "Mine.")
    for act in (
        lambda: publish(commons, "spam", files, actor="ana"),
        lambda: propose(commons, Draft(folders={"spam": files}), title="Mine", actor="bo"),
        lambda: import_folders(commons, {"scams": policy_files("Scams")}, actor="ana", kind="folder"),
        lambda: follow(commons, url, actor="ana"),
    ):
        with pytest.raises(InputRefusedError, match=r"follows http://127\.0\.0\.1"):
            act()
    with pytest.raises(InputRefusedError, match="bo does not look after roost"):
        stop(commons, actor="bo")
    stop(commons, actor="ana")
    assert not commons.paths.followed.exists()
    assert publish(commons, "spam", files, actor="ana").release.version == "1.0.1"
    with pytest.raises(InputRefusedError, match="follows nothing"):
        look(commons)


def test_a_policy_that_parted_is_not_overwritten(elsewhere: Elsewhere, url: str, commons: Repository) -> None:
    """Changed here after moving, or here before: what comes from there would undo it."""
    elsewhere.commit(spam())
    follow(commons, url, actor="ana")
    stop(commons, actor="ana")
    follow(commons, url, actor="ana")
    stop(commons, actor="ana")
    publish(commons, "spam", policy_files("Spam", "Mine."), actor="ana")
    elsewhere.commit(spam("Theirs."))
    with pytest.raises(PartedError, match=r"spam 1\.0\.1 did not come from there"):
        follow(commons, url, actor="ana")
    assert read_following(commons.path) is None
    assert "Mine." in text(commons)


def test_a_place_that_cannot_be_reached_is_asked_less_and_less(
    elsewhere: Elsewhere, url: str, commons: Repository, clock: ManualClock
) -> None:
    """The wait doubles up to a day, and starts anew once it went well."""
    elsewhere.commit(spam())
    following = follow(commons, url, actor="ana").following
    assert following.next_at == clock.now() + INTERVAL
    elsewhere.bare.rename(elsewhere.bare.with_name("gone.git"))
    waits = []
    for _ in range(10):
        with pytest.raises(GitFailedError):
            look(commons)
        now = read_following(commons.path)
        assert now is not None
        waits.append(now.next_at - clock.now())
    assert (waits[0], waits[1], waits[-1]) == (2 * INTERVAL, 4 * INTERVAL, LONGEST)
    elsewhere.bare.with_name("gone.git").rename(elsewhere.bare)
    assert look(commons).following.next_at == clock.now() + INTERVAL


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% /tmp/x",
        "git@host:policies.git",
        "ftp://host/policies.git",
        "file:///etc",
        "https://ana:secret@host/policies.git",
        "https://-oProxyCommand=x/policies.git",
        "ssh://-oProxyCommand=x/policies.git",
        "https://host:0/policies.git",
        "https:///policies.git",
        "/nowhere/at/all",
    ],
)
def test_other_addresses_are_refused(commons: Repository, address: str) -> None:
    """Nothing is asked for, and nothing is followed."""
    with pytest.raises(InputRefusedError):
        follow(commons, address, actor="ana")
    assert read_following(commons.path) is None
    assert not commons.paths.followed.exists()


def test_names_of_branches_and_folders_are_plain(commons: Repository, url: str) -> None:
    """What git could take for an option or another ref is refused."""
    for branch in ("-x", "a..b", "a:b", "+a", "a.lock", ""):
        with pytest.raises(InputRefusedError):
            follow(commons, url, actor="ana", branch=branch)
    for folder in ("../x", "-x", "a/b", ":(top)"):
        with pytest.raises(InputRefusedError):
            follow(commons, url, actor="ana", folder=folder)


@pytest.mark.parametrize(
    ("limits", "ended", "said"),
    [
        (FetchLimits(seconds=0.3), False, "longer than"),
        (FetchLimits(bytes=-1), False, "MiB came"),
        (FetchLimits(), True, "being stopped"),
    ],
)
def test_a_fetch_has_limits(commons: Repository, limits: FetchLimits, ended: bool, said: str) -> None:
    """Too long, too much, or the end of the server: it is ended, however silent the other side is."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/policies.git"
        with pytest.raises(FetchEndedError, match=said):
            fetch_branch(commons.paths.followed, url, "http", None, limits, lambda: ended)
    assert not list((commons.paths.followed / "objects" / "pack").iterdir())


def test_a_redirect_is_not_followed(elsewhere: Elsewhere, url: str, commons: Repository) -> None:
    """The operator said which address; one that it leads to may lie in the host's own network."""
    elsewhere.commit(spam())

    class Elsewhither(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", url + self.path.removeprefix("/moved.git"))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhither) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with pytest.raises(GitFailedError, match=r"redirect|302"):
                follow(commons, f"http://127.0.0.1:{server.server_port}/moved.git", actor="ana")
        finally:
            server.shutdown()
            thread.join()
    assert imports(commons) == []


def test_only_an_owner_follows(elsewhere: Elsewhere, url: str, commons: Repository) -> None:
    """What many decide on is not overwritten from elsewhere, nor in the name of somebody else."""
    elsewhere.commit(spam())
    with pytest.raises(InputRefusedError, match="bo does not decide alone here"):
        follow(commons, url, actor="bo")
    assert imports(commons) == []
