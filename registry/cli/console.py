"""What `commons` prints, and where. Writes to standard output and standard error.

Standard output carries the answer and nothing else: text for people, or with `--json` one document.
Notes, warnings and progress go to standard error. Colour and wrapping are for terminals only, so what
stands in a pipe is whole lines; `NO_COLOR` is honoured by rich.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars

Progress = Callable[[int], None]
"""Told how many are done so far."""

# What would move a reader's cursor or turn text round. Content is untrusted: a case may hold any of it
# as a JSON escape, and a terminal would obey.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if code not in (9, 10)}
_UNSAFE |= {code: f"\\u{code:04x}" for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F))}
_UNSAFE |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x2066, 0x206A))}


def printable(text: str) -> str:
    """`text` with control, bidirectional and line-separator characters shown as escapes."""
    return text.translate(_UNSAFE)


def one_line(text: str, width: int | None = None) -> str:
    """`text` on one line, safe to print, cut to `width` characters where one is given."""
    shown = printable(" ".join(text.split()))
    return shown if width is None or len(shown) <= width else f"{shown[: width - 1]}…"


class Output:
    """Where one command's answer goes. `json` is what the user asked for."""

    def __init__(self, *, json: bool) -> None:
        self.json = json

    def answer(self, document: Mapping[str, Any], show: Callable[[], None]) -> None:
        """Gives the answer once: as a document, or as `show` prints it for people."""
        if self.json:
            # ASCII only: a program reads the same, and no terminal obeys an escape that content holds.
            print(json.dumps(document, indent=2))
        else:
            show()

    def line(self, text: str = "", *, style: str | None = None) -> None:
        """A line of the answer, for people."""
        _print(sys.stdout, text, style)

    def note(self, text: str, *, style: str | None = None) -> None:
        """A line beside the answer; silent with `--json`."""
        if not self.json:
            _print(sys.stderr, text, style)

    def facts(self, facts: Mapping[str, object]) -> None:
        """Names and values in two columns; a value of None or '' is left out."""
        shown = {name: str(value) for name, value in facts.items() if value not in (None, "")}
        width = max(map(len, shown), default=0)
        for name, value in shown.items():
            self.line(f"{name.ljust(width)}  {one_line(value)}")

    def table(
        self, columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()
    ) -> None:
        """Rows under headings: fitted to a terminal, and whole aligned lines in a pipe.

        `right` names the columns that are flush right.
        """
        cells = [[one_line("" if cell is None else str(cell)) for cell in row] for row in rows]
        if sys.stdout.isatty():
            _print_table(columns, cells, right)
            return
        from rich.cells import cell_len

        widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
        for row in ([*columns], *cells):
            padded = [
                " " * (width - cell_len(cell)) + cell
                if name in right
                else cell + " " * (width - cell_len(cell))
                for name, cell, width in zip(columns, row, widths, strict=True)
            ]
            print("  ".join(padded).rstrip())

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Progress]:
        """A bar on standard error while long work runs; nothing where that is no terminal."""
        if not sys.stderr.isatty():
            yield lambda _done: None
            return
        with _bars(counted=total is not None) as bars:
            task = bars.add_task(what, total=total)
            yield lambda done: bars.update(task, completed=done)

    @contextmanager
    def steps(self) -> Iterator[Callable[[str, int, int], None]]:
        """As `progress`, for work that says itself what it is doing: what, how many are done, of how many."""
        if not sys.stderr.isatty():
            yield lambda _what, _done, _total: None
            return
        with _bars(counted=True) as bars:
            tasks: dict[str, Any] = {}

            def told(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(what.capitalize(), total=total)
                bars.update(tasks[what], completed=done, total=total)

            yield told


def tell_failure(message: str, document: Mapping[str, Any], *, as_json: bool) -> None:
    """Says on standard error why a command stopped."""
    if as_json:
        print(json.dumps(document, indent=2), file=sys.stderr)
    else:
        _print(sys.stderr, f"Error: {message}", "red")


def plural(count: int, noun: str) -> str:
    """`1 policy`, `2 policies`, `3 cases`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {noun[:-1]}ies" if noun.endswith("y") else f"{count:,} {noun}s"


def moment(at: int) -> str:
    """UTC seconds as `2026-07-28 14:03`."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def _print(stream: Any, text: str, style: str | None) -> None:
    # rich costs a tenth of a second to import; without a style there is nothing for it to do.
    if style is None or not stream.isatty():
        print(printable(text), file=stream)
        return
    from rich.text import Text

    _console(stream).print(Text(printable(text), style), soft_wrap=True)


def _bars(*, counted: bool) -> Bars:
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    middle = (BarColumn(), MofNCompleteColumn()) if counted else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), *middle, TimeElapsedColumn())
    return RichProgress(*columns, console=_console(sys.stderr), transient=True)


def _console(stream: Any) -> Console:
    from rich.console import Console

    return Console(file=stream, markup=False, highlight=False, emoji=False)


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", no_wrap=name != columns[-1])
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _console(sys.stdout).print(table)
