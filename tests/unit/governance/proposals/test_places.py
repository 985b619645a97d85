"""Comments on lines of a proposal, the edits that they suggest, and taking one."""

from __future__ import annotations

import msgspec
import pytest

from governance import payloads
from governance.errors import MalformedEventError
from governance.events import encode_event
from governance.minutes import sentence
from governance.payloads import read_payload
from tests.support.assembly import Assembly
from tests.support.communities import refusal, solo, village
from tests.support.made import sha

TEXT, CASES, CHARTER = "policies/spam/policy.md", "policies/spam/cases.jsonl", "governance/charter.toml"


def comment(
    commons: Assembly,
    actor: str,
    number: int,
    file: str | None = TEXT,
    first: int = 12,
    last: int | None = None,
    *,
    content: str | None = None,
    suggests: bool = False,
) -> int:
    place = None
    if file is not None:
        here = content or commons.open(number).content
        place = payloads.Place(content=here, file=file, first=first, last=first if last is None else last)
    said = payloads.Commented(
        number=number,
        text=commons.sha(),
        place=place,
        suggestion=commons.sha() if suggests else None,
    )
    return commons.act(actor, said).seq


def said_last(commons: Assembly) -> str:
    return sentence(commons.events[-1])


def test_lines_of_what_is_proposed() -> None:
    """Anybody may comment on lines of the policy, on a case, and on the charter, where these would change."""
    commons = village()
    number = commons.propose("bo", commons.change("spam"), charter=commons.charter("circle@1"))
    comment(commons, "cy", number)
    assert said_last(commons) == f"cy commented on line 12 of {TEXT} in proposal {number}"
    comment(commons, "stranger", number, CHARTER, 3, 5)
    assert said_last(commons) == f"stranger commented on lines 3 to 5 of {CHARTER} in proposal {number}"
    comment(commons, "cy", number, CASES, 7, suggests=True)
    assert said_last(commons) == f"cy suggested an edit of line 7 of {CASES} in proposal {number}"
    assert commons.open(number).unanswered == (commons.events[-2].seq,)


def test_comment_without_a_place_has_the_bytes_that_it_had() -> None:
    """What a comment can say beside its words is left out where it says nothing."""
    commons = solo()
    number = commons.propose("ana")
    comment(commons, "ana", number, None)
    raw = encode_event(commons.events[-1])
    assert b'"payload":{"number":1,"text":"' in raw
    assert b"place" not in raw
    assert b"suggestion" not in raw
    assert said_last(commons) == "ana commented on proposal 1"


def test_refused_places() -> None:
    """Lines are of a file that would change, of the content at hand, in order, and a case is one line."""
    commons = village()
    number = commons.propose("bo")
    assert refusal(lambda: comment(commons, "cy", number, content=sha(7))) == (
        "the comment is on another content than proposal 1 has now. Read the revision at hand."
    )
    for file in ("policies/scams/policy.md", CHARTER):
        assert refusal(lambda file=file: comment(commons, "cy", number, file)) == (
            f"proposal 1 does not change {file}. Name a file of it, or comment without a place."
        )
    assert refusal(lambda: comment(commons, "cy", number, TEXT, 5, 3)) == (
        f"lines 5 to 3 of {TEXT} are none. Name the first one first."
    )
    assert refusal(lambda: comment(commons, "cy", number, CASES, 5, 6)) == (
        f"lines 5 to 6 of {CASES} are several cases. Comment on one case."
    )
    assert refusal(lambda: comment(commons, "cy", number, None, suggests=True)) == (
        "a suggested edit does not say of which lines it is. Name their place, or only comment."
    )
    comment(commons, "cy", number, TEXT, 3, 5)


def test_nothing_to_name_lines_of() -> None:
    """A withdrawal has no files."""
    commons = village()
    number = commons.propose_withdrawal("bo")
    assert refusal(lambda: comment(commons, "cy", number)) == (
        f"proposal 1 does not change {TEXT}. Name a file of it, or comment without a place."
    )


@pytest.mark.parametrize(
    "place",
    [
        {"file": "policies/spam/../x", "first": 1, "last": 1},
        {"file": TEXT, "first": 0, "last": 1},
        {"file": TEXT, "first": 1, "last": 10_000_001},
        {"file": TEXT, "first": 1},
        {"file": TEXT, "first": 1, "last": 1, "case": "who wrote it"},
    ],
)
def test_place_in_another_form(place: dict[str, object]) -> None:
    """A place is a known kind of file with two line numbers, and nothing else: no words get into the log."""
    raw = msgspec.json.encode({"number": 1, "text": sha(1), "place": {"content": sha(2), **place}})
    with pytest.raises(MalformedEventError):
        read_payload("commented", raw)


def test_words_of_an_edit_can_be_erased() -> None:
    """The log knows the words of a suggestion by their digest, as it knows those of the comment."""
    commons = village()
    number = commons.propose("bo")
    seq = comment(commons, "cy", number, suggests=True)
    said = commons.events[-1].payload
    assert isinstance(said, payloads.Commented)
    assert said.suggestion is not None
    assert commons.state.texts[said.suggestion] == seq == commons.state.texts[said.text]


def test_taking_an_edit() -> None:
    """A revision may say which suggested edit it takes: one of this proposal, once; its author may review."""
    commons = village()
    number = commons.propose("bo")
    other = commons.propose("di", commons.change("scams"))
    plain = comment(commons, "cy", number)
    first, second = (comment(commons, "cy", number, suggests=True) for _ in range(2))
    elsewhere = comment(commons, "cy", other, "policies/scams/policy.md", suggests=True)
    assert commons.open(number).suggested == (first, second)
    for seq in (plain, elsewhere, 999):
        assert refusal(lambda seq=seq: commons.revise("bo", number, took=seq)) == (
            f"event {seq} is no suggested edit on proposal 1 that could be taken. "
            "Name the number of a comment that suggests one, or revise without."
        )
    commons.revise("bo", number, took=first)
    assert said_last(commons) == f"bo revised proposal 1, taking the edit that event {first} suggests"
    assert commons.open(number).suggested == (second,)
    assert "event" in (refusal(lambda: commons.revise("bo", number, took=first)) or "")
    # Nobody is kept from reviewing by what another one does.
    content = commons.open(number).content
    commons.act("cy", payloads.Reviewed(number=number, content=content, verdict="approve"))
    commons.revise("bo", number)
    assert said_last(commons) == "bo revised proposal 1"
