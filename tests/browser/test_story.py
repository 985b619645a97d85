"""The whole of it, as it is meant to be used: three people and a stranger, a site, a browser each, and git.

They found a commons, take in a policy that they forked, and change it together; whoever comes later clones it
and counts everything again. `commons serve`, `commons` and `git` run as their own programs. README's tour
follows this.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.accounts import PASSWORD
from tests.support.pushing import run_git

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_TOKEN = re.compile(r"pc_\w{20,}")


class Person(NamedTuple):
    """Somebody with a browser, a shell and a folder of their own."""

    handle: str
    base: str
    page: Page
    home: Path

    def sign_up(self) -> None:
        self.page.goto(f"{self.base}/sign-up")
        self.page.get_by_label("Handle").fill(self.handle)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("The same once more").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign up").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.handle)

    def make_token(self, *scopes: str) -> str:
        """A token from the account's page, shown once."""
        self.page.goto(f"{self.base}/account/tokens")
        self.page.get_by_label("What it is for").fill("my laptop")
        for scope in scopes:
            self.page.locator(f"#scope-{scope}").check()
        self.page.get_by_label("Your password").fill(PASSWORD)
        self.page.get_by_role("button", name="Make it").click()
        found = _TOKEN.search(self.page.locator(".secret").inner_text())
        assert found is not None
        return found[0]

    def act(self, address: str, name: str, *, says: str, **fields: str) -> None:
        """Fills in one of the forms of a page of acts, and is told what became of it."""
        self.page.goto(f"{self.base}/{address}")
        form = self.page.locator(f"#act-{name}")
        form.locator("summary").click()
        for field, value in fields.items():
            if form.locator(f"input[type=radio][name={field}]").count():
                form.locator(f"input[name={field}][value={value}]").check()
            else:
                form.locator(f"[name={field}]").fill(value)
        form.get_by_role("button").last.click()
        expect(self.page.get_by_role("status")).to_contain_text(says)

    def run(self, *arguments: object, token: str | None = None, code: int = 0) -> str:
        """A `commons` command in their folder; what it says on both outputs."""
        done = subprocess.run(
            [sys.executable, "-m", "registry.cli", *map(str, arguments)],
            cwd=self.home,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "XDG_CACHE_HOME": str(self.home / "cache"),
                "XDG_DATA_HOME": str(self.home / "share"),
                **({"COMMONS_TOKEN": token} if token else {}),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def git(self, *arguments: str, folder: str = "", code: int = 0) -> str:
        done = run_git(*arguments, cwd=self.home / folder)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    """A site as README has it: `commons serve` with the starter policies, in a process of its own."""
    errors = tmp_path / "serve.log"
    command = [
        sys.executable,
        "-m",
        "registry.cli",
        "serve",
        str(tmp_path / "data"),
        "--starter",
        "--port",
        "0",
    ]
    with errors.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT) as process:
        try:
            yield _address(errors, process)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0


def _address(said: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        found = _ADDRESS.search(said.read_text())
        if found is not None:
            return found[0]
        assert process.poll() is None, said.read_text()
        time.sleep(0.1)
    raise AssertionError(said.read_text())


@pytest.fixture
def people(browser: Browser, base: str, tmp_path: Path) -> Iterator[dict[str, Person]]:
    """Ana, bo and cleo, and dora who belongs to nothing: each has signed up."""
    found: dict[str, Person] = {}
    contexts: list[BrowserContext] = []
    for handle in ("ana", "bo", "cleo", "dora"):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        home = tmp_path / handle
        home.mkdir()
        found[handle] = Person(handle, base, context.new_page(), home)
        found[handle].sign_up()
    yield found
    for context in contexts:
        context.close()


def test_story(people: dict[str, Person], base: str, tmp_path: Path) -> None:
    """Founded, forked, changed, refused for a leaked case, objected to, voted on, in force, and recounted."""
    ana, bo, cleo, dora = people.values()
    roost = f"{base}/roost"
    _found(ana)
    for friend in (bo, cleo):
        ana.act("roost/members/act", "invite", says="They are invited.", member=friend.handle)
        friend.act("roost/members/act", "join", says="You are a member now.")
    _take_in_a_fork(ana, roost)
    _decide_by_consent(ana)

    token = bo.make_token("propose", "vote", "admin")
    scheme, _, host = base.partition("://")
    bo.git("clone", "-q", f"{scheme}://bo:{token}@{host}/roost.git", "roost")
    _refused_for_a_leaked_case(bo)
    number = _pushed(bo)
    proposal = f"roost/proposals/{number}"

    dora.act(f"{proposal}/act", "comment", says="Your comment is recorded.", text="And my choir's posters?")
    bo.act(f"{proposal}/act", "answer", says="Your answer is recorded.", text="A choir sells nothing.")
    cleo.act(
        f"{proposal}/act",
        "object",
        says="Your objection is recorded.",
        reason="Gift cards alone are too few.",
        remedy="Name vouchers as well.",
    )
    _revised(bo, number)
    cleo.act(f"{proposal}/act", "resolve", says="It counts as resolved.")
    for caller in (ana, cleo):
        caller.act(f"{proposal}/act", "call", says="You asked for a vote.")

    receipt = _signed_ballot(bo, token, roost, number)
    for voter in (ana, cleo):
        voter.act(f"{proposal}/act", "vote", says="Your ballot is cast. Receipt: event", choice="yes")

    dora.page.goto(f"{base}/{proposal}")
    expect(dora.page.get_by_text("in force").first).to_be_visible()
    dora.page.goto(f"{base}/roost/spam")
    expect(dora.page.locator("main")).to_contain_text("vouchers")
    _recounted(tmp_path, base, number, receipt)


def _found(ana: Person) -> None:
    """On a page, alone at first."""
    page = ana.page
    page.goto(f"{ana.base}/found")
    page.get_by_label("Its name").fill("roost")
    page.locator("input[name=preset][value^=solo]").check()
    page.get_by_role("button", name="Found it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("roost")


def _take_in_a_fork(ana: Person, roost: str) -> None:
    """From the starter policies, by the command; while she decides alone, what she proposes is in force."""
    token = ana.make_token("propose")
    ana.run("fork", "starter/spam", "--registry", ana.base, "--to", "spam")
    said = ana.run("propose", roost, "spam", "--title", "Begin with spam", token=token)
    assert "It is in force" in said


def _decide_by_consent(ana: Person) -> None:
    """The founder gives up deciding alone: the page says what that means before it is done."""
    page = ana.page
    page.goto(f"{ana.base}/roost/charter/amend")
    page.get_by_label("Preset").select_option("circle@1")
    page.get_by_role("button", name="Look at this preset").click()
    expect(page.locator("main")).to_contain_text("members have 20 hours to object")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How roost decides")
    expect(page.locator("main")).to_contain_text("The rules are those of the preset circle@1.")


def _refused_for_a_leaked_case(bo: Person) -> None:
    """An example of the text that is also a case would be graded by heart: nothing of the push is taken."""
    policy = bo.home / "roost/policies/spam/policy.md"
    case = json.loads((policy.parent / "cases.jsonl").read_text("utf-8").splitlines()[0])
    policy.write_text(policy.read_text("utf-8").rstrip("\n") + f"\n\n- {case['content']}\n", "utf-8")
    bo.git("commit", "-qam", "Name gift cards", folder="roost")
    said = bo.git(
        "push", "origin", "HEAD:refs/for/main", "-o", "title=Name gift cards", folder="roost", code=1
    )
    assert f"policies/spam/cases.jsonl:1: error P052: Case '{case['id']}' stands in the policy text" in said
    bo.git("reset", "-q", "--hard", "origin/main", folder="roost")


def _change(bo: Person, sentence: str, message: str) -> None:
    policy = bo.home / "roost/policies/spam/policy.md"
    lines = policy.read_text("utf-8").splitlines(keepends=True)
    heading = next(number for number, line in enumerate(lines) if line.startswith("# "))
    if "gift" in lines[heading + 1]:
        del lines[heading + 1]
    lines.insert(heading + 1, f"{sentence}\n")
    policy.write_text("".join(lines), "utf-8")
    bo.git("commit", "-qam", message, folder="roost")


def _pushed(bo: Person) -> int:
    """Git's own answer names the proposal's page."""
    _change(bo, "Offers of gift cards count as promotion.", "Name gift cards")
    said = bo.git(
        "push",
        "origin",
        "HEAD:refs/for/main",
        "-o",
        "title=Name gift cards",
        "-o",
        "topic=cards",
        folder="roost",
    )
    found = re.search(rf"{re.escape(bo.base)}/roost/proposals/(\d+)", said)
    assert found is not None, said
    return int(found[1])


def _revised(bo: Person, number: int) -> None:
    """Pushed again to the same topic, it is a revision of the same proposal."""
    _change(bo, "Offers of gift cards and vouchers count as promotion.", "Name vouchers as well")
    said = bo.git("push", "origin", "HEAD:refs/for/main", "-o", "topic=cards", folder="roost")
    assert f"/roost/proposals/{number}" in said


def _signed_ballot(bo: Person, token: str, roost: str, number: int) -> str:
    """Made and signed on bo's machine, with a key that the log knows; gives what the receipt says."""
    key = bo.home / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    bo.act(
        "roost/members/act",
        "add-key",
        says="The key is yours to sign with.",
        public=key.with_suffix(".pub").read_text(),
        password=PASSWORD,
    )
    said = bo.run("vote", roost, number, "yes", "--sign", key, token=token)
    found = re.search(r"Receipt: event \d+, ([0-9a-f]{64})", said)
    assert found is not None, said
    return found[1]


def _recounted(tmp_path: Path, base: str, number: int, receipt: str) -> None:
    """Erin has no account: she clones, counts everything again, and finds bo's ballot and the outcome."""
    home = tmp_path / "erin"
    home.mkdir()
    done = run_git("clone", "-q", "--mirror", f"{base}/roost.git", "roost.git", cwd=home)
    assert done.returncode == 0, done.stderr
    erin = Person("erin", base, None, home)  # type: ignore[arg-type]
    report = json.loads(erin.run("verify", "roost.git", "--json"))
    assert report["ok"], report
    explained = json.loads(erin.run("explain", "roost.git", number, "--json"))
    assert explained["stage"] == "enacted"
    assert [(one["member"], one["choice"]) for one in explained["vote"]["ballots"]] == [
        ("ana", "yes"),
        ("bo", "yes"),
        ("cleo", "yes"),
    ]
    events = json.loads(erin.run("log", "roost.git", "--json"))["events"]
    assert [one["actor"] for one in events if one["digest"] == receipt] == ["bo"]
