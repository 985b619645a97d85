"""Comments on lines, the edits that they suggest, and taking these: over a real repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.charter.amendment import amend
from policies.versions import Change
from registry.services.charters import charter_file
from registry.services.commenting import comment
from registry.services.erasure import Target
from registry.services.errors import InputRefusedError, NothingChangedError, OtherContentError
from registry.services.found import found
from registry.services.line_comments import LineComment, line_comments
from registry.services.places import read_spot
from registry.services.propose import propose, revise
from registry.services.publish import publish
from registry.services.redact import redact
from registry.services.revisions import Draft
from registry.services.take_edit import events_of, take_edit
from registry.store.repository import Repository
from tests.support.histories import ManualClock, policy_files

TEXT, CASES, CHARTER = "policies/spam/policy.md", "policies/spam/cases.jsonl", "governance/charter.toml"
WORDS = "Promotion nobody wants."
LINE = 22
"""Where these words stand in the file."""


@pytest.fixture
def roost(tmp_path: Path) -> Iterator[Repository]:
    """A commons of ana's, and bo's proposal (1): spam in other words, one more case, another charter."""
    with found(tmp_path / "roost.git", founder="ana", name="roost", clock=ManualClock()) as made:
        publish(made, "spam", policy_files("Spam"), actor="ana")
        propose(made, draft(made), title="Shorter", actor="bo")
        yield made


def files(words: str = WORDS, above: str = "") -> dict[str, bytes]:
    made = policy_files("Spam", words)
    case = b'{"id": "a guest", "content": "Cheap rings,\\ncall me", "label": "AA1", "note": "Two lines."}\n'
    text = made["policy.md"].replace(b"# Goal\n", b"# Goal\n" + above.encode())
    return {**made, "policy.md": text, "cases.jsonl": made["cases.jsonl"] + case}


def draft(repository: Repository, words: str = WORDS, above: str = "") -> Draft:
    charter = amend(charter_file(repository), {"membership.join": "open"}).text.encode()
    return Draft(folders={"spam": files(words, above)}, charter=charter)


def say(repository: Repository, at: str, suggestion: str | None = None, text: str = "Hm.") -> int:
    acted = comment(repository, 1, text, actor="cleo", spot=read_spot(at), suggestion=suggestion)
    return acted.entry.event.seq


def told(repository: Repository) -> dict[int, LineComment]:
    made = line_comments(repository, repository.state(), events_of(repository, 1))
    return {one.seq: one for one in made}


def stands(repository: Repository, path: str) -> str:
    revision = repository.state().proposals[1].revision
    assert revision is not None
    entry = repository.reader.entry(repository.reader.commit(revision.head).tree, path)
    assert entry is not None
    return repository.reader.blob(entry.oid).decode()


@pytest.mark.parametrize(
    "written",
    [f"{TEXT}:12", f"{TEXT}:12-14", f"{CHARTER}:3", f"{CASES}:a guest", f"{CASES}:sp:1-2"],
)
def test_place_there_and_back(written: str) -> None:
    """A place reads back as it is written; the id of a case may be any words."""
    assert str(read_spot(written)) == written


@pytest.mark.parametrize(
    "written",
    ["", "12", TEXT, f"{TEXT}:", f"{TEXT}:0", f"{TEXT}:a", f"{TEXT}:1-", f"{TEXT}:١", "../x:1", f"{CASES}:"],
)
def test_no_place(written: str) -> None:
    """Anything else is refused with the forms there are."""
    with pytest.raises(
        InputRefusedError, match=r"the place: .* policies/spam/policy\.md:12 or :12-14, or a case"
    ):
        read_spot(written)


def test_shown_where_it_is(roost: Repository) -> None:
    """Lines, a case by its id, and the charter: each with what stands there."""
    text, case, rules = (say(roost, at) for at in (f"{TEXT}:21-{LINE}", f"{CASES}:a guest", f"{CHARTER}:1"))
    shown = told(roost)
    assert [str(shown[seq].spot) for seq in (text, case)] == [f"{TEXT}:21-{LINE}", f"{CASES}:a guest"]
    assert shown[text].quoted == ("## AA1 Not fine", WORDS)
    assert shown[case].quoted == ("Cheap rings,", "call me")
    assert shown[rules].quoted == (charter_file(roost).text.splitlines()[0],)
    assert {one.words for one in shown.values()} == {"Hm."}
    assert not any(one.is_outdated or one.suggests for one in shown.values())
    payload = events_of(roost, 1)[-2].event.payload
    assert "guest" not in str(payload)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (f"{TEXT}:24", f"there are no lines 24 to 24 in {TEXT}. It has lines 1 to 23."),
        (f"{TEXT}:9-3", f"there are no lines 9 to 3 in {TEXT}. It has lines 1 to 23."),
        (f"{CASES}:gone", f"there is no case 'gone' in {CASES}. Name one by its id."),
        ("policies/scams/policy.md:1", "there is no policies/scams/policy.md in what is proposed."),
    ],
)
def test_place_that_is_not_there(roost: Repository, at: str, said: str) -> None:
    """Says what there is instead, and records nothing."""
    before = roost.head()
    with pytest.raises(InputRefusedError) as error:
        say(roost, at)
    assert said in str(error.value)
    assert roost.head() == before


def test_edit_that_is_none(roost: Repository) -> None:
    """An edit needs lines, and changes something in them."""
    with pytest.raises(InputRefusedError, match="it does not say of which lines it is"):
        comment(roost, 1, "Hm.", actor="cleo", suggestion="x")
    for at, same in ((f"{TEXT}:{LINE}", f"{WORDS}\r\n"), (f"{CASES}:a guest", "Cheap rings,\ncall me")):
        with pytest.raises(InputRefusedError, match="it is what stands there"):
            say(roost, at, same)


def test_taken(roost: Repository) -> None:
    """The proposer takes an edit of lines, one of a case, one that takes lines out; nothing else changes."""
    lines = say(roost, f"{TEXT}:{LINE}", "Promotion,\nasked for by nobody.")
    case = say(roost, f"{CASES}:a guest", "Cheap rings")
    gone = say(roost, f"{TEXT}:16", "")
    take_edit(roost, 1, lines, actor="bo")
    expected = files("Promotion,\nasked for by nobody.")
    assert stands(roost, TEXT) == expected["policy.md"].decode()
    take_edit(roost, 1, gone, actor="bo")
    assert stands(roost, TEXT) == expected["policy.md"].decode().replace("\n\n## AA0", "\n## AA0")
    before = stands(roost, CASES)
    take_edit(roost, 1, case, actor="bo")
    assert stands(roost, CASES) == before.replace("Cheap rings,\\ncall me", "Cheap rings")
    assert '"note": "Two lines."' in stands(roost, CASES)
    shown = told(roost)
    assert all(one.taken for one in shown.values())
    assert shown[lines].is_outdated
    proposal = roost.state().proposals[1]
    assert (proposal.suggested, len(proposal.revisions)) == ((), 4)
    assert proposal.revision is not None
    assert proposal.revision.charter is not None


def test_edit_of_a_charter(roost: Repository) -> None:
    """The text of a proposed charter is edited like any other."""
    last = len(stands(roost, CHARTER).splitlines())
    seq = say(roost, f"{CHARTER}:{last}", stands(roost, CHARTER).splitlines()[-1] + "\n# As the others do.")
    take_edit(roost, 1, seq, actor="bo")
    assert stands(roost, CHARTER).endswith("# As the others do.\n")


def test_declared_kind_is_kept(roost: Repository) -> None:
    """What the proposer called a bigger change stays one."""
    revision = roost.state().proposals[1].revision
    assert revision is not None
    revise(roost, 1, Draft(folders={"spam": files()}, at_least={"spam": Change.MAJOR}), actor="bo")
    seq = say(roost, f"{TEXT}:{LINE}", "Promotion.")
    made = take_edit(roost, 1, seq, actor="bo").revision
    assert made is not None
    assert made.changes[0].declared == "major"


def test_not_taken(roost: Repository) -> None:
    """An edit of lines that are not any more what they were is refused with the place; the rest stands."""
    stale, moved = say(roost, f"{TEXT}:{LINE}", "Promotion."), say(roost, f"{TEXT}:19", "- A question")
    revise(roost, 1, draft(roost, "Promotion of any kind.", "Read it whole.\n"), actor="bo")
    shown = told(roost)
    assert (shown[stale].is_outdated, shown[stale].quoted) == (True, (WORDS,))
    assert (shown[moved].now, shown[moved].can_be_taken) == ((20, 20), True)
    with pytest.raises(InputRefusedError) as error:
        take_edit(roost, 1, stale, actor="bo")
    assert str(error.value) == (
        f"{TEXT}:{LINE}: these lines are not any more what they were when event {stale} suggested its edit. "
        "Read the revision at hand, and revise by hand what still makes sense."
    )
    plain = say(roost, f"{TEXT}:3")
    for seq in (plain, 99):
        with pytest.raises(InputRefusedError, match="it is no comment on proposal 1 that suggests an edit"):
            take_edit(roost, 1, seq, actor="bo")
    take_edit(roost, 1, moved, actor="bo")
    with pytest.raises(InputRefusedError, match="its edit was taken in event"):
        take_edit(roost, 1, moved, actor="bo")
    with pytest.raises(OtherContentError):
        take_edit(roost, 1, moved, actor="bo", content="0" * 64)


def test_edit_back_to_what_is_in_force(tmp_path: Path) -> None:
    """An edit after which nothing would differ from main is no revision."""
    with found(tmp_path / "roost.git", founder="ana", name="roost", clock=ManualClock()) as made:
        publish(made, "spam", policy_files("Spam"), actor="ana")
        propose(made, Draft(folders={"spam": policy_files("Spam", WORDS)}), title="Shorter", actor="bo")
        seq = say(made, f"{TEXT}:{LINE}", "Promotion nobody asked for.")
        with pytest.raises(NothingChangedError):
            take_edit(made, 1, seq, actor="bo")


def test_main_moved(roost: Repository) -> None:
    """What came into force since would be taken back by the same files on top of it: so merge first."""
    seq = say(roost, f"{TEXT}:{LINE}", "Promotion.")
    publish(roost, "spam", policy_files("Spam", "Something else."), actor="ana")
    with pytest.raises(InputRefusedError, match="spam changed on main since this was made from it"):
        take_edit(roost, 1, seq, actor="bo")


def test_words_of_an_edit_are_erased(roost: Repository) -> None:
    """Both kinds of words go; the place stays, and there is nothing to take."""
    seq = say(roost, f"{TEXT}:{LINE}", "Ask Bo on 0151 555.")
    said = events_of(roost, 1)[-1].event.payload
    redact(
        roost,
        actor="ana",
        ground="personal-data",
        salt=lambda: os.urandom(16),
        texts=(said.text, said.suggestion),
    )
    shown = told(roost)[seq]
    assert (shown.words, shown.suggests, shown.suggestion, shown.can_be_taken) == (None, True, None, False)
    with pytest.raises(InputRefusedError, match="its words were redacted"):
        take_edit(roost, 1, seq, actor="bo")


def test_words_of_the_place_are_erased(roost: Repository) -> None:
    """Whoever wrote before an erasure wrote of other lines: nothing is quoted. What comes after it is."""
    before = say(roost, f"{CASES}:a guest")
    target = Target(slug="spam", cases=frozenset({"1"}))
    redact(roost, actor="ana", ground="personal-data", salt=lambda: os.urandom(16), target=target)
    after = say(roost, f"{CASES}:a guest")
    shown = told(roost)
    assert (shown[before].quoted, shown[before].is_outdated) == (None, True)
    assert (shown[after].quoted, shown[after].is_outdated) == (("Cheap rings,", "call me"), False)
