"""Suites on the disk: built from what somebody has, read again, and put to a policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from evaluations.errors import SuiteError
from evaluations.suite_check import Against
from evaluations.suite_files import (
    SUITE_FILE,
    SuiteFile,
    SuiteName,
    load_suite,
    make_suite_file,
    suite_files,
)
from evaluations.suites import Suite, labelled_suite
from policies.cases import CASES_FILE
from policies.folder import PolicyFolder, load_folder
from policies.importers import import_files
from policies.importers.model import Notice, Topic
from policies.licences import read_licence
from policies.limits import LIMITS, MIB
from policies.model import Policy
from policies.prompt import prompt_text
from registry.services.errors import InputRefusedError
from registry.services.folders import (
    is_policy_folder,
    read_plain_file,
    read_policy_folder,
    replacing,
    write_files,
)
from registry.services.sources import read_source_tree

_MAX_FACTS = 4 * MIB


class Built(NamedTuple):
    """A suite on the disk. `fresh` is False when exactly it stood there already."""

    path: Path
    made: SuiteFile
    notices: tuple[Notice, ...]
    fresh: bool


def build_suite(
    source: Path,
    name: SuiteName,
    out: Path,
    *,
    labels_of: Path | None = None,
    license_: str | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Built:
    """Makes `out/NAME@VERSION` of a table, of JSON lines, of a policy folder or of another suite.

    With `labels_of` the cases of a table are read under that policy's labels. Raises
    `InputRefusedError` for what cannot be read whole, for ids that are used twice, for a source of
    several sets of cases, and when another suite stands under this name; `SuiteError` and
    `SuiteFileError` for cases that make no suite.
    """
    if license_ is not None:
        read_licence(license_)
    if is_suite_folder(source):
        known = read_suite_file(source)
        made = make_suite_file(
            name,
            known.suite.cases,
            labels=known.labels,
            labelling=known.facts.labelling,
            license_=license_ or known.facts.license,
        )
        return _written(out, made, ())
    folder, notices = _folder_of(source, labels_of, progress)
    meta = folder.document.policy.meta
    # A policy whose labels were borrowed says nothing about the terms of somebody else's cases.
    own = None if labels_of is not None else meta.licenses.cases or meta.licenses.text
    made = make_suite_file(
        name,
        folder.cases,
        labels=meta.labels,
        labelling=meta.labelling,
        license_=license_ or own,
    )
    return _written(out, made, notices)


def is_suite_folder(path: Path) -> bool:
    """Whether this looks like a suite: it has a `suite.json`, readable or not."""
    return (path / SUITE_FILE).is_file()


def read_suite_file(path: Path) -> SuiteFile:
    """A suite's folder, checked. Raises `InputRefusedError`, `SuiteFileError` and `SuiteError`."""
    if not is_suite_folder(path):
        raise InputRefusedError(
            str(path), f"no {SUITE_FILE} is here.", "Name a suite's folder; `commons suite build` makes one."
        )
    return load_suite(
        {
            SUITE_FILE: read_plain_file(path / SUITE_FILE, _MAX_FACTS),
            CASES_FILE: read_plain_file(path / CASES_FILE, LIMITS.cases_bytes),
        }
    )


def suite_at(path: Path) -> Suite:
    """The suite in a suite's folder, or the cases of a policy folder. Raises as reading one does."""
    if is_suite_folder(path) or not is_policy_folder(path):
        return read_suite_file(path).suite
    folder = load_folder(*read_policy_folder(path))
    meta = folder.document.policy.meta
    return labelled_suite(
        folder.slug, meta.version, labels=meta.labels, labelling=meta.labelling, cases=folder.cases
    )


def under_policy(suite: Suite, policy: Policy) -> Suite:
    """`suite` as a run of `policy` asks it: the answers are the policy's labels.

    Raises `SuiteError` when the suite has a label that the policy does not declare in the same sense.
    """
    meta = policy.meta
    if suite.labelling is not meta.labelling:
        raise SuiteError(
            (),
            f"suite {suite.id}@{suite.version} is of {suite.labelling} labelling, "
            f"the policy of {meta.labelling}.",
            "Use a suite that was labelled like the policy.",
        )
    declared = {label.code: label.violates for label in meta.labels}
    strange = [label.code for label in suite.labels if declared.get(label.code) is not label.violates]
    if strange:
        have = ", ".join(f"{code} ({_sense(violates)})" for code, violates in declared.items())
        raise SuiteError(
            (),
            f"suite {suite.id}@{suite.version} has labels that the policy does not declare so: "
            f"{', '.join(strange)}; it declares {have}.",
            "Build it under the policy's labels: commons suite build CASES --labels-of POLICY --as NAME.",
        )
    return labelled_suite(
        suite.id,
        suite.version,
        labels=meta.labels,
        labelling=meta.labelling,
        cases=suite.cases,
        split=suite.split,
        visibility=suite.visibility,
    )


def against(path: Path) -> Against:
    """A policy folder as that which a suite is checked against."""
    folder = load_folder(*read_policy_folder(path))
    return Against(
        name=str(folder.slug),
        policy=folder.document.policy,
        text=prompt_text(folder),
        cases=folder.cases,
    )


def _folder_of(
    source: Path, labels_of: Path | None, progress: Callable[[int], None]
) -> tuple[PolicyFolder, tuple[Notice, ...]]:
    """The source as one policy folder: its own, or what the importer makes of it."""
    if is_policy_folder(source) and labels_of is None:
        return load_folder(*read_policy_folder(source)), ()
    tree = read_source_tree(source, progress)
    files = dict(tree.files)
    if labels_of is not None:
        policy = read_policy_folder(labels_of).files
        files |= {file: raw for file, raw in policy.items() if file != CASES_FILE}
    if tree.passed_over:
        file, why = tree.passed_over[0]
        raise InputRefusedError(
            f"{source}/{file}", f"it cannot be read: {why}.", "Take it out, or name one file."
        )
    result = import_files(tree.name, files)
    with_cases = [pack for pack in result.packs if pack.cases]
    if not with_cases and not result.problems:
        raise InputRefusedError(
            str(source),
            "no row of it could be read as a labelled case.",
            "Give a table with columns such as text and label, or JSON lines with `content` and `label`.",
        )
    if result.problems:
        first, count = result.problems[0], len(result.problems)
        raise InputRefusedError(
            _place(source, first.file, first.line),
            f"a row cannot be read: {first.reason}; {count:,} in all." if first.line else f"{first.reason}.",
            "Correct, remove or split them off: a suite that lost rows would measure something else.",
        )
    if len(with_cases) != 1:
        names = ", ".join(pack.slug for pack in with_cases) or "none"
        raise InputRefusedError(
            str(source),
            f"it holds {len(with_cases)} sets of cases ({names}), and a suite is one.",
            "Name one file.",
        )
    pack = with_cases[0]
    repeated = [notice for notice in pack.notices if notice.topic is Topic.IDS]
    if repeated:
        first_notice = repeated[0]
        raise InputRefusedError(
            _place(source, first_notice.file, first_notice.line),
            first_notice.message.split(";")[0] + ".",
            "Give each case an id of its own.",
        )
    return load_folder(pack.slug, pack.files), pack.notices


def _place(source: Path, file: str, line: int) -> str:
    path = source if source.is_file() else source / file
    return f"{path}:{line}" if line else str(path)


def _written(out: Path, made: SuiteFile, notices: tuple[Notice, ...]) -> Built:
    path, files = out / str(made.name), suite_files(made)
    if path.is_symlink() or path.exists():
        if is_suite_folder(path) and _files_at(path) == files:
            return Built(path, made, notices, fresh=False)
        raise InputRefusedError(
            str(path),
            "another suite stands under this name and version.",
            "Runs refer to it: give the new one another version.",
        )
    with replacing(path) as folder:
        write_files(folder, files)
    return Built(path, made, notices, fresh=True)


def _files_at(path: Path) -> dict[str, bytes]:
    return {
        name: read_plain_file(path / name, LIMITS.cases_bytes)
        for name in (SUITE_FILE, CASES_FILE)
        if (path / name).is_file()
    }


def _sense(violates: bool) -> str:  # noqa: FBT001 - the one fact told of a label
    return "violates" if violates else "allowed"
