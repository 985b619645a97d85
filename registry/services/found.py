"""Founds a commons: a bare repository, its first commit of `main` and its first event."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from governance.charter.codec import read_charter
from governance.charter.first_file import first_file
from governance.charter.presets import SOLO
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import HANDLE, CharterText, ChildFounded, Founded, Move
from governance.registrar import REGISTRAR
from governance.rules import facts_of, text_of
from policies.names import check_commons_path
from registry.services.acting import act
from registry.services.errors import InputRefusedError
from registry.services.folders import unusable
from registry.services.opening import open_commons
from registry.services.settling import settle
from registry.services.vouching import Vouching
from registry.store.clock import HostClock
from registry.store.log import LogEntry, oldest_first
from registry.store.objects import Change
from registry.store.refs import CHARTER_PATH, MAIN, HostPaths
from registry.store.repository import Decide, Repository, create
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
    if handle == REGISTRAR:
        raise InputRefusedError(
            f"handle {handle!r}", "the registry itself acts under it.", "Choose another one."
        )
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
    parent_charter: CharterText | None = None,
    charter: bytes | None = None,
    clock: HostClock | None = None,
    fault: Fault = no_fault,
) -> Repository:
    """Makes a new commons at `path` and gives it open.

    `name` is the commons' path (`roost`, `roost/teen-safety`, `~ana`), by default the folder's name
    without `.git`; `charter` the text of its charter, by default that of one founder. `parent_charter` is
    that of the commons that it is nested in. Raises `AlreadyExistsError`, `InputRefusedError`,
    `InvalidNameError`, `MalformedCharterError`, and `RefusedError` for a charter that its founder alone
    could not live by.
    """
    check_handle(founder)
    chosen = check_commons_path(name or path.name.removesuffix(".git"))
    raw = first_file(SOLO) if charter is None else charter
    rules = read_charter(raw)
    vouching = Vouching(HostPaths(path))

    def decide(_state: Commons | None, change: Change, at: int) -> Draft:
        files = {
            CHARTER_PATH: raw,
            "README.md": _README.format(name=chosen).encode(),
            "LICENSE": _LICENSE.encode(),
        }
        tree = change.files(files)
        text = facts_of(change.blob(raw), rules.preset, rules.overrides)
        commit = change.commit(tree=tree, parents=(), handle=founder, at=at, message=f"Found {chosen}")
        return Draft(
            type="founded",
            actor=founder,
            payload=Founded(
                name=chosen,
                founder=founder,
                preset=text.preset,
                parent=parent,
                overrides=text.overrides,
                registry=vouching.public_key(chosen),
                parent_charter=parent_charter,
            ),
            moves=(Move(ref=MAIN, old=None, new=commit),),
            charter=text.blob,
        )

    repository = create(path, clock=clock, fault=fault, vouch=vouching)
    try:
        repository.act(decide)
    except BaseException:
        repository.close()
        raise
    return repository


def found_whole(
    target: Path,
    *,
    founder: str,
    name: str,
    parent: str | None = None,
    parent_charter: CharterText | None = None,
    charter: bytes | None = None,
    clock: HostClock | None = None,
) -> bool:
    """Founds a commons and puts it in its place whole; False where something is there already.

    It is made beside its place: whoever comes at the same time, or after a crash, finds it or does not.
    Raises what `found` raises.
    """
    if target.exists():
        return False
    fresh = target.with_name(f".{target.name}.new-{os.getpid()}-{os.urandom(3).hex()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        found(
            fresh,
            founder=founder,
            name=name,
            parent=parent,
            parent_charter=parent_charter,
            charter=charter,
            clock=clock,
        ).close()
        fresh.rename(target)
    except OSError as error:
        if not target.exists():
            # By its name: where the folders of a site are is nobody's business.
            raise unusable(Path(target.name), error) from error
        return False
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def found_child(
    parent: Repository,
    path: Path,
    *,
    name: str,
    founder: str,
    actor: str,
    charter: bytes | None = None,
    clock: HostClock | None = None,
) -> Repository:
    """Founds a commons nested in another: two acts, the second quoting the first.

    `founder` will own the child, `actor` is who lets it in on the parent's side.

    Commons cannot share a transaction, so the child is founded first; a crash between the two leaves
    a child that its parent does not list yet, and running this again finishes the work. Raises what `found`
    raises, `RefusedError` where the parent does not let it in, before anything is made, and
    `InputRefusedError` where another commons stands at `path`.
    """
    settle(parent)
    state = parent.state()
    full = check_commons_path(f"{state.name}/{name}")
    if full not in state.children:
        # Nothing has this digest: what is asked is whether any child of this name would be let in.
        parent.rehearse(_letting_in(full, _NO_DIGEST, actor))
    found_whole(
        path,
        founder=founder,
        name=full,
        parent=state.name,
        parent_charter=text_of(state.rules),
        charter=charter,
        clock=clock,
    )
    child = open_commons(path, clock=clock)
    try:
        found_there = child.state()
        if (found_there.name, found_there.parent, found_there.founder) != (full, state.name, founder):
            raise InputRefusedError(full, "another commons stands in its place.", "Choose another name.")
        if full not in parent.state().children:
            act(parent, _letting_in(full, first_entry(child).digest, actor))
    except BaseException:
        child.close()
        raise
    return child


def first_entry(repository: Repository) -> LogEntry:
    """The founding, as it stands in the log."""
    head = repository.head()
    assert head is not None
    return next(iter(oldest_first(repository.reader, head)))


_NO_DIGEST = "0" * 64


def _letting_in(name: str, founding: str, actor: str) -> Decide:
    def decide(_state: Commons | None, _change: Change, _at: int) -> Draft:
        return Draft(type="child_founded", actor=actor, payload=ChildFounded(name=name, founding=founding))

    return decide
