"""`commons log`: reads the event log as the minutes it is. Changes nothing."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, plural
from registry.cli.opening import opened
from registry.cli.options import CommonsPath, Json

if TYPE_CHECKING:
    from registry.store.log import LogEntry


def log(
    repository: CommonsPath,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many events.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Every event since the founding.")] = False,
    json: Json = False,
) -> None:
    """Show what happened in a commons, newest first: time (UTC), number, sentence."""
    from governance.minutes import sentence
    from registry.store.log import newest_first

    output = Output(json=json)
    with opened(repository) as commons:
        view = commons.view()
        assert view.head is not None
        assert view.state is not None
        total = view.state.seq
        wanted = total if everything else min(count, total)
        entries = islice(newest_first(commons.reader, view.head), wanted)
        if json:
            events = [_document(entry) for entry in entries]
            output.answer({"commons": view.state.name, "total": total, "events": events}, lambda: None)
            return
        width = len(str(total))
        for entry in entries:
            event = entry.event
            output.line(f"{moment(event.at)}  {event.seq:>{width}}  {sentence(event)}")
    if wanted < total:
        output.note(f"... and {plural(total - wanted, 'event')} before. --all shows them.", style="dim")


def _document(entry: LogEntry) -> dict[str, Any]:
    from governance.minutes import sentence
    from governance.payloads import payload_json

    event = entry.event
    return {
        "seq": event.seq,
        "at": event.at,
        "type": event.type,
        "actor": event.actor,
        "sentence": sentence(event),
        "commit": entry.commit,
        "digest": entry.digest,
        "payload": payload_json(event.payload),
    }


COMMAND = Command(
    "log",
    log,
    Panel.KEEP,
    (
        "commons log demo.git",
        "commons log demo.git -n 5",
        "commons log demo.git --all --json | jq '.events[].sentence'",
    ),
)
