"""What one push, or one account, may take of the server."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack
from urllib.parse import urlsplit

import psutil

from registry.store.refs import MAIN
from tests.integration.push.conftest import Roost
from tests.support.packs import TYPE, pack, packed, request, send
from tests.support.viewers import basic

MIB = 1024 * 1024
LARGE = 60_000_000


def test_history_of_zeros_takes_no_memory(roost: Roost) -> None:
    """Commits of 60 MB that pack to nothing are refused before git holds more of them than it may."""
    parent = roost.state().refs[MAIN]
    with roost.opened() as repository:
        tree = repository.reader.commit(parent).tree
    who = "a <a@invalid> 1900000000 +0000"
    # The first parent leads nowhere: what is behind the second is git's to look through.
    first, raw = packed("commit", f"tree {tree}\nauthor {who}\ncommitter {who}\n\n".encode())
    objects = [raw]
    for length in (*[LARGE] * 12, 1):
        head = f"tree {tree}\nparent {first}\nparent {parent}\nauthor {who}\ncommitter {who}\n\n".encode()
        parent, raw = packed("commit", head + bytes(length))
        objects.append(raw)
    stop, most = threading.Event(), 0

    def watch() -> None:
        nonlocal most
        while not stop.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                try:
                    most = max(most, child.memory_info().rss)
                except psutil.Error:
                    continue

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        answer = send(roost.base, "bo", roost.token("bo"), request(parent, pack(objects), "title=Zeros"))
    finally:
        stop.set()
        watching.join()
    assert b"its history is larger than any of a commons." in answer.content
    assert most < 520 * MIB
    assert roost.state().proposed == 0


def test_slow_senders_hold_up_nobody_else(roost: Roost) -> None:
    """Whoever sends nothing has the places of one account; others push meanwhile."""
    host = urlsplit(roost.base)
    fields = {**TYPE, **basic("bo", roost.token("bo")), "host": host.netloc, "content-length": "9999"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    with ExitStack() as slow:
        for _ in range(12):
            sender = slow.enter_context(socket.create_connection((host.hostname, host.port)))
            sender.sendall(f"POST /roost.git/git-receive-pack HTTP/1.1\r\n{head}\r\n00".encode())
        clone = roost.clone("cy")
        clone.replace("policies/scams/policy.md", b"# Goal\n", b"# Goal\nDecide with care.\n")
        clone.commit()
        pushed = clone.push("-o", "title=Decide with care")
    assert "Proposal 1 was opened" in pushed.said
