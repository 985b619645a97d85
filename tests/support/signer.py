"""A process that signs with its own terminal: `python -m tests.support.signer KEY SECONDS`, terminal on fd 0.

Prints the armoured signature, or the error and exits with 3.
"""

from __future__ import annotations

import fcntl
import os
import sys
import termios
from pathlib import Path

from registry.keys.errors import KeysError
from registry.keys.signing import sign_with_key
from registry.keys.statements import ACT

MESSAGE = b"signed at a terminal"


def main() -> int:
    """Signs `MESSAGE`."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    key, seconds = Path(sys.argv[1]), float(sys.argv[2])
    try:
        print(sign_with_key(key, MESSAGE, ACT, environment=os.environ, seconds=seconds).armoured, end="")
    except KeysError as error:
        print(error)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
