"""What a proposal proposes now, to be changed a little and proposed again. Reads; `revise_policy` revises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from governance.commons import Commons
from governance.proposals.line import standing_content
from governance.proposals.state import Proposal
from policies.versions import Change as VersionChange
from registry.services.acting import Signer
from registry.services.errors import InputRefusedError, UnknownPolicyError
from registry.services.proposals import open_proposal
from registry.services.propose import Opened, revise
from registry.services.revisions import FIRST, Draft
from registry.store.refs import policy_dir
from registry.store.repository import Repository


def draft_at_hand(repository: Repository, state: Commons, proposal: Proposal) -> Draft:
    """All that a proposal proposes now.

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


def revise_policy(
    repository: Repository,
    number: int,
    slug: str,
    files: Mapping[str, bytes],
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Opened:
    """Proposes these files of a policy in the place of those at hand; all else in it stays.

    Raises `InputRefusedError` where they are the same, and what `draft_at_hand` and `revise` raise.
    """
    state = repository.state()
    proposal = open_proposal(state, number, content)
    draft = draft_at_hand(repository, state, proposal)
    if slug not in draft.folders:
        raise UnknownPolicyError(f"{slug} in proposal {number}", "It does not change this policy.")
    if draft.folders[slug] == files:
        raise InputRefusedError(
            f"proposal {number}", f"it proposes exactly this of {slug} already.", "Change something first."
        )
    return revise(
        repository,
        number,
        replace(draft, folders={**draft.folders, slug: files}),
        actor=actor,
        content=proposal.content,
        signer=signer,
        guard=lambda now: refuse_moved(now, open_proposal(now, number)),
    )


def _moved(number: int, what: str) -> InputRefusedError:
    return InputRefusedError(
        f"proposal {number}",
        f"{what} changed on main since this was made from it.",
        "Merge by hand what came into force, and revise with `commons propose --revise`.",
    )
