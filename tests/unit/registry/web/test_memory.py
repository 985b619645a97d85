"""How much memory threads keep to themselves."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_COUNTED = """
import sys, threading
from pathlib import Path
from registry.web.memory import limit_arenas
if sys.argv[1] == "limited":
    assert limit_arenas()
held = threading.Barrier(9)
def allocate():
    kept = [bytearray(600) for _ in range(20_000)]
    held.wait()
    held.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
held.wait()
# An arena of a thread begins where 64 MiB begin.
lines = Path("/proc/self/maps").read_text().splitlines()
print(sum(int(line.split("-")[0], 16) % 2**26 == 0 and " rw-p " in line for line in lines))
held.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no arenas")
def test_threads_share_two_pools() -> None:
    """Eight threads that hold memory have a pool each, and with the limit one besides the main one."""

    def arenas(how: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", _COUNTED, how], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert arenas("limited") <= 1 < arenas("free")
