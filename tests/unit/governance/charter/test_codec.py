"""Reading a charter's file: what it says, where it says it, and what is refused."""

from __future__ import annotations

import pytest

from governance.charter.codec import CHARTER_FILE, read_charter
from governance.charter.errors import KeyFinding, MalformedCharterError
from governance.charter.resolve import resolve
from governance.charter.toml_text import MAX_BYTES

HEAD = 'schema = 1\npreset = "commons@1"\n'

# What foundings wrote before there was a charter to speak of; such commons exist.
FIRST_OF_ALL = b"""schema = 1
preset = "solo@1"

# Mode `owner`: the founder publishes at once, and anyone may fork.
[class.policy]
mode = "owner"
"""

WHOLE = """\
# Ours.
preset = "commons@1"  # for now
schema = 1

class.policy.voting = 72
[class.charter.quorum]
share = "1/2"
floor = 4

  [evidence]  # tests
  suites = [
    "public",
    "contested",  # the hard ones
  ]
  model = {effort = "high"}
[groups]
teens.delegates = ["youth-council"]
elders = {delegates = ["seniors"]}
"""


def test_whole() -> None:
    """Tables, dotted keys, tables in braces and lists over lines are all ways to say the same."""
    charter = read_charter(WHOLE.encode())
    assert charter.preset == "commons@1"
    assert charter.overrides == {
        "class.charter.quorum": {"share": "1/2", "floor": 4},
        "class.policy.voting": 72,
        "evidence.model.effort": "high",
        "evidence.suites": ("contested", "public"),
        "groups.elders.delegates": ("seniors",),
        "groups.teens.delegates": ("youth-council",),
    }
    assert charter.charter == resolve("commons@1", charter.overrides)


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("class.policy.voting", f"{CHARTER_FILE}:5"),
        ("class.charter.quorum", f"{CHARTER_FILE}:6"),
        ("evidence.suites", f"{CHARTER_FILE}:11"),
        ("evidence.model.effort", f"{CHARTER_FILE}:15"),
        ("groups.teens.delegates", f"{CHARTER_FILE}:17"),
        ("groups.elders.delegates", f"{CHARTER_FILE}:18"),
        ("class.policy.threshold", "commons@1"),
    ],
)
def test_source(key: str, source: str) -> None:
    """A key of the file has its line, any other is the preset's."""
    assert read_charter(WHOLE.encode()).source(key) == source


def test_founded_before_there_were_charters() -> None:
    """The file that foundings wrote at first still reads, as solo@1 without overrides."""
    charter = read_charter(FIRST_OF_ALL)
    assert (charter.preset, charter.overrides) == ("solo@1", {})
    assert dict(charter.written) == {"class.policy.mode": "owner"}


def test_findings_get_lines() -> None:
    """A finding about a key stands at the key's line, or at the preset's where the file has no such key."""
    charter = read_charter(WHOLE.encode())
    found = charter.place(
        KeyFinding(key=key, value="72", why="It is.", remedy="Mend it.")
        for key in ("class.policy.voting", "panel.size")
    )
    assert [str(finding) for finding in found] == [
        f"{CHARTER_FILE}:5: error C004: class.policy.voting = 72: It is. Mend it.",
        f"{CHARTER_FILE}:2: error C004: panel.size = 72: It is. Mend it.",
    ]


@pytest.mark.parametrize(
    ("raw", "line", "rule", "says"),
    [
        (b"", 0, "C003", "schema: The file names none. This program reads schema 1. Write schema = 1."),
        (b"schema = 1\n", 0, "C003", "preset: The file names none. Write preset = and one of solo@1"),
        (b'preset = "solo@1"\n\nschema = 2\n', 3, "C003", "schema = 2: This program reads schema 1."),
        (b'preset = "solo@1"\nschema = true\n', 2, "C003", "schema = true: This program reads schema 1."),
        (b'schema = 1\npreset = "solo@9"\n', 2, "C003", 'preset = "solo@9": No preset of that name ships'),
        (b"schema = 1\npreset = 3\n", 2, "C003", "preset = 3: No preset of that name ships"),
        (
            HEAD + "[class.polcy]\nvoting = 3\n",
            3,
            "C003",
            "class.polcy: No such key is known. Did you mean class.policy?",
        ),
        (
            HEAD + "voting = 3\n",
            3,
            "C003",
            "voting: No such key is known. Did you mean class.routine.voting?",
        ),
        (HEAD + "\n[compute]\n", 4, "C003", "compute: No rule of this version reads it"),
        (HEAD + "[evidence]\nsecond_run_share = '1/10'\n", 4, "C003", "evidence.second_run_share: No rule"),
        (HEAD + "[[audit]]\n", 3, "C003", "audit: It is a table of keys, not a key."),
        (HEAD + "class = 3\n", 3, "C003", "class: It is a table of keys, not a key."),
        (HEAD + "groups = 3\n", 3, "C003", "groups: A group is a name of a-z"),
        (
            HEAD + "[groups.Teens]\ndelegates = ['a']\n",
            4,
            "C003",
            "groups.Teens.delegates: A group is a name",
        ),
        (
            HEAD + "[groups.teens.delegates]\na = 1\n",
            3,
            "C003",
            "groups.teens.delegates = {a = 1}: That does",
        ),
        (HEAD + "[groups.teens]\nmembers = ['a']\n", 4, "C003", "groups.teens.members: A group is a name"),
        (HEAD + '"class.policy.voting" = 3\n', 3, "C003", '"class.policy.voting": A name that needs quotes'),
        (
            HEAD + "[audit]\ncheckpoint_hours = 1e999\n",
            4,
            "C003",
            "audit.checkpoint_hours = inf: That does not fit",
        ),
        (
            HEAD + "[audit]\ncheckpoint_hours = 24.0\n",
            4,
            "C003",
            "audit.checkpoint_hours = 24.0: That does not fit",
        ),
        (
            HEAD + "[audit]\ncheckpoint_hours = nan\n",
            4,
            "C003",
            "audit.checkpoint_hours = nan: That does not fit",
        ),
        (HEAD + "[audit]\ncheckpoint_hours = 2026-01-01\n", 4, "C003", "checkpoint_hours = 2026-01-01: That"),
        (
            HEAD + "[audit]\ncheckpoint_hours = '24'\n",
            4,
            "C003",
            'audit.checkpoint_hours = "24": That does not fit',
        ),
        (
            HEAD + "[audit]\ncheckpoint_hours = 0\n",
            4,
            "C003",
            "audit.checkpoint_hours = 0: That does not fit here.",
        ),
        (
            HEAD + "[class.policy]\nquorum = 'cube'\n",
            4,
            "C003",
            'class.policy.quorum = "cube": That does not fit',
        ),
        (HEAD + "[class.policy.quorum]\nformula = 'cube'\n", 3, "C003", 'quorum = {formula = "cube"}: That'),
        (HEAD + "[evidence]\nsuites = ['\U0001f600 x']\n", 4, "C003", "evidence.suites = ["),
        (HEAD + f"a = {'9' * 990}\n", 3, "C003", "a: No such key is known."),
        (HEAD + "preset = 'solo@1'\n", 3, "C002", "It is not TOML: cannot overwrite a value. Give each key"),
        (HEAD + "[audit]\n[audit]\n", 4, "C002", "Give each key and each table once."),
        (HEAD + "[audit\n", 3, "C002", "It is not TOML: expected ']' at the end of a table declaration."),
        (
            HEAD + "[audit]\ncheckpoint_hours = daily\n",
            4,
            "C002",
            "It is not TOML: invalid value. Write key = value",
        ),
        (HEAD + "[audit]\ncheckpoint_hours =", 4, "C002", "It is not TOML: invalid value."),
        (HEAD + f"a = {'[' * 900}\n", 0, "C002", "It is nested too deep."),
        (HEAD + "a = '\\u0041'\nb = \"\\u0041\"\n", 3, "C002", "Readers of TOML do not all take this alike."),
        (HEAD + "\n[audit] # fine\ncheckpoint_hours = {a = 1, }\n", 5, "C002", "It is not TOML"),
        (HEAD + 'a = """x"""\n', 3, "C002", "Readers of TOML do not all take this alike."),
        (HEAD + "a = '''x\ny'''\n", 3, "C002", "Readers of TOML do not all take this alike."),
        (b"x" * (MAX_BYTES + 1), 0, "C001", "65,537 bytes are over the limit of 65,536."),
        (HEAD.encode() + b"# \xff\n", 3, "C001", "It is not UTF-8."),
        (HEAD.encode("utf-16"), 1, "C001", "It is not UTF-8."),
        (b"\xef\xbb\xbf" + HEAD.encode(), 1, "C001", "It begins with a byte order mark."),
        (HEAD.replace("\n", "\r\n"), 1, "C001", "The line ends with a carriage return."),
        (HEAD + "# a\r# b\n", 3, "C001", "The line ends with a carriage return."),
        (HEAD + "# \x00\n", 3, "C001", "The line holds the control character U+0000."),
        (HEAD + "#" * 1_001, 3, "C001", "1,001 characters are over the limit of 1,000 for a line."),
        (HEAD + f"{'a.' * 21}b = 1\n", 3, "C001", "More than 20 dots stand on the line."),
    ],
)
def test_refused(raw: bytes | str, line: int, rule: str, says: str) -> None:
    """What is no charter is refused with its file, its line where there is one, the rule and the remedy."""
    with pytest.raises(MalformedCharterError) as refused:
        read_charter(raw.encode() if isinstance(raw, str) else raw)
    finding = next(
        finding for finding in refused.value.findings if says in f"{finding.message} {finding.fix}"
    )
    assert (finding.file, finding.line, finding.rule) == (CHARTER_FILE, line, rule)
    assert len(str(finding)) < 500
    assert finding.fix


def test_every_finding_is_named() -> None:
    """All that does not fit is said at once, in the order of the lines."""
    with pytest.raises(MalformedCharterError) as refused:
        read_charter(b"[audit]\ncheckpoint_hours = 0\n[panel]\nsize = 0\n[a]\n", "charter.toml")
    assert [(finding.file, finding.line) for finding in refused.value.findings] == [
        *(
            ("charter.toml", 0),
            ("charter.toml", 0),
            ("charter.toml", 2),
            ("charter.toml", 4),
            ("charter.toml", 5),
        ),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "# c:\\charters, a = '''{,}''' ......................................................",
        "[audit] # {a,}\ncheckpoint_hours = 3 # \\",
        "[evidence]\nsuites = ['a', # it's\n 'b',]",
        "[audit]\n'checkpoint_hours' = 0x18",
    ],
)
def test_plain_enough(line: str) -> None:
    """Comments may hold anything, and what all readers take alike is read."""
    assert read_charter(f"{HEAD}{line}\n".encode()).preset == "commons@1"
