"""Founds a commons: a bare repository, its first commit of `main` and its first event."""

from __future__ import annotations

from pathlib import Path

from governance.charter.first_file import first_file
from governance.charter.presets import SOLO
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import HANDLE, ChildFounded, Founded, Move
from policies.names import check_commons_path
from registry.services.errors import InputRefusedError
from registry.store.clock import HostClock
from registry.store.log import oldest_first
from registry.store.objects import Change
from registry.store.refs import CHARTER_PATH, MAIN
from registry.store.repository import Repository, create
from registry.store.writer import Fault, no_fault

_README = """# {name}

A commons of content-safety policies, kept with Policy Commons.

- `policies/<slug>/policy.md` is what a model reads, `cases.jsonl` are labelled cases to test it with.
- `governance/charter.toml` holds the rules in force.
- Released versions are tags: `git show spam/v1.0.0`.
- `git log refs/commons/log` of a mirror clone (`git clone --mirror`) reads as the minutes of every
  decision; `commons verify` recounts them.

The texts and cases carry their licences in each policy's front matter.
"""

_LICENSE = """Each policy names the licences of its text and of its cases, as SPDX identifiers, in the front
matter of its policy.md. Nothing else is granted by this file.
"""


def check_handle(handle: str) -> str:
    """A handle that may act; raises `InputRefusedError`."""
    if not HANDLE.fullmatch(handle):
        raise InputRefusedError(
            f"handle {handle!r}",
            "a handle is 1 to 39 of a-z, 0-9 and inner hyphens.",
            "Choose such a name; it may be a pseudonym.",
        )
    return handle


def found(
    path: Path,
    *,
    founder: str,
    name: str | None = None,
    parent: str | None = None,
    clock: HostClock | None = None,
    fault: Fault = no_fault,
) -> Repository:
    """Makes a new commons at `path` and gives it open.

    `name` is the commons' path (`roost`, `roost/teen-safety`, `~ana`), by default the folder's name
    without `.git`. Raises `AlreadyExistsError`, `InputRefusedError`, `InvalidNameError`.
    """
    check_handle(founder)
    chosen = check_commons_path(name or path.name.removesuffix(".git"))

    def decide(_state: Commons | None, change: Change, at: int) -> Draft:
        files = {
            CHARTER_PATH: first_file(SOLO),
            "README.md": _README.format(name=chosen).encode(),
            "LICENSE": _LICENSE.encode(),
        }
        tree = change.files(files)
        commit = change.commit(tree=tree, parents=(), handle=founder, at=at, message=f"Found {chosen}")
        return Draft(
            type="founded",
            actor=founder,
            payload=Founded(name=chosen, founder=founder, preset=SOLO, parent=parent),
            moves=(Move(ref=MAIN, old=None, new=commit),),
            charter=change.blob(files[CHARTER_PATH]),
        )

    repository = create(path, clock=clock, fault=fault)
    try:
        repository.act(decide)
    except BaseException:
        repository.close()
        raise
    return repository


def found_child(
    parent: Repository, path: Path, *, name: str, founder: str, actor: str, clock: HostClock | None = None
) -> Repository:
    """Founds a commons nested in another: two acts, the second quoting the first.

    `founder` will own the child, `actor` is who lets it in on the parent's side.

    Commons cannot share a transaction, so the child is founded first; a crash between the two leaves
    a child that its parent does not list yet, and running this again finishes the work.
    """
    state = parent.state()
    full = check_commons_path(f"{state.name}/{name}")
    child = (
        Repository(path, clock=clock)
        if path.is_dir() and (path / "HEAD").is_file()
        else found(path, founder=founder, name=full, parent=state.name, clock=clock)
    )
    founding = _first_event_digest(child)

    def decide(now: Commons | None, _change: Change, _at: int) -> Draft:
        assert now is not None
        return Draft(type="child_founded", actor=actor, payload=ChildFounded(name=full, founding=founding))

    if full not in parent.state().children:
        parent.act(decide)
    return child


def _first_event_digest(repository: Repository) -> str:
    head = repository.head()
    assert head is not None
    return next(iter(oldest_first(repository.reader, head))).digest
