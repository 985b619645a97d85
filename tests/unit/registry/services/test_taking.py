"""Taking a release from a place that lies, or that changes while it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.digest import content_digest, folder_digest
from policies.folder import load_folder
from policies.names import parse_address
from registry.index.entries import Query
from registry.services.errors import UnknownPolicyError
from registry.services.lockfile import Locked
from registry.services.origin import (
    CommonsFacts,
    PolicyFacts,
    PolicyLine,
    Released,
    RunFacts,
    SearchPage,
    Source,
    SourceKind,
)
from registry.services.taking import ChangedReleaseError, ForgedReleaseError, take
from tests.support.histories import policy_files

SPAM = parse_address("roost/spam@1.0.0")
SOURCE = Source(SourceKind.REGISTRY, "http://r.example")
OLD, NEW = policy_files("Spam"), policy_files("Spam", "Everything else.")


def released(files: dict[str, bytes], commit: str = "a" * 40, version: str = "1.0.0") -> Released:
    return Released(
        version=version,
        commit=commit,
        content=content_digest(load_folder("spam", files)),
        folder=folder_digest(files),
    )


class Place:
    """An origin that says what it was told to say, a sentence at a time. Implements `Origin`."""

    place = "http://r.example"

    def __init__(
        self,
        *said: tuple[Released, dict[str, bytes]],
        moved: Released | None = None,
    ) -> None:
        self._said = list(said)
        self._moved = moved

    def policy(self, commons: str, slug: str) -> PolicyFacts:
        release, self._files = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        return PolicyFacts(commons=commons, slug=slug, releases=(release,), source=SOURCE)

    def files(self, commons: str, slug: str, release: Released) -> dict[str, bytes]:
        return self._files

    def moved(self, commons: str, slug: str, commit: str) -> Released | None:
        return self._moved

    def commons(self) -> tuple[CommonsFacts, ...]:
        return ()

    def policies(self, commons: str) -> tuple[PolicyLine, ...]:
        return ()

    def search(self, query: Query) -> SearchPage:
        return SearchPage((), 0, None)

    def runs(self, commons: str, slug: str) -> tuple[RunFacts, ...]:
        return ()

    def run_files(self, commons: str, key: str) -> dict[str, bytes]:
        return {}

    def close(self) -> None:
        """There is nothing to let go of."""


def held(files: dict[str, bytes]) -> Locked:
    release = released(files)
    return Locked(
        address=str(SPAM), source=SOURCE, folder="spam", commit=release.commit, content=release.content,
        digest=release.folder,
    )  # fmt: skip


def test_a_release_that_gives_its_digests_is_taken() -> None:
    """Address, folder and digests come together; there is nothing to tell."""
    taken = take(Place((released(OLD), OLD)), SPAM)
    assert (taken.address, taken.notice, dict(taken.folder.files)) == ("roost/spam@1.0.0", "", OLD)


@pytest.mark.parametrize(
    "release",
    [
        replace(released(OLD), folder="f" * 64),
        replace(released(OLD), content="f" * 64),
    ],
    ids=["another folder digest", "another content digest"],
)
def test_bytes_that_do_not_give_their_digests_are_refused(release: Released) -> None:
    """Either digest alone is enough to refuse."""
    with pytest.raises(ForgedReleaseError, match=r"roost/spam@1\.0\.0"):
        take(Place((release, OLD)), SPAM)


def test_a_folder_that_is_no_policy_is_refused() -> None:
    """Digests that fit do not make a policy of it."""
    files = {"policy.md": b"no front matter"}
    release = replace(released(OLD), folder=folder_digest(files))
    with pytest.raises(ForgedReleaseError, match="cannot be read as a policy"):
        take(Place((release, files)), SPAM)


def test_what_was_redacted_between_two_questions_is_asked_for_again() -> None:
    """The list is from before, the files from after: the place is asked what became of the release."""
    after = released(NEW, "b" * 40)
    taken = take(Place((released(OLD), NEW), (after, NEW), moved=after), SPAM)
    assert taken.release == after


def test_a_lock_decides_what_a_version_is() -> None:
    """Another release under a locked number is refused when nothing says how it came to that."""
    with pytest.raises(ChangedReleaseError, match="no redaction is recorded"):
        take(Place((released(NEW, "b" * 40), NEW)), SPAM, known=(held(OLD),))


def test_a_changed_release_at_the_same_commit_is_refused() -> None:
    """A redaction moves a release to another commit; one that did not move was not redacted."""
    forged = released(NEW, "a" * 40)
    with pytest.raises(ChangedReleaseError):
        take(Place((forged, NEW), moved=forged), SPAM, known=(held(OLD),))


def test_a_redaction_that_leads_elsewhere_explains_nothing() -> None:
    """What the locked commit became must be the release that is given."""
    other = released(NEW, "c" * 40)
    with pytest.raises(ChangedReleaseError):
        take(Place((released(NEW, "b" * 40), NEW), moved=other), SPAM, known=(held(OLD),))


def test_a_recorded_redaction_is_told() -> None:
    """The release stands at another commit by the log's account, and its user learns of it."""
    after = released(NEW, "b" * 40)
    taken = take(Place((after, NEW), moved=after), SPAM, known=(held(OLD),))
    assert "redacted" in taken.notice


def test_a_moved_commit_with_the_same_bytes_is_nothing_to_tell() -> None:
    """When something else of the commons was redacted, every later commit moves and no digest does."""
    after = released(OLD, "b" * 40)
    assert take(Place((after, OLD), moved=after), SPAM, known=(held(OLD),)).notice == ""


def test_a_version_that_was_never_released_is_not_found() -> None:
    """With what there is."""
    with pytest.raises(UnknownPolicyError, match=r"Released are: 1\.0\.0"):
        take(Place((released(OLD), OLD)), parse_address("roost/spam@2.0.0"))
