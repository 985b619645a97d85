"""Writes the golden files of a commons that has lived through everything (`tests/support/lived.py`).

python -m tests.unit.governance.golden.write

Only for a type that no log holds yet: bytes and sentences of events that were released stay as they are.
"""

from __future__ import annotations

from pathlib import Path

from governance.events import encode_event
from governance.minutes import sentence
from tests.support.lived import lived

HERE = Path(__file__).parent


def main() -> None:
    """Writes both."""
    events = lived()
    (HERE / "lived.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in events))
    lines = (f"{event.seq} {event.type}: {sentence(event)}\n" for event in events)
    (HERE / "lived.minutes.txt").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
