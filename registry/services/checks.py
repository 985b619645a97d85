"""The checks of `commons verify` after the log itself: each looks at one kind of thing in a clone.

A check gives how many things it looked at, or raises `BrokenError` for the first that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from evaluations.record_check import check_record
from evaluations.record_files import FILES
from evaluations.suites import suite_of
from governance.commons import Commons, RunState
from governance.payloads import Release
from policies.canonical import sha256_hex
from policies.digest import content_digest, folder_digest
from policies.folder import load_folder
from registry.services.errors import BrokenError
from registry.services.reading import release_files, release_folder, run_files
from registry.services.shape import Expected, as_made, exactly, main_shape, right_tag, standing_alone
from registry.store.objects import EMPTY_TREE
from registry.store.process import run_git
from registry.store.recovery import standing_refs
from registry.store.refs import CHARTER_PATH, LOG, MAIN, POLICIES_DIR, RUNS, TEXTS, policy_dir
from registry.store.repository import Repository
from registry.store.texts import read_text, text_ids, text_path

_NO_GRAPH = ("-c", "core.commitGraph=false")


def _refs(repository: Repository, state: Commons, _main: Expected) -> int:
    """Each ref stands where the log says, and none stands that the log does not know."""
    standing = standing_refs(repository.path)
    standing.pop(LOG, None)
    for ref, oid in state.refs.items():
        found = standing.pop(ref, None)
        if found is None:
            raise BrokenError(ref, "it is missing. `git clone --mirror` brings every ref.")
        if found != oid:
            raise BrokenError(ref, f"it stands at {found}, by the log at {oid}. Run `commons recover`.")
    # Whatever its name: notes and replacements change what git shows, and any ref keeps what was erased.
    for ref in standing:
        raise BrokenError(ref, "no event put it there. Delete it, or find out who did.")
    return len(state.refs)


def _main_traced(repository: Repository, state: Commons, main: Expected) -> int:
    """(5): every commit of main was put there by one event, and touches what that event may touch."""
    listed = _rev_list(repository, "--parents", state.refs[MAIN])
    rows = [line.split() for line in listed.splitlines()]
    expected = [state.current_commit(commit) for commit in main.commits]
    previous: list[str] = []
    for index, row in enumerate(rows):
        if row[1:] != previous:
            raise BrokenError(f"main commit {row[0]}", "it does not follow the one before.")
        if index >= len(expected) or row[0] != expected[index]:
            raise BrokenError(f"main commit {row[0]}", "no event of the log put it there.")
        previous = [row[0]]
    if len(rows) < len(expected):
        raise BrokenError(
            f"main commit {expected[len(rows)]}", "the log put it on main, and it is not there."
        )
    commits = [row[0] for row in rows]
    changed = _changed(repository, commits[1:])
    for commit, allowed in zip(commits[1:], main.folders[1:], strict=True):
        if stray := changed.get(commit, set()) - allowed:
            raise BrokenError(f"main commit {commit}", f"no event may touch {min(stray)}.")
    policies = _policies_trees(repository, commits)
    pairs = dict(zip(commits[1:], pairwise(policies), strict=True))
    touched = _changed(repository, [f"{old} {new}" for old, new in pairs.values() if old != new])
    for commit, scope in zip(commits[1:], main.scopes[1:], strict=True):
        slugs = touched.get(" ".join(pairs[commit]), set())
        if stray := slugs - scope:
            raise BrokenError(f"main commit {commit}", f"its event may not touch policies/{min(stray)}.")
    return len(rows)


def _rev_list(repository: Repository, *arguments: str) -> str:
    """Commits oldest first, from the commits themselves: a commit-graph is a cache and could lie."""
    return run_git(repository.path, *_NO_GRAPH, "rev-list", "--reverse", *arguments, "--").decode()


def _changed(repository: Repository, lines: list[str]) -> dict[str, set[str]]:
    """The names that differ at the top level, for commits against their parents or for pairs of trees.

    Never deeper: what an unknown repository nests below could be made to take forever.
    """
    said = run_git(
        repository.path,
        *_NO_GRAPH,
        *("diff-tree", "--stdin", "-z", "--no-renames", "--name-only"),
        stdin="".join(f"{line}\n" for line in lines).encode(),
    )
    known, found, current = set(lines), dict[str, set[str]](), ""
    for part in said.decode("utf-8", "replace").split("\0"):
        head, newline, rest = part.partition("\n")
        if head in known:
            # git ends this line with a newline or a NUL, and goes on with the first name.
            current = head
            found.setdefault(current, set())
            part = rest if newline else ""
        if part:
            found[current].add(part)
    return found


def _policies_trees(repository: Repository, commits: list[str]) -> list[str]:
    """The id of each commit's policies folder; the empty tree where there is none."""
    asked = "".join(f"{commit}:{POLICIES_DIR}\n" for commit in commits).encode()
    said = run_git(repository.path, *_NO_GRAPH, "cat-file", "--batch-check", stdin=asked).decode(
        "utf-8", "replace"
    )
    rows = [line.split() for line in said.splitlines()]
    return [row[0] if len(row) == 3 and row[1] == "tree" else EMPTY_TREE for row in rows]


def _releases(repository: Repository, state: Commons, main: Expected) -> int:
    """Each release's bytes give its digests, and its tag says what the release says."""
    count = 0
    for policy in state.policies.values():
        for release in policy.releases:
            place = f"{release.slug} {release.version}"
            reader = repository.reader
            files = release_files(repository, release)
            folder = reader.entry(reader.commit(release.commit).tree, policy_dir(release.slug))
            exactly(place, folder.oid if folder else "", files)
            if folder_digest(files) != release.folder:
                raise BrokenError(place, "its files do not give the recorded folder digest.")
            if content_digest(load_folder(release.slug, files)) != release.content:
                raise BrokenError(place, "its files do not give the recorded content digest.")
            tag = reader.read(release.tag)
            right_tag(place, tag.data, release, main.tags[release.slug, release.version])
            count += 1
    return count


def _head_tree(repository: Repository, state: Commons, _main: Expected) -> int:
    """What main holds is the latest release of each policy, the charter in force, and nothing more."""
    reader = repository.reader
    tree = reader.commit(state.refs[MAIN]).tree
    charter = reader.entry(tree, CHARTER_PATH)
    if charter is None or charter.oid != state.charter:
        raise BrokenError(CHARTER_PATH, "it is not the charter that the log says is in force.")
    allowed = {"README.md", "LICENSE", "governance", POLICIES_DIR}
    for name in reader.entries(tree):
        if name not in allowed:
            raise BrokenError(name, "it has no place on main.")
    folder = reader.entries(tree).get(POLICIES_DIR)
    slugs = set(reader.entries(folder.oid)) if folder else set()
    for slug in slugs ^ set(state.policies):
        where = "stands on main without a release" if slug in slugs else "was released and is not on main"
        raise BrokenError(f"{POLICIES_DIR}/{slug}", f"it {where}.")
    for slug, policy in state.policies.items():
        released = reader.entry(reader.commit(policy.latest.commit).tree, f"{POLICIES_DIR}/{slug}")
        if reader.entry(tree, f"{POLICIES_DIR}/{slug}") != released:
            raise BrokenError(f"{POLICIES_DIR}/{slug}", "main does not hold its latest release.")
    return len(slugs)


def _runs(repository: Repository, state: Commons, main: Expected) -> int:
    """(6): the runs chain is what the log recorded, and each run's metrics recompute from its rows."""
    head = state.refs.get(RUNS)
    standing = _rev_list(repository, head).split() if head else []
    recorded = sorted(state.runs.values(), key=lambda run: run.seq)
    if standing != [run.commit for run in recorded]:
        raise BrokenError(RUNS, "the chain of runs is not the one that the log recorded.")
    parents: tuple[str, ...] = ()
    suites: dict[str, str] = {}
    for run in recorded:
        place = f"run {run.key[:12]} of {run.slug}"
        data = repository.reader.read(run.commit).data
        facts = as_made(place, data, main.runs.get(run.seq), parents)
        parents = (run.commit,)
        files = run_files(repository, run)
        for name, digest in (("record.json", run.record), ("predictions.jsonl", run.predictions)):
            if name not in files or sha256_hex(files[name]) != digest:
                raise BrokenError(place, f"its {name} is not the recorded one.")
        exactly(place, facts.tree, {name: raw for name, raw in files.items() if name in FILES})
        record = check_record(files)
        stated = (record.key, record.policy.digest, record.parts.engine)
        if stated != (run.key, run.content, run.engine):
            raise BrokenError(place, "its record is of another key, policy or engine than the log says.")
        released = _released(state, run)
        if released is not None and record.suite.id == run.slug:
            # Else the rows could state other labels than the cases have, and every figure would follow.
            if run.content not in suites:
                suites[run.content] = suite_of(release_folder(repository, released)).digest
            if record.suite.digest != suites[run.content]:
                raise BrokenError(place, f"its rows are not the cases of {released.slug} {released.version}.")
    return len(recorded)


def _released(state: Commons, run: RunState) -> Release | None:
    """The release that a run measured; None once something in it was redacted."""
    policy = state.policies.get(run.slug)
    releases = policy.releases if policy else ()
    return next((release for release in releases if release.content == run.content), None)


def _words(repository: Repository, state: Commons, main: Expected) -> int:
    """The words of events are there unless erased, and no others are."""
    present = set(text_ids(repository.reader, state))
    wanted = set(state.texts) - state.erased_texts
    for text_id in present ^ wanted:
        rule = "no event names it" if text_id in present else "it is missing, and no redaction took it"
        raise BrokenError(f"text {text_id[:12]}", f"{rule}.")
    files: dict[str, bytes] = {}
    for text_id in present:
        text = read_text(repository.reader, state, text_id)
        assert text is not None
        files[text_path(text_id)] = text.raw
    head = state.refs.get(TEXTS)
    if head is not None:
        # Without parents: they would keep the words that a redaction took.
        facts = as_made(TEXTS, repository.reader.read(head).data, main.texts, ())
        exactly(TEXTS, facts.tree, files)
    return len(present)


def _erased(repository: Repository, state: Commons, _main: Expected) -> int:
    """What was redacted is not in the repository any more."""
    if not state.rewritten:
        return 0
    asked = "".join(f"{commit}\n" for commit in state.rewritten).encode()
    said = run_git(repository.path, "cat-file", "--batch-check", stdin=asked).decode()
    for line in said.splitlines():
        if not line.endswith(" missing"):
            raise BrokenError(f"commit {line.split()[0]}", "it was redacted and is still here.")
    return len(state.rewritten)


CHECKS: tuple[tuple[str, Callable[[Repository, Commons, Expected], int]], ...] = (
    ("repository", standing_alone),
    ("refs", _refs),
    ("main", _main_traced),
    ("shape", main_shape),
    ("releases", _releases),
    ("head", _head_tree),
    ("runs", _runs),
    ("texts", _words),
    ("redactions", _erased),
)
