"""Takes an edit that somebody suggested: a new revision of the proposal with it, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from governance.commons import Commons
from governance.proposals.line import standing_content
from governance.proposals.state import Proposal
from policies.cases import parse_cases, render_case
from policies.line_edits import Span, with_lines
from policies.versions import Change as VersionChange
from registry.services.acting import Signer
from registry.services.errors import InputRefusedError
from registry.services.line_comments import LineComment, line_comments
from registry.services.places import is_of_cases
from registry.services.proposals import open_proposal
from registry.services.propose import Opened, revise
from registry.services.revisions import FIRST, Draft
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


def draft_at_hand(repository: Repository, state: Commons, proposal: Proposal) -> Draft:
    """What a proposal proposes now, to be changed a little and proposed again.

    Raises `InputRefusedError` where there is nothing to change in it, and where main moved on below it: the
    same files on top of that would take back what came into force meanwhile.
    """
    revision = proposal.revision
    if revision is None:
        raise InputRefusedError(
            f"proposal {proposal.number}", "it holds no files to edit.", "Open another one instead."
        )
    refuse_moved(state, proposal)
    reader = repository.reader
    tree = reader.commit(revision.head).tree
    folders = {}
    for change in revision.changes:
        entry = reader.entry(tree, policy_dir(change.slug))
        folders[change.slug] = reader.files(entry.oid) if entry else {}
    return Draft(
        folders=folders,
        charter=None if revision.charter is None else reader.blob(revision.charter.blob),
        at_least={
            change.slug: VersionChange(change.declared)
            for change in revision.changes
            if change.declared != FIRST
        },
    )


def refuse_moved(state: Commons, proposal: Proposal) -> None:
    """Raises `InputRefusedError` where main moved on below a proposal."""
    revision = proposal.revision
    for change in revision.changes if revision else ():
        base = None if change.base is None else state.current_content(change.base)
        if base != standing_content(state, change.slug):
            raise _moved(proposal.number, change.slug)
    if revision is not None and revision.charter is not None and proposal.charter != state.charter:
        raise _moved(proposal.number, "the charter")


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


def _moved(number: int, what: str) -> InputRefusedError:
    return InputRefusedError(
        f"proposal {number}",
        f"{what} changed on main since this was made from it.",
        "Merge by hand what came into force, and revise with `commons propose --revise`.",
    )
