"""Takes an edit that somebody suggested: a new revision of the proposal with it, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from policies.cases import parse_cases, render_case
from policies.line_edits import Span, with_lines
from registry.services.acting import Signer
from registry.services.at_hand import draft_at_hand, refuse_moved
from registry.services.errors import InputRefusedError
from registry.services.line_comments import LineComment, line_comments
from registry.services.places import is_of_cases
from registry.services.proposals import open_proposal
from registry.services.propose import Opened, revise
from registry.services.revisions import Draft
from registry.store.log import LogEntry, newest_first
from registry.store.refs import CHARTER_PATH, policy_dir
from registry.store.repository import Repository


def take_edit(
    repository: Repository,
    number: int,
    comment: int,
    *,
    actor: str,
    content: str | None = None,
    events: Iterable[LogEntry] | None = None,
    signer: Signer | None = None,
) -> Opened:
    """Makes a revision of the one at hand with the edit that a comment suggests, by its event's number.

    `events` are those of the proposal, oldest first, where somebody has them at hand; else the log is read.
    Raises `InputRefusedError` where there is no such edit, its words are gone or its lines are not what they
    were, and what `revise` raises.
    """
    state = repository.state()
    proposal = open_proposal(state, number, content)
    told = events_of(repository, number) if events is None else events
    found = next((one for one in line_comments(repository, state, told) if one.seq == comment), None)
    edit = _edit_of(number, comment, found)
    draft = draft_at_hand(repository, state, proposal)
    assert edit.now is not None
    assert edit.suggestion is not None
    files = _edited(files_of(draft), edit.spot.file, edit.now, edit.suggestion)
    return revise(
        repository,
        number,
        replace(
            draft,
            folders={slug: _folder(files, slug) for slug in draft.folders},
            charter=files.get(CHARTER_PATH),
        ),
        actor=actor,
        content=proposal.content,
        took=comment,
        signer=signer,
        guard=lambda now: refuse_moved(now, open_proposal(now, number)),
    )


def events_of(repository: Repository, number: int) -> list[LogEntry]:
    """The events of a proposal, oldest first, from the log itself."""
    head = repository.head()
    found: list[LogEntry] = []
    for entry in newest_first(repository.reader, head) if head else ():
        if getattr(entry.event.payload, "number", None) == number:
            found.append(entry)
            if entry.event.type == "proposed":
                break
    return found[::-1]


def files_of(draft: Draft) -> dict[str, bytes]:
    """Everything in a draft, by its path in the commons."""
    files = {
        f"{policy_dir(slug)}/{name}": raw
        for slug, folder in draft.folders.items()
        for name, raw in folder.items()
    }
    return files if draft.charter is None else {**files, CHARTER_PATH: draft.charter}


def _edit_of(number: int, comment: int, found: LineComment | None) -> LineComment:
    if found is None or not found.suggests:
        raise InputRefusedError(
            f"event {comment}",
            f"it is no comment on proposal {number} that suggests an edit.",
            "Name one by the number of its event.",
        )
    if found.taken is not None:
        raise InputRefusedError(
            f"event {comment}", f"its edit was taken in event {found.taken}.", "Take another one."
        )
    if found.suggestion is None:
        raise InputRefusedError(f"event {comment}", "its words were redacted.", "Revise by hand.")
    if found.now is None:
        raise InputRefusedError(
            str(found.spot),
            f"these lines are not any more what they were when event {comment} suggested its edit.",
            "Read the revision at hand, and revise by hand what still makes sense.",
        )
    return found


def _edited(files: Mapping[str, bytes], path: str, span: Span, words: str) -> dict[str, bytes]:
    raw = files[path]
    if is_of_cases(path):
        case = next(one for one in parse_cases(raw) if one.line == span.first)
        words = render_case(replace(case, content=words))
    return {**files, path: with_lines(raw.decode(), span, words).encode()}


def _folder(files: Mapping[str, bytes], slug: str) -> dict[str, bytes]:
    start = f"{policy_dir(slug)}/"
    return {path.removeprefix(start): raw for path, raw in files.items() if path.startswith(start)}
