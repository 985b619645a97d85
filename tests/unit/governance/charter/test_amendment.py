"""Changing a charter's file: one line each, and no other byte."""

from __future__ import annotations

import pytest

from governance.charter.amendment import amend
from governance.charter.codec import CharterFile, read_charter
from governance.charter.errors import InvalidCharterError, MalformedCharterError
from governance.charter.first_file import first_file
from governance.charter.values import Plain
from policies.limits import LIMITS

TEXT = """\
# head
schema = 1   # one
preset = "commons@1" # ours

[class.policy]   # pol
mode = "vote"  # m
# voting = 168  # the preset's
stay = 3

# about the charter
[class.charter]
quorum = {share = "1/4", floor = 3}  # q

  # tests
  [evidence]
  suites = [
    "public", # a
    "more",
  ] # end
  margin   =   '1/20'
"""


def _amended(text: str, changes: dict[str, Plain | None]) -> str:
    return amend(read_charter(text.encode()), changes).text


def test_what_was_written_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that went wrong is found by reading the file again, and no such file is given out."""
    monkeypatch.setattr("governance.charter.amendment._change", lambda *_: None)
    with pytest.raises(AssertionError, match=r"charter\.toml does not say what was written into it"):
        _amended(TEXT, {"class.policy.voting": 72})


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"preset": "circle@1"}, 'preset = "commons@1" # ours\n', 'preset = "circle@1" # ours\n'),
        ({"class.policy.stay": 4}, "stay = 3\n", "stay = 4\n"),
        ({"class.policy.mode": "all_approve"}, 'mode = "vote"  # m', 'mode = "all_approve"  # m'),
        ({"class.policy.mode": None}, 'mode = "vote"  # m\n', ""),
        ({"class.policy.voting": 72}, "the preset's\n", "the preset's\nvoting = 72\n"),
        ({"class.policy.undo": 5}, "stay = 3\n", "stay = 3\nundo = 5\n"),
        (
            {"class.charter.quorum": {"share": "1/3", "floor": 4}},
            'quorum = {share = "1/4", floor = 3}  # q',
            'quorum = {share = "1/3", floor = 4}  # q',
        ),
        ({"class.charter.quorum": "none"}, '{share = "1/4", floor = 3}', '"none"'),
        ({"evidence.margin": "1/10"}, "margin   =   '1/20'", 'margin   =   "1/10"'),
        ({"evidence.mode": "off"}, "'1/20'\n", "'1/20'\n  mode = \"off\"\n"),
        (
            {"evidence.suites": ("one",)},
            '[\n    "public", # a\n    "more",\n  ] # end',
            '["one"] # end',
        ),
        (
            {"class.entrenched.voting": 500},
            "  # q\n",
            "  # q\n\n[class.entrenched]\nvoting = 500\n",
        ),
        (
            {"groups.teens.delegates": ("b", "a")},
            "  # q\n",
            '  # q\n\n[groups]\nteens = {delegates = ["a", "b"]}\n',
        ),
        ({"membership.join": "open"}, "# ours\n", '# ours\n\n[membership]\njoin = "open"\n'),
        ({"audit.checkpoint_hours": 12}, "'1/20'\n", "'1/20'\n\n[audit]\ncheckpoint_hours = 12\n"),
        ({"evidence.model.effort": "high"}, "'1/20'\n", "'1/20'\n\n[evidence.model]\neffort = \"high\"\n"),
        ({"class.routine.mode": None, "class.policy.stay": 3}, "", ""),
    ],
)
def test_one_change(changes: dict[str, Plain | None], old: str, new: str) -> None:
    """A key is changed where it stands, with its comment; a new one goes to its siblings or its own table."""
    assert TEXT.count(old) == 1 or not old
    assert _amended(TEXT, changes) == TEXT.replace(old, new)


def test_many_changes() -> None:
    """Several changes are made one by one, and taken back they leave the text as it was."""
    there = {"class.policy.stay": 9, "evidence.margin": "1/10", "preset": "circle@1"}
    back = {"class.policy.stay": 3, "evidence.margin": "1/20", "preset": "commons@1"}
    assert _amended(_amended(TEXT, there), back) == TEXT.replace("'1/20'", '"1/20"')


PARTS = """\
schema = 1
preset = "commons@1"
class.policy.voting = 72 # x
class.policy.quorum.share = "1/4"
class.policy.quorum.floor = 4
groups = {teens = {delegates = ["a"]}, elders = {delegates = ["b"]}} # g
membership = {join = "open"}
[class.charter.quorum] # h
share = "1/4"
floor = 3
[audit]"""


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        (
            {"class.policy.quorum": {"share": "1/3", "floor": 2}},
            'class.policy.quorum.share = "1/4"\nclass.policy.quorum.floor = 4\n',
            'class.policy.quorum = {share = "1/3", floor = 2}\n',
        ),
        ({"class.policy.undo": 1}, "quorum.floor = 4\n", "quorum.floor = 4\nclass.policy.undo = 1\n"),
        ({"groups.teens.delegates": None}, 'teens = {delegates = ["a"]}, ', ""),
        (
            {"groups.elders.delegates": None, "groups.teens.delegates": None},
            'groups = {teens = {delegates = ["a"]}, elders = {delegates = ["b"]}} # g\n',
            "",
        ),
        ({"groups.teens.delegates": ("c",)}, '["a"]', '["c"]'),
        ({"membership.stewards": ("ana",)}, '"open"}', '"open", stewards = ["ana"]}'),
        ({"membership.join": None}, 'membership = {join = "open"}\n', ""),
        (
            {"class.charter.quorum": None},
            '[class.charter.quorum] # h\nshare = "1/4"\nfloor = 3\n',
            "",
        ),
        (
            {"class.charter.quorum": "none"},
            '[class.charter.quorum] # h\nshare = "1/4"\nfloor = 3\n[audit]',
            '\n[class.charter]\nquorum = "none"\n\n[audit]',
        ),
        ({"audit.checkpoint_hours": 6}, "[audit]", "[audit]\ncheckpoint_hours = 6"),
    ],
)
def test_key_in_parts(changes: dict[str, Plain | None], old: str, new: str) -> None:
    """However a file has put a key, in braces, dotted or in a table of its own, it can be changed."""
    assert PARTS.count(old) == 1
    assert _amended(PARTS, changes) == PARTS.replace(old, new)


def test_long_lists() -> None:
    """A list that would not fit on a line is written over several, even out of braces."""
    names = tuple(f"organisation-number-{number:02}" for number in range(30))
    after = amend(read_charter(PARTS.encode()), {"groups.teens.delegates": names})
    assert after.charter.groups["teens"] == names
    assert after.charter.groups["elders"] == ("b",)
    assert max(map(len, after.text.split("\n"))) <= 110


def test_preset_shown_in_comments() -> None:
    """In the file of a founding a key goes below the comment that shows the preset's value."""
    after = amend(read_charter(first_file("circle@1")), {"class.policy.voting": 48})
    line = after.lines["class.policy.voting"]
    assert after.text.split("\n")[line - 2].startswith("# voting = 72 ")
    assert after.text.replace("voting = 48\n", "", 1) == first_file("circle@1").decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"class.polcy.voting": 3}, "Did you mean class.policy.voting?"),
        ({"class.polcy.voting": None}, "Did you mean class.policy.voting?"),
        ({"class.policy.voting": -3}, "Give a whole number from 0 to 87600."),
        ({"preset": "solo@9"}, "Use solo@1, circle@1, commons@1."),
        ({"preset": None}, "Use solo@1, circle@1, commons@1."),
        ({"schema": 2}, "schema: No such key is known."),
    ],
)
def test_refused(changes: dict[str, Plain | None], says: str) -> None:
    """What no charter may hold is not written into one."""
    with pytest.raises(InvalidCharterError) as refused:
        _amended(TEXT, changes)
    assert says in str(refused.value)


def test_full_file() -> None:
    """A file that would grow over its limit is refused and not cut."""
    full = TEXT + "# " + "x" * 900 + "\n"
    while len(full) < 64_600:
        full += "# " + "x" * 900 + "\n"
    full += "#" * (65_536 - len(full))
    charter = read_charter(full.encode())
    with pytest.raises(MalformedCharterError, match="over the limit of 65,536"):
        amend(charter, {"audit.checkpoint_hours": 3})


def test_gives_a_file() -> None:
    """What comes back is the file as it reads now."""
    after = amend(read_charter(TEXT.encode()), {"class.policy.stay": 4})
    assert isinstance(after, CharterFile)
    assert read_charter(after.text.encode()) == after
    assert after.overrides["class.policy.stay"] == 4


def test_another_preset_shows_its_own_rules() -> None:
    """What the file of a founding shows of its preset goes with it, and what was said otherwise stays."""
    before = amend(read_charter(first_file("solo@1")), {"membership.joins_min_per_30d": 40})
    after = amend(before, {"preset": "commons@1", "class.policy.voting": 240})
    assert dict(after.written) == {"membership.joins_min_per_30d": 40, "class.policy.voting": 240}
    assert '# mode = "owner"' not in after.text
    assert '# mode = "consent_then_vote"' in after.text
    assert amend(after, {"preset": "solo@1"}).preset == "solo@1"


@pytest.mark.parametrize(
    ("old", "new"),
    [("# The rules of this commons", "# Our rules, by the river"), ('"solo@1"', '"solo@1"  # for now')],
)
def test_another_preset_keeps_what_people_wrote(old: str, new: str) -> None:
    """A comment of somebody's own, on a line or behind a value, leaves every other line as it is."""
    text = first_file("solo@1").decode().replace(old, new, 1)
    after = amend(read_charter(text.encode()), {"preset": "circle@1"})
    assert after.text == text.replace('"solo@1"', '"circle@1"', 1)


def test_so_many_wrong_keys_are_listed() -> None:
    """Names that nobody knows by the thousand are not each held against every key there is."""
    with pytest.raises(InvalidCharterError) as caught:
        amend(read_charter(TEXT.encode()), {f"a{number}": number % 2 or None for number in range(5_000)})
    assert len(caught.value.findings) == LIMITS.findings
