"""What a push asks for, and what its options say."""

from __future__ import annotations

import pytest

from policies.versions import Change
from registry.push.asked import FOR_MAIN, NOTHING, Asked, Command, Wish, commit_of, wish_of
from registry.push.errors import PushRefusedError
from registry.push.packets import packets
from registry.push.report import report

SOME = "1" * 40


def asking(*refs: str, new: str = SOME, able: frozenset[str] = frozenset()) -> Asked:
    commands = tuple(Command(NOTHING, new, ref) for ref in refs)
    return Asked(commands, len(commands), able, ())


def test_one_commit_for_main_is_proposed() -> None:
    """Nothing else is."""
    assert commit_of(asking(FOR_MAIN)) == SOME


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (asking("refs/heads/main"), "changes are decided before they are on a branch."),
        (asking(FOR_MAIN, "refs/heads/x"), "changes are decided before they are on a branch."),
        (asking(FOR_MAIN, FOR_MAIN), "one push makes one proposal."),
        (asking(FOR_MAIN, new=NOTHING), "nothing can be deleted by a push."),
        (asking("refs/heads/main", new=NOTHING), "nothing can be deleted by a push."),
        (asking("refs/tags/x", new=NOTHING), "tags name releases, and only the registry makes those."),
    ],
    ids=["branch", "second", "twice", "delete", "delete main", "tag"],
)
def test_everything_else_is_refused(asked: Asked, rule: str) -> None:
    """By the rule that it breaks."""
    with pytest.raises(PushRefusedError) as error:
        commit_of(asked)
    assert error.value.rule == rule


def test_options_are_read() -> None:
    """Blanks are put right, composed letters are composed, and what is empty was not said."""
    wish = wish_of(("title= Gift   cards ", "reason=Cafe\u0301", "topic=", "declared=minor"))
    assert wish == Wish(title="Gift cards", reason="Caf\u00e9", topic=None, declared=Change.MINOR)


@pytest.mark.parametrize(
    "option", ["title", "Title=x", "=x", "x=y", "title=a\x00b", "title=\udcff", "declared=big"]
)
def test_other_options_are_refused(option: str) -> None:
    """Whatever there is none of, and text that is none."""
    with pytest.raises(PushRefusedError):
        wish_of((option,))


def test_report_says_one_thing_of_every_ref() -> None:
    """All are refused, in the words of one."""
    able = frozenset({"report-status", "side-band-64k"})
    answer = report(asking("a", "b", able=able), refused="no", lines=("Why not.",), landed=None)
    words, status = [piece for piece in packets(answer) if piece]
    assert words == b"\x02\nWhy not.\n\n"
    assert list(packets(status[1:])) == [b"unpack ok\n", b"ng a no\n", b"ng b no\n", None]


@pytest.mark.parametrize("version", ["report-status", "report-status-v2"])
def test_report_says_where_it_landed_to_those_who_can_read_it(version: str) -> None:
    """The second version of the report has a line for it."""
    answer = report(
        asking(FOR_MAIN, able=frozenset({version})), refused=None, lines=(), landed="refs/proposals/1/head"
    )
    lines = [line for line in packets(answer) if line]
    assert lines[:2] == [b"unpack ok\n", b"ok refs/for/main\n"]
    assert lines[2:] == ([b"option refname refs/proposals/1/head\n"] if version.endswith("2") else [])
