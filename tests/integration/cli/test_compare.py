"""`commons compare`: two versions of a policy, or two runs, and how it ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, completion, gives

OLD_RULE = "Check the labels from the top severity down."
NEW_RULE = "Choose the first label that fits."


@pytest.fixture
def changed(commons: Command, tmp_path: Path) -> Path:
    """A copy of the policy with one rule in other words; `commons` makes the folder it stands in."""
    assert commons is not None
    folder = tmp_path / "my-spam"
    shutil.copytree(tmp_path / "spam", folder)
    _replace(folder / "policy.md", OLD_RULE, NEW_RULE)
    return folder


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _cases(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "cases.jsonl").read_text("utf-8").splitlines()]


def _write(folder: Path, cases: list[dict[str, object]]) -> None:
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    (folder / "cases.jsonl").write_text(lines, "utf-8")


def _gold(folder: Path) -> dict[str, str]:
    return {str(case["content"]): str(case["label"]) for case in _cases(folder)}


def _server(folder: Path, *, new_says: str | None) -> ModelServer:
    """A model that is right by the old text; by the new one it says `new_says` to everything, or is right."""
    gold = _gold(folder)

    def script(asked: Asked) -> Behaviour:
        is_new = NEW_RULE in json.dumps(asked.document["messages"][0])
        label = new_says if is_new and new_says else gold[asked.content]
        usage = {"prompt_tokens": 70 if is_new else 60, "completion_tokens": 3}
        return gives(completion(label, reasoning=f"I read {label} <b>here</b>.", usage=usage))

    return ModelServer(script)


def _asking(server: ModelServer) -> tuple[str, ...]:
    return ("--engine", "openai", "--base-url", server.base_url, "--model", MODEL)


def test_what_the_cases_can_tell_is_said_before_anything_runs(commons: Command, changed: Path) -> None:
    """First the minimum detectable effect, last the plain sentence; a baseline's figures decide nothing."""
    said = commons("compare", "spam", changed)
    assert said.code == 0, said.err
    order = [
        "Before anything runs: 128 cases",
        "96 violating cases: where 10 %",
        "Not yet tested with gpt-oss-safeguard.",
        "They may be compared",
        "violations caught",
        "Missed violations:",
        "Over-enforcement:",
        "Holm's correction is over all",
        "Flips:",
        "A/A noise: none",
        "Reported, decides nothing.",
        "inconclusive on",
        "It decides nothing.",
    ]
    places = [said.out.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_a_model_that_got_worse_fails_the_check(commons: Command, changed: Path) -> None:
    """Flagging everything loses no violation and all harmless content: exit 1, with both told apart."""
    with _server(changed, new_says="SP2") as server:
        said = commons("compare", "spam", changed, *_asking(server), "--again")
        quiet = commons("compare", "spam", changed, *_asking(server), "--no-reasoning")
    assert said.code == ExitCode.CHECK_FAILED
    assert "Missed violations: 0 before, 0 now, of 96; 0 fixed, 0 broken" in said.out
    assert "Over-enforcement: 0 before, 32 now, of 32; 0 fixed, 32 broken (p <0.001)" in said.out
    assert "Block: the whole interval is a loss of more than 3 points." in said.out
    assert "A/A noise: 0 of 128 answers changed when the old version was run again" in said.out
    assert "Tokens in: 7,680 before, 8,960 now." in said.out
    assert "new: I read SP2 <b>here</b>." in said.out
    assert "may be wrong or harmful" in said.out
    assert "I read SP2" not in quiet.out
    assert len(server.asked) == 3 * 128


def test_a_model_that_says_the_same_passes(commons: Command, changed: Path) -> None:
    """Nothing flips, and how much could have gone unseen is told all the same."""
    with _server(changed, new_says=None) as server:
        said = commons("compare", "spam", changed, *_asking(server), "--json")
    assert (said.code, said.document["blocks"], said.document["flips"]["shown"]) == (0, False, [])
    assert said.document["endpoints"]["spared"]["judgement"] == "inconclusive"
    assert "inconclusive on over-enforcement (0.0 points" in said.document["sentence"]


def test_a_run_that_the_commons_keeps_is_not_made_again(commons: Command, changed: Path) -> None:
    """The old version's run is found by its key, so only the new version is asked, and the old once more."""
    with _server(changed, new_says="SP2") as server:
        assert commons("bench", "spam", *_asking(server), "--record-to", "demo.git").code == 0
        before = len(server.asked)
        command = ("compare", "spam@1.0.0", changed, "demo.git", *_asking(server), "--json")
        said = commons(*command, "--no-again")
        assert (before, len(server.asked)) == (128, 256)
        assert commons(*command).document["noise"] == {"discordant": 0, "n": 128, "source": "again"}
        assert len(server.asked) == 256 + 128
    assert (said.document["old"]["made_now"], said.document["new"]["made_now"]) == (False, True)
    assert said.document["old"]["policy"]["version"] == "1.0.0"


def test_a_run_under_another_name_is_called_by_the_name_asked_for(
    commons: Command, changed: Path, tmp_path: Path
) -> None:
    """The same text as a folder of another name is not run again, and the report says both names."""
    twin = tmp_path / "twin"
    shutil.copytree(tmp_path / "spam", twin)
    with _server(changed, new_says=None) as server:
        assert commons("bench", twin, *_asking(server)).code == 0
        said = commons("compare", "spam", changed, *_asking(server), "--no-again")
        assert len(server.asked) == 2 * 128
    lines = said.out.splitlines()
    old, new = (next(line for line in lines if line.startswith(name)) for name in ("Old:", "New:"))
    assert re.fullmatch(r"Old: spam 1\.0\.0, text \w{12}, run \w{12} \(made as twin 1\.0\.0\)", old)
    assert re.fullmatch(r"New: my-spam 1\.0\.0, text \w{12}, run \w{12}", new)


def test_changed_cases_are_listed_and_chosen_by_the_old_suite(commons: Command, changed: Path) -> None:
    """Added and removed ones are asked of both, edited and relabelled ones of neither."""
    first, second, third, *rest = _cases(changed)
    edited = {**first, "content": "Entirely other words about the weather in autumn."}
    added: dict[str, object] = {
        "id": "NEW-1",
        "content": "A quiet walk along the canal.",
        "label": "SP0",
    }
    _write(changed, [edited, {**second, "label": "SP2"}, *rest, added])
    said = commons("compare", "spam", changed, "--json")
    before = said.document["before"]
    assert (before["added"], before["removed"]) == (["NEW-1"], [third["id"]])
    assert (before["edited"], before["relabelled"]) == ([first["id"]], [second["id"]])
    assert said.document["n"] == before["counted"] == 127


def test_a_case_that_either_text_quotes_counts_in_neither_run(commons: Command, changed: Path) -> None:
    """Writing the answer into the policy does not make it better."""
    quoted = next(case for case in _cases(changed) if case["label"] == "SP0")
    _replace(changed / "policy.md", "## SP1", f"- Like this: “{quoted['content']}”\n\n## SP1")
    said = commons("compare", "spam", changed, "--json").document
    assert (said["before"]["quoted"], said["n"]) == ({quoted["id"]: "quoted-in-policy"}, 127)
    assert quoted["id"] not in [flip["case"] for flip in said["flips"]["shown"]]


def test_runs_of_other_cases_are_refused_unless_told_otherwise(commons: Command, changed: Path) -> None:
    """Exit 3 names every case that is not in both; --shared-only compares the rest."""
    _write(changed, _cases(changed)[1:])
    assert commons("bench", "spam", "--out", "one").code == 0
    assert commons("bench", changed, "--out", "two").code == 0
    refused = commons("compare", "one", "two", "--json")
    assert (refused.code, refused.error["kind"]) == (ExitCode.REFUSED, "unequal-items")
    assert (refused.error["removed"], refused.error["added"], refused.error["shared"]) == (
        ["SP-001"],
        [],
        127,
    )
    assert "removed: SP-001" in commons("compare", "one", "two").err
    shared = commons("compare", "one", "two", "--shared-only")
    assert (shared.code, "Only in the old run, left out: 1 (SP-001)." in shared.out) == (0, True)


def test_runs_of_a_commons_are_compared_by_key(commons: Command, changed: Path) -> None:
    """`run:KEY`, with the repository or from one's own runs; a run and a policy are no pair."""
    key = commons("bench", "spam", "--record-to", "demo.git", "--json").document["key"]
    same = commons("compare", f"run:{key[:8]}", f"run:{key}", "demo.git")
    assert (same.code, "the policy is the same" in same.out or "0 of 128" in same.out) == (0, True)
    assert commons("compare", f"run:{key[:8]}", changed, "demo.git").code == ExitCode.WRONG_INPUT
    assert commons("compare", "run:feedbeef", f"run:{key}", "demo.git").code == ExitCode.NOT_FOUND
    assert commons("compare", f"run:{key}", f"run:{key}").code == 0
    assert commons("runs", "--forget", f"run:{key[:6]}").out == "Forgot 1 run.\n"
    assert commons("compare", f"run:{key}", f"run:{key}").code == ExitCode.NOT_FOUND


def test_two_versions_of_a_registry_are_compared(commons: Command, changed: Path) -> None:
    """An address on one side, a folder on the other."""
    said = commons("compare", "demo/spam@1.0.0", changed, "--registry", "demo.git", "--json")
    assert (said.code, said.document["old"]["policy"]["address"]) == (0, "demo/spam")


def test_the_report_is_one_page_that_runs_nothing(commons: Command, changed: Path) -> None:
    """Content and reasoning are escaped, nothing is loaded, and sensitive content is not in it at all."""
    cases = _cases(changed)
    harmless = [case for case in cases if case["label"] == "SP0"]
    loud, quiet = harmless[0], harmless[1]
    loud["content"], quiet["sensitive"] = '<script>alert("x")</script> a walk by the river', True
    for folder in (changed, Path("spam")):
        _write(folder, cases)
    with _server(changed, new_says="SP2") as server:
        command = ("compare", "spam", changed, *_asking(server), "--html")
        assert commons(*command, "page.html").code == ExitCode.CHECK_FAILED
        assert commons(*command, "revealed.html", "--reveal").code == ExitCode.CHECK_FAILED
        shown = commons("compare", "spam", changed, *_asking(server))
    page, revealed = (Path(name).read_text("utf-8") for name in ("page.html", "revealed.html"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)" in page
    assert "I read SP2 &lt;b&gt;here&lt;/b&gt;." in page
    assert not re.search(r"""\b(?:src|href|on\w+)\s*=""", page)
    assert "default-src 'none'" in page
    content = str(quiet["content"])[:40]
    assert (content in shown.out, content in page, content in revealed) == (False, False, True)
    assert revealed.index("Sensitive content</summary>") < revealed.index(content)


@pytest.mark.parametrize(
    "options",
    [
        ("--margin", "3"),
        ("--margin", "nan"),
        ("--shared-only",),
        ("--model", "m"),
        ("--html", "no/where.html"),
    ],
)
def test_what_cannot_be_meant_is_wrong_input(
    commons: Command, changed: Path, options: tuple[str, ...]
) -> None:
    """A margin that is no share, options of other forms, a report that cannot be written."""
    assert commons("compare", "spam", changed, *options).code == ExitCode.WRONG_INPUT


def test_a_policy_is_not_compared_with_itself(commons: Command) -> None:
    """There is nothing to find out, and no model is asked."""
    said = commons("compare", "spam", "spam@1.0.0", "demo.git")
    assert (said.code, "it is the same policy as spam" in said.err) == (ExitCode.WRONG_INPUT, True)


def test_answers_that_never_came_are_told_and_exit_1(commons: Command, changed: Path) -> None:
    """They count as wrong, and the comparison says how many there are."""
    gold = _gold(changed)
    first = next(iter(gold))

    def script(asked: Asked) -> Behaviour:
        if asked.content == first:
            return gives({"error": {"message": "no"}}, status=400)
        return gives(completion(gold[asked.content]))

    with ModelServer(script) as server:
        said = commons("compare", "spam", changed, *_asking(server))
    assert (said.code, "2 answers never came" in said.err) == (ExitCode.CHECK_FAILED, True)
