"""A commons with a year of life in it, lived through real acts on a clock that runs along.

python -m tests.support.year demo.git     # then: git --git-dir demo.git log --oneline refs/commons/log
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from registry.services.bench import bench_policy
from registry.services.clock import confirm_clock
from registry.services.erasure import Target
from registry.services.found import found, found_child
from registry.services.importing import import_folders, note_reported_scores
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.services.redact import redact
from registry.services.starter import library_folders
from registry.store.clock import Boot
from registry.store.errors import ClockError
from registry.store.repository import Repository
from tests.support.histories import DAY, ManualClock

HOUR = 3_600


class YearClock(ManualClock):
    """A clock whose machine can be restarted, after which its uptime vouches for nothing."""

    boots = 0

    def restart(self) -> None:
        """Begins another boot."""
        self.boots += 1
        self._start = self.at

    def boot(self) -> Boot:
        """The boot at hand."""
        return Boot(f"boot-{self.boots}", self.at - self._start)


def live_a_year(path: Path) -> Repository:
    """Founds, imports, publishes, measures, nests, redacts and restarts from January to December 2026."""
    clock = YearClock()
    library = {folder.slug: folder.files for folder in library_folders()}
    repository = found(path, founder="ana", name="roost", clock=clock)
    clock.at += HOUR
    first = {slug: library[slug] for slug in ("spam", "scams", "harassment")}
    import_folders(repository, first, actor="ana", kind="library")
    for slug in first:
        clock.at += 60
        bench_policy(repository, slug, actor="ana")
    for month in range(1, 12):
        clock.at += 29 * DAY
        if month == 6:
            _come_back_after_a_restart(repository, clock)
        _month(repository, clock, month, library)
    return repository


def _month(
    repository: Repository, clock: YearClock, month: int, library: dict[str, dict[str, bytes]]
) -> None:
    slug = ("spam", "scams", "harassment")[month % 3]
    files = dict(read_policy(repository, slug).folder.files)
    if month % 2:
        code = read_policy(repository, slug).folder.document.policy.meta.codes[0]
        case = f'{{"id": "added-{month}", "content": "{_REMARKS[month]}", "label": "{code}"}}\n'
        files["cases.jsonl"] = files["cases.jsonl"] + case.encode()
    else:
        files["policy.md"] = files["policy.md"] + f"- {_GUIDANCE[month]}\n".encode()
    publish(repository, slug, files, actor="ana")
    clock.at += 5 * 60
    bench_policy(repository, slug, actor="ana")
    clock.at += DAY
    if month == 3:
        import_folders(repository, {"self-harm": library["self-harm"]}, actor="ana", kind="library")
    if month == 4:
        note_reported_scores(repository, "spam", [("accuracy", "0.9")], source=b"sheet", actor="ana")
    if month == 5:
        child = repository.path.with_suffix("") / "teens.git"
        found_child(repository, child, name="teens", founder="bo", actor="ana", clock=clock).close()
    if month == 9:
        target = Target(slug="scams", cases=frozenset({"added-7"}))
        redact(
            repository, actor="ana", ground="personal-data", salt=lambda: os.urandom(16), target=target,
            reason="The person quoted asked for it.",
        )  # fmt: skip


def _come_back_after_a_restart(repository: Repository, clock: YearClock) -> None:
    clock.restart()
    try:
        publish(repository, "spam", dict(read_policy(repository, "spam").folder.files), actor="ana")
    except ClockError:
        confirm_clock(repository, actor="ana")


_REMARKS = {
    1: "Is the meeting room free at noon?",
    3: "My aunt bakes the best rye bread in town",
    5: "The ferry leaves from pier two this week",
    7: "Write to Morgan at the harbour office",
    9: "Nobody told me the concert had moved",
    11: "Our choir sings on Sunday, come along",
}
_GUIDANCE = {
    2: "A message that the reader asked for is no promotion, however long it is.",
    4: "A joke between friends counts as talk when both take part in it.",
    6: "Judge the words that are there, not the account behind them.",
    8: "A quotation is judged by what the author says about it.",
    10: "When two labels fit, the more severe one decides.",
}

if __name__ == "__main__":
    live_a_year(Path(sys.argv[1])).close()
