"""Reads the charter in force, and says what another one would mean. Changes nothing."""

from __future__ import annotations

from typing import NamedTuple

from governance.charter.codec import CharterFile, read_charter
from governance.charter.model import ChangeClass
from governance.charter.scopes import class_of_amendment
from governance.charter.words import DECIDED, WordsChange, change_words
from governance.proposals.amending import findings_on
from policies.findings import Finding
from registry.store.repository import Repository


class CheckedCharter(NamedTuple):
    """Another charter beside the one in force: what changes, who decides on it, and what is in the way."""

    file: CharterFile
    kind: ChangeClass
    decided: str
    changes: tuple[WordsChange, ...]
    findings: tuple[Finding, ...]


def charter_file(repository: Repository) -> CharterFile:
    """The file of the charter in force. Raises `MalformedCharterError`."""
    return read_charter(repository.reader.blob(repository.state().charter))


def check_charter(repository: Repository, wanted: CharterFile) -> CheckedCharter:
    """What it would mean to go from the charter in force to this one, now."""
    state = repository.state()
    before, after = state.charter_rules, wanted.charter
    kind = class_of_amendment(before, after)
    at = max(repository.clock.now(), state.at)
    findings = findings_on(after, state.parent_rules, state.people.here, at)
    return CheckedCharter(
        file=wanted,
        kind=kind,
        decided=DECIDED[before.rules(kind).mode],
        changes=change_words(before, after),
        findings=wanted.place(findings),
    )
