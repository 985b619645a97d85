"""A run's journal on a real disk: what comes back, what is dropped, and what is refused."""

from __future__ import annotations

import re
import stat
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import pytest

from evaluations.engines.base import Engine, EngineSettings, Task
from evaluations.engines.replay import Recording, ReplayEngine
from evaluations.keys import KeyParts, ModelManifest
from evaluations.verdicts import Answer, Failed, FlagsVerdict, LabelVerdict, Tokens, Unparsed, UnparsedReason
from policies.model import Case
from registry.services.errors import InputRefusedError
from registry.services.journal import Journal
from registry.services.journalled import JournalledEngine
from tests.support.asking import POLICY

PARTS = KeyParts(policy="p" * 64, suite="s" * 64, engine="openai", model=ModelManifest(id="m"))
TASK = Task(policy=POLICY, policy_text=POLICY.body)

ANSWERS = (
    Answer(
        case_id="whole",
        verdict=LabelVerdict(code="SP1"),
        finish_reason="stop",
        output="SP1",
        reasoning="Half a character \ud83d and a line\u2028break\r\n.",
        tokens=Tokens(input=12, output=3, cached=8),
        latency_ms=250,
        prompt_hash="a" * 64,
    ),
    Answer(case_id="flags", verdict=FlagsVerdict(flags={"H": True, "V": False})),
    Answer(case_id="rambling", verdict=Unparsed(reason=UnparsedReason.NOT_A_LABEL), output=""),
    Answer(case_id="long", verdict=Failed(error="too-long")),
)
BUSY = Answer(case_id="busy", verdict=Failed(error="http-503"))


def _journal(path: Path, parts: KeyParts = PARTS, now: int = 1_000) -> Journal:
    return Journal(path, parts, now=now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with every kind of answer, in a folder that it had to make."""
    place = tmp_path / "cache" / "runs" / "key.jsonl"
    with _journal(place) as journal:
        for answer in (*ANSWERS, BUSY):
            journal.append(1, answer)
    return place


def test_every_answer_comes_back_as_it_was(path: Path) -> None:
    """Verdict, words with half characters, tokens and latency; a failure that may pass does not."""
    with _journal(path, now=5_000) as journal:
        assert journal.kept == {(1, answer.case_id): answer for answer in ANSWERS}
        assert (journal.count, journal.started) == (4, 1_000)


def test_only_its_owner_reads_it(path: Path) -> None:
    """It holds what a model wrote."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_line_that_was_not_written_to_its_end_is_dropped(path: Path, cut: int) -> None:
    """The case is asked again, and its new line stands on a line of its own."""
    path.write_bytes(path.read_bytes()[:-cut])
    with _journal(path) as journal:
        assert [case for _, case in journal.kept] == ["whole", "flags", "rambling"]
        journal.append(1, ANSWERS[-1])
    with _journal(path) as journal:
        assert journal.kept == {(1, answer.case_id): answer for answer in ANSWERS}


def test_a_journal_cut_in_its_first_line_begins_anew(path: Path) -> None:
    """Nothing was answered yet."""
    path.write_bytes(path.read_bytes()[:40])
    with _journal(path) as journal:
        assert journal.kept == {}
        journal.append(1, ANSWERS[0])
    with _journal(path) as journal:
        assert [case for _, case in journal.kept] == ["whole"]


@pytest.mark.parametrize(
    "line", [b"\x00\x00\x00", b"[]", b'{"case":"x"}', b'{"case":"x","repeat":"a","spent_ms":1,"verdict":{}}']
)
def test_a_damaged_line_costs_one_case(path: Path, line: bytes) -> None:
    """The others stand."""
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:2], line, *lines[3:]]) + b"\n")
    with _journal(path) as journal:
        assert [case for _, case in journal.kept] == ["whole", "rambling", "long"]


def test_the_journal_of_another_run_is_refused_and_left(path: Path) -> None:
    """What differs is named."""
    before = path.read_bytes()
    other = KeyParts(
        policy="q" * 64, suite="s" * 64, engine="openai", model=ModelManifest(id="m"), effort="low"
    )
    with pytest.raises(InputRefusedError, match="another run; its policy, effort differ"):
        _journal(path, other)
    assert path.read_bytes() == before


@pytest.mark.parametrize("raw", [b"My notes\n", b"My notes", b"{}\n", b'{"journal":99}\n'])
def test_a_file_that_is_no_journal_is_never_overwritten(tmp_path: Path, raw: bytes) -> None:
    """Whoever names a wrong file keeps it."""
    place = tmp_path / "notes.txt"
    place.write_bytes(raw)
    with pytest.raises(InputRefusedError, match="no journal"):
        _journal(place)
    assert place.read_bytes() == raw


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    """A folder, a device, a link: nothing is written through them."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for place in (tmp_path, tmp_path / "link", Path("/dev/zero")):
        with pytest.raises(InputRefusedError):
            _journal(place)
    assert not (tmp_path / "elsewhere").exists()


def test_two_processes_do_not_write_one_journal(path: Path) -> None:
    """The second is told to wait; once the first is done it may."""
    with _journal(path), pytest.raises(InputRefusedError, match="another process"):
        _journal(path)
    _journal(path).close()


def test_time_is_counted_over_all_parts(path: Path) -> None:
    """A run that goes on has taken at least what its earlier parts took."""
    path.write_bytes(re.sub(rb'"spent_ms":\d+', b'"spent_ms":7000', path.read_bytes()))
    with _journal(path) as journal:
        assert journal.spent_ms >= 7_000


class _Counting:
    """An engine that tells what it was asked, repeat by repeat."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.info, self.settings, self.versions = engine.info, engine.settings, engine.versions
        self.asked: list[list[str]] = []

    def load(self, task: Task) -> _Counting:
        self._session = self._engine.load(task)
        return self

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        self.asked.append([case.id for case in cases])
        return self._session.classify(cases)


def test_no_case_is_asked_twice_and_none_is_left_out(tmp_path: Path) -> None:
    """After a stop in the second repeat, only what is missing is asked, and every repeat is whole."""
    cases = [Case(id=name, content=name) for name in "abcd"]
    recordings = [
        Recording(answer=Answer(case_id=case.id, verdict=LabelVerdict(code="SP1"))) for case in cases
    ]
    replay = ReplayEngine(recordings, EngineSettings(model=ModelManifest(id="m")))
    place = tmp_path / "j.jsonl"
    with _journal(place) as journal:
        session = JournalledEngine(replay, journal).load(TASK)
        assert len(list(session.classify(cases))) == 4
        second = session.classify(cases)
        next(second)
        next(second)
        assert isinstance(second, Generator)
        second.close()
    counting = _Counting(replay)
    with _journal(place) as journal:
        session = JournalledEngine(counting, journal).load(TASK)
        given = [[answer.case_id for answer in session.classify(cases)] for _ in range(2)]
    assert given == [["a", "b", "c", "d"]] * 2
    assert counting.asked == [["c", "d"]]
