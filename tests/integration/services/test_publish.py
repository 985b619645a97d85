"""Publishing as the owner, on a real repository."""

from __future__ import annotations

import pytest

from governance.errors import RefusedError
from policies.versions import Change
from registry.services.errors import (
    BlockedContentError,
    ChangeTooSmallError,
    LintRefusedError,
    NothingChangedError,
    UnknownPolicyError,
)
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.store.blocklist import add_blocked, line_digest
from registry.store.process import run_git
from registry.store.repository import Repository
from tests.support.histories import policy_files


def test_a_first_release_keeps_its_number_and_is_tagged(commons: Repository) -> None:
    """The first release stands on main under the number in its front matter, with an annotated tag."""
    made = publish(commons, "spam", policy_files("Spam"), actor="ana")

    assert made.release.version == "1.0.0"
    shown = run_git(commons.path, "show", "main:policies/spam/policy.md")
    assert shown == policy_files("Spam")["policy.md"]
    tag = run_git(commons.path, "cat-file", "-p", "refs/tags/spam/v1.0.0").decode()
    assert tag.startswith(
        f"object {made.release.commit}\ntype commit\ntag spam/v1.0.0\ntagger ana <ana@invalid>"
    )


def test_the_number_is_given_by_what_changed(commons: Repository) -> None:
    """Wording asks for a patch, a new case for a minor, a new label for a major version."""
    files = policy_files("Spam")
    publish(commons, "spam", files, actor="ana")
    worded = {**files, "policy.md": files["policy.md"].replace(b"Ordinary talk.", b"Everyday talk.")}
    assert publish(commons, "spam", worded, actor="ana").release.version == "1.0.1"
    case = b'{"id": "3", "content": "Half price rings, write to me", "label": "AA1"}\n'
    grown = {**worded, "cases.jsonl": worded["cases.jsonl"] + case}
    assert publish(commons, "spam", grown, actor="ana").release.version == "1.1.0"
    retitled = {**grown, "policy.md": grown["policy.md"].replace(b"title: Not fine", b"title: Forbidden")}
    retitled["policy.md"] = retitled["policy.md"].replace(
        b"violates: true, severity: 1", b"violates: true, severity: 3"
    )
    assert publish(commons, "spam", retitled, actor="ana").release.version == "2.0.0"
    assert read_policy(commons, "spam", "1.0.1").folder.files["policy.md"].count(b"version: 1.0.1") == 1


def test_an_earlier_version_can_still_be_read_by_number_and_commit(commons: Repository) -> None:
    """A release is found by its number, its commit and as the latest; others are unknown."""
    files = policy_files("Spam")
    first = publish(commons, "spam", files, actor="ana").release
    publish(commons, "spam", policy_files("Spam", "Adverts of all kinds."), actor="ana")

    assert read_policy(commons, "spam", "1.0.0").release == first
    assert read_policy(commons, "spam", first.commit).release == first
    assert read_policy(commons, "spam", "latest").release.version == "1.0.1"
    with pytest.raises(
        UnknownPolicyError, match=r"spam@9.0.0: not in this commons. Released are: 1.0.0, 1.0.1."
    ):
        read_policy(commons, "spam", "9.0.0")


def test_declaring_less_than_the_difference_shows_is_refused(commons: Repository) -> None:
    """A new case cannot go out as a patch; nothing is recorded."""
    files = policy_files("Spam")
    publish(commons, "spam", files, actor="ana")
    case = b'{"id": "3", "content": "Half price rings, write to me", "label": "AA1"}\n'
    grown = {**files, "cases.jsonl": files["cases.jsonl"] + case}
    before = commons.head()

    with pytest.raises(ChangeTooSmallError, match="declare at least minor"):
        publish(commons, "spam", grown, actor="ana", change=Change.PATCH)
    assert commons.head() == before


def test_the_same_content_is_not_released_twice(commons: Repository) -> None:
    """A folder that differs in its version number only is no change."""
    files = policy_files("Spam")
    publish(commons, "spam", files, actor="ana")
    renumbered = {**files, "policy.md": files["policy.md"].replace(b"version: 1.0.0", b"version: 7.0.0")}
    with pytest.raises(NothingChangedError):
        publish(commons, "spam", renumbered, actor="ana")


def test_only_the_owner_publishes(commons: Repository) -> None:
    """In mode owner an act by anybody else is refused, with whom to ask."""
    before = commons.head()
    with pytest.raises(RefusedError, match=r"bob is no owner.*Ask ana, or fork"):
        publish(commons, "spam", policy_files("Spam"), actor="bob")
    assert commons.head() == before


def test_lint_errors_stand_in_the_way(commons: Repository) -> None:
    """A policy with a lint error is refused with file and line, and the store is unchanged."""
    files = policy_files("Spam")
    files["cases.jsonl"] += b'{"id": "3", "content": "See you there", "label": "ZZ9"}\n'
    before = commons.head()
    with pytest.raises(LintRefusedError, match=r"cases\.jsonl:3: error P\d+"):
        publish(commons, "spam", files, actor="ana")
    assert commons.head() == before


def test_content_that_was_redacted_may_not_return(commons: Repository) -> None:
    """A case whose content is on the host's list is refused with its file and line."""
    add_blocked(commons.paths.blocked, [line_digest("Buy my course now at shop.example")])
    with pytest.raises(BlockedContentError, match=r"spam/cases\.jsonl:2"):
        publish(commons, "spam", policy_files("Spam"), actor="ana")
