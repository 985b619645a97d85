"""`git push` of one commit to our server, beside `git http-backend` behind nginx, by some clients at once.

Ours asks for a token, reads and lints what came, and records a proposal; the peer moves a branch for anybody.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from registry.accounts import tokens
from registry.accounts.accounts import open_accounts
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.sign_up import create
from registry.services.opening import open_commons
from tests.benchmarks.http_backend import has_backend, http_backend
from tests.benchmarks.measure import Line, seconds
from tests.benchmarks.servers import our_server
from tests.support.histories import policy_files
from tests.support.pushing import NAME, address, make_roost, run_git

ROUNDS = {1: 9, 8: 5, 32: 3}
MOST = 2.5
_POLICY = "policies/scams/policy.md"


class _Client(NamedTuple):
    """Somebody with a clone."""

    handle: str
    token: str
    clone: Path

    def prepare(self, number: int) -> None:
        """Commits a change that nobody else has."""
        place = self.clone / _POLICY
        _git(self.clone, "reset", "-q", "--hard", "origin/main")
        text = place.read_text("utf-8")
        place.write_text(
            text.replace("Ordinary talk.", f"Ordinary talk of {self.handle}, {number}."), "utf-8"
        )
        _git(self.clone, "commit", "-q", "-a", "-m", "A change")

    def propose(self, base: str, number: int) -> None:
        """Pushes to us."""
        remote = address(base, self.handle, self.token)
        _git(self.clone, "push", "-q", remote, "HEAD:refs/for/main", "-o", f"title=Change {number}")

    def push(self, base: str, number: int) -> None:
        """Pushes to the peer."""
        branch = f"HEAD:refs/heads/{self.handle}-{number}"
        _git(self.clone, "push", "-q", f"{base}/{NAME}.git", branch)


def run(folder: Path) -> list[Line]:
    """Both, one after the other, with more and more clients."""
    root, peer_root = folder / "served", folder / "peer"
    make_roost(root, policy_files("Scams"), "bo", "cy")
    shutil.copytree(root, peer_root)
    # A commons refuses every push that git itself would take.
    shutil.rmtree(peer_root / f"{NAME}.git" / "hooks")
    _git(peer_root / f"{NAME}.git", "config", "http.receivepack", "true")
    private = folder / "private.db"
    clients = {count: _clients(folder, private, root, count) for count in ROUNDS}
    lines: list[Line] = []
    with our_server(root, "--private-db", str(private)) as ours:
        if not has_backend():
            taken = []
            for number in range(ROUNDS[1]):
                clients[1][0].prepare(number)
                taken.append(seconds(lambda: clients[1][0].propose(ours, number)))  # noqa: B023
            figure = f"{statistics.median(taken) * 1000:.0f} ms; no peer"
            return [Line("`git push` of one commit", figure, "needs nginx and fcgiwrap (apt-get install)")]
        with http_backend(folder, peer_root, name=NAME, processes=8) as peer:
            lines += [_line(clients[count], rounds, ours, peer) for count, rounds in ROUNDS.items()]
    with open_commons(root / f"{NAME}.git") as repository:
        pushed = sum(count * rounds for count, rounds in ROUNDS.items())
        kept = repository.state().proposed
    lines.append(Line("pushes accepted exactly once", f"{kept} of {pushed}", "all", kept == pushed))
    return lines


def _line(clients: list[_Client], rounds: int, ours: str, peer: str) -> Line:
    mine, pairs = [], []
    with ThreadPoolExecutor(len(clients)) as threads:
        for number in range(rounds):
            list(threads.map(lambda one: one.prepare(number), clients))  # noqa: B023
            mine.append(seconds(lambda: list(threads.map(lambda one: one.propose(ours, number), clients))))  # noqa: B023
            other = seconds(lambda: list(threads.map(lambda one: one.push(peer, number), clients)))  # noqa: B023
            pairs.append(mine[-1] / other)
    ratio = statistics.median(pairs)
    who = "one client" if len(clients) == 1 else f"{len(clients)} clients at once"
    figure = f"{ratio:.2f}x ({statistics.median(mine) * 1000:.0f} ms)"
    return Line(f"proposing by `git push` against http-backend, {who}", figure, f"<= {MOST}x", ratio <= MOST)


def _clients(folder: Path, private: Path, root: Path, count: int) -> list[_Client]:
    accounts = open_accounts(PrivatePlace(path=private))
    made: list[_Client] = []
    for number in range(count):
        handle = create(accounts, f"client-{count}-{number}", in_use=())
        token = tokens.create(accounts, handle, "git", (Scope.PROPOSE,), days=1).secret
        clone = folder / handle
        _git(folder, "clone", "-q", str(root / f"{NAME}.git"), str(clone))
        made.append(_Client(handle, token, clone))
    accounts.close()
    return made


def _git(cwd: Path, *arguments: str) -> None:
    done: subprocess.CompletedProcess[str] = run_git(*arguments, cwd=cwd)
    if done.returncode:
        raise RuntimeError(done.stderr)
