"""Commons with a long life, made in bulk: the same objects that acts write, in one pack instead of many."""

from __future__ import annotations

from pathlib import Path

from governance.events import Draft, place
from governance.payloads import (
    ClockConfirmed,
    Published,
    Release,
    ReportedScore,
    ScoresReported,
)
from governance.replay import apply
from policies.canonical import sha256_hex
from policies.codec import parse_policy, with_front_matter
from policies.folder import load_folder
from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.releasing import Incoming, place_releases
from registry.store import log
from registry.store.clock import Boot
from registry.store.objects import Change
from registry.store.refs import LOG
from registry.store.repository import Repository
from registry.store.staged import Staged
from registry.store.transaction import RefMove, RefTransactions
from registry.store.writer import write_objects

DAY = 86_400


class ManualClock:
    """A clock that tests set; the machine's uptime goes along with it."""

    def __init__(self, at: int = 1_767_225_600) -> None:
        self.at = at
        self._start = at

    def now(self) -> int:
        """UTC seconds since 1970."""
        return self.at

    def boot(self) -> Boot:
        """One boot, as old as the clock has moved."""
        return Boot("manual", self.at - self._start)


def policy_files(title: str, text: str = "Promotion nobody asked for.") -> dict[str, bytes]:
    """A small policy that lints clean."""
    policy = (
        f"---\ntitle: {title}\nsummary: Decides {title.lower()} for a small platform.\nversion: 1.0.0\n"
        "status: experimental\nlicenses: {text: CC-BY-4.0, cases: CC-BY-4.0}\nlanguage: en\n"
        "maintainers: [ana]\ncredits: [{name: Example contributors, role: author}]\nlabels:\n"
        "  - {code: AA0, title: Fine, violates: false}\n"
        "  - {code: AA1, title: Not fine, violates: true, severity: 1}\n---\n"
        "# Goal\nDecide whether a post is promotion.\n\n## AA0 Fine\nOrdinary talk.\n"
        "- A question: “where is the station”\n\n"
        f"## AA1 Not fine\n{text}\n- An offer: “cheap rings here today”\n"
    )
    cases = (
        '{"id": "1", "content": "See you at the library on Friday", "label": "AA0"}\n'
        '{"id": "2", "content": "Buy my course now at shop.example", "label": "AA1"}\n'
    )
    return {"policy.md": policy.encode(), "cases.jsonl": cases.encode()}


def long_history(path: Path, events: int, *, start: int = 1_767_225_600) -> None:
    """Makes a commons of so many events at `path`: releases, runs, scores, clock confirmations."""
    with found(path, founder="ana", name="demo", clock=ManualClock(start)) as repository:
        import_folders(repository, {"spam": policy_files("Spam")}, actor="ana", kind="folder")
        _append(repository, events - 2, start)


def _append(repository: Repository, count: int, start: int) -> None:
    view = repository.view()
    head, state = view.head, view.state
    assert state is not None
    old = dict(state.refs)
    change = Change()
    files = policy_files("Spam")
    version = 0
    for number in range(count):
        at = start + 60 + number
        if number % 1000 == 999:
            version += 1
            raw = with_front_matter(parse_policy(files["policy.md"]), {"version": f"1.{version}.0"}).raw
            extra = f'{{"id": "n{version}", "content": "Case number {version}", "label": "AA0"}}\n'
            files = {"policy.md": raw, "cases.jsonl": files["cases.jsonl"] + extra.encode()}
            incoming = Incoming(load_folder("spam", files))
            placed = place_releases(
                Staged(repository.reader, change),
                change,
                state,
                [incoming],
                actor="ana",
                at=at,
                message="Publish",
            )
            draft = Draft(
                type="published",
                actor="ana",
                payload=Published(release=placed.releases[0], change="minor", mode="owner"),
                moves=placed.moves,
            )
        elif number % 2:
            scores = (ReportedScore(metric="accuracy", value=f"0.{number}"),)
            release: Release = state.policies["spam"].latest
            draft = Draft(
                type="scores_reported",
                actor="ana",
                payload=ScoresReported(
                    slug="spam", content=release.content, source=sha256_hex(b"%d" % number), scores=scores
                ),
            )
        else:
            draft = Draft(type="clock_confirmed", actor="ana", payload=ClockConfirmed(last=at - 1, now=at))
        event = place(draft, seq=state.seq + 1, at=at, charter=state.charter, prev=state.prev)
        event = repository.vouch(state, event)
        entry = log.append(change, event, head)
        head, state = entry.commit, apply(state, event, entry.digest)
    write_objects(repository.path, change.objects.values())
    moves = [RefMove(LOG, view.head, head)]
    moves += [RefMove(ref, old.get(ref), new) for ref, new in state.refs.items() if old.get(ref) != new]
    transactions = RefTransactions(repository.path)
    transactions.move(moves)
    transactions.close()
