"""What the operator reads: a line for each request, and every error. Writes to one stream, from one thread.

Where a program reads, a line is one JSON object; on a terminal it is made for eyes. Neither holds what a
visitor sent in a query, nor, unless asked to, where they came from: those are personal data. Nothing that
a visitor wrote can begin a line or move a terminal's cursor.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec
import structlog

from registry.web.answered import REQUEST_ID, Answered
from registry.web.security import LOGGER
from registry.web.settings import LogSettings

_BATCH_SECONDS = 0.1
_SHOWN = ("handle", "token", "reason", "address")
"""Facts of a note that a person is shown; programs get all of them."""
_PATH_SHOWN = 512
_PLAIN = "/@~:+"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._~@:/+-]*")

Fields = MutableMapping[str, Any]
Render = Callable[[Any, str, Fields], bytes]


class Writer:
    """Takes lines without ever waiting; a thread of its own writes them in batches.

    A reader that stalls (a full pipe) must not stall the site: past `most_lines`, lines are dropped and
    their number is told. Begin with `start`, end with `stop`.
    """

    def __init__(self, stream: BinaryIO, *, most_lines: int = 20_000) -> None:
        self._stream = stream
        self._most = most_lines
        self._lines: deque[bytes] = deque()
        self._dropped = 0
        self._more = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def stop(self) -> None:
        """Writes what is left, for as long as a reader may take."""
        self._stopping.set()
        self._more.set()
        self._thread.join(5)

    def __call__(self, line: bytes) -> None:
        """Takes a line, without its end."""
        if len(self._lines) >= self._most:
            self._dropped += 1
            return
        self._lines.append(line)
        if not self._more.is_set():
            self._more.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._more.wait()
            self._stopping.wait(_BATCH_SECONDS)
            self._more.clear()
            self._write()
        # What came while the last batch was written.
        self._write()

    def _write(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        dropped, self._dropped = self._dropped, 0
        if dropped:
            lines.append(b'{"event":"dropped","lines":%d}' % dropped)
        if not lines:
            return
        try:
            self._stream.write(b"".join(line + b"\n" for line in lines))
            self._stream.flush()
        except (OSError, ValueError):
            # Nobody reads any more; the site goes on.
            self._lines.clear()


class _Sink:
    """What structlog hands a finished line to."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.msg = self.debug = self.info = self.warning = self.error = self.critical = write


class Logs(logging.Handler):
    """Listens to requests and to what the program notes by `logging`; `write` takes the finished lines.

    Without `requests`, finished requests are not told. With `addresses`, their visitors' addresses are.
    """

    def __init__(
        self,
        write: Callable[[bytes], None],
        *,
        render: Render,
        requests: bool,
        addresses: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(logging.INFO)
        self._requests = requests
        self._addresses = addresses
        self._clock = clock
        self._log = structlog.wrap_logger(
            _Sink(write),
            processors=[self._stamp, render],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        ).bind()

    def __call__(self, answered: Answered) -> None:
        """Tells of one request."""
        if not self._requests:
            return
        told = {
            "method": answered.method,
            "route": answered.route or None,
            "path": shown_path(answered.path),
            "status": answered.status or None,
            "bytes": answered.sent,
            "ms": round(answered.seconds * 1_000, 2),
            "request_id": answered.request_id,
        }
        if self._addresses:
            told["address"] = answered.client
        self._log.info("request", **told)

    def emit(self, record: logging.LogRecord) -> None:
        """Tells of what was noted, with the whole trace in the same line."""
        if record.levelno <= logging.INFO and not self._requests:
            # What went well is told to whoever is told every request.
            return
        try:
            told: dict[str, Any] = {"logger": record.name, **getattr(record, "facts", {})}
            if not self._addresses:
                told.pop("address", None)
            if request_id := REQUEST_ID.get():
                told["request_id"] = request_id
            if record.exc_info and record.exc_info[1] is not None:
                told["trace"] = "".join(traceback.format_exception(record.exc_info[1]))
            self._log.log(record.levelno, "%s", record.getMessage(), **told)
        except Exception:  # noqa: BLE001 - as every handler does
            self.handleError(record)

    def _stamp(self, _logger: Any, level: str, fields: Fields) -> Fields:
        at = self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"time": at, "level": level, "event": fields.pop("event"), **fields}


def shown_path(path: str) -> str:
    """A path that is one word of printable ASCII, whatever was asked for."""
    cut = path[:_PATH_SHOWN]
    return cut if _PLAIN_PATH.fullmatch(cut) else quote(cut, safe=_PLAIN, errors="replace")


def as_json(_logger: Any, _level: str, fields: Fields) -> bytes:
    """One object, all in ASCII: no character in it can be obeyed by a terminal."""
    encoded = msgspec.json.encode(fields)
    # msgspec is several times as quick, and writes whatever is not ASCII as it is.
    return encoded if encoded.isascii() else json.dumps(fields).encode()


def as_text(_logger: Any, level: str, fields: Fields) -> bytes:
    """For eyes: the time of day, the status, what was asked, how long it took and how much it was."""
    at = str(fields["time"])[11:19]
    if fields["event"] == "request":
        status = fields["status"] or "left"
        line = f"{at}  {status}  {fields['ms']:8.1f} ms  {fields['bytes']:>9,} B  "
        return f"{line}{fields['method']} {fields['path']}".encode()
    facts = [f"{name}={fields[name]}" for name in _SHOWN if name in fields]
    said = "  ".join([at, level, *(_printable(part) for part in (str(fields["event"]), *facts))])
    trace = [f"    {_printable(line)}" for line in str(fields.get("trace", "")).splitlines()]
    return "\n".join([said, *trace]).encode("utf-8", "replace")


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


@contextmanager
def noting(settings: LogSettings, stream: BinaryIO) -> Iterator[Logs]:
    """While it lasts, requests and whatever the program notes are written to `stream`.

    The one place that touches Python's `logging`, which is the process's: only who runs a server enters it.
    """
    writer = Writer(stream)
    logs = Logs(
        writer,
        render=as_text if settings.text else as_json,
        requests=settings.requests,
        addresses=settings.addresses,
    )
    root, server, security = (
        logging.getLogger(),
        logging.getLogger("uvicorn.error"),
        logging.getLogger(LOGGER),
    )
    level, told = server.level, security.level
    # What uvicorn warns of is what strangers send.
    server.setLevel(logging.ERROR)
    security.setLevel(logging.INFO)
    root.addHandler(logs)
    writer.start()
    try:
        yield logs
    finally:
        root.removeHandler(logs)
        server.setLevel(level)
        security.setLevel(told)
        writer.stop()
