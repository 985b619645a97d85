"""Event streams over real HTTP: what comes, what is resumed, what is refused, and how they end."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from registry.services.found import found
from registry.services.publish import publish
from registry.web.settings import StreamLimits
from tests.support.histories import policy_files
from tests.support.shelf import make_shelf, release_next
from tests.support.vouched import reopened

Run = Callable[..., Any]
ONE = "/api/v1/commons/roost/events"
ALL = "/api/v1/events"
QUICK = StreamLimits(heartbeat_seconds=0.05)


class Heard(NamedTuple):
    id: str | None
    event: str
    data: dict[str, Any]


class Stream:
    """One stream, read as a client would: a message at a time."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()
        self.retry = self._fields().get("retry")
        self.comments = 0

    def hear(self) -> Heard:
        """The next event; comments are counted and passed over."""
        while True:
            fields = self._fields()
            if "data" in fields:
                return Heard(fields.get("id"), fields["event"], json.loads(fields["data"]))

    def hear_comment(self) -> None:
        """Waits for a sign of life."""
        assert self._fields() == {}

    def ended(self) -> bool:
        """Whether nothing comes any more; waits for the end."""
        return next(self._lines, None) is None

    def _fields(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self._lines:
            if not line:
                return found
            name, _, value = line.partition(": ")
            if name and name != ":":
                assert name not in found
                found[name] = value
        raise AssertionError("the stream ended")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """`roost` with `spam`, run once, and `scams`; `roost/teens` with `dares`."""
    return make_shelf(tmp_path)


@contextmanager
def _listening(base: str, path: str, last: str | None = None, **params: str) -> Iterator[Stream]:
    headers = {"last-event-id": last} if last is not None else {}
    with (
        httpx.Client(base_url=base, timeout=20) as client,
        client.stream("GET", path, headers=headers, params=params) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        # Held here: a reader that nobody holds closes its answer.
        stream = Stream(answer)
        yield stream


def _open(base: str) -> int:
    said = re.search(r"^commons_streams (\S+)$", httpx.get(f"{base}/metrics").text, re.MULTILINE)
    assert said
    return int(float(said[1]))


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_event_comes_as_it_happens(root: Path, run_server: Run) -> None:
    """Who listens hears of a release within moments, as the change feed tells it, under its number."""
    with run_server(root) as serving, _listening(serving.base, ONE) as stream:
        headers = stream.answer.headers
        assert headers["content-type"].startswith("text/event-stream")
        assert headers["cache-control"] == "no-store"
        assert headers["x-accel-buffering"] == "no"
        assert "etag" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert stream.retry == "3000"
        version = release_next(root, "minor")
        heard = stream.hear()
        listed = httpx.get(f"{serving.base}/api/v1/commons/roost/changes").json()
    assert heard.data == listed["items"][-1]
    assert (heard.id, heard.event) == (str(listed["last"]), "published")
    assert (heard.data["policy"], heard.data["version"]) == ("roost/spam", version)


def test_stream_of_one_resumes_without_loss(root: Path, run_server: Run) -> None:
    """Who comes back with the last id gets what happened meanwhile, once and in order."""
    with run_server(root) as serving, _listening(serving.base, ONE, since="0") as stream:
        count = httpx.get(f"{serving.base}/api/v1/commons/roost").json()["events"]
        first = [stream.hear() for _ in range(count)]
    assert [heard.id for heard in first] == [str(number + 1) for number in range(count)]
    for change in ("patch", "minor", "major"):
        release_next(root, change)
    with (
        run_server(root) as serving,
        # A browser keeps the address it began with; what it heard last counts before that.
        _listening(serving.base, ONE, last=first[-1].id, since="0") as stream,
    ):
        assert [stream.hear().id for _ in range(3)] == [str(count + number) for number in (1, 2, 3)]
        release_next(root, "deprecated")
        assert stream.hear().id == str(count + 4)


def test_stream_of_all_resumes_without_loss(root: Path, run_server: Run) -> None:
    """In the stream of all, an id says where one stands in each; the next server goes on from it."""
    with run_server(root) as serving, _listening(serving.base, ALL) as stream:
        release_next(root, "minor")
        heard = stream.hear()
        assert heard.data["commons"] == "roost"
        assert re.fullmatch(r"roost=\d+,roost/teens=2", str(heard.id))
    release_next(root, "patch")
    with reopened(root / "roost" / "teens.git") as repository:
        publish(repository, "dares", policy_files("Dares", "Dares of another kind."), actor="bo")
    with run_server(root) as serving:
        with _listening(serving.base, ALL, last=heard.id) as stream:
            missed = [stream.hear() for _ in range(2)]
            # Nothing is told twice: the next is new.
            release_next(root, "major")
            newest = stream.hear()
        assert {(item.data["commons"], item.data["policy"]) for item in missed} == {
            ("roost", "roost/spam"),
            ("roost/teens", "roost/teens/dares"),
        }
        assert newest.data["serial"] == heard.data["serial"] + 2
        with _listening(serving.base, ALL, since="0") as stream:
            everything = [stream.hear().data for _ in range(newest.data["serial"] + 3)]
        for name in ("roost", "roost/teens"):
            serials = [item["serial"] for item in everything if item["commons"] == name]
            assert serials == list(range(1, len(serials) + 1))


def test_new_commons_joins_the_stream_of_all(root: Path, run_server: Run) -> None:
    """A commons that comes while one listens is told from its first event on."""
    with run_server(root) as serving, _listening(serving.base, ALL) as stream:
        found(root / "late.git", founder="bo", name="late").close()
        heard = stream.hear()
    assert (heard.event, heard.data["commons"], heard.data["serial"]) == ("founded", "late", 1)
    assert str(heard.id).startswith("late=1,roost=")


def test_silent_stream_shows_that_it_lives(root: Path, run_server: Run) -> None:
    """While nothing happens, comments keep the line open."""
    with run_server(root, streams=QUICK) as serving, _listening(serving.base, ONE) as stream:
        for _ in range(3):
            stream.hear_comment()
        release_next(root, "patch")
        assert stream.hear().event == "published"


def test_many_streams_cost_no_threads(root: Path, run_server: Run) -> None:
    """Thirty streams that wait hold no thread; all hear of an event, and all places are free after."""
    limits = StreamLimits(heartbeat_seconds=0.2, per_visitor=30)
    with run_server(root, streams=limits) as serving:
        with ExitStack() as opened:
            with _listening(serving.base, ONE):
                before = threading.active_count()
            streams = [opened.enter_context(_listening(serving.base, ONE)) for _ in range(30)]
            assert _open(serving.base) == 30
            for stream in streams:
                stream.hear_comment()
            assert threading.active_count() <= before + 16
            release_next(root, "minor")
            assert {stream.hear().event for stream in streams} == {"published"}
        _wait_until(lambda: _open(serving.base) == 0)


def test_places_are_bounded(root: Path, run_server: Run) -> None:
    """Streams past what one address, or all, may have are refused with a time to come back."""
    with (
        run_server(root, streams=StreamLimits(concurrent=3, per_visitor=2)) as serving,
        _listening(serving.base, ONE),
        _listening(serving.base, ALL),
    ):
        refused = httpx.get(serving.base + ONE)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
        assert "2 event streams" in refused.json()["detail"]
    with (
        run_server(root, streams=StreamLimits(concurrent=1)) as serving,
        _listening(serving.base, ONE),
    ):
        refused = httpx.get(serving.base + ALL)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        assert refused.headers["content-type"] == "application/problem+json"
        assert "since" in refused.json()["remedy"]
        # What is not a stream is served as ever.
        assert httpx.get(f"{serving.base}/roost").status_code == 200


def test_visitor_who_leaves_frees_the_place(root: Path, run_server: Run) -> None:
    """A visitor who is gone in the middle of a stream holds nothing, also before the next comment is due."""
    with run_server(root, streams=StreamLimits(concurrent=1)) as serving:
        for _ in range(5):
            with _listening(serving.base, ONE):
                assert _open(serving.base) == 1
            _wait_until(lambda: _open(serving.base) == 0)


def test_streams_end_with_the_server(root: Path, run_server: Run) -> None:
    """Told to stop, the server ends its streams at once and properly, and is gone within moments."""
    with ExitStack() as opened:
        with run_server(root) as serving:
            streams = [opened.enter_context(_listening(serving.base, path)) for path in (ONE, ALL, ONE)]
            began = time.monotonic()
        assert time.monotonic() - began < 2
        assert all(stream.ended() for stream in streams)


def test_head_of_a_stream_ends(root: Path, run_server: Run) -> None:
    """Who asks for the head of a stream gets it, and no stream."""
    with run_server(root) as serving:
        answer = httpx.head(serving.base + ONE, timeout=5)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        _wait_until(lambda: _open(serving.base) == 0)


def test_reader_ahead_of_the_log_is_told(root: Path, run_server: Run) -> None:
    """An id beyond the end of the log, as after an old backup was restored, is refused in either stream."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        for path, last in ((ONE, "99"), (ALL, "roost=99"), (ALL, "roost=1,roost/teens=99")):
            answer = client.get(path, headers={"last-event-id": last})
            assert answer.status_code == 409, last
            assert "set back" in answer.json()["detail"]


def test_log_that_is_set_back_ends_its_stream(root: Path, run_server: Run, tmp_path_factory: Any) -> None:
    """A stream ends when its log is replaced by an older one: nothing is skipped silently."""
    old = tmp_path_factory.mktemp("old") / "roost.git"
    shutil.copytree(root / "roost.git", old)
    release_next(root, "minor")
    with run_server(root) as serving, _listening(serving.base, ONE) as stream:
        shutil.rmtree(root / "roost.git")
        shutil.copytree(old, root / "roost.git")
        assert stream.ended()


@pytest.mark.parametrize(
    "path, status", [("/api/v1/commons/none/events", 404), (f"{ONE}?since=x", 400), (f"{ALL}?since=1,2", 400)]
)
def test_refusals_are_problems(root: Path, run_server: Run, path: str, status: int) -> None:
    """What cannot be streamed is refused as a problem, before anything is sent."""
    with run_server(root) as serving:
        answer = httpx.get(serving.base + path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
