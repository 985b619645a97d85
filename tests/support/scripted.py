"""A server that answers what it was told to, byte for byte: what a hostile or broken registry might send."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Script = Callable[[str, socket.socket], None]
"""Given the path that was asked for and the connection, sends whatever it likes; then it is closed."""


class Scripted:
    """One answer a connection. `asked` are the request heads, in order."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self._script = script
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._ending = False
        scheme = "https" if tls else "http"
        self.base = f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Scripted:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending = True
        with contextlib.suppress(OSError):
            # Wakes the thread that waits for the next visitor.
            socket.create_connection(self._listening.getsockname(), timeout=5).close()
        self._thread.join(10)
        self._listening.close()
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        while True:
            plain, _ = self._listening.accept()
            if self._ending:
                plain.close()
                return
            with contextlib.suppress(OSError), self._secured(plain) as connection:
                connection.settimeout(10)
                head = b""
                while b"\r\n\r\n" not in head and (piece := connection.recv(65_536)):
                    head += piece
                if head:
                    self.asked.append(head.decode("latin-1"))
                    self._script(head.split()[1].decode("latin-1"), connection)

    @contextlib.contextmanager
    def _secured(self, plain: socket.socket) -> Iterator[socket.socket]:
        connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
        with connection:
            yield connection


def says(*answers: bytes) -> Script:
    """Gives these answers one after the other, and the last one for ever."""
    left = list(answers)

    def script(_path: str, connection: socket.socket) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return script


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """A whole answer with its true length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


def self_signed(folder: Path, run: Callable[..., object]) -> ssl.SSLContext:
    """A certificate that nobody vouches for. `run` is `subprocess.run`."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    run([*command, "-keyout", key, "-out", certificate, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
