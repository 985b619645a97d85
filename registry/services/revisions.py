"""Makes what a proposal proposes: a commit with policies or a charter replaced, and the facts about it.

The content checks of publishing hold here too, lint and leaks included: nothing that could not be released
is put before people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.charter.codec import read_charter
from governance.commons import Commons
from governance.payloads import CharterText, PolicyChange, Revision
from governance.rules import facts_of
from policies.aspects import aspects_of
from policies.diff import diff_folders
from policies.digest import content_digest
from policies.findings import Finding, errors_in
from policies.folder import PolicyFolder, load_folder
from policies.lint import lint_folder
from policies.names import check_slug
from policies.versions import Change as VersionChange
from registry.services.errors import (
    ChangeTooSmallError,
    InputRefusedError,
    LintRefusedError,
    NothingChangedError,
)
from registry.services.follow_record import refuse_following
from registry.services.reading import release_folder
from registry.services.releasing import refuse_blocked
from registry.store.blocklist import read_blocked
from registry.store.objects import Change
from registry.store.refs import CHARTER_PATH, MAIN, policy_dir
from registry.store.repository import Repository
from registry.store.trees import TreeEditor

FIRST = "first"
METADATA = "metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants to propose: policy folders by slug, and perhaps the text of a charter.

    `declared` is the kind of version they call it; None takes the least that the difference asks for, or that
    `at_least` names for a policy, which is how a revision keeps what the one before was called.
    """

    folders: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    charter: bytes | None = None
    declared: VersionChange | None = None
    at_least: Mapping[str, VersionChange] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draft that was read and passed lint; `findings` are the warnings that are left."""

    draft: Draft
    folders: Mapping[str, PolicyFolder]
    findings: tuple[Finding, ...]


def check_draft(repository: Repository, draft: Draft) -> Checked:
    """Reads and lints a draft.

    Raises `LintRefusedError`, `InvalidNameError`, `MalformedDocumentError`, `InputRefusedError` when there
    is nothing in it.
    """
    if not draft.folders and draft.charter is None:
        raise InputRefusedError("propose", "nothing was given.", "Name policy folders or a charter.")
    if draft.folders:
        refuse_following(repository.path, ", ".join(sorted(draft.folders)))
    folders: dict[str, PolicyFolder] = {}
    findings: list[Finding] = []
    for slug in sorted(draft.folders):
        check_slug(slug)
        files = draft.folders[slug]
        siblings = tuple(name for name in repository.state().policies if name != slug)
        found = lint_folder(slug, files, siblings=siblings)
        if blocking := errors_in(found):
            raise LintRefusedError(slug, blocking)
        findings += found
        folders[slug] = load_folder(slug, files)
    return Checked(draft=draft, folders=folders, findings=tuple(findings))


def make_revision(
    repository: Repository,
    state: Commons,
    change: Change,
    checked: Checked,
    *,
    actor: str,
    at: int,
    message: str,
    previous: str | None = None,
) -> Revision:
    """The commit on top of main with everything replaced, added to `change`, and what it changes.

    `previous` is the revision that it replaces: its second parent, which keeps that reachable. Raises
    `NothingChangedError`, `ChangeTooSmallError`, `BlockedContentError`.
    """
    main = state.refs[MAIN]
    editor = TreeEditor(repository.reader, change, repository.reader.commit(main).tree)
    blocked = read_blocked(repository.paths.blocked)
    changes: list[PolicyChange] = []
    for slug, folder in checked.folders.items():
        refuse_blocked(slug, folder.files, blocked)
        changes.append(_change(repository, state, folder, checked.draft))
        editor.put_folder(policy_dir(slug), folder.files)
    text = None
    if checked.draft.charter is not None:
        text = charter_text(change, checked.draft.charter)
        editor.put_file(CHARTER_PATH, checked.draft.charter)
    parents = [main] if previous is None else [main, previous]
    head = change.commit(tree=editor.write(), parents=parents, handle=actor, at=at, message=message)
    return Revision(head=head, base=main, changes=tuple(changes), charter=text)


def charter_text(change: Change, raw: bytes) -> CharterText:
    """A charter's facts, its file added to the change. Raises `MalformedCharterError`."""
    read = read_charter(raw)
    return facts_of(change.blob(raw), read.preset, read.overrides)


def _change(repository: Repository, state: Commons, folder: PolicyFolder, draft: Draft) -> PolicyChange:
    slug = folder.slug
    policy = state.policies.get(slug)
    head = content_digest(folder)
    if policy is None:
        diff = diff_folders(None, folder)
        return PolicyChange(
            slug=slug, base=None, head=head, touches=aspects_of(diff, is_new=True), declared=FIRST
        )
    base = state.current_content(policy.latest.content)
    if head == base:
        raise NothingChangedError(slug, policy.latest.version)
    diff = diff_folders(release_folder(repository, policy.latest), folder)
    least = max(diff.least_change, draft.at_least.get(slug, diff.least_change), key=lambda one: one.weight)
    chosen = draft.declared or least
    if chosen.weight < diff.least_change.weight:
        raise ChangeTooSmallError(slug, chosen.value, diff.least_change.value, _why(diff.least_change))
    touches = aspects_of(diff, is_new=False) or (METADATA,)
    return PolicyChange(slug=slug, base=base, head=head, touches=touches, declared=chosen.value)


def _why(least: VersionChange) -> str:
    return {
        VersionChange.MAJOR: "the label schema changed",
        VersionChange.MINOR: "sections or cases were added, removed or relabelled",
    }[least]
